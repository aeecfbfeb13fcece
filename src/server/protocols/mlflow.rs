//! MLflow's scoring server. SageMaker has the same two main routes.
//!
//! Source: mlflow/mlflow, `mlflow/pyfunc/scoring_server/__init__.py`.

use super::tf_serving::Inputs;
use super::{Answer, Method, ScoredRows, respond};
use crate::batch::BatchPredictor;
use crate::error::ErrorBody;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits::check;
use crate::predict::Value;
use crate::server::App;
use crate::server::answer::{Rejection, json as reply, typed};
use crate::server::memory::{push, reserve};
use crate::server::models::{Loaded, ModelSelector};
use crate::server::protocols::method::MethodOutput;
use crate::server::request::{
    Bounds, Element, Fields, JsonCell, List, Media, Object, RequestRows, Text, fail, invalid, media, parse_object,
};
use crate::table::ReadOptions;
use axum::extract::{self, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

/// A request: exactly one of the first four.
struct Request<'m, 'b> {
    split: Option<Split<'m, 'b>>,
    given: Inputs<'m, 'b>,
    params: Params<'b>,
}

impl<'b> Fields<'b> for Request<'_, 'b> {
    const NAMES: &'static [&'static str] = &["dataframe_split", "dataframe_records", "instances", "inputs", "params"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        let Self { split, given, params } = self;
        let mut into = match name {
            "dataframe_records" | "instances" => return given.read_rows(map),
            "inputs" => return given.read(map),
            "params" => {
                return map.next_value_seed(Object(params)).map_err(|error| match params.failure.take() {
                    Some(own) => fail(&mut given.rows.failure, own),
                    None => error,
                });
            }
            _ => Split { columns: None, data: Vec::new(), bounds: given.rows.bounds(), failure: None },
        };
        let read = map.next_value_seed(Object(&mut into));
        if let Some(error) = into.failure.take() {
            return Err(fail(&mut given.rows.failure, error));
        }
        read?;
        *split = Some(into);
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.given.rows.failure
    }
}

/// A table as pandas' `to_dict(orient="split")` writes it. Its columns may come after its rows.
struct Split<'m, 'b> {
    /// pandas numbers columns that have no names.
    columns: Option<Vec<JsonCell<'b>>>,
    data: Vec<Vec<JsonCell<'b>>>,
    bounds: &'m Bounds,
    failure: Option<Error>,
}

impl<'b> Fields<'b> for Split<'_, 'b> {
    const NAMES: &'static [&'static str] = &["columns", "data", "index"];

    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        match name {
            "columns" => {
                let mut cells = Vec::new();
                let element = Cells { cells: &mut cells, bounds: self.bounds, failure: &mut self.failure };
                map.next_value_seed(List { expected: "a list of columns", element })?;
                self.columns = Some(cells);
            }
            "data" => drop(map.next_value_seed(List { expected: "a list of rows", element: SplitRows(self) })?),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
}

/// Reads the rows of a split table.
struct SplitRows<'s, 'm, 'b>(&'s mut Split<'m, 'b>);

impl<'b> Element<'b> for SplitRows<'_, '_, 'b> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let Split { data, bounds, failure, .. } = &mut *self.0;
        let mut cells = Vec::new();
        let element = Cells { cells: &mut cells, bounds, failure };
        let Some(is_list) = list.next_element_seed(List { expected: "a row as a list of values", element })? else {
            return Ok(false);
        };
        let at = data.len() as u64 + 1;
        let added = match is_list {
            true => check("rows", data.len() + 1, bounds.limits.rows).and_then(|()| push(data, cells, &bounds.memory)),
            false => Err(invalid("expected a row as a list of values, found null")),
        };
        added.map(|()| true).map_err(|error| fail(failure, error.at_row(at)))
    }
}

/// Reads a list of values.
struct Cells<'c, 'b> {
    cells: &'c mut Vec<JsonCell<'b>>,
    bounds: &'c Bounds,
    failure: &'c mut Option<Error>,
}

