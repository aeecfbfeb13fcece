//! Tables in CSV.

use super::body::{Aborted, Admitted, BodyReader, BodyWriter, NUMBER, PART, PART_OF_ANSWER};
use super::{End, Ended, record};
use crate::batch::CsvLines;
use crate::batch::lines::{Format, PredictionLines};
use crate::batch::{BatchPredictor, Reached};
use crate::error::{Error, ErrorKind, Result, list_names, quote};
use crate::limits::check;
use crate::model::Model;
use crate::server::App;
use crate::server::answer::{HandlerResult, Rejection, typed};
use crate::server::config::Config;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::answered_by;
use crate::server::request::invalid;
use crate::table::{ReadOptions, Windows};
use axum::extract::Request;
use std::ops::Deref;
use std::sync::Arc;
use tokio::time::Instant;

/// Answers a table by its predictions as CSV. `?keep=` names columns to write before them; the options of reading say how the
/// table is written down.
pub(crate) async fn csv(app: &App, selector: &ModelSelector, request: Request) -> HandlerResult {
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
        input.read().await.map_err(refuse)?;
    }
    let open = {
        let (loaded, app) = (Arc::clone(&loaded), app.clone());
        move || CsvTable::new(loaded, &input, kept.as_deref(), &options, &app.config).map(|table| (table, input))
    };
    let (table, input) = app.scoring.run(open).await.and_then(|opened| opened).map_err(refuse)?;
    let (app, model) = (app.clone(), Arc::clone(&loaded));
    tokio::spawn(async move {
        let begin = Instant::now();
        let ended = score_csv(&app, input, table, &mut output).await;
        record(&app, &model, &ended, begin);
        output.end(ended);
    });
    Ok(answered_by(typed("text/csv; charset=utf-8", body), &loaded))
}

/// A table that is being scored.
struct CsvTable {
    loaded: Arc<Loaded>,
    scorer: BatchPredictor<SharedModel>,
    kept: Vec<(usize, String)>,
    is_safe: bool,
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
        config: &Config,
    ) -> Result<Self> {
        let limits = &config.limits;
        check("columns to keep", kept.map_or(0, <[String]>::len), limits.columns)?;
        let model = SharedModel(Arc::clone(&loaded));
        let scorer = BatchPredictor::new(model, &input.buffer, input.is_end, options, kept)?;
        check("columns", scorer.names().len(), limits.columns)?;
        let mut has_rows = !input.is_end;
        if input.is_end {
            // A row that cannot be read is reported in its place, after those before it.
            let first = scorer.score_some(&input.buffer, true, 0, 1, |_| {
                has_rows = true;
                Ok(())
            });
            has_rows |= first.is_err();
        }
        if !has_rows {
            return Err(invalid("expected at least one row, found none"));
        }
        let is_kept = |name: &String| kept.is_none_or(|kept| kept.contains(name));
        let kept = scorer.names().iter().cloned().enumerate().filter(|(_, name)| is_kept(name)).collect::<Vec<_>>();
        let added = CsvLines::added(&loaded.model, true);
        if let Some((_, name)) = kept.iter().find(|(_, name)| added.contains(name)) {
            let message = "it cannot be kept: a prediction takes its name";
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(name));
        }
        Ok(Self { loaded, scorer, kept, is_safe: config.csv_safe })
    }

    fn lines(&self) -> PredictionLines<'_> {
        PredictionLines::new(&self.loaded.model, Format::Csv, self.kept.clone(), true).safe(self.is_safe)
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

async fn score_csv(app: &App, mut input: BodyReader, mut table: CsvTable, output: &mut BodyWriter) -> Ended {
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
            Ok(reached) if is_end && reached.bytes == length => return Ok(End::Complete),
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
            return output.send(table.last_line(&error)).await.map(|()| End::Refused(error.kind()));
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
