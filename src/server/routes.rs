//! The routes: their handlers, and the keys that they need.

use super::access::Scope::{self, Admin, Predict};
use super::protocols::{mlflow, open_inference as v2, plain, tf_serving as v1};
use super::{App, docs, health};
use Access::{For, Open, Page};
use axum::Router;
use axum::routing::{MethodRouter, any, get, post};

/// A route, as the guard and the metrics see it.
#[derive(Debug)]
pub(super) struct Route {
    /// Its pattern.
    pub(super) path: &'static str,
    /// The scope that a key needs; `None` where no key is needed.
    pub(super) scope: Option<Scope>,
    /// Whether a browser shows its answers.
    pub(super) is_page: bool,
}

/// The key that a route needs, and whether a browser shows its answers.
enum Access {
    Open,
    Page,
    For(Scope),
}

impl Route {
    const fn new(path: &'static str, access: Access) -> Self {
        match access {
            Access::Open => Self { path, scope: None, is_page: false },
            Access::Page => Self { path, scope: None, is_page: true },
            Access::For(scope) => Self { path, scope: Some(scope), is_page: false },
        }
    }
}

pub(super) const METRICS: &str = "/metrics";

/// Every path that is not a route: a file of the page, or not found.
static PAGE: Route = Route::new("page", Page);

macro_rules! routes {
    ($($path:expr, $access:expr => $answer:expr;)*) => {
        /// Every route, by its pattern.
        static ROUTES: &[Route] = &[$(Route::new($path, $access)),*];

        /// The routes with their handlers.
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

/// The route of a matched pattern.
pub(super) fn find(pattern: Option<&str>) -> &'static Route {
    pattern.and_then(|pattern| ROUTES.iter().find(|route| route.path == pattern)).unwrap_or(&PAGE)
}
