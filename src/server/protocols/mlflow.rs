//! MLflow's scoring server. SageMaker has the same two main routes.
//!
//! Source: mlflow/mlflow, `mlflow/pyfunc/scoring_server/__init__.py`.

use super::tf_serving::Inputs;
use super::{Answer, Method, ScoredRows, respond};
use crate::batch::BatchPredictor;
use crate::error::ErrorBody;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::predict::Value;
use crate::server::App;
use crate::server::answer::{Rejection, json as reply, typed};
use crate::server::config::RequestLimits;
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{JsonCell, JsonRow, Media, RequestRows, Text, invalid, media, parse};
use crate::table::ReadOptions;
use axum::extract::{self, State};
use axum::response::{IntoResponse, Response};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

/// A request: exactly one of the first four.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request<'b> {
    #[serde(borrow)]
    dataframe_split: Option<Split<'b>>,
    #[serde(borrow)]
    dataframe_records: Option<Vec<JsonRow<'b>>>,
    #[serde(borrow)]
    instances: Option<Vec<JsonRow<'b>>>,
    #[serde(borrow)]
    inputs: Option<Inputs<'b>>,
    #[serde(borrow)]
    params: Option<Params<'b>>,
}

/// A table as pandas' `to_dict(orient="split")` writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Split<'b> {
    /// pandas numbers columns that have no names.
    #[serde(borrow)]
    columns: Vec<JsonCell<'b>>,
    #[serde(borrow)]
    data: Vec<Vec<JsonCell<'b>>>,
    #[serde(rename = "index")]
    _index: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params<'b> {
    #[serde(borrow)]
    predict_method: Option<Text<'b>>,
}

#[derive(Serialize)]
struct Predictions<'m> {
    predictions: &'m MethodOutput<'m>,
    model_name: &'m str,
    model_version: &'m str,
}

const SHAPE: &str = "expected one of {\"dataframe_split\": {\"columns\": [...], \"data\": [[...], ...]}}, \
                     {\"dataframe_records\": [{...}, ...]}, {\"instances\": [...]} and {\"inputs\": ...}";

/// `POST /invocations`.
pub(crate) async fn invocations(State(app): State<App>, request: extract::Request) -> Response {
    let work = match media(request.headers()) {
        Ok(Media::Json) => work_on_json,
        Ok(Media::Csv) => work_on_csv,
        Ok(_) => {
            let message = "expected the content type application/json or text/csv";
            return reject(Error::new(ErrorKind::UnsupportedMediaType, message).into());
        }
        Err(error) => return reject(error.into()),
    };
    respond(&app, &ModelSelector::default(), request, work).await.unwrap_or_else(reject)
}

/// An error with the two fields that MLflow's clients read.
fn reject(rejection: Rejection) -> Response {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        error: ErrorBody<'a>,
        error_code: &'a str,
        message: &'a str,
    }
    let error = Error::clone(&rejection.error);
    let error_code = match error.kind() {
        ErrorKind::NotFound => "RESOURCE_DOES_NOT_EXIST",
        ErrorKind::Internal => "INTERNAL_ERROR",
        ErrorKind::Unavailable => "TEMPORARILY_UNAVAILABLE",
        _ => "BAD_REQUEST",
    };
    let body = Body { error: ErrorBody::from(&error), error_code, message: error.message() };
    let (parts, _) = rejection.into_response().into_parts();
    let (_, body) = reply(&body).into_parts();
    Response::from_parts(parts, body)
}

fn work_on_json(loaded: &Loaded, body: &[u8], limits: &RequestLimits) -> Result<Answer> {
    let mut spare = Vec::new();
    let request: Request<'_> = parse(body, &mut spare, SHAPE)?;
    let method = match request.params.as_ref().and_then(|params| params.predict_method.as_ref()) {
        Some(name) => Method::by_name(&name.0, &loaded.model)?,
        None => Method::Predict,
    };
    let mut rows = RequestRows::new(&loaded.model, limits);
    match (&request.dataframe_split, &request.dataframe_records, &request.instances, &request.inputs) {
        (Some(split), None, None, None) => split.add_to(&mut rows)?,
        (None, Some(given), None, None)
        | (None, None, Some(given), None)
        | (None, None, None, Some(Inputs::Rows(given))) => {
            given.iter().try_for_each(|row| rows.add(row))?;
        }
        (None, None, None, Some(Inputs::Columns(columns))) => columns.add_to(&mut rows)?,
        _ => return Err(invalid(format!("the body has another shape: {SHAPE}"))),
    }
    answer(loaded, method, ScoredRows::score(loaded, rows)?)
}

impl Split<'_> {
    fn add_to(&self, rows: &mut RequestRows<'_>) -> Result<()> {
        let names: Vec<String> = self.columns.iter().map(name).collect::<Result<_>>()?;
        rows.set_names(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
        for (row, at) in self.data.iter().zip(1..) {
            if row.len() != self.columns.len() {
                let message = format!("expected {} values, one per column, found {}", self.columns.len(), row.len());
                return Err(Error::new(ErrorKind::WrongLength, message).at_row(at));
            }
            rows.add_in_columns(|column| row[column].value())?;
        }
        Ok(())
    }
}

/// The name of a column, which may be a number.
fn name(cell: &JsonCell<'_>) -> Result<String> {
    match cell.value()? {
        Value::Text(text) => Ok(text.to_owned()),
        Value::Number(number) => Ok(Decimal(number).to_string()),
        Value::Missing => Err(invalid("expected the name of a column, found null")),
    }
}

fn work_on_csv(loaded: &Loaded, body: &[u8], limits: &RequestLimits) -> Result<Answer> {
    let scorer = BatchPredictor::new(&loaded.model, body, true, &ReadOptions::default(), Some(&[]))?;
    let mut scored = ScoredRows { n_rows: 0, values: Vec::new(), outputs: Vec::new() };
    scorer.score(body, true, 0, |row| {
        let outputs = row.outputs.as_ref().map_err(|error| error.clone().at_row(row.number))?;
        scored.n_rows += 1;
        crate::limits::check("rows", scored.n_rows, limits.rows)?;
        scored.values.extend_from_slice(row.values);
        scored.outputs.extend_from_slice(outputs);
        Ok(())
    })?;
    loaded.meters.count(&scored.values, loaded.model.n_features());
    answer(loaded, Method::Predict, scored)
}

fn answer(loaded: &Loaded, method: Method, scored: ScoredRows) -> Result<Answer> {
    let predictions = method.apply(loaded, &scored)?;
    let body = super::to_json(&Predictions {
        predictions: &predictions,
        model_name: &loaded.name,
        model_version: loaded.version.as_str(),
    })?;
    Ok(Answer::json(body, scored))
}

/// `GET /version`. MLflow answers with its own version, and this server too.
pub(crate) async fn version() -> Response {
    typed("text/plain; charset=utf-8", env!("CARGO_PKG_VERSION"))
}
