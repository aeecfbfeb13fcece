//! `/predict` with its three shapes, what models say of themselves, and the page.

use super::served::{Served, body, iris, json_body, line};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use tepal::{limits, predict::Prediction};

const ROW: [(&str, f64); 4] =
    [("sepal length (cm)", 5.1), ("sepal width (cm)", 3.5), ("petal length (cm)", 1.4), ("petal width (cm)", 0.2)];

#[tokio::test]
async fn the_classic_shapes_are_answered() {
    let served = Served::one(&line());
    let (status, answer) = served.post("/predict", json!({ "values": [6, 0, -1.5] }).to_string()).await;
    let result: Vec<f64> = serde_json::from_value(answer["result"].clone()).unwrap();
    assert_eq!((status, result.len(), result[0]), (200, 3, 15.0));
    assert!((result[1] - 3.0).abs() < 1e-14 && result[2].abs() < 1e-14, "{result:?}");
    let (status, answer) = served.post("/predict", json!({ "data": [6] }).to_string()).await;
    let model = json!({ "name": "model", "version": "1", "digest": line().digest() });
    assert_eq!((status, answer), (200, json!({ "prediction": 15.0, "model": model })));

    let (status, answer) = Served::one(&iris()).post("/predict", "{\"data\":[5.1,3.5,1.4,0.2]}").await;
    assert_eq!((status, &answer["prediction"]), (200, &json!("setosa")));
    assert_eq!(answer["probability"], answer["probabilities"][0]["probability"]);
    assert_eq!(answer["probabilities"][2]["class"], "virginica");
}

#[tokio::test]
async fn rows_by_name_get_the_bits_of_the_library() {
    let row: Vec<String> = ROW.iter().rev().map(|(name, value)| format!("{name:?}:{value}")).collect();
    let request = format!("{{\"rows\":[{{{0}}},{{{0}}}]}}", row.join(","));
    let (status, answer) = Served::one(&iris()).post("/predict", request).await;
    assert_eq!((status, answer["predictions"].as_array().unwrap().len()), (200, 2));
    let model = iris();
    let Prediction::Class { probabilities, .. } = model.predict_named(ROW).unwrap() else { panic!("expected classes") };
    for (found, expected) in answer["predictions"][1]["probabilities"].as_array().unwrap().iter().zip(probabilities) {
        assert_eq!(found["probability"].as_f64().unwrap().to_bits(), expected.to_bits());
    }
}

#[tokio::test]
async fn numbers_keep_their_last_bit() {
    // serde_json without float_roundtrip reads this one bit off.
    let text = "122.416294033786585";
    let model = line();
    let Prediction::Value(expected) = model.predict(&[text.parse().unwrap()]).unwrap() else {
        panic!("expected a number")
    };
    let (_, answer) = Served::one(&model).post("/predict", format!("{{\"data\":[{text}]}}")).await;
    assert_eq!(answer["prediction"].as_f64().unwrap().to_bits(), expected.to_bits());
}

