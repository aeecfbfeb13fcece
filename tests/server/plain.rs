//! The server through its routes, and through the binary where that matters.
#![cfg(all(feature = "server", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic)]

use assert_cmd::Command;
use axum::body::Body;
use axum::http::{Request, Response, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::sync::Arc;
use tepal::model::Model;
use tepal::recipe::Recipe;
use tepal::server::{AppState, app};
use tepal::table::Table;
use tepal::{limits, predict::Prediction};
use tower::ServiceExt;

fn iris() -> Arc<Model> {
    Arc::new(Model::decode(include_bytes!("models/v1-iris.tepal")).unwrap())
}

fn line() -> Arc<Model> {
    let table = Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n").unwrap();
    Arc::new(Recipe::new("y").train(&table).unwrap())
}

async fn send(model: &Arc<Model>, request: Request<Body>) -> Response<Body> {
    let www = Some("www".into());
    app(AppState { model: Arc::clone(model), www }).oneshot(request).await.unwrap()
}

async fn body(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// Status and JSON of a POST to /predict.
async fn predict(model: &Arc<Model>, request: impl Into<Body>) -> (u16, Value) {
    let response = send(model, Request::post("/predict").body(request.into()).unwrap()).await;
    let status = response.status().as_u16();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    (status, serde_json::from_slice(&body(response).await).unwrap())
}

const ROW: [(&str, f64); 4] =
    [("sepal length (cm)", 5.1), ("sepal width (cm)", 3.5), ("petal length (cm)", 1.4), ("petal width (cm)", 0.2)];

#[tokio::test]
async fn the_classic_shapes_are_answered() {
    let (status, answer) = predict(&line(), json!({ "values": [6, 0, -1.5] }).to_string()).await;
    let result: Vec<f64> = serde_json::from_value(answer["result"].clone()).unwrap();
    assert_eq!((status, result.len(), result[0]), (200, 3, 15.0));
    assert!((result[1] - 3.0).abs() < 1e-14 && result[2].abs() < 1e-14, "{result:?}");
    let (status, answer) = predict(&line(), json!({ "data": [6] }).to_string()).await;
    assert_eq!((status, answer), (200, json!({ "prediction": 15.0 })));

    let (status, answer) = predict(&iris(), json!({ "data": [5.1, 3.5, 1.4, 0.2] }).to_string()).await;
    assert_eq!((status, &answer["prediction"]), (200, &json!("setosa")));
    assert_eq!(answer["probability"], answer["probabilities"][0]["probability"]);
    assert_eq!(answer["probabilities"][2]["class"], "virginica");
}

#[tokio::test]
async fn rows_by_name_get_the_bits_of_the_library() {
    let mut row = serde_json::Map::new();
    ROW.iter().rev().for_each(|(name, value)| drop(row.insert((*name).to_owned(), json!(value))));
    let (status, answer) = predict(&iris(), json!({ "rows": [row, row] }).to_string()).await;
    assert_eq!((status, answer["predictions"].as_array().unwrap().len()), (200, 2));
    let model = iris();
    let Prediction::Class { probabilities, .. } = model.predict_named(ROW).unwrap() else { panic!("expected classes") };
    for (found, expected) in answer["predictions"][1]["probabilities"].as_array().unwrap().iter().zip(probabilities) {
        assert_eq!(found["probability"].as_f64().unwrap().to_bits(), expected.to_bits());
    }
}

#[tokio::test]
async fn bad_requests_get_json_with_a_kind_and_never_a_500() {
    let cases = [
        ("", 400, "invalid_request"),
        ("not json", 400, "invalid_request"),
        ("[1]", 400, "invalid_request"),
        ("{\"row\":[]}", 400, "invalid_request"),
        ("{\"data\":[NaN]}", 400, "invalid_request"),
        ("{\"data\":[1,2,3]}", 400, "wrong_length"),
        ("{\"data\":[1,2,3,\"4\"]}", 400, "not_a_number"),
        ("{\"data\":[[1,2,3,4]]}", 400, "not_a_number"),
        ("{\"data\":[1,2,3,1e300]}", 200, ""),
        ("{\"data\":[1e308,-1e308,1e308,1e308]}", 400, "not_finite"),
        ("{\"values\":[1]}", 400, "invalid_request"),
        ("{\"rows\":[{\"sepal length (cm)\":1}]}", 400, "missing_feature"),
        ("{\"rows\":[{\"sepal lenght (cm)\":1}]}", 400, "unknown_feature"),
        ("{\"rows\":[{\"sepal length (cm)\":1,\"sepal length (cm)\":2}]}", 400, "unknown_feature"),
        ("{\"rows\":[{\"sepal length (cm)\":[5]}]}", 400, "not_a_number"),
        ("{\"rows\":[]}", 200, ""),
    ];
    for (request, status, kind) in cases {
        let (found, answer) = predict(&iris(), request).await;
        assert_eq!(found, status, "{request}: {answer}");
        if status != 200 {
            assert_eq!(answer["kind"], kind, "{request}: {answer}");
            assert!(answer["error"].as_str().unwrap().len() > 10);
        }
    }
    let long_name = format!("{{\"rows\":[{{\"{}\":1}}]}}", "a".repeat(1_000_000));
    assert!(predict(&iris(), long_name).await.1.to_string().len() < 2000);
    let (status, answer) = predict(&iris(), "{\"rows\":[{\"sepal lenght (cm)\":1}]}").await;
    assert_eq!((status, &answer["row"], &answer["column"]), (400, &json!(1), &json!("sepal lenght (cm)")));
    assert!(answer["error"].as_str().unwrap().contains("(did you mean \"sepal length (cm)\"?)"), "{answer}");
}

#[tokio::test]
async fn bodies_beyond_the_limit_get_413() {
    let (status, answer) = predict(&iris(), vec![b' '; limits::BODY_BYTES + 1]).await;
    assert_eq!((status, &answer["kind"]), (413, &json!("limit_exceeded")));
    let (status, _) = predict(&iris(), vec![b' '; limits::BODY_BYTES]).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn other_routes_and_methods_are_refused_in_json() {
    for (request, status, kind) in [
        (Request::get("/predict"), 405, "method_not_allowed"),
        (Request::post("/index.html"), 404, "not_found"),
        (Request::get("/no/such/file"), 404, "not_found"),
        (Request::get("/../Cargo.toml"), 404, "not_found"),
        (Request::get("/%2e%2e/Cargo.toml"), 404, "not_found"),
    ] {
        let response = send(&iris(), request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status().as_u16(), status);
        let answer: Value = serde_json::from_slice(&body(response).await).unwrap();
        assert_eq!(answer["kind"], kind);
    }
}

#[tokio::test]
async fn the_page_is_served_with_its_policy() {
    let response = send(&iris(), Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'self'") && policy.contains("script-src 'self' 'wasm-unsafe-eval'"));
    assert!(String::from_utf8(body(response).await).unwrap().starts_with("<!doctype html>"));
    let response = send(&iris(), Request::get("/data/iris.csv").body(Body::empty()).unwrap()).await;
    assert_eq!(body(response).await, include_bytes!("../www/data/iris.csv"));
}

#[tokio::test]
async fn files_are_compressed_for_who_asks() {
    let request =
        |uri: &str| Request::get(uri).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
    let response = send(&iris(), request("/index.html")).await;
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    let bytes = body(response).await;
    assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() < 12_000, "{}", bytes.len());
    assert!(!send(&iris(), request("/healthz")).await.headers().contains_key(header::CONTENT_ENCODING));
}

#[tokio::test]
async fn health_names_the_model() {
    let response = send(&iris(), Request::get("/healthz").body(Body::empty()).unwrap()).await;
    let answer: Value = serde_json::from_slice(&body(response).await).unwrap();
    assert_eq!(answer, json!({ "status": "ok", "model": { "name": "iris", "digest": iris().digest() } }));
}

#[tokio::test]
async fn the_model_says_of_itself_what_it_says_in_the_page() {
    let response = send(&iris(), Request::get("/model").body(Body::empty()).unwrap()).await;
    let answer: Value = serde_json::from_slice(&body(response).await).unwrap();
    assert_eq!(answer, json!(tepal::wire::Description::of(&iris())));
    assert_eq!(
        (&answer["digest"], &answer["features"][2]["name"]),
        (&json!(iris().digest()), &json!("petal length (cm)"))
    );
}

#[test]
fn a_missing_or_damaged_model_ends_the_server_with_a_message() {
    let folder = tempfile::TempDir::new().unwrap();
    let damaged = folder.path().join("damaged.tepal");
    std::fs::write(&damaged, &include_bytes!("models/v1-iris.tepal")[..100]).unwrap();
    for (path, code, message) in [
        (damaged, 4, "damaged.tepal: byte 100: the model file has 100 bytes where its header asks for"),
        (folder.path().join("missing.tepal"), 6, "missing.tepal: No such file"),
    ] {
        let output =
            Command::new(assert_cmd::cargo::cargo_bin!("tepal-server")).arg("--model").arg(path).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(message), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn the_binary_takes_its_port_from_the_environment_and_stops_when_asked() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::process::Stdio;

    let mut server = std::process::Command::new(assert_cmd::cargo::cargo_bin!("tepal-server"))
        .args(["--model", "tests/models/v1-iris.tepal"])
        .env("PORT", "0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit("http://").next().unwrap().to_owned();

    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    let body = "{\"data\":[5.1,3.5,1.4,0.2]}";
    let head = "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length";
    write!(stream, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"prediction\":\"setosa\""), "{answer}");

    let pid = server.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(server.wait().unwrap().success());
}
