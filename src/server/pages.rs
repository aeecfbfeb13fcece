//! The page's files.

use super::App;
use super::answer::Rejection;
use crate::error::{Error, ErrorKind};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT_ENCODING;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use std::fs::metadata;
use std::path::Path;
use std::sync::Arc;
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
            let files = ServeDir::new(&folder).precompressed_br().precompressed_gzip();
            let files = files.call_fallback_on_method_not_allowed(true).fallback(not_found);
            let files = Router::new().fallback_service(files).layer(from_fn_with_state(Arc::from(folder), pass_stale));
            routes.fallback_service(Compression::new(files))
        }
        None => routes.fallback_service(not_found),
    }
}

/// Passes over what lies there compressed if it is older than the file itself, or if that is gone: it is of another version.
async fn pass_stale(State(folder): State<Arc<Path>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let written = |file: &str| metadata(folder.join(file)).and_then(|data| data.modified()).ok();
    let is_fresh = !file.contains(['%', '\\'])
        && !file.contains("..")
        && written(&file).is_some_and(|written_file| {
            ["br", "gz"]
                .iter()
                .filter_map(|coding| written(&format!("{file}.{coding}")))
                .all(|copy| copy >= written_file)
        });
    if !is_fresh {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    next.run(request).await
}
