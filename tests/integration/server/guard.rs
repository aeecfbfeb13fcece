//! Who may ask, how often, and what every answer carries.

use super::served::{Served, cut_at, json_body};
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::json;
use std::time::Duration;
use tepal::server::new_key;

fn request(method: Method, uri: &str, key: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(key) = key {
        request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
    }
    request.body(Body::from("{\"data\":[20]}")).unwrap()
}

#[tokio::test]
async fn keys_open_what_their_scope_says() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    let ((page, page_line), (ops, ops_line)) = (new_key("page", "predict").unwrap(), new_key("ops", "admin").unwrap());
    std::fs::write(keys.path(), format!("{page_line}\n{ops_line}\n")).unwrap();
    let served = Served::new(&[("m", &cut_at(10))], &format!("keys = '{}'", keys.path().display()));
    let status = async |method: Method, uri: &str, key: Option<&str>| {
        served.send(request(method, uri, key)).await.status().as_u16()
    };
    for (method, uri, of_nobody, of_page, of_ops) in [
        (Method::POST, "/predict", 401, 200, 403),
        (Method::POST, "/v1/models/m:predict", 401, 400, 403),
        (Method::GET, "/model", 401, 200, 403),
        (Method::GET, "/openapi.json", 401, 200, 403),
        (Method::GET, "/metrics", 401, 403, 200),
        (Method::POST, "/admin/reload", 401, 403, 200),
        (Method::GET, "/healthz", 200, 200, 200),
        (Method::GET, "/readyz", 200, 200, 200),
        (Method::GET, "/v2/health/ready", 200, 200, 200),
        (Method::GET, "/no-such-route", 404, 404, 404),
    ] {
        let found = (
            status(method.clone(), uri, None).await,
            status(method.clone(), uri, Some(&page)).await,
            status(method, uri, Some(&ops)).await,
        );
        assert_eq!(found, (of_nobody, of_page, of_ops), "{uri}");
    }
    let response = served.send(request(Method::POST, "/predict", None)).await;
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    assert_eq!(json_body(response).await.1["kind"], "unauthorized");
    // What could not be loaded is not everybody's to know.
    let (_, ready) = json_body(served.send(request(Method::GET, "/readyz", None)).await).await;
    assert_eq!(ready, json!({ "live": true, "ready": true }));
    let (_, alive) = json_body(served.send(request(Method::GET, "/healthz", None)).await).await;
    assert_eq!(alive, json!({ "status": "ok", "model": null }));
    let (_, ready) = json_body(served.send(request(Method::GET, "/readyz", Some(&page))).await).await;
    assert_eq!(ready["models"][0]["name"], "m");

    // A key that leaves the file opens nothing after the next look, also where another line is malformed.
    std::fs::write(keys.path(), &ops_line).unwrap();
    assert_eq!(status(Method::POST, "/admin/reload", Some(&ops)).await, 200);
    assert_eq!(status(Method::POST, "/predict", Some(&page)).await, 401);
    std::fs::write(keys.path(), format!("{page_line}\n{ops_line}")).unwrap();
    assert_eq!(status(Method::POST, "/admin/reload", Some(&ops)).await, 200);
    assert_eq!(status(Method::POST, "/predict", Some(&page)).await, 200);
    std::fs::write(keys.path(), format!("oops\n{ops_line}")).unwrap();
    assert_eq!(status(Method::POST, "/admin/reload", Some(&ops)).await, 200);
    assert_eq!(status(Method::GET, "/metrics", Some(&ops)).await, 200);
    assert_eq!(status(Method::POST, "/predict", Some(&page)).await, 401);
    std::fs::write(keys.path(), "# none any more\n").unwrap();
    assert_eq!(status(Method::POST, "/admin/reload", Some(&ops)).await, 200);
    assert_eq!(status(Method::GET, "/metrics", Some(&ops)).await, 401);
}

