//! A server without a socket, and the models it serves.

use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;
use tepal::model::Model;
use tepal::pipeline::Pipeline;
use tepal::server::{App, Config, Settings};
use tepal::table::Table;
use tower::ServiceExt;

pub(crate) const IRIS: &[u8] = include_bytes!("../../models/v1-iris.tepal");

/// The model of that file, in today's format: its digest is that of the bytes that are served.
pub(crate) fn iris() -> Model {
    Model::decode(&Model::decode(IRIS).unwrap().encode().unwrap()).unwrap()
}

/// A regression on one feature: y = 3 + 2 x.
pub(crate) fn line() -> Model {
    Pipeline::new("y").train(&Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n").unwrap()).unwrap()
}

/// Two classes that part at `cut`, from a feature named x.
pub(crate) fn cut_at(cut: usize) -> Model {
    let rows: String = (0..40).map(|x| format!("{x},{}\n", if x < cut { "low" } else { "high" })).collect();
    Pipeline::new("y").train(&Table::parse(format!("x,y\n{rows}").as_bytes()).unwrap()).unwrap()
}

/// A folder with some files of a page, one of them also compressed. The real one is built later than these tests.
fn page() -> &'static Path {
    static PAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy("www/styles/base.css", folder.join("style.css")).unwrap();
        std::fs::copy("www/data/iris.csv", folder.join("iris.csv")).unwrap();
        for (name, contents) in [
            ("index.html", "<!doctype html>"),
            ("a.css", "a { color: red }"),
            ("a.css.br", "in brotli"),
            ("a.css.gz", "in gzip"),
            ("old.css.br", "of before"),
            ("old.css", "a { color: red }"),
            ("gone.css.br", "of before"),
        ] {
            std::fs::write(folder.join(name), contents).unwrap();
        }
        let old = std::fs::File::options().append(true).open(folder.join("old.css.br")).unwrap();
        old.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        folder
    });
    &PAGE
}

/// An app, and the folder of its models.
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) folder: TempDir,
}

impl Served {
    /// Serves models by the names of their files, with settings in TOML beside.
    pub(crate) fn new(models: &[(&str, &Model)], settings: &str) -> Self {
        let folder = TempDir::new().unwrap();
        for (name, model) in models {
            write(folder.path(), name, &model.encode().unwrap());
        }
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, format!("models = '{}'\n{settings}", folder.path().display())).unwrap();
        let config = Config::new(&Settings::read(&file).unwrap()).unwrap();
        Self { app: App::open(config, Some(file)).unwrap(), folder }
    }

    /// Serves one model, and a page.
    pub(crate) fn one(model: &Model) -> Self {
        Self::new(&[("model", model)], &format!("www = '{}'", page().display()))
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.app.router().oneshot(request).await.unwrap()
    }

    /// Status and JSON of a POST.
    pub(crate) async fn post(&self, uri: &str, request: impl Into<Body>) -> (u16, Value) {
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json").body(request.into()).unwrap();
        json_body(self.send(request).await).await
    }

    /// Status and JSON of a GET.
    pub(crate) async fn get(&self, uri: &str) -> (u16, Value) {
        json_body(self.send(Request::get(uri).body(Body::empty()).unwrap()).await).await
    }

    /// Looks through the folder, and answers what the server says of it.
    pub(crate) async fn reload(&self) -> Value {
        let (status, ready) = self.post("/admin/reload", "").await;
        assert!(status == 200 || status == 503, "{ready}");
        ready
    }

    /// The value of a series of `/metrics`; 0 where there is none.
    pub(crate) async fn metric(&self, series: &str) -> f64 {
        let response = self.send(Request::get("/metrics").body(Body::empty()).unwrap()).await;
        let text = String::from_utf8(body(response).await).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        line.map_or(0.0, |value| value.parse().unwrap())
    }
}

/// Writes a model file as a careful deployment does: beside its place, then moved there.
pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(format!("{name}.tepal"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    tepal::files::write(&path, bytes).unwrap();
}

pub(crate) async fn body(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

pub(crate) async fn json_body(response: Response<Body>) -> (u16, Value) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    (status, serde_json::from_slice(&body(response).await).unwrap())
}
