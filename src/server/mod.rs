//! The fallback server: the same model file, the same answers, for where a page cannot run WebAssembly.
//!
//! | route | answer |
//! |---|---|
//! | `POST /predict` | predictions: see [`predict`](mod@self) for the three shapes of a request |
//! | `GET /model` | what the model says of itself, as in the page: features, target, figures, coefficients, digest |
//! | `GET /healthz` | `{"status": "ok", "model": {"name", "digest"}}` |
//! | `GET /...` | the page's files, if a folder was given |
//!
//! A request to `/predict` is one of
//! `{"values": [x, ...]}` for a regression on one feature, answered by `{"result": [y, ...]}`, one per value;
//! `{"data": [x, ...]}` for one row in the order of the features, answered by a prediction;
//! `{"rows": [{name: x, ...}, ...]}` for rows by name, answered by `{"predictions": [...]}`.
//! Whatever goes wrong is answered by `{"error", "kind"}` with `row` and `column` where there is one.

mod answer;
mod pages;
mod predict;
mod request;

use crate::error::{Error, ErrorKind};
use crate::limits;
use crate::model::Model;
use crate::wire::Description;
use answer::Refusal;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;

/// What the routes need.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The model that answers.
    pub model: Arc<Model>,
    /// The folder of the page, if it is to be served.
    pub www: Option<PathBuf>,
}

/// The routes.
pub fn app(state: AppState) -> Router {
    let www = state.www.clone();
    let routes = Router::new()
        .route("/predict", post(predict::predict))
        .route("/model", get(describe))
        .route("/healthz", get(health))
        .method_not_allowed_fallback(async || {
            Refusal(Error::new(ErrorKind::MethodNotAllowed, "this route does not take this method"))
        })
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .with_state(state);
    pages::with_pages(routes, www).layer(CatchPanicLayer::custom(|_| {
        answer::refuse(&Error::new(ErrorKind::Internal, "the server failed at this request; its log says why"))
    }))
}

/// How long a client may take to end its request once the server was asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until `shutdown` resolves, then lets the requests under way finish, for ten seconds at most.
///
/// # Errors
/// Those of the listener.
pub async fn run(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let stopping = Arc::new(Notify::new());
    let stop = Arc::clone(&stopping);
    let serving = axum::serve(listener, app(state)).with_graceful_shutdown(async move {
        shutdown.await;
        stop.notify_one();
    });
    let deadline = async {
        stopping.notified().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = serving.into_future() => served,
        () = deadline => Ok(()),
    }
}

/// The model does not change: what it says of itself could be written down once. It is asked for once by a page.
async fn describe(State(state): State<AppState>) -> axum::Json<serde_json::Value> {
    axum::Json(serde_json::json!(Description::of(&state.model)))
}

async fn health(State(state): State<AppState>) -> axum::Json<serde_json::Value> {
    let model = serde_json::json!({ "name": state.model.provenance().name, "digest": state.model.digest() });
    axum::Json(serde_json::json!({ "status": "ok", "model": model }))
}
