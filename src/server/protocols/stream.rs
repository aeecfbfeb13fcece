//! Files of any length: read, scored and answered part by part, in memory that does not grow with them.

use super::{Scored, answered_by};
use crate::error::{Error, ErrorKind, Result, quote};
use crate::score::Scorer;
use crate::server::App;
use crate::server::answer::{Outcome, Refusal, typed};
use crate::server::models::{Loaded, Wanted};
use crate::server::request::{JsonRow, Part, Rows, invalid, next_part, parse};
use crate::table::ReadOptions;
use crate::wire::{CsvLines, ErrorBody, Format, PredictionBody, PredictionLines};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use http_body_util::channel::{Channel, Sender};
use serde::Serialize;
use std::sync::Arc;
use tokio::time::timeout;

/// How many bytes are scored at a time: some 5,000 rows, a few milliseconds.
const PART: usize = 256 << 10;

/// How many scored parts may wait for a client who reads slowly.
const AHEAD: usize = 2;

/// What is sent to the client, who may have left.
type Output = Sender<Bytes, std::convert::Infallible>;

/// A request's body, collected up to what is worth scoring.
struct Input {
    body: Body,
    buffer: Vec<u8>,
    is_end: bool,
}

impl Input {
    fn new(body: Body) -> Self {
        Self { body, buffer: Vec::new(), is_end: false }
    }

    /// Reads what comes next, or finds that it was all.
    async fn read(&mut self, app: &App) -> Result<()> {
        match next_part(&mut self.body, &app.config.limits).await? {
            Part::More(bytes) => self.buffer.extend_from_slice(&bytes),
            Part::End => self.is_end = true,
        }
        Ok(())
    }

    /// Reads until there is a part, or the end.
    async fn fill(&mut self, app: &App) -> Result<()> {
        let wanted = self.buffer.len() + PART;
        while !self.is_end && self.buffer.len() < wanted {
            self.read(app).await?;
        }
        Ok(())
    }
}

/// A table, answered by its predictions as CSV; `?keep=` names columns to write before them.
pub(super) async fn csv(app: &App, wanted: &Wanted, request: Request) -> Outcome {
    let loaded = app.models.choose(wanted, app.sticky_key(request.headers()))?.loaded;
    let kept = kept(request.uri().query())?;
    let mut input = Input::new(request.into_body());
    input.fill(app).await?;
    let refuse = |error| Refusal::of(error, &loaded);
    let table = CsvTable::new(Arc::clone(&loaded), &input, kept.as_deref()).map_err(refuse)?;
    let (mut output, body) = Channel::new(AHEAD);
    let app = app.clone();
    tokio::spawn(async move {
        let lines = table.lines().header();
        if send(&app, &mut output, lines).await {
            score_csv(&app, input, table, output).await;
        }
    });
    Ok(answered_by(typed("text/csv; charset=utf-8", Body::new(body)), &loaded))
}

/// A table on its way.
struct CsvTable {
    loaded: Arc<Loaded>,
    scorer: Scorer<ModelOf>,
    kept: Vec<(usize, String)>,
    row: u64,
}

/// The model of an entry of the catalogue, which stays there for as long as it is used.
#[derive(Debug)]
struct ModelOf(Arc<Loaded>);

impl std::ops::Deref for ModelOf {
    type Target = crate::model::Model;

    fn deref(&self) -> &Self::Target {
        &self.0.model
    }
}

impl CsvTable {
    fn new(loaded: Arc<Loaded>, input: &Input, kept: Option<&[String]>) -> Result<Self> {
        let model = ModelOf(Arc::clone(&loaded));
        let scorer = Scorer::new(model, &input.buffer, input.is_end, &ReadOptions::default(), kept)?;
        let is_kept = |name: &String| kept.is_none_or(|kept| kept.contains(name));
        let places = scorer.names().iter().cloned().enumerate().filter(|(_, name)| is_kept(name));
        let kept: Vec<_> = places.collect();
        let added = CsvLines::added(&loaded.model, true);
        if let Some((_, name)) = kept.iter().find(|(_, name)| added.contains(name)) {
            let message = "it cannot be kept: a prediction takes its name";
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
        }
        Ok(Self { loaded, scorer, kept, row: 0 })
    }

    fn lines(&self) -> PredictionLines<'_> {
        PredictionLines::new(&self.loaded.model, Format::Csv, self.kept.clone(), true)
    }

    /// The lines for the rows of a part, and how many bytes those rows are.
    fn score(&mut self, part: &[u8], is_end: bool) -> Result<(Vec<u8>, usize)> {
        let how = self.lines();
        let (mut lines, mut values) = (how.begin(), Vec::new());
        let reached = self.scorer.score(part, is_end, self.row, |row| {
            if row.outputs.is_ok() {
                values.extend_from_slice(row.values);
            }
            lines.add(&row)
        })?;
        self.loaded.meters.count(&values, self.loaded.model.n_features());
        let text = lines.finish();
        self.row = reached.row;
        Ok((text, reached.bytes))
    }

    /// The line that says why there are no further ones.
    fn last_line(&self, error: &Error) -> Vec<u8> {
        let n_empty = self.kept.len() + CsvLines::added(&self.loaded.model, true).len() - 1;
        let text = error.to_string().replace('"', "\"\"");
        format!("{}\"{text}\"\n", ",".repeat(n_empty)).into_bytes()
    }
}

