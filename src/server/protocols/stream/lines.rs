//! Rows as JSON, one in a line.

use super::body::{Aborted, Admitted, BodyReader, BodyWriter, PART_OF_ANSWER};
use super::{End, Ended, record};
use crate::error::{ErrorBody, ErrorKind};
use crate::server::App;
use crate::server::answer::{HandlerResult, Rejection, typed};
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::{ScoredRows, answered_by};
use crate::server::request::{Bounds, RequestRows, Row, RowForm, invalid, parse};
use axum::extract::Request;
use hyper::body::Body as _;
use serde::Serialize;
use serde::de::DeserializeSeed;
use std::sync::Arc;
use tokio::time::Instant;

/// Answers rows as JSON, one in a line, by a line for each.
pub(crate) async fn json_lines(app: &App, selector: &ModelSelector, request: Request) -> HandlerResult {
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
        let begin = Instant::now();
        let ended = score_lines(&app, input, &model, &mut output).await;
        record(&app, &model, &ended, begin);
        output.end(ended);
    });
    Ok(answered_by(typed("application/x-ndjson", body), &loaded))
}

/// Answers lines as they arrive: a client that sends one line and waits gets its answer.
async fn score_lines(app: &App, mut input: BodyReader, loaded: &Arc<Loaded>, output: &mut BodyWriter) -> Ended {
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
            return output.send(line).await.map(|()| End::Refused(error.kind()));
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
                return Ok(End::Refused(ErrorKind::Unavailable));
            }
        }
        if input.is_end {
            return Ok(End::Complete);
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
