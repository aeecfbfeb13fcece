//! The page's files.

use super::App;
use super::answer::Rejection;
use crate::error::{Error, ErrorKind};
use axum::Router;
use tower_http::compression::Compression;
use tower_http::services::ServeDir;

/// Adds the files of the page's folder to the routes. Beside a file may lie what it compresses to, as `make site` writes it;
/// another file is compressed while it is sent.
pub(super) fn with_pages(routes: Router<App>, www: Option<std::path::PathBuf>) -> Router<App> {
    let not_found = Router::new().fallback(async || {
        Rejection::from(Error::new(ErrorKind::NotFound, "no such file or route; /docs shows the routes there are"))
    });
    match www {
        Some(folder) => {
            let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
            let files = files.call_fallback_on_method_not_allowed(true).fallback(not_found);
            routes.fallback_service(Compression::new(files))
        }
        None => routes.fallback_service(not_found),
    }
}