#[tokio::test]
async fn a_file_of_keys_that_is_deleted_opens_nothing() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    let (ops, line) = new_key("ops", "predict,admin").unwrap();
    std::fs::write(keys.path(), line).unwrap();
    let served = Served::new(&[("m", &cut_at(10))], &format!("keys = '{}'", keys.path().display()));
    keys.close().unwrap();
    let status = async |uri: &str| served.send(request(Method::POST, uri, Some(&ops))).await.status().as_u16();
    assert_eq!((status("/predict").await, status("/admin/reload").await, status("/predict").await), (200, 200, 401));
}

#[tokio::test]
async fn a_wrong_key_a_page_and_an_unknown_path_count_too() {
    let keys = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(keys.path(), new_key("page", "predict").unwrap().1).unwrap();
    for uri in ["/predict", "/no-such-route", "/docs"] {
        let settings = format!("rate = 1\nburst = 3\nkeys = '{}'", keys.path().display());
        let served = Served::new(&[("m", &cut_at(10))], &settings);
        let mut found = Vec::new();
        for _ in 0..4 {
            found.push(served.send(request(Method::GET, uri, Some("tepal_0"))).await.status().as_u16());
        }
        assert!(found[..3].iter().all(|status| *status != 429) && found[3] == 429, "{uri}: {found:?}");
    }
}

#[tokio::test]
async fn a_host_that_is_not_this_machines_is_refused() {
    let served = Served::new(&[("m", &cut_at(10))], "");
    let ask = async |host: &str| {
        let request = Request::post("/predict").header(header::HOST, host);
        json_body(served.send(request.body(Body::from("{\"data\":[20]}")).unwrap()).await).await
    };
    assert_eq!(ask("localhost:8080").await.0, 200);
    let (status, answer) = ask("evil.example").await;
    assert_eq!((status, answer["kind"].as_str()), (403, Some("forbidden")));
    assert!(answer["error"].as_str().unwrap().contains("--allowed-hosts"), "{answer}");
    // A supervisor asks by the machine's address.
    for uri in ["/healthz", "/readyz", "/v2/health/live"] {
        let request = Request::get(uri).header(header::HOST, "10.1.2.3:8080").body(Body::empty()).unwrap();
        assert_eq!(served.send(request).await.status(), 200, "{uri}");
    }
}

#[tokio::test]
async fn a_model_file_of_the_page_needs_the_key_of_models() {
    let (keys, www) = (tempfile::NamedTempFile::new().unwrap(), tempfile::TempDir::new().unwrap());
    let (key, line) = new_key("page", "predict").unwrap();
    std::fs::write(keys.path(), line).unwrap();
    for file in ["index.html", "m.tepal", "m.tepal.br"] {
        std::fs::write(www.path().join(file), "x").unwrap();
    }
    let settings = format!("keys = '{}'\nwww = '{}'", keys.path().display(), www.path().display());
    let served = Served::new(&[("m", &cut_at(10))], &settings);
    let status =
        async |uri: &str, key: Option<&str>| served.send(request(Method::GET, uri, key)).await.status().as_u16();
    assert_eq!((status("/", None).await, status("/index.html", None).await), (200, 200));
    for uri in ["/m.tepal", "/m.tepal.br", "/m%2etepal"] {
        assert_eq!((status(uri, None).await, status(uri, Some(&key)).await), (401, 200), "{uri}");
    }
}

