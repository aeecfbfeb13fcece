//! Bad requests of every kind in every protocol: each is a 4xx that says where and what. docs/server.md has the table, which
//! `UPDATE=1 cargo test --test integration -- refused` writes again.

use super::served::Served;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use std::fmt::Write;
use tepal::{Pipeline, Table};

const PAGE: &str = "docs/server.md";
const BEGIN: &str = "<!-- refusals: written by a test -->\n";
const END: &str = "<!-- end of refusals -->\n";

const JSON: &str = "application/json";
const CSV: &str = "text/csv";
const LINES: &str = "application/x-ndjson";

/// The protocols: how the table calls them, their route, and the media type.
const FAMILIES: [(&str, &str, &str); 6] = [
    ("/predict", "/predict", JSON),
    ("CSV", "/predict", CSV),
    ("NDJSON", "/predict", LINES),
    ("/v1", "/v1/models/m:predict", JSON),
    ("/v2", "/v2/models/m/infer", JSON),
    ("/invocations", "/invocations", JSON),
];

/// A request of two features, `x` a number and `c` a category, with a value written in place of the number.
fn with_number(family: &str, value: &str) -> Vec<u8> {
    match family {
        "/predict" => format!("{{\"rows\":[{{\"x\":1,\"c\":\"u\"}},{{\"x\":{value},\"c\":\"u\"}}]}}"),
        "CSV" => format!("x,c\n1,u\n{},u\n", value.replace('"', "")),
        "NDJSON" => format!("{{\"x\":1,\"c\":\"u\"}}\n{{\"x\":{value},\"c\":\"u\"}}\n"),
        "/v1" => format!("{{\"instances\":[{{\"x\":1,\"c\":\"u\"}},{{\"x\":{value},\"c\":\"u\"}}]}}"),
        "/v2" => tensors(&format!("[1,{value}]"), "[2]", "FP64"),
        _ => format!("{{\"dataframe_split\":{{\"columns\":[\"x\",\"c\"],\"data\":[[1,\"u\"],[{value},\"u\"]]}}}}"),
    }
    .into_bytes()
}

fn tensors(numbers: &str, shape: &str, datatype: &str) -> String {
    let tensor = |name: &str, shape: &str, datatype: &str, data: &str| {
        format!("{{\"name\":\"{name}\",\"shape\":{shape},\"datatype\":\"{datatype}\",\"data\":{data}}}")
    };
    let categories = tensor("c", "[2]", "BYTES", "[\"u\",\"u\"]");
    format!("{{\"inputs\":[{},{categories}]}}", tensor("x", shape, datatype, numbers))
}

/// The same request with other names of the columns.
fn with_names(family: &str, names: &str) -> Vec<u8> {
    let text = String::from_utf8(with_number(family, "1")).unwrap();
    let text = match (family, names) {
        ("CSV", "missing") => "c\nu\n".to_owned(),
        ("CSV", "unknown") => text.replace("x,c", "x,c,extra").replace(",u\n", ",u,1\n"),
        ("CSV", _) => text.replace("x,c", "x,x"),
        ("/v2", "missing") => text.split_once("},{").map(|(_, rest)| format!("{{\"inputs\":[{{{rest}")).unwrap(),
        ("/v2", "unknown") => text.replace("\"name\":\"x\"", "\"name\":\"extra\""),
        ("/v2", _) => text.replace("\"name\":\"c\"", "\"name\":\"x\""),
        ("/invocations", "missing") => text.replace("[\"x\",\"c\"]", "[\"c\"]").replace("1,\"u\"", "\"u\""),
        ("/invocations", "unknown") => {
            text.replace("[\"x\",\"c\"]", "[\"x\",\"c\",\"extra\"]").replace("\"u\"]", "\"u\",1]")
        }
        ("/invocations", _) => text.replace("[\"x\",\"c\"]", "[\"x\",\"x\"]"),
        (_, "missing") => text.replace("\"x\":1,", ""),
        (_, "unknown") => text.replace("\"x\":1,", "\"x\":1,\"extra\":2,"),
        (_, _) => text.replace("\"x\":1,", "\"x\":1,\"x\":2,"),
    };
    text.into_bytes()
}

