//! Files of any length: read, scored and answered part by part. Memory does not grow with the file.

use super::{ScoredRows, answered_by};
use crate::batch::CsvLines;
use crate::batch::lines::{Format, PredictionLines};
use crate::batch::{BatchPredictor, Reached};
use crate::error::ErrorBody;
use crate::error::{Error, ErrorKind, Result, list_names, quote};
use crate::limits::check;
use crate::model::Model;
use crate::server::App;
use crate::server::answer::{HandlerResult, Rejection, typed};
use crate::server::config::RequestLimits;
use crate::server::memory::{Reservation, held};
use crate::server::models::{Loaded, ModelSelector};
use crate::server::request::{Bounds, RequestRows, Row, RowForm, check_coding, invalid, next_part, parse};
use crate::table::{ReadOptions, Windows};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use http_body_util::channel::{Channel, Sender};
use hyper::body::Body as _;
use serde::Serialize;
use serde::de::DeserializeSeed;
use std::io;
use std::ops::Deref;
use std::sync::Arc;
use tokio::time::{Instant, timeout};

/// How many bytes of a table are scored at a time: some 5,000 rows, a few milliseconds.
const PART: usize = 128 << 10;

/// How many bytes of an answer are written at a time. A line may go beyond.
const PART_OF_ANSWER: usize = 256 << 10;

/// The number of scored parts that may wait for a client that reads slowly.
const AHEAD: usize = 1;

/// The bytes of a number in an answer, with its name or its sign between.
const NUMBER: usize = 40;

/// The bytes that arrive at once.
const FRAME: usize = 64 << 10;

/// A stream that was let in, with its memory: what is read and not scored yet, twice while it is passed on, and the parts of
/// the answer. It is reserved before the first row, so that no stream waits for memory that other streams hold.
struct Admitted {
    memory: Arc<Reservation>,
    limits: RequestLimits,
    end: Instant,
}

impl Admitted {
    /// # Errors
    /// Those of [`Reservation::grow`] and of [`check_coding`].
    fn new(app: &App, headers: &HeaderMap, loaded: &Loaded) -> Result<Self> {
        check_coding(headers)?;
        let memory = app.memory.request();
        let line = NUMBER * loaded.model.n_outputs();
        memory.grow(2 * PART + FRAME + (AHEAD + 2) * PART_OF_ANSWER.max(line))?;
        let limits = app.config.limits;
        Ok(Self { memory: Arc::new(memory), limits, end: Instant::now() + limits.stream })
    }
}

/// A request's body, with the bytes that were read and are not scored yet.
struct BodyReader {
    body: Body,
    buffer: Vec<u8>,
    is_end: bool,
    admitted: Admitted,
    /// The longest buffer that memory is reserved for.
    reserved: usize,
    /// When the next row has to be there.
    deadline: Instant,
}

impl BodyReader {
    fn new(body: Body, admitted: Admitted) -> Self {
        let deadline = Instant::now() + admitted.limits.read;
        Self { body, buffer: Vec::new(), is_end: false, admitted, reserved: PART + FRAME, deadline }
    }

    /// Reads the next part, or finds the end. A client that sends a row letter by letter is not waited for.
    async fn read(&mut self) -> Result<()> {
        let limits = &self.admitted.limits;
        if Instant::now() > self.admitted.end {
            let message =
                format!("the stream took more than {} seconds; send the rest as another", limits.stream.as_secs_f64());
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        match next_part(&mut self.body, self.deadline.min(self.admitted.end), limits).await? {
            Some(bytes) => {
                let length = self.buffer.len() + bytes.len();
                if length > self.reserved {
                    self.admitted.memory.grow(length - self.reserved)?;
                    self.reserved = length;
                }
                if bytes.contains(&b'\n') {
                    self.deadline = Instant::now() + limits.read;
                }
                self.buffer.extend_from_slice(&bytes);
            }
            None => self.is_end = true,
        }
        Ok(())
    }

    /// Reads `length` further bytes, or up to the end.
    async fn fill(&mut self, length: usize) -> Result<()> {
        let wanted = self.buffer.len() + length;
        // While rows were scored, no byte was waited for.
        self.deadline = Instant::now() + self.admitted.limits.read;
        while !self.is_end && self.buffer.len() < wanted {
            self.read().await?;
        }
        Ok(())
    }

    /// Refuses a row that does not end: the buffer would grow without limit.
    fn check_row(&self, row: u64) -> Result<()> {
        let most = self.admitted.limits.body;
        if !self.is_end && self.buffer.len() > most {
            let message = format!("the row does not end within {most} bytes");
            return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row + 1));
        }
        Ok(())
    }
}

