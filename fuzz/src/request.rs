//! Requests of every protocol, through the router.

use crate::small_model;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use std::sync::OnceLock;
use tepal::server::{App, Config, Settings};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// Where a request goes, and the media type of its body.
const ROUTES: [(&str, &str); 8] = [
    ("/predict", "application/json"),
    ("/predict?keep=*", "text/csv"),
    ("/predict", "application/x-ndjson"),
    ("/v1/models/m:predict", "application/json"),
    ("/v1/models/m:explain", "application/json"),
    ("/v2/models/m/infer", "application/json"),
    ("/invocations", "application/json"),
    ("/invocations", "text/csv"),
];

/// A request is answered, or refused by a 4xx that says why; nothing stays reserved. The first byte chooses the protocol, the
/// second how many bytes of the body are JSON before binary tensors.
pub fn request(bytes: &[u8]) -> bool {
    let [route, binary, body @ ..] = bytes else { return false };
    let (uri, media) = ROUTES[usize::from(*route) % ROUTES.len()];
    let mut request = Request::post(uri).header("content-type", media);
    if *binary > 0 {
        request = request.header("inference-header-content-length", body.len().saturating_sub(usize::from(*binary)));
    }
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    let (runtime, app) = server();
    runtime.block_on(async {
        let response = app.router().oneshot(request).await.expect("a router always answers");
        let status = response.status().as_u16();
        let text = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        assert!(status == 200 || (400..500).contains(&status), "{status}: {}", String::from_utf8_lossy(&text));
        if status != 200 {
            let answer: serde_json::Value = serde_json::from_slice(&text).expect("an error in JSON");
            assert!(answer["error"].as_str().is_some_and(|error| error.len() > 10), "{answer}");
        }
        status == 200
    })
}

/// A server without a socket.
fn server() -> &'static (Runtime, App) {
    static SERVER: OnceLock<(Runtime, App)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("tepal-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = small_model().encode().expect("a trained model can be written");
        std::fs::write(folder.join("m.tepal"), file).expect("a file");
        let settings = Settings { models: Some(folder.clone()), ..Settings::default() };
        let app = App::open(Config::new(&settings).expect("settings"), None).expect("a server");
        let _ = std::fs::remove_dir_all(folder);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        (runtime, app)
    })
}
