//! Health, readiness, metrics and reloads, for operators.

use super::App;
use super::access::Scope;
use super::answer::{HandlerResult, Rejection, json as reply, typed};
use super::metrics::Now;
use super::models::{Loaded, ModelSelector};
use super::protocols::ModelBody;
use crate::error::{Error, ErrorKind};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// `GET /healthz`: says that the process answers, and names the default model.
pub(super) async fn alive(State(app): State<App>, headers: HeaderMap) -> HandlerResult {
    let default = app.models.choose(&ModelSelector::default(), None).ok().filter(|_| is_authorized(&app, &headers));
    Ok(reply(&json!({ "status": "ok", "model": default.as_ref().map(|choice| ModelBody::from(&*choice.loaded)) })))
}

/// `GET /ping`, `/health`: MLflow and SageMaker ask whether there is a model.
pub(super) async fn ping(State(app): State<App>) -> HandlerResult {
    if app.is_ready() {
        return Ok(reply(&json!({ "status": "ok" })));
    }
    Err(Rejection::from(Error::new(ErrorKind::Unavailable, "not ready: there is no model, or the server is stopping")))
}

/// `GET /readyz`, `/v2/health/ready`: whether the server should receive requests. Clients that may ask for predictions also see
/// the models' names and the problems.
pub(super) async fn ready(State(app): State<App>, headers: HeaderMap) -> HandlerResult {
    let is_ready = app.is_ready();
    let mut body = json!({ "live": true, "ready": is_ready });
    let problems = app.problems();
    if !problems.is_empty() {
        // Their texts name models and files.
        body["n_problems"] = json!(problems.len());
    }
    if is_authorized(&app, &headers) {
        let now = app.models.now();
        let versions = |versions: &[Arc<Loaded>]| {
            versions.iter().map(|loaded| loaded.version.as_str().to_owned()).collect::<Vec<_>>()
        };
        let models: Vec<_> =
            now.models().map(|(name, all)| json!({ "name": name, "versions": versions(all) })).collect();
        body["models"] = json!(models);
        body["problems"] = json!(problems);
    }
    let mut response = reply(&body);
    if !is_ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

/// Whether the client may see the models' names.
fn is_authorized(app: &App, headers: &HeaderMap) -> bool {
    app.keys.load().as_ref().as_ref().is_none_or(|keys| keys.allow(headers, Scope::Predict))
}

/// `GET /metrics`.
pub(super) async fn metrics(State(app): State<App>) -> HandlerResult {
    let certificate_end = app.tls.as_ref().and_then(|tls| tls.load().end()).unwrap_or_default();
    let text = app.metrics.text(&Now { memory: &app.memory, scoring: app.scoring.n_requests(), certificate_end });
    Ok(typed("application/openmetrics-text; version=1.0.0; charset=utf-8", text))
}

/// `POST /admin/reload`: reads the folder now, and answers as `/readyz` does.
pub(super) async fn reload(State(app): State<App>, headers: HeaderMap) -> HandlerResult {
    let reloading = app.clone();
    let done = spawn_blocking(move || reloading.reload()).await;
    done.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    ready(State(app), headers).await
}
