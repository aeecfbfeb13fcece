//! `POST /predict`: tepal's own shapes, the shapes of well-known tutorials, and files of any length.

use super::{Answer, ModelBody, ScoredRows, answered_by, respond, stream, to_json};
use crate::error::{Error, ErrorKind, Result};
use crate::predict::PredictionBody;
use crate::server::App;
use crate::server::answer::{self, HandlerResult, JSON, typed};
use crate::server::config::RequestLimits;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::request::{JsonCell, JsonRow, Media, RequestRows, invalid, media, parse};
use crate::table::Task;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// A request: exactly one of its fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'b> {
    /// One feature's value for each of several rows.
    #[serde(borrow)]
    values: Option<Vec<JsonCell<'b>>>,
    /// One row's values in the order of the features.
    #[serde(borrow)]
    data: Option<Vec<JsonCell<'b>>>,
    /// Rows by name.
    #[serde(borrow)]
    rows: Option<Vec<JsonRow<'b>>>,
}

const SHAPES: &str = "expected one of {\"rows\": [{name: value, ...}, ...]}, {\"data\": [value, ...]} \
                      and {\"values\": [number, ...]}";

#[derive(Serialize)]
struct Values<'m> {
    result: &'m [f64],
    model: ModelBody<'m>,
}

#[derive(Serialize)]
struct Data<'m> {
    #[serde(flatten)]
    prediction: PredictionBody<'m>,
    model: ModelBody<'m>,
}

#[derive(Serialize)]
struct Predictions<'m> {
    predictions: Vec<PredictionBody<'m>>,
    model: ModelBody<'m>,
}

/// `POST /predict`, `/predict/{model}`, `/predict/{model}/{version}`.
pub(crate) async fn predict(State(app): State<App>, selector: ModelSelector, request: Request) -> HandlerResult {
    match media(request.headers())? {
        Media::Csv => stream::csv(&app, &selector, request).await,
        Media::JsonLines => stream::json_lines(&app, &selector, request).await,
        Media::Json | Media::Other => respond(&app, &selector, request, work).await,
    }
}

fn work(loaded: &Loaded, body: &[u8], limits: &RequestLimits) -> Result<Answer> {
    let model = &loaded.model;
    let mut spare = Vec::new();
    let mut rows = RequestRows::new(model, limits);
    match parse(body, &mut spare, SHAPES)? {
        Fields { values: Some(values), data: None, rows: None } => {
            if model.task() != Task::Regression || model.n_features() != 1 {
                let message = format!(
                    "\"values\" is for a regression on one feature; this model has {} features and predicts {}; \
                     use \"rows\"",
                    model.n_features(),
                    if model.task() == Task::Regression { "numbers" } else { "classes" },
                );
                return Err(Error::new(ErrorKind::InvalidRequest, message));
            }
            values.iter().try_for_each(|value| rows.add_ordered(std::iter::once(value.value())))?;
            let scored = ScoredRows::score(loaded, rows)?;
            let body = to_json(&Values { result: &scored.outputs, model: loaded.into() })?;
            Ok(Answer::json(body, scored))
        }
        Fields { values: None, data: Some(values), rows: None } => {
            // There is one row, so its number is of no use.
            rows.add_ordered(values.iter().map(JsonCell::value)).map_err(without_row)?;
            let scored = ScoredRows::score(loaded, rows).map_err(without_row)?;
            let prediction = PredictionBody::of(model, &scored.values, &scored.outputs);
            let body = to_json(&Data { prediction, model: loaded.into() })?;
            Ok(Answer::json(body, scored))
        }
        Fields { values: None, data: None, rows: Some(given) } => {
            for row in &given {
                match row {
                    JsonRow::Named(pairs) => rows.add_named(pairs)?,
                    _ => {
                        let message = "expected a row as an object of feature names and values; a row in the order of the \
                                       features goes alone, in \"data\"";
                        return Err(Error::new(ErrorKind::InvalidRequest, message).at_row(rows.n_rows() as u64 + 1));
                    }
                }
            }
            let scored = ScoredRows::score(loaded, rows)?;
            let body = to_json(&Predictions { predictions: scored.bodies(loaded).collect(), model: loaded.into() })?;
            Ok(Answer::json(body, scored))
        }
        _ => Err(invalid(format!("the body has another shape: {SHAPES}"))),
    }
}

/// The error without its row.
fn without_row(error: Error) -> Error {
    let place = error.place().clone();
    let same = Error::new(error.kind(), error.message());
    match place.column {
        Some(column) => same.in_column(column),
        None => same,
    }
}

/// `GET /model`, `/model/{model}`, `/model/{model}/{version}`: the model's description.
pub(crate) async fn describe(State(app): State<App>, selector: ModelSelector, headers: HeaderMap) -> HandlerResult {
    let loaded = app.models.choose(&selector, app.sticky_key(&headers))?.loaded;
    Ok(answered_by(typed(JSON, loaded.description()), &loaded))
}

/// `GET /models`: every model with its versions, oldest first.
pub(crate) async fn list(State(app): State<App>) -> HandlerResult {
    let now = app.models.now();
    let version = |loaded: &Arc<Loaded>| json!({ "version": loaded.version.as_str(), "digest": loaded.digest });
    let model = |(name, versions): (&str, &[Arc<Loaded>])| json!({ "name": name, "versions": versions.iter().map(version).collect::<Vec<_>>() });
    let models: Vec<_> = now.models().map(model).collect();
    Ok(answer::json(&json!({ "models": models })))
}