/// A kind of bad request, and its body for a protocol; `None` where a protocol has no such kind.
fn cases(family: &str) -> Vec<(&'static str, Option<Vec<u8>>)> {
    let is_json = family != "CSV";
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let json = |body: &str| is_json.then(|| body.as_bytes().to_vec());
    let good = with_number(family, "1");
    let with = |value: &str| Some(with_number(family, value));
    let empty = match family {
        "/predict" => text("{\"rows\":[]}"),
        "CSV" => text("x,c\n"),
        "NDJSON" => text(""),
        "/v1" => text("{\"instances\":[]}"),
        "/v2" => text("{\"inputs\":[{\"name\":\"t\",\"shape\":[0,2],\"datatype\":\"FP64\",\"data\":[]}]}"),
        _ => text("{\"dataframe_records\":[]}"),
    };
    let bad_bytes = |value: &[u8]| {
        let text = with_number(family, "\"?\"");
        let at = text.iter().rposition(|byte| *byte == b'?').unwrap();
        Some([&text[..at], value, &text[at + 1..]].concat())
    };
    let of_json = |body: Vec<u8>| (is_json && family != "NDJSON").then_some(body);
    let twice = || {
        let text = String::from_utf8(good.clone()).unwrap();
        let inner = text.trim_start_matches('{').strip_suffix('}').unwrap_or_default();
        format!("{{{inner},{inner}}}").into_bytes()
    };
    let is_v2 = |body: String| (family == "/v2").then(|| body.into_bytes());
    vec![
        ("not JSON", json("hello")),
        ("cut", json(&String::from_utf8_lossy(&good[..good.len() - 4]))),
        ("empty", text("")),
        ("an array", of_json(b"[null, [1, 2], null]".to_vec())),
        ("a text for a number", with("\"abc\"")),
        ("`true` for a number", with("true")),
        ("an array for a value", (family != "CSV").then(|| with_number(family, "[1,2]"))),
        ("an object for a value", (family != "CSV").then(|| with_number(family, "{\"a\":1}"))),
        ("a field twice", of_json(twice())),
        ("an unknown field", of_json([b"{\"instance\":1,".as_slice(), &good[1..]].concat())),
        ("a feature twice", Some(with_names(family, "twice"))),
        ("a feature missing", Some(with_names(family, "missing"))),
        ("a feature unknown", Some(with_names(family, "unknown"))),
        ("null", with(if is_json { "null" } else { "" })),
        ("NaN", with("NaN")),
        ("Infinity", with("Infinity")),
        ("1e400", with("1e400")),
        ("not UTF-8", if is_json { bad_bytes(b"\xff") } else { None }),
        ("0 rows", empty),
        ("100,000 levels", of_json([b"{\"inputs\":".as_slice(), &[b'['; 100_000]].concat())),
        ("a wrong datatype", is_v2(tensors("[1,1.5]", "[2]", "INT32"))),
        ("a wrong shape", is_v2(tensors("[[1,2],[3]]", "[2]", "FP64"))),
        ("too large", Some(vec![b' '; 3 << 20]).filter(|_| family != "CSV")),
    ]
}

/// The status of an answer and its error. A stream says what is wrong with a row in its line.
async fn ask(served: &Served, uri: &str, media: &str, body: Vec<u8>) -> (u16, String) {
    let request = Request::post(uri).header(header::CONTENT_TYPE, media).body(Body::from(body)).unwrap();
    let response = served.send(request).await;
    let status = response.status().as_u16();
    let text = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    if status != 200 || media == JSON {
        let answer: Value = serde_json::from_str(&text).unwrap();
        return (status, answer["error"].as_str().unwrap_or_default().to_owned());
    }
    if media == CSV {
        // The header says `error` too.
        let line = text.lines().skip(1).find(|line| line.contains(": ")).unwrap_or_default();
        return (status, line.trim_start_matches(',').trim_matches('"').replace("\"\"", "\""));
    }
    let mut errors = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).unwrap()["error"].as_str().map(str::to_owned));
    (status, errors.next_back().unwrap_or_default())
}

/// A message as a cell of the table.
fn cell(text: &str) -> String {
    let cut: String = text.chars().take(110).collect();
    let dots = if cut.len() < text.len() { " …" } else { "" };
    format!("{}{dots}", cut.replace('|', "\\|").replace('<', "\\<"))
}

#[tokio::test]
async fn every_bad_request_is_refused_with_its_place() {
    let row = |i: usize| format!("{},{},{}\n", i * 7 % 13, ["u", "v"][i % 2], ["a", "b"][i * i % 5 % 2]);
    let table = format!("x,c,y\n{}", (0..40).map(row).collect::<String>());
    let model = Pipeline::new("y").train(&Table::parse(table.as_bytes()).unwrap()).unwrap();
    let served = Served::new(&[("m", &model)], "");
    let mut page = String::from("| request | protocol | status | error |\n|---|---|---|---|\n");
    for (at, (kind, _)) in cases("/predict").into_iter().enumerate() {
        for (family, uri, media) in FAMILIES {
            let Some(body) = cases(family).swap_remove(at).1 else { continue };
            let (status, error) = ask(&served, uri, media, body.clone()).await;
            let is_stream = media != JSON;
            assert!((400..500).contains(&status) || is_stream && status == 200, "{kind} {family}: {status} {error}");
            assert!(error.len() > 15, "{kind} {family}: {status} {error:?}");
            // Of a value: its row or its element, and its column. Of a text: its line or its byte.
            let of_value = ["a text for a number", "`true` for a number", "an array for a value", "null"];
            if of_value.contains(&kind) {
                // In CSV the error is in the row's own line.
                assert!(
                    family == "CSV" || error.contains("row 2") || error.contains("element 2"),
                    "{kind} {family}: {error}"
                );
                assert!(error.contains("\"x\""), "{kind} {family}: {error}");
            }
            if ["cut", "1e400"].contains(&kind) && media == JSON {
                assert!(error.contains("line 1 column"), "{kind} {family}: {error}");
            }
            writeln!(page, "| {kind} | {family} | {status} | {} |", cell(&error)).unwrap();
        }
    }
    let text = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(PAGE, format!("{before}{BEGIN}\n{page}\n{END}{after}")).unwrap();
    } else {
        assert_eq!(found.trim(), page.trim(), "docs/server.md is not what the server answers");
    }
}
