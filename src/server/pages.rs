//! The page's files, with the headers that keep the page to itself.

use super::answer::Refusal;
use crate::error::{Error, ErrorKind};
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use std::path::PathBuf;
use tower_http::compression::Compression;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// On every answer. The policy lets the page run its own scripts and WebAssembly, and reach its own origin only.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    // The service worker decides what is kept; a browser that kept files by itself could mix two builds.
    (header::CACHE_CONTROL, "no-cache"),
];

/// Adds the folder's files to the routes, if there is one, and the headers to all.
pub(super) fn with_pages(routes: Router, www: Option<PathBuf>) -> Router {
    let not_found = Router::new().fallback(async || {
        Refusal(Error::new(ErrorKind::NotFound, "no such file or route; POST /predict and GET /healthz are there"))
    });
    let routes = match www {
        Some(folder) => {
            let files = ServeDir::new(folder).call_fallback_on_method_not_allowed(true).fallback(not_found);
            routes.fallback_service(Compression::new(files))
        }
        None => routes.fallback_service(not_found),
    };
    HEADERS.into_iter().fold(routes, |routes, (name, value)| {
        routes.layer(SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)))
    })
}
