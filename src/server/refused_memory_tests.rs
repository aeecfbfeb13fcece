//! Every reservation of every kind of request is refused once: the client is told to come again, nothing is kept, and the next
//! request is answered as before.

use super::{App, Config, Settings};
use crate::pipeline::Pipeline;
use crate::table::Table;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use std::time::Duration;
use tower::ServiceExt;

/// Reservations of one request, at most.
const MOST: u64 = 2000;

async fn ask(app: &App, (uri, media, body): &(&str, &str, String)) -> (StatusCode, String) {
    let mut request = Request::post(*uri).header(header::CONTENT_TYPE, *media);
    if body.is_empty() {
        request = Request::get(*uri);
    }
    let response = app.router().oneshot(request.body(Body::from(body.clone())).unwrap()).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn a_request_whose_memory_is_refused_anywhere_keeps_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let z = |i: usize| if i % 9 == 4 { String::new() } else { (i * 7 % 13).to_string() };
    let rows: String = (0..60).map(|i| format!("{},{},{}\n", i % 11, z(i), ["a", "b", "c"][i * i % 7 % 3])).collect();
    let model = Pipeline::new("y").train(&Table::parse(format!("x,z,y\n{rows}").as_bytes()).unwrap()).unwrap();
    crate::files::write(&folder.path().join("m.tepal"), &model.encode().unwrap()).unwrap();
    let settings = Settings { models: Some(folder.path().to_owned()), ..Settings::default() };
    let app = App::open(Config::new(&settings).unwrap(), None).unwrap();
    let json = "application/json";
    let many = |row: &str, n: usize| vec![row; n].join(",");
    let tensor =
        |data: &str, n: usize| format!("{{\"name\":\"t\",\"shape\":[{n},2],\"datatype\":\"FP64\",\"data\":[{data}]}}");
    let binary = "\"parameters\":{\"binary_data_output\":true},";
    let requests = [
        ("/predict", json, "{\"data\":[1,2]}".to_owned()),
        ("/predict", json, format!("{{\"rows\":[{}]}}", many("{\"x\":1,\"z\":NaN}", 20))),
        ("/predict", json, format!("{{\"rows\":[{}]}}", many("{\"x\":1,\"z\":2}", 900))),
        ("/predict", "text/csv", format!("x,z\n{}", "1,2\n".repeat(900))),
        ("/predict", "application/x-ndjson", "{\"x\":1,\"z\":2}\n".repeat(30)),
        ("/v1/models/m:predict", json, format!("{{\"instances\":[{}]}}", many("[1,2]", 900))),
        ("/v1/models/m:explain", json, format!("{{\"inputs\":{{\"x\":[{0}],\"z\":[{0}]}}}}", many("1", 300))),
        ("/v2/models/m/infer", json, format!("{{\"inputs\":[{}]}}", tensor(&many("1,2", 900), 900))),
        ("/v2/models/m/infer", json, format!("{{{binary}\"inputs\":[{}]}}", tensor(&many("1,2", 300), 300))),
        (
            "/invocations",
            json,
            format!("{{\"dataframe_split\":{{\"data\":[{}],\"columns\":[\"x\",\"z\"]}}}}", many("[1,2]", 50)),
        ),
        ("/invocations", "text/csv", format!("x,z\n{}", "1,2\n".repeat(900))),
        ("/model", json, String::new()),
    ];
    for request in &requests {
        let good = if request.0 == "/model" { None } else { Some(ask(&app, request).await) };
        let mut refused = 0;
        for number in 0..MOST {
            app.memory.refuse_from(number);
            let (status, answer) = ask(&app, request).await;
            app.memory.refuse_from(u64::MAX);
            for _ in 0..100 {
                if app.memory.used() == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(app.memory.used(), 0, "{} at reservation {number}", request.0);
            let is_busy = answer.contains("\"unavailable\"") || answer.contains("the server is busy");
            if !is_busy {
                assert_eq!(status, StatusCode::OK, "{answer}");
                break;
            }
            assert!(status == StatusCode::SERVICE_UNAVAILABLE || request.1 != json, "{status}: {answer}");
            refused += 1;
        }
        assert!((1..MOST).contains(&refused), "{}: {refused} reservations", request.0);
        if let Some(good) = good {
            assert_eq!(ask(&app, request).await, good);
        }
    }
}