/// An answer's body, which the client reads while it is written.
struct BodyWriter {
    sender: Sender<Bytes, io::Error>,
    memory: Arc<Reservation>,
    limits: RequestLimits,
}

/// The client left or does not read, or the server failed to score the rows. The body breaks off, so that no client takes it for
/// complete.
struct Aborted;

impl BodyWriter {
    fn new(admitted: &Admitted) -> (Self, Body) {
        let (sender, body) = Channel::new(AHEAD);
        (Self { sender, memory: Arc::clone(&admitted.memory), limits: admitted.limits }, Body::new(body))
    }

    async fn send(&mut self, part: Vec<u8>) -> std::result::Result<(), Aborted> {
        if part.is_empty() {
            return Ok(());
        }
        // The stream's memory is held until the last part is sent, or its client is gone.
        let part = held(part, Arc::clone(&self.memory));
        match timeout(self.limits.total, self.sender.send_data(part)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Aborted),
        }
    }

    /// Ends the body, or breaks it off.
    fn end(self, written: std::result::Result<(), Aborted>) {
        match written {
            Ok(()) => drop(self.sender),
            Err(Aborted) => self.sender.abort(io::Error::other("the answer breaks off")),
        }
    }
}

/// Answers a table by its predictions as CSV. `?keep=` names columns to write before them; the options of reading say how the
/// table is written down.
pub(super) async fn csv(app: &App, selector: &ModelSelector, request: Request) -> HandlerResult {
    let loaded = app.models.choose(selector, app.sticky_key(request.headers()))?.loaded;
    let (kept, options) = parse_query(request.uri().query())?;
    let refuse = |error| Rejection::by_model(error, &loaded);
    let admitted = Admitted::new(app, request.headers(), &loaded).map_err(refuse)?;
    let (mut output, body) = BodyWriter::new(&admitted);
    let mut input = BodyReader::new(request.into_body(), admitted);
    input.fill(PART).await.map_err(refuse)?;
    // The first row is known to be whole when a byte follows it.
    while !input.is_end
        && input.buffer.iter().position(|byte| *byte == b'\n').is_none_or(|at| at + 1 == input.buffer.len())
    {
        input.check_row(0).map_err(refuse)?;
        input.fill(PART).await.map_err(refuse)?;
    }
    let limits = app.config.limits;
    let open = {
        let loaded = Arc::clone(&loaded);
        move || CsvTable::new(loaded, &input, kept.as_deref(), &options, &limits).map(|table| (table, input))
    };
    let (table, input) = app.scoring.run(open).await.and_then(|opened| opened).map_err(refuse)?;
    let app = app.clone();
    tokio::spawn(async move {
        let written = score_csv(&app, input, table, &mut output).await;
        output.end(written);
    });
    Ok(answered_by(typed("text/csv; charset=utf-8", body), &loaded))
}

/// A table that is being scored.
struct CsvTable {
    loaded: Arc<Loaded>,
    scorer: BatchPredictor<SharedModel>,
    kept: Vec<(usize, String)>,
}

/// The model of an entry of the catalogue, shared with the catalogue.
#[derive(Debug)]
struct SharedModel(Arc<Loaded>);

impl Deref for SharedModel {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.0.model
    }
}

impl CsvTable {
    fn new(
        loaded: Arc<Loaded>,
        input: &BodyReader,
        kept: Option<&[String]>,
        options: &ReadOptions,
        limits: &RequestLimits,
    ) -> Result<Self> {
        check("columns to keep", kept.map_or(0, <[String]>::len), limits.columns)?;
        let model = SharedModel(Arc::clone(&loaded));
        let scorer = BatchPredictor::new(model, &input.buffer, input.is_end, options, kept)?;
        check("columns", scorer.names().len(), limits.columns)?;
        let is_kept = |name: &String| kept.is_none_or(|kept| kept.contains(name));
        let kept = scorer.names().iter().cloned().enumerate().filter(|(_, name)| is_kept(name)).collect::<Vec<_>>();
        let added = CsvLines::added(&loaded.model, true);
        if let Some((_, name)) = kept.iter().find(|(_, name)| added.contains(name)) {
            let message = "it cannot be kept: a prediction takes its name";
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
        }
        Ok(Self { loaded, scorer, kept })
    }