#[tokio::test]
async fn a_packed_body_is_refused_by_its_name() {
    let served = Served::new(&[("m", &cut_at(10))], "");
    for (uri, media) in [
        ("/predict", "application/json"),
        ("/predict", "text/csv"),
        ("/predict", "application/x-ndjson"),
        ("/invocations", "application/json"),
        ("/v1/models/m:predict", "application/json"),
        ("/v2/models/m/infer", "application/json"),
    ] {
        let request = Request::post(uri).header(header::CONTENT_TYPE, media).header(header::CONTENT_ENCODING, "gzip");
        let (status, answer) = json_body(served.send(request.body(Body::from("x")).unwrap()).await).await;
        assert_eq!(status, 415, "{uri}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains("found \"gzip\"; send it unpacked"), "{answer}");
    }
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_ask_again() {
    let served = Served::new(&[("m", &cut_at(10))], "rate = 1\nburst = 3\ntrust_forwarded = true");
    let ask = async |address: &str| {
        let request = Request::post("/predict").header("x-forwarded-for", format!("10.0.0.1, {address}"));
        served.send(request.body(Body::from("{\"data\":[20]}")).unwrap()).await
    };
    for _ in 0..3 {
        assert_eq!(ask("192.0.2.1").await.status(), 200);
    }
    let refused = ask("192.0.2.1").await;
    assert_eq!(refused.headers()[header::RETRY_AFTER], "1");
    let (status, answer) = json_body(refused).await;
    assert_eq!((status, answer["kind"].as_str()), (429, Some("too_many_requests")));
    assert!(answer["error"].as_str().unwrap().ends_with("expected at most 1 a second"), "{answer}");
    assert_eq!(ask("192.0.2.2").await.status(), 200);
    // Probes are not counted.
    for _ in 0..10 {
        assert_eq!(served.get("/readyz").await.0, 200);
    }
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(ask("192.0.2.1").await.status(), 200);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_gets_408() {
    let served = Served::new(&[("m", &cut_at(10))], "read_timeout = 0.05");
    let never = Body::from_stream(tokio_stream::pending::<std::io::Result<Vec<u8>>>());
    let (status, answer) = served.post("/predict", never).await;
    assert_eq!((status, answer["kind"].as_str()), (408, Some("timeout")));
}

#[tokio::test]
async fn other_origins_are_let_in_by_name() {
    let served = Served::new(&[("m", &cut_at(10))], "allow_origin = ['https://example.org']");
    let ask = async |method: Method, origin: &str| {
        let request = Request::builder().method(method).uri("/predict").header(header::ORIGIN, origin);
        let request = request.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
        let request = request.header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization");
        served.send(request.body(Body::from("{\"data\":[20]}")).unwrap()).await
    };
    let preflight = ask(Method::OPTIONS, "https://example.org").await;
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN], "https://example.org");
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_ALLOW_METHODS], "GET,POST");
    assert_eq!(preflight.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS], "authorization");
    let answer = ask(Method::POST, "https://example.org").await;
    assert_eq!(
        (answer.status(), &answer.headers()[header::ACCESS_CONTROL_ALLOW_ORIGIN]),
        (200.try_into().unwrap(), &"https://example.org".parse().unwrap())
    );
    let stranger = ask(Method::POST, "https://example.com").await;
    assert!(!stranger.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    let alone = Served::new(&[("m", &cut_at(10))], "");
    let request = Request::post("/predict").header(header::ORIGIN, "https://example.org");
    let answer = alone.send(request.body(Body::from("{\"data\":[20]}")).unwrap()).await;
    assert!(!answer.headers().contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn only_pages_of_origins_that_are_named_may_show_the_page_in_a_frame() {
    let ancestors = async |settings: &str| {
        let served = Served::new(&[("m", &cut_at(10))], settings);
        let answer = served.send(Request::get("/style.css").body(Body::empty()).unwrap()).await;
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        policy.split("; ").last().unwrap().to_owned()
    };
    assert_eq!(ancestors("").await, "frame-ancestors 'none'");
    let two = "allow_framing = ['https://example.org', 'http://localhost:3000']";
    assert_eq!(ancestors(two).await, "frame-ancestors https://example.org http://localhost:3000");
}

#[tokio::test]
async fn every_answer_carries_an_id_and_pages_the_security_headers() {
    let served = Served::new(&[("m", &cut_at(10))], "");
    let ask = async |id: Option<&str>| {
        let mut request = Request::get("/style.css");
        if let Some(id) = id {
            request = request.header("x-request-id", id);
        }
        let response = served.send(request.body(Body::empty()).unwrap()).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        response.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    let answer = served.send(Request::get("/models").body(Body::empty()).unwrap()).await;
    assert_eq!(
        (&answer.headers()["x-content-type-options"], answer.headers().contains_key("x-request-id")),
        (&"nosniff".parse().unwrap(), true)
    );
    assert_eq!(ask(Some("a-1:b")).await, "a-1:b");
    let (first, second) = (ask(None).await, ask(Some("<script>")).await);
    assert!(first.len() == 16 && second.len() == 16 && first != second);
    assert_eq!(ask(Some(&"a".repeat(101))).await.len(), 16);
}
