//! Files of any length.

use super::served::{Served, body, cut_at, iris};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use std::time::Duration;

async fn send(served: &Served, uri: &str, content_type: &str, text: impl Into<Body>) -> (u16, String) {
    let request = Request::post(uri).header(header::CONTENT_TYPE, content_type).body(text.into()).unwrap();
    let response = served.send(request).await;
    let status = response.status().as_u16();
    (status, String::from_utf8(body(response).await).unwrap())
}

/// A body that arrives in parts of a length that cuts rows anywhere.
fn in_parts(text: &str, length: usize) -> Body {
    let parts: Vec<_> = text.as_bytes().chunks(length).map(|part| Ok::<_, std::io::Error>(part.to_vec())).collect();
    Body::from_stream(tokio_stream::iter(parts))
}

#[tokio::test]
async fn a_table_is_answered_line_by_line_whatever_its_parts() {
    let served = Served::one(&cut_at(17));
    let rows: String = (0..100_000).map(|i| format!("{i},{}\n", i % 40)).collect();
    let text = format!("id,x\n{rows}");
    let (status, whole) = send(&served, "/predict?keep=id", "text/csv", text.clone()).await;
    let lines: Vec<&str> = whole.lines().collect();
    assert_eq!((status, lines.len(), lines[0]), (200, 100_001, "id,prediction,probability_high,probability_low,error"));
    assert!(lines[1].starts_with("0,low,") && lines[100_000].starts_with("99999,high,"));
    let (_, in_parts) = send(&served, "/predict?keep=id", "text/csv", in_parts(&text, 7919)).await;
    assert!(in_parts == whole);
    assert_eq!(served.metric("tepal_rows_total{model=\"model\",version=\"1\"}").await, 200_000.0);
}

#[tokio::test]
async fn a_row_that_cannot_be_scored_has_a_line_that_says_why() {
    let served = Served::one(&cut_at(17));
    let (_, text) = send(&served, "/predict?keep=*", "text/csv", "id,x\n1,3\n2,three\n3,30\n").await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(
        lines[2].starts_with("2,three,,,,\"column \"\"x\"\": expected a number, found \"\"three\"\""),
        "{}",
        lines[2]
    );
    assert!(lines[3].starts_with("3,30,high,"));
    let (_, text) = send(&served, "/predict", "text/csv", "x\n3\n4,5\n6\n").await;
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.last().unwrap().starts_with(",,,\"row 3: "), "{text}");
}

#[tokio::test]
async fn good_rows_before_a_ragged_one_are_answered() {
    let served = Served::new(&[("m", &cut_at(17))], "");
    let rows: String = (0..50_000).map(|i| format!("{}\n", i % 40)).collect();
    let (_, text) = send(&served, "/predict", "text/csv", format!("x\n{rows}1,2\n3\n")).await;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 50_002);
    assert!(lines[50_000].starts_with("low,") || lines[50_000].starts_with("high,"), "{}", lines[50_000]);
    assert!(lines[50_001].starts_with(",,,\"row 50002: "), "{}", lines[50_001]);
    assert_eq!(served.metric("tepal_rows_total{model=\"m\",version=\"1\"}").await, 50_000.0);
}

#[tokio::test]
async fn a_row_longer_than_a_part_is_read_whole() {
    let served = Served::new(&[("m", &cut_at(17))], "");
    let long = "a".repeat(700_000);
    let text = format!("note,x\n{long},3\nb,30\n{long},4\n");
    let (_, answer) = send(&served, "/predict?keep=note", "text/csv", in_parts(&text, 30_000)).await;
    let starts: Vec<&str> = answer.lines().map(|line| &line[line.find(',').unwrap()..][..5]).collect();
    assert_eq!(starts, [",pred", ",low,", ",high", ",low,"]);
}

#[tokio::test]
async fn a_table_of_many_columns_is_refused_quickly() {
    let served = Served::new(&[("m", &cut_at(17))], "");
    let header: String = (0..60_000).map(|i| format!("c{i},")).collect();
    let kept: String = (0..5_000).map(|i| format!("c{i},")).collect();
    let begin = std::time::Instant::now();
    let (status, answer) = send(&served, &format!("/predict?keep={kept}x"), "text/csv", format!("{header}x\n")).await;
    assert!(status == 400 && begin.elapsed().as_secs() < 5, "{answer} after {:?}", begin.elapsed());
    let (status, answer) = send(&served, "/predict?keep=*", "text/csv", format!("{header}x\n")).await;
    assert!(status == 413 && answer.contains("at most 10000 columns, found 60001"), "{answer}");
}

#[tokio::test]
async fn what_is_wrong_with_the_header_is_a_400() {
    let served = Served::one(&cut_at(17));
    for (uri, text, message) in [
        ("/predict", "id,z\n1,3\n", "no feature is named \\\"id\\\""),
        ("/predict?keep=id", "id,z\n1,3\n", "no feature is named \\\"z\\\""),
        ("/predict?keep=nr", "id,x\n1,3\n", "nr"),
        ("/predict?kept=id", "id,x\n1,3\n", "expected ?keep=columns"),
        ("/predict?keep=prediction", "prediction,x\n1,3\n", "a prediction takes its name"),
        ("/predict", "", "empty"),
    ] {
        let (status, answer) = send(&served, uri, "text/csv", text).await;
        assert!(status == 400 && answer.contains(message), "{uri} {text:?}: {answer}");
    }
}

