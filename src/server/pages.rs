//! The page's files.

use super::App;
use super::answer::Rejection;
use crate::error::{Error, ErrorKind};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT_ENCODING;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::task::spawn_blocking;
use tower_http::services::ServeDir;

/// The bytes of a file that are read at a time, and wait for a client that reads slowly.
const CHUNK: usize = 16 << 10;

/// The longest path that can be a file.
const LONGEST_PATH: usize = 1024;

/// What a file compresses to may lie beside it, as `make site` writes it.
const COMPRESSED: [&str; 2] = ["br", "gz"];

/// Adds the files of the page's folder to the routes. No file is compressed while it is sent: that would take a thread from
/// predictions.
pub(super) fn with_pages(routes: Router<App>, www: Option<PathBuf>) -> Router<App> {
    match www {
        Some(folder) => {
            let files = ServeDir::new(&folder).precompressed_br().precompressed_gzip().with_buf_chunk_size(CHUNK);
            let files = files.call_fallback_on_method_not_allowed(true).fallback(Router::new().fallback(not_found));
            routes.fallback_service(
                Router::new().fallback_service(files).layer(from_fn_with_state(Arc::from(folder), check_file)),
            )
        }
        None => routes.fallback_service(Router::new().fallback(not_found)),
    }
}

async fn not_found() -> Rejection {
    Error::new(ErrorKind::NotFound, "no such file or route; /docs shows the routes there are").into()
}

/// Whether a path leads to a model file, perhaps a compressed one. Its signs may be written as `%2e`.
pub(super) fn is_model_file(path: &str) -> bool {
    let path = decoded(path).to_ascii_lowercase();
    let path = COMPRESSED.iter().find_map(|coding| path.strip_suffix(coding)?.strip_suffix('.')).unwrap_or(&path);
    path.ends_with(".tepal")
}

/// What a file is served as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Served {
    /// With what lies compressed beside it.
    Compressed,
    /// As it is: what lies compressed beside it is older, and of another version.
    Plain,
    /// Not at all.
    Not,
}

/// Passes on requests for files of the folder.
async fn check_file(State(folder): State<Arc<Path>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match spawn_blocking(move || served(&folder, &path)).await.unwrap_or(Served::Not) {
        Served::Not => return not_found().await.into_response(),
        Served::Plain => drop(request.headers_mut().remove(ACCEPT_ENCODING)),
        Served::Compressed => {}
    }
    next.run(request).await
}

/// Only regular files in the folder are served: no hidden ones, no pipes, and no links that lead out of it.
fn served(folder: &Path, path: &str) -> Served {
    if path.len() > LONGEST_PATH {
        return Served::Not;
    }
    let path = decoded(path);
    let is_hidden = |part: &str| part.starts_with('.') && part != ".well-known";
    if path.split(['/', '\\']).any(is_hidden) || path.contains('\0') {
        return Served::Not;
    }
    let file = folder.join(path.trim_start_matches('/'));
    // ServeDir sends a folder to its own path with a slash at its end, and answers by the page in it.
    let file = if file.is_dir() { file.join("index.html") } else { file };
    let is_inside = |file: &Path| {
        let real = (folder.canonicalize(), file.canonicalize());
        matches!(real, (Ok(folder), Ok(file)) if file.starts_with(&folder) && file.is_file())
    };
    if !is_inside(&file) {
        return Served::Not;
    }
    let written = |file: &Path| file.metadata().and_then(|data| data.modified()).ok();
    let copies = COMPRESSED.iter().map(|coding| {
        let mut name = file.clone().into_os_string();
        name.push(format!(".{coding}"));
        PathBuf::from(name)
    });
    let is_fresh = |copy: &PathBuf| is_inside(copy) && written(copy) >= written(&file);
    match copies.filter(|copy| copy.symlink_metadata().is_ok()).all(|copy| is_fresh(&copy)) {
        true => Served::Compressed,
        false => Served::Plain,
    }
}

/// A path with its signs written out.
fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn model_files_are_known_by_their_names() {
        for path in ["/a.tepal", "/models/a.TEPAL", "/a.tepal.br", "/a.tepal.gz", "/a%2etepal", "/a.%74epal"] {
            assert!(is_model_file(path), "{path}");
        }
        for path in ["/", "/a.tepal.txt", "/tepal", "/a.br", "/tepal.js"] {
            assert!(!is_model_file(path), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_of_the_folder_are_served() {
        use std::os::unix::fs::symlink;
        let (folder, other) = (tempfile::TempDir::new().unwrap(), tempfile::TempDir::new().unwrap());
        let write = |name: &str| std::fs::write(folder.path().join(name), "x").unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        ["index.html", "a.css", "sub/index.html", ".env", "b.css", "b.css.br"].into_iter().for_each(write);
        std::fs::write(other.path().join("secret"), "x").unwrap();
        symlink(other.path().join("secret"), folder.path().join("out")).unwrap();
        symlink(other.path(), folder.path().join("folder")).unwrap();
        symlink(folder.path().join("a.css"), folder.path().join("in")).unwrap();
        symlink(other.path().join("secret"), folder.path().join("a.css.br")).unwrap();
        let pipe = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
        assert!(pipe.success());
        let served = |path: &str| served(folder.path(), path);
        for path in ["/", "/index.html", "/sub/", "/sub", "/in", "/b.css", "/%62.css"] {
            assert_eq!(served(path), Served::Compressed, "{path}");
        }
        assert_eq!(served("/a.css"), Served::Plain);
        let long = format!("/{}", "a".repeat(5000));
        for path in ["/.env", "/%2eenv", "/out", "/folder/secret", "/pipe", "/../x", "/empty", "/no", "/a%00", &long] {
            assert_eq!(served(path), Served::Not, "{path}");
        }
    }
}
