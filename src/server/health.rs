//! How the server is, for those who keep it running.

use super::App;
use super::access::Scope;
use super::answer::{Outcome, Refusal, json as reply, typed};
use super::models::{Loaded, Wanted};
use super::protocols::ModelBody;
use crate::error::{Error, ErrorKind};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// `GET /healthz`: the process answers, and which model would.
pub(super) async fn alive(State(app): State<App>, headers: HeaderMap) -> Outcome {
    let default = app.models.choose(&Wanted::default(), None).ok().filter(|_| may_ask(&app, &headers));
    Ok(reply(&json!({ "status": "ok", "model": default.as_ref().map(|choice| ModelBody::from(&*choice.loaded)) })))
}

/// `GET /ping`, `/health`: MLflow's and SageMaker's question whether there is a model.
pub(super) async fn ping(State(app): State<App>) -> Outcome {
    if app.is_ready() {
        return Ok(reply(&json!({ "status": "ok" })));
    }
    Err(Refusal::from(Error::new(ErrorKind::Unavailable, "not ready: there is no model, or the server is stopping")))
}

/// `GET /readyz`, `/v2/health/ready`: whether requests should come here, and what is not as it should be. Names and problems
/// are for those who may ask for predictions.
pub(super) async fn ready(State(app): State<App>, headers: HeaderMap) -> Outcome {
    let is_ready = app.is_ready();
    let mut body = json!({ "live": true, "ready": is_ready });
    if may_ask(&app, &headers) {
        let now = app.models.now();
        let versions = |versions: &[Arc<Loaded>]| {
            versions.iter().map(|loaded| loaded.version.as_str().to_owned()).collect::<Vec<_>>()
        };
        let models: Vec<_> =
            now.models().map(|(name, all)| json!({ "name": name, "versions": versions(all) })).collect();
        body["models"] = json!(models);
        body["problems"] = json!(app.problems());
    }
    let mut response = reply(&body);
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

/// Whether names are for who asks.
fn may_ask(app: &App, headers: &HeaderMap) -> bool {
    app.keys.load().as_ref().as_ref().is_none_or(|keys| keys.allow(headers, Scope::Predict))
}

/// `GET /metrics`.
pub(super) async fn metrics(State(app): State<App>) -> Outcome {
    Ok(typed("application/openmetrics-text; version=1.0.0; charset=utf-8", app.metrics.text()))
}

/// `POST /admin/reload`: looks through the folder now, and says what is there.
pub(super) async fn reload(State(app): State<App>, headers: HeaderMap) -> Outcome {
    let reloading = app.clone();
    let done = spawn_blocking(move || reloading.reload()).await;
    done.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    ready(State(app), headers).await
}
