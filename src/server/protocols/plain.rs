//! `POST /predict`: tepal's own shapes, the shapes of well-known tutorials, and files of any length.

use super::{Answer, Bodies, ModelBody, ScoredRows, answered_by, respond, stream, to_json};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::predict::PredictionBody;
use crate::server::App;
use crate::server::answer::{self, HandlerResult, JSON, typed};
use crate::server::models::{Loaded, ModelSelector};
use crate::server::request::{
    Bounds, Fields, Media, RequestRows, Row, RowForm, fail, invalid, media, parse_object, row_list,
};
use crate::table::Task;
use axum::extract::{self, State};
use axum::http::HeaderMap;
use serde::Serialize;
use serde::de::MapAccess;
use serde_json::json;
use std::sync::Arc;

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
    predictions: Bodies<'m>,
    model: ModelBody<'m>,
}

/// `POST /predict`, `/predict/{model}`, `/predict/{model}/{version}`.
pub(crate) async fn predict(
    State(app): State<App>,
    selector: ModelSelector,
    request: extract::Request,
) -> HandlerResult {
    match media(request.headers())? {
        Media::Csv => stream::csv(&app, &selector, request).await,
        Media::JsonLines => stream::json_lines(&app, &selector, request).await,
        Media::Json | Media::Other => respond(&app, &selector, request, work).await,
    }
}

/// A request: exactly one of its fields.
struct Request<'m> {
    model: &'m Model,
    rows: RequestRows<'m>,
    given: Option<&'static str>,
}

impl<'b> Fields<'b> for Request<'_> {
    const NAMES: &'static [&'static str] = &["rows", "data", "values"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        if self.given.is_some() {
            return Err(fail(&mut self.rows.failure, other_shape()));
        }
        let is_there = match name {
            "rows" => map.next_value_seed(row_list(&mut self.rows, RowForm::Named))?,
            "data" => {
                let read = map.next_value_seed(Row { rows: &mut self.rows, form: RowForm::Ordered });
                // There is one row, so its number is of no use.
                self.rows.failure = self.rows.failure.take().map(without_row);
                read.map(|()| true)?
            }
            _ if self.model.task() != Task::Regression || self.model.n_features() != 1 => {
                let message = format!(
                    "\"values\" is for a regression on one feature; this model has {} features and predicts {}; \
                     use \"rows\"",
                    self.model.n_features(),
                    if self.model.task() == Task::Regression { "numbers" } else { "classes" },
                );
                return Err(fail(&mut self.rows.failure, invalid(message)));
            }
            _ => map.next_value_seed(row_list(&mut self.rows, RowForm::Single))?,
        };
        self.given = is_there.then_some(name);
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.rows.failure
    }
}

fn other_shape() -> Error {
    invalid(format!("the body has another shape: {SHAPES}"))
}

fn work(loaded: &Loaded, body: &[u8], bounds: &Bounds) -> Result<Answer> {
    let model = &loaded.model;
    let mut spare = String::new();
    let new = || Request { model, rows: RequestRows::new(model, bounds), given: None };
    let Request { rows, given, .. } = parse_object(body, &mut spare, bounds, SHAPES, new)?;
    let given = given.ok_or_else(other_shape)?;
    let scored =
        ScoredRows::score(loaded, rows).map_err(|error| if given == "data" { without_row(error) } else { error })?;
    let body = match given {
        "values" => to_json(bounds, &Values { result: &scored.outputs, model: loaded.into() })?,
        "data" => {
            let prediction = PredictionBody::of(model, &scored.values, &scored.outputs);
            to_json(bounds, &Data { prediction, model: loaded.into() })?
        }
        _ => to_json(bounds, &Predictions { predictions: scored.bodies(loaded), model: loaded.into() })?,
    };
    Ok(Answer::json(body, scored))
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
    let body = match loaded.known_description() {
        Some(known) => known.into(),
        None => {
            let (loaded, budget) = (Arc::clone(&loaded), app.memory.clone());
            app.scoring.run(move || loaded.describe(&budget)).await.and_then(|described| described)?
        }
    };
    Ok(answered_by(typed(JSON, body), &loaded))
}

/// `GET /models`: every model with its versions, oldest first.
pub(crate) async fn list(State(app): State<App>) -> HandlerResult {
    let now = app.models.now();
    let version = |loaded: &Arc<Loaded>| json!({ "version": loaded.version.as_str(), "digest": loaded.digest });
    let model = |(name, versions): (&str, &[Arc<Loaded>])| json!({ "name": name, "versions": versions.iter().map(version).collect::<Vec<_>>() });
    let models: Vec<_> = now.models().map(model).collect();
    Ok(answer::json(&json!({ "models": models })))
}
