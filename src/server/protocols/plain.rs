//! `POST /predict`.

use super::AppState;
use super::answer::Refusal;
use super::request::Request;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::Model;
use crate::predict::Prediction;
use crate::table::Task;
use crate::wire::PredictionBody;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) async fn predict(
    State(state): State<AppState>,
    body: std::result::Result<Bytes, BytesRejection>,
) -> std::result::Result<Response, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("expected a body of at most {} bytes; send the rows in parts", limits::BODY_BYTES);
            Error::new(ErrorKind::LimitExceeded, message)
        }
        _ => Error::new(ErrorKind::InvalidRequest, "the body ended early"),
    })?;
    Ok(answer(&state.model, Request::parse(&body)?)?)
}

fn answer(model: &Model, request: Request) -> Result<Response> {
    match request {
        Request::Values(values) => {
            if model.task() != Task::Regression || model.n_features() != 1 {
                let message = format!(
                    "\"values\" is for a regression on one feature; this model has {} features and predicts {}; \
                     use \"rows\"",
                    model.n_features(),
                    if model.task() == Task::Regression { "numbers" } else { "classes" },
                );
                return Err(Error::new(ErrorKind::InvalidRequest, message));
            }
            let predict = |(value, row): (&f64, u64)| match model.predict_values([*value]) {
                Ok(Prediction::Value(value)) => Ok(value),
                Ok(Prediction::Class { .. }) => Err(Error::new(ErrorKind::Internal, "a regression predicted a class")),
                Err(error) => Err(error.at_row(row)),
            };
            let result: Vec<f64> = values.iter().zip(1..).map(predict).collect::<Result<_>>()?;
            Ok(Json(json!({ "result": result })).into_response())
        }
        Request::Data(values) => Ok(Json(PredictionBody::from(&model.predict_values(&values)?)).into_response()),
        Request::Rows(rows) => {
            let predictions = rows
                .iter()
                .zip(1..)
                .map(|(row, at)| {
                    let pairs = row.iter().map(|(name, cell)| (name.as_str(), cell));
                    model.predict_named(pairs).map_err(|error| error.at_row(at))
                })
                .collect::<Result<Vec<_>>>()?;
            let bodies: Vec<_> = predictions.iter().map(PredictionBody::from).collect();
            Ok(Json(json!({ "predictions": bodies })).into_response())
        }
    }
}