#[tokio::test]
async fn bad_requests_get_json_with_a_kind_and_never_a_500() {
    let cases = [
        ("", 400, "invalid_request"),
        ("not json", 400, "invalid_request"),
        ("[1]", 400, "invalid_request"),
        ("{}", 400, "invalid_request"),
        ("{\"row\":[]}", 400, "invalid_request"),
        ("{\"data\":[1,2,3,4],\"values\":[1]}", 400, "invalid_request"),
        ("{\"data\":[1],\"values\":[1]}", 400, "wrong_length"),
        ("[null,[1,2,3,4],null]", 400, "invalid_request"),
        ("{\"data\":[1,2,3,4],\"data\":[1,2,3,4]}", 400, "invalid_request"),
        // Python's bare NaN is a missing value, which this model does not take.
        ("{\"data\":[1,2,3,NaN]}", 400, "missing_value"),
        ("{\"data\":[1,2,3,-Infinity]}", 400, "not_finite"),
        ("{\"data\":[1,2,3]}", 400, "wrong_length"),
        ("{\"data\":[1,2,3,\"4\"]}", 400, "not_a_number"),
        ("{\"data\":[[1,2,3,4]]}", 400, "wrong_length"),
        ("{\"data\":[1,2,3,[4]]}", 400, "not_a_number"),
        ("{\"data\":[1,2,3,1e300]}", 200, ""),
        ("{\"data\":[1e308,-1e308,1e308,1e308]}", 400, "not_finite"),
        ("{\"data\":[1,2,3,1e999]}", 400, "invalid_request"),
        ("{\"values\":[1]}", 400, "invalid_request"),
        ("{\"rows\":[{\"sepal length (cm)\":1}]}", 400, "missing_feature"),
        ("{\"rows\":[{\"sepal lenght (cm)\":1}]}", 400, "unknown_feature"),
        ("{\"rows\":[{\"sepal length (cm)\":1,\"sepal length (cm)\":2}]}", 400, "unknown_feature"),
        ("{\"rows\":[[1,2,3,4]]}", 400, "invalid_request"),
        ("{\"rows\":[]}", 400, "invalid_request"),
    ];
    let served = Served::one(&iris());
    for (request, status, kind) in cases {
        let (found, answer) = served.post("/predict", request).await;
        assert_eq!(found, status, "{request}: {answer}");
        if status != 200 {
            assert_eq!(answer["kind"], kind, "{request}: {answer}");
            assert!(answer["error"].as_str().unwrap().len() > 10);
        }
    }
    let deep = format!("{{\"data\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(served.post("/predict", deep.clone()).await.1["kind"], "wrong_length");
    assert_eq!(served.post("/predict", deep.replace("data", "rows")).await.1["kind"], "invalid_request");
    let long_name = format!("{{\"rows\":[{{\"{}\":1}}]}}", "a".repeat(1_000_000));
    assert!(served.post("/predict", long_name).await.1.to_string().len() < 2000);
    let (status, answer) = served.post("/predict", "{\"rows\":[{\"sepal lenght (cm)\":1}]}").await;
    assert_eq!((status, &answer["row"], &answer["column"]), (400, &json!(1), &json!("sepal lenght (cm)")));
    assert!(answer["error"].as_str().unwrap().contains("(did you mean \"sepal length (cm)\"?)"), "{answer}");
}

#[tokio::test]
async fn requests_beyond_a_limit_get_413() {
    let served = Served::one(&iris());
    let (status, answer) = served.post("/predict", vec![b' '; limits::BODY_BYTES + 1]).await;
    assert_eq!((status, &answer["kind"]), (413, &json!("limit_exceeded")));
    assert_eq!(served.post("/predict", vec![b' '; limits::BODY_BYTES]).await.0, 400);
    // One without a length, too.
    let parts = (0..3).map(|_| Ok::<_, std::io::Error>(vec![b' '; limits::BODY_BYTES / 2]));
    let body = Body::from_stream(tokio_stream::iter(parts));
    assert_eq!(served.post("/predict", body).await.0, 413);

    let small = Served::new(&[("line", &line())], "row_limit = 2\ncolumn_limit = 3\nbody_limit = 100");
    let kind = async |request: &str| small.post("/predict", request.to_owned()).await.1["kind"].clone();
    assert_eq!(kind("{\"values\":[1,2]}").await, Value::Null);
    assert_eq!(kind("{\"values\":[1,2,3]}").await, "limit_exceeded");
    assert_eq!(kind("{\"rows\":[{\"a\":1,\"b\":1,\"c\":1,\"d\":1}]}").await, "limit_exceeded");
    assert_eq!(kind(&format!("{{\"values\":[1]{}}}", " ".repeat(100))).await, "limit_exceeded");
}

#[tokio::test]
async fn other_routes_and_methods_are_refused_in_json() {
    let served = Served::one(&iris());
    for (request, status, kind) in [
        (Request::get("/predict"), 405, "method_not_allowed"),
        (Request::post("/index.html"), 404, "not_found"),
        (Request::get("/no/such/file"), 404, "not_found"),
        (Request::get("/../Cargo.toml"), 404, "not_found"),
        (Request::get("/%2e%2e/Cargo.toml"), 404, "not_found"),
        (Request::post("/predict/iri"), 404, "not_found"),
        (Request::post("/predict/model/7"), 404, "not_found"),
        (Request::get("/docs/other.js"), 404, "not_found"),
    ] {
        let (found, answer) = json_body(served.send(request.body(Body::empty()).unwrap()).await).await;
        assert_eq!((found, answer["kind"].as_str()), (status, Some(kind)));
    }
}

#[tokio::test]
async fn the_page_is_served_with_its_policy() {
    let served = Served::one(&iris());
    let response = served.send(Request::get("/").body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'self'") && policy.contains("script-src 'self' 'wasm-unsafe-eval'"));
    assert!(String::from_utf8(body(response).await).unwrap().starts_with("<!doctype html>"));
    let response = served.send(Request::get("/iris.csv").body(Body::empty()).unwrap()).await;
    assert_eq!(body(response).await, include_bytes!("../../../www/data/iris.csv"));
}

#[tokio::test]
async fn no_file_is_compressed_while_it_is_sent() {
    let served = Served::one(&iris());
    for uri in ["/style.css", "/healthz"] {
        let request = Request::get(uri).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).unwrap();
        let response = served.send(request).await;
        assert!(response.status() == 200 && !response.headers().contains_key(header::CONTENT_ENCODING), "{uri}");
    }
}

#[tokio::test]
async fn a_file_that_lies_there_compressed_is_sent_as_it_is() {
    let served = Served::one(&iris());
    let sent = async |accepted: &str| {
        let request = Request::get("/a.css").header(header::ACCEPT_ENCODING, accepted).body(Body::empty()).unwrap();
        let response = served.send(request).await;
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (coding, kind, vary) =
            (header(header::CONTENT_ENCODING), header(header::CONTENT_TYPE), header(header::VARY));
        assert_eq!((kind.as_deref(), vary.as_deref()), (Some("text/css"), Some("accept-encoding")), "{accepted}");
        (coding, String::from_utf8(body(response).await).unwrap())
    };
    assert_eq!(sent("gzip, deflate, br, zstd").await, (Some("br".into()), "in brotli".into()));
    assert_eq!(sent("gzip").await, (Some("gzip".into()), "in gzip".into()));
    assert_eq!(sent("identity").await, (None, "a { color: red }".into()));

    // What was compressed from a file that has changed, or is gone, is of another version.
    let ask = |uri: &str| Request::get(uri).header(header::ACCEPT_ENCODING, "br").body(Body::empty()).unwrap();
    let response = served.send(ask("/old.css")).await;
    assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    assert_eq!(body(response).await, b"a { color: red }");
    assert_eq!(served.send(ask("/gone.css")).await.status(), 404);
}

#[tokio::test]
async fn health_names_the_model() {
    let (status, answer) = Served::one(&iris()).get("/healthz").await;
    let model = json!({ "name": "model", "version": "1", "digest": iris().digest() });
    assert_eq!((status, answer), (200, json!({ "status": "ok", "model": model })));
}

#[tokio::test]
async fn the_model_says_of_itself_what_it_says_in_the_page() {
    let served = Served::one(&iris());
    for uri in ["/model", "/model/model", "/model/model/1"] {
        let (_, answer) = served.get(uri).await;
        assert_eq!(answer, json!(tepal::describe::ModelDescription::of(&iris())));
        assert_eq!(
            (&answer["digest"], &answer["features"][2]["name"]),
            (&json!(iris().digest()), &json!("petal length (cm)"))
        );
    }
}

#[tokio::test]
async fn the_documentation_comes_from_the_server_itself() {
    let served = Served::one(&iris());
    let response = served.send(Request::get("/docs").body(Body::empty()).unwrap()).await;
    let page = String::from_utf8(body(response).await).unwrap();
    assert!(page.contains("src=\"/docs/swagger-ui-bundle.js\"") && !page.contains("http"), "{page}");
    for (file, text) in
        [("swagger-ui.css", ".swagger-ui"), ("swagger-ui-bundle.js", "SwaggerUIBundle"), ("begin.js", "/openapi.json")]
    {
        let response = served.send(Request::get(format!("/docs/{file}")).body(Body::empty()).unwrap()).await;
        assert!(String::from_utf8(body(response).await).unwrap().contains(text), "{file}");
    }
    let (_, document) = served.get("/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let row = &document["components"]["schemas"]["Row-model"];
    assert_eq!(row["properties"]["petal length (cm)"]["type"], "number");
    assert_eq!(row["required"].as_array().unwrap().len(), 4);
    assert!(document["paths"]["/v1/models/model:predict"]["post"].is_object());
}

#[tokio::test]
async fn json_takes_what_a_file_of_the_same_rows_takes() {
    let csv = format!(
        "id,x,member,y\n{}",
        (0..40).map(|i| format!("P{i},{},{},{}\n", i % 9, ["True", "False"][i % 2], i % 3)).collect::<String>()
    );
    let model = tepal::Pipeline::new("y").train(&tepal::Table::parse(csv.as_bytes()).unwrap()).unwrap();
    let served = Served::one(&model);
    let (status, plain) = served.post("/predict", "{\"rows\":[{\"x\":3,\"member\":\"True\"}]}").await;
    assert_eq!(status, 200);
    for row in [
        "{\"x\":3,\"member\":true}",
        "{\"x\":[3],\"member\":[true]}",
        "{\"id\":\"P7\",\"x\":3,\"member\":\"True\",\"y\":1}",
    ] {
        let (status, answer) = served.post("/predict", format!("{{\"rows\":[{row}]}}")).await;
        assert_eq!((status, &answer["predictions"]), (200, &plain["predictions"]), "{row}: {answer}");
    }
    let (status, answer) = served.post("/predict", "{\"rows\":[{\"x\":1e400,\"member\":true}]}").await;
    assert!(
        status == 400 && answer["error"].as_str().unwrap().starts_with("a number is too large for 64 bits"),
        "{answer}"
    );
}