async fn score_csv(app: &App, mut input: Input, mut table: CsvTable, mut output: Output) {
    loop {
        let (part, is_end) = (std::mem::take(&mut input.buffer), input.is_end);
        let scored = app.scoring.run_part(move || {
            let scored = table.score(&part, is_end);
            (table, part, scored)
        });
        // It panicked: the client sees a body that breaks off.
        let Ok((back, part, scored)) = scored.await else { return };
        table = back;
        let read = match scored {
            Ok((lines, bytes)) => {
                if !send(app, &mut output, lines).await {
                    return;
                }
                input.buffer.extend_from_slice(&part[bytes..]);
                check_row(app, &input, table.row)
            }
            Err(error) => Err(error),
        };
        let more = match read {
            Ok(()) if is_end => return,
            Ok(()) => input.fill(app).await,
            Err(error) => Err(error),
        };
        if let Err(error) = more {
            send(app, &mut output, table.last_line(&error)).await;
            return;
        }
    }
}

/// A row that does not end is not waited for.
fn check_row(app: &App, input: &Input, row: u64) -> Result<()> {
    if !input.is_end && input.buffer.len() > app.config.limits.body {
        let message = format!("the row does not end within {} bytes", app.config.limits.body);
        return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row + 1));
    }
    Ok(())
}

/// The columns that `keep=id,name` names; every one for `*`, none without it.
fn kept(query: Option<&str>) -> Result<Option<Vec<String>>> {
    let mut kept = Vec::new();
    for (key, names) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match (&*key, &*names) {
            ("keep", "*") => return Ok(None),
            ("keep", names) => kept.extend(names.split(',').map(str::to_owned)),
            _ => return Err(invalid(format!("expected ?keep=columns, found {}", quote(&key)))),
        }
    }
    Ok(Some(kept))
}

/// Rows as JSON, one a line, answered line by line.
pub(super) async fn json_lines(app: &App, wanted: &Wanted, request: Request) -> Outcome {
    let loaded = app.models.choose(wanted, app.sticky_key(request.headers()))?.loaded;
    let input = Input::new(request.into_body());
    let (output, body) = Channel::new(AHEAD);
    tokio::spawn(score_lines(app.clone(), input, Arc::clone(&loaded), output));
    Ok(answered_by(typed("application/x-ndjson", Body::new(body)), &loaded))
}

/// Lines are answered as they come: who sends one and waits gets its answer.
async fn score_lines(app: App, mut input: Input, loaded: Arc<Loaded>, mut output: Output) {
    let mut row = 0;
    loop {
        if let Err(error) = check_row(&app, &input, row).and(input.read(&app).await) {
            let mut line = Vec::new();
            write_line(&mut line, &ErrorBody::from(&error));
            send(&app, &mut output, line).await;
            return;
        }
        let whole = match input.is_end {
            true => input.buffer.len(),
            false => input.buffer.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1),
        };
        let rest = input.buffer.split_off(whole);
        let part = std::mem::replace(&mut input.buffer, rest);
        let (loaded, limits) = (Arc::clone(&loaded), app.config.limits);
        let scored = app.scoring.run_part(move || {
            let mut lines = Vec::new();
            for line in part.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
                row += 1;
                answer_line(&loaded, line, row, &limits, &mut lines);
            }
            (lines, row)
        });
        let Ok((lines, reached)) = scored.await else { return };
        row = reached;
        if !send(&app, &mut output, lines).await || input.is_end {
            return;
        }
    }
}

/// Sends a part, and says whether there is somebody who takes it.
async fn send(app: &App, output: &mut Output, part: Vec<u8>) -> bool {
    part.is_empty() || matches!(timeout(app.config.limits.total, output.send_data(part.into())).await, Ok(Ok(())))
}

fn answer_line(
    loaded: &Loaded,
    line: &[u8],
    row: u64,
    limits: &crate::server::config::RequestLimits,
    lines: &mut Vec<u8>,
) {
    let mut spare = Vec::new();
    let mut rows = Rows::new(&loaded.model, limits);
    let parsed = parse::<JsonRow<'_>>(line, &mut spare, "expected a row: an object of names and values, or an array");
    let scored = parsed.and_then(|line| rows.add(&line)).and_then(|()| Scored::of(loaded, rows));
    match scored {
        Ok(scored) => scored.predictions(loaded).for_each(|said| write_line(lines, &PredictionBody::from(&said))),
        Err(error) => write_line(lines, &ErrorBody::from(&error.at_row(row))),
    }
}

fn write_line(lines: &mut Vec<u8>, body: &impl Serialize) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(&mut *lines, body);
    lines.push(b'\n');
}