    fn lines(&self) -> PredictionLines<'_> {
        PredictionLines::new(&self.loaded.model, Format::Csv, self.kept.clone(), true)
    }

    /// The number of rows to score at a time.
    fn most_rows(&self) -> usize {
        let line = NUMBER * (self.loaded.model.n_outputs() + 1);
        (PART_OF_ANSWER / line).max(1)
    }

    /// The lines for rows of a part, and the end of the last of these rows, or the error after them.
    fn score(&self, part: &[u8], is_end: bool, rows_before: u64) -> (Vec<u8>, Result<Reached>) {
        let writer = self.lines();
        let (mut lines, mut values) = (writer.begin(), Vec::new());
        let reached = self.scorer.score_some(part, is_end, rows_before, self.most_rows(), |row| {
            if row.outputs.is_ok() {
                values.extend_from_slice(row.values);
            }
            lines.add(&row)
        });
        self.loaded.meters.count(&values, self.loaded.model.n_features());
        (lines.finish(), reached)
    }

    /// The last line, which gives the reason why no further rows are scored.
    fn last_line(&self, error: &Error) -> Vec<u8> {
        let n_empty = self.kept.len() + CsvLines::added(&self.loaded.model, true).len() - 1;
        let text = error.to_string().replace('"', "\"\"");
        format!("{}\"{text}\"\n", ",".repeat(n_empty)).into_bytes()
    }
}