#[tokio::test]
async fn a_name_with_signs_can_be_kept() {
    let served = Served::one(&cut_at(17));
    let (_, text) = send(&served, "/predict?keep=a%20%26%20b", "text/csv", "a & b,x\n1,3\n").await;
    assert!(text.starts_with("a & b,prediction,") && text.lines().nth(1).unwrap().starts_with("1,low"), "{text}");
}

#[tokio::test]
async fn rows_in_json_are_answered_line_by_line() {
    let served = Served::one(&iris());
    let text = "[5.1,3.5,1.4,0.2]\n\n{\"sepal length (cm)\":6,\"sepal width (cm)\":3,\"petal length (cm)\":5,\"petal width (cm)\":2}\n[1,2,3]\noops\n[6,3,5,2]";
    let (status, answer) = send(&served, "/predict", "application/x-ndjson", in_parts(text, 11)).await;
    let lines: Vec<Value> = answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((status, lines.len()), (200, 5));
    assert_eq!((&lines[0]["prediction"], &lines[1]["prediction"]), (&json!("setosa"), &json!("virginica")));
    assert_eq!((&lines[2]["kind"], &lines[2]["row"]), (&json!("wrong_length"), &json!(3)));
    assert_eq!((&lines[3]["kind"], &lines[3]["row"]), (&json!("invalid_request"), &json!(4)));
    assert_eq!(lines[4]["prediction"], "virginica");
}

#[tokio::test]
async fn a_row_without_an_end_is_not_kept_in_memory() {
    let served = Served::new(&[("m", &cut_at(17))], "body_limit = 500000");
    let endless = format!("x\n3\n\"{}", "a".repeat(3_000_000));
    let (_, text) = send(&served, "/predict", "text/csv", in_parts(&endless, 100_000)).await;
    assert!(text.lines().last().unwrap().contains("does not end within"), "{text}");
    let endless = format!("[3]\n[{}", "1,".repeat(1_500_000));
    let (_, text) = send(&served, "/predict", "application/x-ndjson", in_parts(&endless, 100_000)).await;
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["kind"], &last["row"]), (&json!("limit_exceeded"), &json!(2)));
}

#[tokio::test]
async fn a_table_is_read_as_the_query_says() {
    let served = Served::one(&cut_at(17));
    let plain = send(&served, "/predict", "text/csv", "x\n16.5\n18\n").await;
    for (uri, text) in [
        ("/predict?decimal=comma", "x;z\n16,500;1\n18;1\n"),
        ("/predict?skip=2", "made in May\nby nobody\nx\n16.5\n18\n"),
        ("/predict?delimiter=tab&missing=-9", "x\ty\n16.5\t1\n18\t1\n"),
    ] {
        let (status, answer) = send(&served, uri, "text/csv", text.replace(";1", "").replace(";z", "")).await;
        assert_eq!((status, answer.as_str()), (plain.0, plain.1.as_str()), "{uri}");
    }
    let (status, answer) = send(&served, "/predict?decimal=dot", "text/csv", "x\n1\n").await;
    assert!(status == 400 && answer.contains("expected point or comma as the decimal sign"), "{answer}");
}

/// A body that gives its parts with a pause between, and then never ends.
fn slowly(parts: Vec<&'static str>, pause: Duration) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for part in parts {
            if sender.send(Ok::<_, std::io::Error>(part)).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
        std::future::pending::<()>().await;
    });
    Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receiver))
}

#[tokio::test]
async fn a_sender_of_letters_is_ended_and_one_of_rows_is_not() {
    let served = Served::new(&[("m", &cut_at(17))], "read_timeout = 0.3\nstream_timeout = 1.2");
    let media = "application/x-ndjson";
    let letters = slowly(vec!["[", "1", "2", " ", " ", " ", " ", " ", " "], Duration::from_millis(100));
    let (_, ended) = send(&served, "/predict", media, letters).await;
    assert!(ended.contains("the body did not arrive within 0.3 seconds"), "{ended}");
    let (_, ended) = send(&served, "/predict", media, slowly(vec!["[12]\n"; 30], Duration::from_millis(100))).await;
    assert!(ended.lines().count() > 5, "{ended}");
    assert!(ended.lines().last().unwrap().contains("more than 1.2 seconds (--stream-timeout)"), "{ended}");
    // A table begins to be answered before much of it is there.
    let table = slowly([vec!["x\n"], vec!["12\n"; 30]].concat(), Duration::from_millis(100));
    let (status, ended) = send(&served, "/predict", "text/csv", table).await;
    assert_eq!(status, 200, "{ended}");
    assert!(ended.lines().count() > 5 && ended.contains("--stream-timeout"), "{ended}");
    assert_eq!(served.metric("tepal_stream_ends_total{reason=\"timeout\"}").await, 3.0);
}
