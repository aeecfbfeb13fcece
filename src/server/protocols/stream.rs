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
use crate::server::models::{Loaded, ModelSelector};
use crate::server::request::{JsonRow, RequestRows, invalid, next_part, parse};
use crate::table::{ReadOptions, Windows};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body_util::channel::{Channel, Sender};
use serde::Serialize;
use std::io;
use std::ops::Deref;
use std::sync::Arc;
use tokio::time::timeout;

/// How many bytes of a table are scored at a time: some 5,000 rows, a few milliseconds.
const PART: usize = 256 << 10;

/// A model with more outputs than this has smaller parts, because the answer of a part is in memory.
const PART_OUTPUTS: usize = 16;

/// The number of scored parts that may wait for a client that reads slowly.
const AHEAD: usize = 2;

/// A request's body, with the bytes that were read and are not scored yet.
struct BodyReader {
    body: Body,
    buffer: Vec<u8>,
    is_end: bool,
}

impl BodyReader {
    fn new(body: Body) -> Self {
        Self { body, buffer: Vec::new(), is_end: false }
    }

    /// Reads the next part, or finds the end.
    async fn read(&mut self, limits: &RequestLimits) -> Result<()> {
        match next_part(&mut self.body, limits).await? {
            Some(bytes) => self.buffer.extend_from_slice(&bytes),
            None => self.is_end = true,
        }
        Ok(())
    }

    /// Reads `length` further bytes, or up to the end.
    async fn fill(&mut self, length: usize, limits: &RequestLimits) -> Result<()> {
        let wanted = self.buffer.len() + length;
        while !self.is_end && self.buffer.len() < wanted {
            self.read(limits).await?;
        }
        Ok(())
    }

    /// Refuses a row that does not end: the buffer would grow without limit.
    fn check_row(&self, row: u64, limits: &RequestLimits) -> Result<()> {
        if !self.is_end && self.buffer.len() > limits.body {
            let message = format!("the row does not end within {} bytes", limits.body);
            return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row + 1));
        }
        Ok(())
    }
}

/// An answer's body, which the client reads while it is written.
struct BodyWriter {
    sender: Sender<Bytes, io::Error>,
    limits: RequestLimits,
}

/// The client left or does not read, or the server failed to score the rows. The body breaks off, so that no client takes it for
/// complete.
struct Aborted;

impl BodyWriter {
    fn new(limits: RequestLimits) -> (Self, Body) {
        let (sender, body) = Channel::new(AHEAD);
        (Self { sender, limits }, Body::new(body))
    }

    async fn send(&mut self, part: Vec<u8>) -> std::result::Result<(), Aborted> {
        if part.is_empty() {
            return Ok(());
        }
        match timeout(self.limits.total, self.sender.send_data(part.into())).await {
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
    let limits = app.config.limits;
    let refuse = |error| Rejection::by_model(error, &loaded);
    let mut input = BodyReader::new(request.into_body());
    input.fill(PART, &limits).await.map_err(refuse)?;
    // The first row is known to be whole when a byte follows it.
    while !input.is_end
        && input.buffer.iter().position(|byte| *byte == b'\n').is_none_or(|at| at + 1 == input.buffer.len())
    {
        input.check_row(0, &limits).map_err(refuse)?;
        input.fill(PART, &limits).await.map_err(refuse)?;
    }
    let open = {
        let loaded = Arc::clone(&loaded);
        move || CsvTable::new(loaded, &input, kept.as_deref(), &options, &limits).map(|table| (table, input))
    };
    let (table, input) = app.scoring.run(open).await.and_then(|opened| opened).map_err(refuse)?;
    let (mut output, body) = BodyWriter::new(limits);
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

    /// The number of bytes to score at a time.
    fn part(&self) -> usize {
        PART * PART_OUTPUTS / self.loaded.model.n_outputs().max(PART_OUTPUTS)
    }

    /// The lines for the rows of a part, and the end of the last of these rows, or the error after them.
    fn score(&self, part: &[u8], is_end: bool, rows_before: u64) -> (Vec<u8>, Result<Reached>) {
        let writer = self.lines();
        let (mut lines, mut values) = (writer.begin(), Vec::new());
        let reached = self.scorer.score(part, is_end, rows_before, |row| {
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
    let limits = app.config.limits;
    output.send(table.lines().header()).await?;
    // The scorer and the limit on a row's bytes refuse endless rows.
    let mut windows = Windows::new(table.part());
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
        output.send(lines).await?;
        let more = match reached {
            Ok(_) if is_end => return Ok(()),
            Ok(reached) => {
                input.buffer.extend_from_slice(&part[reached.bytes..]);
                let advanced = windows.advance(length, is_end, reached.bytes, reached.row);
                match advanced.and_then(|()| input.check_row(windows.rows_before(), &limits)) {
                    Ok(()) => input.fill(windows.missing(input.buffer.len()), &limits).await,
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
    let input = BodyReader::new(request.into_body());
    let (mut output, body) = BodyWriter::new(app.config.limits);
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
    let limits = app.config.limits;
    let mut row = 0;
    loop {
        let scanned = input.buffer.len();
        let read = match input.check_row(row, &limits) {
            Ok(()) => input.read(&limits).await,
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
        let part = std::mem::replace(&mut input.buffer, rest);
        let loaded = Arc::clone(loaded);
        let scored = app.scoring.run_part(move || {
            let mut lines = Vec::new();
            for line in part.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
                row += 1;
                answer_line(&loaded, line, row, &limits, &mut lines);
            }
            (lines, row)
        });
        let (lines, reached) = scored.await.map_err(|_| Aborted)?;
        row = reached;
        output.send(lines).await?;
        if input.is_end {
            return Ok(());
        }
    }
}

fn answer_line(loaded: &Loaded, line: &[u8], row: u64, limits: &RequestLimits, lines: &mut Vec<u8>) {
    let mut spare = Vec::new();
    let mut rows = RequestRows::new(&loaded.model, limits);
    let parsed = parse::<JsonRow<'_>>(line, &mut spare, "expected a row: an object of names and values, or an array");
    let scored = parsed.and_then(|line| rows.add(&line)).and_then(|()| ScoredRows::score(loaded, rows));
    match scored {
        Ok(scored) => scored.bodies(loaded).for_each(|body| write_line(lines, &body)),
        Err(error) => write_line(lines, &ErrorBody::from(&error.at_row(row))),
    }
}

fn write_line(lines: &mut Vec<u8>, body: &impl Serialize) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(&mut *lines, body);
    lines.push(b'\n');
}
