//! The routes: what answers, and who may ask.

use super::access::Scope::{self, Admin, Predict};
use super::protocols::{mlflow, open_inference as v2, plain, tf_serving as v1};
use super::{App, docs, health};
use Kind::{For, Open, Page};
use axum::Router;
use axum::routing::{MethodRouter, any, get, post};

/// A route as it is counted and guarded.
#[derive(Debug)]
pub(super) struct Route {
    /// Its pattern.
    pub(super) path: &'static str,
    /// What a key has to allow; `None` for everybody.
    pub(super) scope: Option<Scope>,
    /// Whether a browser shows what it answers.
    pub(super) is_page: bool,
}

/// Who may take a route, and who shows what it answers.
enum Kind {
    Open,
    Page,
    For(Scope),
}

impl Route {
    const fn new(path: &'static str, kind: Kind) -> Self {
        match kind {
            Kind::Open => Self { path, scope: None, is_page: false },
            Kind::Page => Self { path, scope: None, is_page: true },
            Kind::For(scope) => Self { path, scope: Some(scope), is_page: false },
        }
    }
}

pub(super) const METRICS: &str = "/metrics";

/// What is no route: a file of the page, or nothing.
static PAGE: Route = Route::new("page", Page);

macro_rules! routes {
    ($($path:expr, $kind:expr => $answer:expr;)*) => {
        /// Every route, by its pattern.
        static ROUTES: &[Route] = &[$(Route::new($path, $kind)),*];

        /// The routes with what answers them.
        pub(super) fn router() -> Router<App> {
            let routes: Vec<(&str, MethodRouter<App>)> = vec![$(($path, $answer)),*];
            routes.into_iter().fold(Router::new(), |router, (path, answer)| router.route(path, answer))
        }
    };
}

routes! {
    "/predict", For(Predict) => post(plain::predict);
    "/predict/{model}", For(Predict) => post(plain::predict);
    "/predict/{model}/{version}", For(Predict) => post(plain::predict);
    "/model", For(Predict) => get(plain::describe);
    "/model/{model}", For(Predict) => get(plain::describe);
    "/model/{model}/{version}", For(Predict) => get(plain::describe);
    "/models", For(Predict) => get(plain::list);

    "/v2", For(Predict) => get(v2::server);
    "/v2/", For(Predict) => get(v2::server);
    "/v2/health/live", Open => get(v2::live);
    "/v2/health/ready", Open => get(health::ready);
    "/v2/models/{model}", For(Predict) => get(v2::metadata);
    "/v2/models/{model}/ready", For(Predict) => get(v2::model_ready);
    "/v2/models/{model}/infer", For(Predict) => post(v2::infer);
    "/v2/models/{model}/versions/{version}", For(Predict) => get(v2::metadata);
    "/v2/models/{model}/versions/{version}/ready", For(Predict) => get(v2::model_ready);
    "/v2/models/{model}/versions/{version}/infer", For(Predict) => post(v2::infer);

    "/v1/models", For(Predict) => get(v1::list);
    "/v1/models/{*path}", For(Predict) => any(v1::ask);

    "/ping", Open => get(health::ping);
    "/health", Open => get(health::ping);
    "/version", For(Predict) => get(mlflow::version);
    "/invocations", For(Predict) => post(mlflow::invocations);

    "/healthz", Open => get(health::alive);
    "/readyz", Open => get(health::ready);
    METRICS, For(Admin) => get(health::metrics);
    "/admin/reload", For(Admin) => post(health::reload);

    "/openapi.json", For(Predict) => get(docs::document);
    "/docs", Page => get(docs::page);
    "/docs/{file}", Page => get(docs::file);
}

/// The route of a pattern that was matched.
pub(super) fn of(pattern: Option<&str>) -> &'static Route {
    pattern.and_then(|pattern| ROUTES.iter().find(|route| route.path == pattern)).unwrap_or(&PAGE)
}