async fn score_csv(
    app: &App,
    mut input: BodyReader,
    mut table: CsvTable,
    output: &mut BodyWriter,
) -> std::result::Result<(), Aborted> {
    output.send(table.lines().header()).await?;
    // The scorer and the limit on a row's bytes refuse endless rows.
    let mut windows = Windows::new(PART);
    loop {
        let part = std::mem::take(&mut input.buffer);
        let (length, is_end) = windows.cut(part.len(), input.is_end);
        let rows_before = windows.rows_before();
        let scored = app.scoring.run_part(move || {
            let scored = table.score(&part[..length], is_end, rows_before);
            (table, part, scored)
        });
        let (back, part, (lines, reached)) = scored.await.map_err(|_| Aborted)?;
        table = back;
        if let Ok(reached) = &reached {
            app.metrics.stream_rows.inc_by(reached.row - rows_before);
        }
        output.send(lines).await?;
        let more = match reached {
            Ok(reached) if is_end && reached.bytes == length => return Ok(()),
            Ok(reached) => {
                input.buffer.extend_from_slice(&part[reached.bytes..]);
                drop(part);
                let advanced = windows.advance(length, false, reached.bytes, reached.row);
                match advanced.and_then(|()| input.check_row(windows.rows_before())) {
                    Ok(()) => input.fill(windows.missing(input.buffer.len())).await,
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        if let Err(error) = more {
            return output.send(table.last_line(&error)).await;
        }
    }
}

/// The columns that `keep=id,name` names, and how the table is written down. `*` names every column, and gives `None`.
fn parse_query(query: Option<&str>) -> Result<(Option<Vec<String>>, ReadOptions)> {
    let (mut kept, mut options) = (Some(Vec::new()), ReadOptions::default());
    for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match (&*key, &*value) {
            ("keep", "*") => kept = None,
            ("keep", names) => kept.iter_mut().for_each(|kept| kept.extend(names.split(',').map(str::to_owned))),
            (name, value) if ReadOptions::NAMES.contains(&name) => options.set(name, value)?,
            _ => {
                let list = list_names(ReadOptions::NAMES);
                return Err(invalid(format!("expected ?keep=columns or one of {list}, found {}", quote(&key))));
            }
        }
    }
    Ok((kept, options))
}

/// Answers rows as JSON, one in a line, by a line for each.
pub(super) async fn json_lines(app: &App, selector: &ModelSelector, request: Request) -> HandlerResult {
    let loaded = app.models.choose(selector, app.sticky_key(request.headers()))?.loaded;
    let refuse = |error| Rejection::by_model(error, &loaded);
    let admitted = Admitted::new(app, request.headers(), &loaded).map_err(refuse)?;
    if request.body().is_end_stream() {
        return Err(refuse(invalid("expected at least one row, found none")));
    }
    let (mut output, body) = BodyWriter::new(&admitted);
    let input = BodyReader::new(request.into_body(), admitted);
    let (app, model) = (app.clone(), Arc::clone(&loaded));
    tokio::spawn(async move {
        let written = score_lines(&app, input, &model, &mut output).await;
        output.end(written);
    });
    Ok(answered_by(typed("application/x-ndjson", body), &loaded))
}

/// Answers lines as they arrive: a client that sends one line and waits gets its answer.
async fn score_lines(
    app: &App,
    mut input: BodyReader,
    loaded: &Arc<Loaded>,
    output: &mut BodyWriter,
) -> std::result::Result<(), Aborted> {
    let mut row = 0;
    loop {
        let scanned = input.buffer.len();
        let read = match input.check_row(row) {
            Ok(()) => input.read().await,
            Err(error) => Err(error),
        };
        if let Err(error) = read {
            let mut line = Vec::new();
            write_line(&mut line, &ErrorBody::from(&error));
            return output.send(line).await;
        }
        let last_end = input.buffer[scanned..].iter().rposition(|byte| *byte == b'\n');
        let whole = match last_end {
            _ if input.is_end => input.buffer.len(),
            Some(at) => scanned + at + 1,
            None => continue,
        };
        let rest = input.buffer.split_off(whole);
        let mut part = LinesPart { bytes: std::mem::replace(&mut input.buffer, rest), at: 0, row };
        while part.at < part.bytes.len() {
            let (loaded, bounds) = (Arc::clone(loaded), Bounds::new(app.config.limits, &app.memory));
            let scored = app.scoring.run_part(move || {
                let (lines, is_over) = part.answer(&loaded, &bounds);
                (part, lines, is_over)
            });
            let (back, lines, is_over) = scored.await.map_err(|_| Aborted)?;
            app.metrics.stream_rows.inc_by(back.row - row);
            part = back;
            row = part.row;
            output.send(lines).await?;
            if is_over {
                return Ok(());
            }
        }
        if input.is_end {
            return Ok(());
        }
        input.deadline = Instant::now() + input.admitted.limits.read;
    }
}

/// Whole lines, some of which are answered.
struct LinesPart {
    bytes: Vec<u8>,
    /// The first byte that is not answered yet.
    at: usize,
    row: u64,
}

impl LinesPart {
    /// Answers lines until the answer is a part, or there are no more. Says whether the stream is over: other requests have
    /// the memory.
    fn answer(&mut self, loaded: &Loaded, bounds: &Bounds) -> (Vec<u8>, bool) {
        let mut lines = Vec::new();
        while self.at < self.bytes.len() && lines.len() < PART_OF_ANSWER {
            let rest = &self.bytes[self.at..];
            let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let line = &rest[..length];
            if !line.trim_ascii().is_empty() {
                self.row += 1;
                if answer_line(loaded, line, self.row, bounds, &mut lines) {
                    return (lines, true);
                }
            }
            self.at += (length + 1).min(rest.len());
        }
        (lines, false)
    }
}

/// Says whether memory is refused: the row is not at fault, and those after it would have the same error.
fn answer_line(loaded: &Loaded, line: &[u8], row: u64, bounds: &Bounds, lines: &mut Vec<u8>) -> bool {
    let mut spare = String::new();
    let expected = "expected a row: an object of names and values, or an array";
    let read = parse(line, &mut spare, bounds, expected, |json| {
        let mut rows = RequestRows::new(&loaded.model, bounds);
        match (Row { rows: &mut rows, form: RowForm::Any }).deserialize(json) {
            Ok(()) => Ok(rows),
            Err(error) => Err((error, rows.failure.take())),
        }
    });
    let scored = read.and_then(|rows| ScoredRows::score(loaded, rows));
    bounds.memory.shrink_to(0);
    match scored {
        Ok(scored) => {
            scored.bodies(loaded).iter().for_each(|body| write_line(lines, &body));
            false
        }
        Err(error) => {
            write_line(lines, &ErrorBody::from(&error.clone().at_row(row)));
            error.kind() == ErrorKind::Unavailable
        }
    }
}

fn write_line(lines: &mut Vec<u8>, body: &impl Serialize) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(&mut *lines, body);
    lines.push(b'\n');
}