impl<'b> Element<'b> for Cells<'_, 'b> {
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> std::result::Result<bool, A::Error> {
        let Some(cell) = list.next_element()? else { return Ok(false) };
        let added = check("columns", self.cells.len() + 1, self.bounds.limits.columns)
            .and_then(|()| push(self.cells, cell, &self.bounds.memory));
        added.map(|()| true).map_err(|error| fail(self.failure, error))
    }
}

#[derive(Default)]
struct Params<'b> {
    predict_method: Option<Text<'b>>,
    failure: Option<Error>,
}

impl<'b> Fields<'b> for Params<'b> {
    const NAMES: &'static [&'static str] = &["predict_method"];

    fn read<A: MapAccess<'b>>(&mut self, _: &'static str, map: &mut A) -> std::result::Result<(), A::Error> {
        self.predict_method = map.next_value()?;
        Ok(())
    }

    fn failure(&mut self) -> &mut Option<Error> {
        &mut self.failure
    }
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

fn work_on_json(loaded: &Loaded, body: &[u8], bounds: &Bounds) -> Result<Answer> {
    let mut spare = String::new();
    let new = || Request { split: None, given: Inputs::new(loaded, bounds), params: Params::default() };
    let Request { split, given, params } = parse_object(body, &mut spare, bounds, SHAPE, new)?;
    let method = match &params.predict_method {
        Some(name) => Method::by_name(&name.0, &loaded.model)?,
        None => Method::Predict,
    };
    let rows = match (split, given.into_rows()?) {
        (Some(split), None) => split.rows(loaded)?,
        (None, Some((rows, _))) => rows,
        _ => return Err(invalid(format!("the body has another shape: {SHAPE}"))),
    };
    answer(loaded, method, ScoredRows::score(loaded, rows)?, bounds)
}

impl<'m> Split<'m, '_> {
    fn rows(&self, loaded: &'m Loaded) -> Result<RequestRows<'m>> {
        let mut rows = RequestRows::new(&loaded.model, self.bounds);
        let columns = self.columns.as_ref().ok_or_else(|| invalid("dataframe_split: expected the field columns"))?;
        let names: Vec<String> = columns.iter().map(name).collect::<Result<_>>()?;
        rows.set_names(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
        for (row, at) in self.data.iter().zip(1..) {
            if row.len() != columns.len() {
                let message = format!("expected {} values, one per column, found {}", columns.len(), row.len());
                return Err(Error::new(ErrorKind::WrongLength, message).at_row(at));
            }
            rows.add_in_columns(|column| row[column].value())?;
        }
        Ok(rows)
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

fn work_on_csv(loaded: &Loaded, body: &[u8], bounds: &Bounds) -> Result<Answer> {
    let scorer = BatchPredictor::new(&loaded.model, body, true, &ReadOptions::default(), Some(&[]))?;
    let mut scored = ScoredRows { n_rows: 0, values: Vec::new(), outputs: Vec::new() };
    scorer.score(body, true, 0, |row| {
        let outputs = row.outputs.as_ref().map_err(|error| error.clone().at_row(row.number))?;
        scored.n_rows += 1;
        check("rows", scored.n_rows, bounds.limits.rows)?;
        reserve(&mut scored.values, row.values.len(), &bounds.memory)?;
        reserve(&mut scored.outputs, outputs.len(), &bounds.memory)?;
        scored.values.extend_from_slice(row.values);
        scored.outputs.extend_from_slice(outputs);
        Ok(())
    })?;
    if scored.n_rows == 0 {
        return Err(invalid("expected at least one row, found none"));
    }
    loaded.meters.count(&scored.values, loaded.model.n_features());
    answer(loaded, Method::Predict, scored, bounds)
}

fn answer(loaded: &Loaded, method: Method, scored: ScoredRows, bounds: &Bounds) -> Result<Answer> {
    let predictions = method.apply(loaded, &scored, bounds)?;
    let (model_name, model_version) = (&*loaded.name, loaded.version.as_str());
    let body = super::to_json(bounds, &Predictions { predictions: &predictions, model_name, model_version })?;
    Ok(Answer::json(body, scored))
}

/// `GET /version`. MLflow answers with its own version, and this server too.
pub(crate) async fn version() -> Response {
    typed("text/plain; charset=utf-8", env!("CARGO_PKG_VERSION"))
}
