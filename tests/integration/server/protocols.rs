//! The protocols of others, where a test with their own clients (`make test-clients`) would not look.

use super::served::{Served, body, cut_at, iris, line};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

const ROW: [f64; 4] = [5.1, 3.5, 1.4, 0.2];

fn matrix(data: &Value, shape: &[usize], datatype: &str) -> Value {
    json!({ "inputs": [{ "name": "any", "shape": shape, "datatype": datatype, "data": data }] })
}

#[tokio::test]
async fn tensors_are_answered_in_order_with_the_id() {
    let served = Served::one(&iris());
    let mut request = matrix(&json!([ROW, [6.0, 3.0, 5.0, 2.0]]), &[2, 4], "FP64");
    request["id"] = json!("42");
    let (status, answer) = served.post("/v2/models/model/infer", request.to_string()).await;
    assert_eq!((status, &answer["id"], &answer["model_version"]), (200, &json!("42"), &json!("1")));
    let outputs = answer["outputs"].as_array().unwrap();
    assert_eq!((&outputs[0]["name"], &outputs[1]["name"]), (&json!("predict"), &json!("predict_proba")));
    assert_eq!(outputs[0]["data"], json!(["setosa", "virginica"]));
    assert_eq!((&outputs[1]["shape"], outputs[1]["data"].as_array().unwrap().len()), (&json!([2, 3]), 6));
    assert_eq!(outputs[1]["parameters"]["classes"], json!("[\"setosa\",\"versicolor\",\"virginica\"]"));
}

