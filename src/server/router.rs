//! The routes, with the guard before them and the page's files behind them.

use super::answer::Rejection;
use super::{App, guard, pages, routes};
use crate::error::{Error, ErrorKind};
use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

impl App {
    /// The routes, the guard before them, and the page's files behind them.
    pub fn router(&self) -> Router {
        let routes = routes::router().method_not_allowed_fallback(async || {
            Rejection::from(Error::new(ErrorKind::MethodNotAllowed, "this route does not take this method"))
        });
        let panicked = |_| {
            let error = Error::new(ErrorKind::Internal, "the server failed at this request; its log says why");
            Rejection::from(error).into_response()
        };
        let router = pages::with_pages(routes, self.config.www.clone())
            .layer((from_fn_with_state(self.clone(), guard::guard), CatchPanicLayer::custom(panicked)))
            .with_state(self.clone());
        match self.config.allow_origin.as_slice() {
            [] => router,
            origins => router.layer(
                CorsLayer::new()
                    .allow_origin(origins.to_vec())
                    .allow_methods([Method::GET, Method::POST])
                    // A star would not include Authorization.
                    .allow_headers(AllowHeaders::mirror_request())
                    .expose_headers(Any),
            ),
        }
    }
}