#[tokio::test]
async fn tensors_that_do_not_fit_are_refused_with_their_place() {
    let served = Served::one(&iris());
    let named = |name: &str| json!({ "inputs": [{ "name": name, "shape": [1], "datatype": "FP64", "data": [1] }] });
    for (request, kind, message) in [
        (matrix(&json!(ROW), &[1, 3], "FP64"), "wrong_length", "column \"any\": the shape [1, 3] does not have the 4"),
        (matrix(&json!(ROW), &[2, 2], "FP64"), "wrong_length", "row 1: expected 4 values, one per feature, found 2"),
        (matrix(&json!(ROW), &[1, 4], "FP63"), "invalid_request", "column \"any\": expected a datatype of BOOL"),
        (matrix(&json!(ROW), &[1, 4], "BYTES"), "not_a_number", "expected elements of BYTES, found 5.1 as element 1"),
        (matrix(&json!([1, 2, 3, "4"]), &[1, 4], "FP64"), "not_a_number", "found \"4\" as element 4"),
        (matrix(&json!(ROW), &[usize::MAX, 4], "FP64"), "wrong_length", "does not have the 4 elements"),
        (named("petal lenght (cm)"), "unknown_feature", "did you mean \"petal length (cm)\""),
        (named("petal length (cm)"), "missing_feature", "the feature is missing"),
        (json!({ "inputs": [] }), "invalid_request", "there is no tensor"),
        (json!({}), "invalid_request", "missing field `inputs`"),
    ] {
        let (status, answer) = served.post("/v2/models/model/infer", request.to_string()).await;
        assert_eq!((status, answer["kind"].as_str()), (400, Some(kind)), "{request}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains(message), "{answer}");
    }
    let mut request = matrix(&json!(ROW), &[1, 4], "FP64");
    request["outputs"] = json!([{ "name": "predict_probs" }]);
    let (_, answer) = served.post("/v2/models/model/infer", request.to_string()).await;
    assert!(answer["error"].as_str().unwrap().contains("did you mean \"predict_proba\""), "{answer}");
    request["outputs"] = json!([{ "name": "predict" }, { "name": "predict" }]);
    let (_, answer) = served.post("/v2/models/model/infer", request.to_string()).await;
    assert!(answer["error"].as_str().unwrap().contains("asked for twice"), "{answer}");
    // A hundred lists around a million numbers are a million numbers.
    let numbers = "1,".repeat(900_000);
    let deep = format!("{}{}{}", "[".repeat(100), numbers.trim_end_matches(','), "]".repeat(100));
    let body = format!("{{\"inputs\":[{{\"name\":\"x\",\"shape\":[1,4],\"datatype\":\"FP64\",\"data\":{deep}}}]}}");
    let (_, answer) = served.post("/v2/models/model/infer", body).await;
    assert!(answer["error"].as_str().unwrap().contains("the 900000 elements"), "{answer}");
}

#[tokio::test]
async fn binary_tensors_go_in_and_out() {
    let served = Served::one(&iris());
    let head = json!({
        "inputs": [{ "name": "x", "shape": [1, 4], "datatype": "FP64", "parameters": { "binary_data_size": 32 } }],
        "parameters": { "binary_data_output": true },
        "outputs": [{ "name": "predict_proba" }, { "name": "predict", "parameters": { "binary_data": false } }],
    })
    .to_string();
    let bytes = |head: &str, row: &[f64]| -> Vec<u8> {
        head.bytes().chain(row.iter().flat_map(|value| value.to_le_bytes())).collect()
    };
    let send = async |length: usize, bytes: Vec<u8>| {
        let request = Request::post("/v2/models/model/infer").header("inference-header-content-length", length);
        served.send(request.body(Body::from(bytes)).unwrap()).await
    };
    let response = send(head.len(), bytes(&head, &ROW)).await;
    let length: usize = response.headers()["inference-header-content-length"].to_str().unwrap().parse().unwrap();
    let body_bytes = body(response).await;
    let (json, tail) = body_bytes.split_at(length);
    let answer: Value = serde_json::from_slice(json).unwrap();
    let expected = iris().predict_many(&ROW).unwrap();
    let found: Vec<f64> = tail.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
    assert_eq!((found, &answer["outputs"][1]["data"]), (expected, &json!(["setosa"])));
    for (length, bytes) in [
        (head.len(), bytes(&head, &ROW[..3])),
        (head.len(), bytes(&head, &[1.0; 5])),
        (10_000, bytes(&head, &ROW)),
        (head.len() - 1, bytes(&head, &ROW)),
    ] {
        assert_eq!(send(length, bytes).await.status(), 400);
    }
}

#[tokio::test]
async fn columns_rows_and_both_are_told_apart() {
    let served = Served::one(&line());
    let ask = async |uri: &str, request: Value| served.post(uri, request.to_string()).await;
    let predict = "/v1/models/model:predict";
    assert_eq!(ask(predict, json!({ "instances": [6, 7] })).await.1["predictions"], json!([15.0, 17.0]));
    assert_eq!(ask(predict, json!({ "instances": [[6], { "x": 7 }] })).await.1["predictions"], json!([15.0, 17.0]));
    assert_eq!(ask(predict, json!({ "inputs": [[6]] })).await.1["predictions"], json!([15.0]));
    assert_eq!(ask(predict, json!({ "inputs": { "x": [6, 7] } })).await.1["outputs"], json!([15.0, 17.0]));
    assert_eq!(ask(predict, json!({ "inputs": [6], "instances": [6] })).await.0, 400);
    assert_eq!(ask(predict, json!({ "instances": [6], "signature_name": "predict_proba" })).await.0, 400);
    assert_eq!(ask("/v1/models/model:classify", json!({ "instances": [6] })).await.0, 404);
    assert_eq!(ask("/v1/models/model", json!({ "instances": [6] })).await.0, 405);
    let (_, explained) = ask("/v1/models/model:explain", json!({ "instances": [[6]] })).await;
    let parts = &explained["explanations"][0][0];
    let total = parts["baseline"].as_f64().unwrap() + parts["contributions"][0]["contribution"].as_f64().unwrap();
    assert!((total - 15.0).abs() < 1e-12, "{explained}");
}

#[tokio::test]
async fn scores_of_two_classes_are_one_number_for_the_second() {
    let model = cut_at(17);
    let served = Served::one(&model);
    let ask = async |method: &str| {
        let request = json!({ "instances": [[3], [30]], "signature_name": method });
        served.post("/v1/models/model:predict", request.to_string()).await.1["predictions"].clone()
    };
    let (classes, scores, shares) = (ask("predict").await, ask("decision_function").await, ask("predict_proba").await);
    // Sorted, "low" is the second class.
    assert_eq!(classes, json!(["low", "high"]));
    assert!(scores[0].as_f64().unwrap() > 0.0 && scores[1].as_f64().unwrap() < 0.0, "{scores}");
    let sum: f64 = shares[0].as_array().unwrap().iter().map(|share| share.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-15 && shares[0][1].as_f64().unwrap() > 0.5, "{shares}");
}

#[tokio::test]
async fn invocations_take_four_shapes_and_csv() {
    let served = Served::one(&line());
    for request in [
        json!({ "dataframe_split": { "columns": ["x"], "index": [0, 1], "data": [[6], [7]] } }),
        json!({ "dataframe_records": [{ "x": 6 }, { "x": 7 }] }),
        json!({ "instances": [[6], [7]] }),
        json!({ "inputs": { "x": [6, 7] }, "params": { "predict_method": "predict" } }),
    ] {
        let (status, answer) = served.post("/invocations", request.to_string()).await;
        assert_eq!((status, &answer["predictions"]), (200, &json!([15.0, 17.0])), "{answer}");
    }
    let csv = async |content_type: &str, text: &str| {
        let request = Request::post("/invocations").header(header::CONTENT_TYPE, content_type);
        let response = served.send(request.body(Body::from(text.to_owned())).unwrap()).await;
        let status = response.status().as_u16();
        (status, serde_json::from_slice::<Value>(&body(response).await).unwrap())
    };
    assert_eq!(csv("text/csv", "x\n6\n7\n").await.1["predictions"], json!([15.0, 17.0]));
    assert_eq!(csv("text/csv; charset=utf-8", "x\n6\n").await.0, 200);
    assert_eq!(csv("text/csv; charset=latin-1", "x\n6\n").await.0, 415);
    assert_eq!(csv("text/plain", "x\n6\n").await.0, 415);
    let (status, answer) = csv("text/csv", "x\n6\nsix\n").await;
    assert_eq!((status, &answer["row"], &answer["column"]), (400, &json!(3), &json!("x")));
    assert_eq!((&answer["error_code"], answer["message"].as_str().unwrap().is_empty()), (&json!("BAD_REQUEST"), false));
    for request in [
        "[[6]]",
        "{\"instances\":[[6]],\"inputs\":[[6]]}",
        "{\"params\":{}}",
        "{\"dataframe_split\":{\"columns\":[\"x\"],\"data\":[[6,7]]}}",
    ] {
        assert_eq!(served.post("/invocations", request).await.0, 400, "{request}");
    }
}

/// The same row by every route and shape: the same 64 bits for every probability.
#[tokio::test]
async fn every_route_gives_the_same_bits() {
    let served = Served::one(&iris());
    let expected = iris().predict_many(&ROW).unwrap();
    let bits = |shares: &Value| -> Vec<u64> {
        let number = |share: &Value| share.get("probability").unwrap_or(share).as_f64().unwrap().to_bits();
        shares.as_array().unwrap().iter().map(number).collect()
    };
    let expected: Vec<u64> = expected.iter().map(|share| share.to_bits()).collect();
    let ask = async |uri: &str, request: Value| served.post(uri, request.to_string()).await.1;
    let tensors = matrix(&json!(ROW), &[1, 4], "FP64");
    let v1 = json!({ "instances": [ROW], "signature_name": "predict_proba" });
    let mlflow = json!({ "inputs": [ROW], "params": { "predict_method": "predict_proba" } });
    assert_eq!(bits(&ask("/predict", json!({ "data": ROW })).await["probabilities"]), expected);
    assert_eq!(bits(&ask("/v2/models/model/infer", tensors).await["outputs"][1]["data"]), expected);
    assert_eq!(bits(&ask("/v1/models/model:predict", v1).await["predictions"][0]), expected);
    assert_eq!(bits(&ask("/invocations", mlflow).await["predictions"][0]), expected);
}
