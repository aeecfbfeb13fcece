//! Models that come, change, go, and share requests.

use super::super::forge;
use super::served::{IRIS, Served, cut_at, iris, line, write};
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::fs;
use tepal::server::{App, Config, Settings};

/// The version that answers, with the class of x = 20.
async fn answer(served: &Served, uri: &str) -> (String, String) {
    let (status, answer) = served.post(uri, "{\"data\":[20]}").await;
    assert_eq!(status, 200, "{answer}");
    (answer["model"]["version"].as_str().unwrap().to_owned(), answer["prediction"].as_str().unwrap().to_owned())
}

fn said(version: &str, class: &str) -> (String, String) {
    (version.into(), class.into())
}

#[tokio::test]
async fn the_newest_version_answers_unless_another_is_named() {
    let served = Served::new(&[("m@9", &cut_at(10)), ("m@10", &cut_at(30)), ("iris", &iris())], "default_model = 'm'");
    assert_eq!(answer(&served, "/predict").await, said("10", "low"));
    assert_eq!(answer(&served, "/predict/m").await, said("10", "low"));
    assert_eq!(answer(&served, "/predict/m/9").await, said("9", "high"));
    let (_, models) = served.get("/models").await;
    assert_eq!(models["models"][1]["versions"][0]["version"], "9");
    let request = Request::post("/predict").body(Body::from("{\"data\":[20]}")).unwrap();
    let headers = served.send(request).await.headers().clone();
    for (name, value) in [("tepal-model", "m"), ("tepal-version", "10"), ("tepal-digest", &cut_at(30).digest())] {
        assert_eq!(headers[name], value);
    }
}

#[tokio::test]
async fn without_a_default_one_of_several_has_to_be_named() {
    let served = Served::new(&[("m", &cut_at(10)), ("iris", &iris())], "");
    let (status, refused) = served.post("/predict", "{\"data\":[20]}").await;
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().ends_with("\"iris\", \"m\""), "{refused}");
    let (status, refused) = served.post("/predict/irsi", "{\"data\":[20]}").await;
    assert_eq!((status, refused["kind"].as_str()), (404, Some("not_found")));
    assert!(refused["error"].as_str().unwrap().contains("did you mean \"iris\""), "{refused}");
}

#[tokio::test]
async fn a_good_file_takes_the_place_of_another_and_a_bad_one_does_not() {
    let served = Served::new(&[("m", &cut_at(10))], "");
    assert_eq!(answer(&served, "/predict").await, said("1", "high"));
    write(served.folder.path(), "m", &cut_at(30).encode().unwrap());
    assert_eq!(served.reload().await["problems"], json!([]));
    assert_eq!(answer(&served, "/predict").await, said("1", "low"));

    // Half of a file, as `cp` leaves it for a moment; then bytes that are no model; then one whose proof rows fail.
    let good = cut_at(20).encode().unwrap();
    let path = served.folder.path().join("m.tepal");
    let mut flipped = good.clone();
    flipped[forge::header_bytes(&good)] ^= 1;
    for (bytes, kind) in
        [(&good[..good.len() / 4], "truncated"), (b"PNG".as_slice(), "not_a_model"), (&flipped, "corrupt")]
    {
        fs::write(&path, bytes).unwrap();
        let ready = served.reload().await;
        assert_eq!(
            (ready["ready"].as_bool(), ready["problems"][0]["kind"].as_str()),
            (Some(true), Some(kind)),
            "{ready}"
        );
        assert!(ready["problems"][0]["error"].as_str().unwrap().contains("m.tepal"), "{ready}");
        assert_eq!(answer(&served, "/predict").await, said("1", "low"));
        served.reload().await;
    }
    // Each is counted once, however often it is looked at.
    assert_eq!(served.metric("tepal_reload_failures_total").await, 3.0);
    fs::write(&path, &good).unwrap();
    assert_eq!(served.reload().await["problems"], json!([]));
    assert_eq!(served.metric("tepal_reloads_total").await, 2.0);
}

#[tokio::test]
async fn a_version_leaves_with_its_file_and_the_last_one_stays() {
    let served = Served::new(&[("m/1", &cut_at(10)), ("m/2", &cut_at(30))], "");
    let file = |version: u8| served.folder.path().join(format!("m/{version}.tepal"));
    fs::remove_file(file(2)).unwrap();
    served.reload().await;
    assert_eq!(answer(&served, "/predict").await, said("1", "high"));
    assert_eq!(served.post("/predict/m/2", "{\"data\":[20]}").await.0, 404);
    fs::remove_file(file(1)).unwrap();
    let ready = served.reload().await;
    assert!(ready["problems"][0]["error"].as_str().unwrap().contains("has no model any more"), "{ready}");
    assert_eq!(answer(&served, "/predict").await, said("1", "high"));
    fs::remove_dir_all(served.folder.path()).unwrap();
    let ready = served.reload().await;
    assert_eq!(ready["ready"], true);
    assert!(ready["problems"].to_string().contains("No such file"), "{ready}");
    assert_eq!(answer(&served, "/predict").await, said("1", "high"));
    write(served.folder.path(), "m/3", &cut_at(30).encode().unwrap());
    served.reload().await;
    assert_eq!(answer(&served, "/predict").await, said("3", "low"));
}

#[tokio::test]
async fn two_files_of_one_version_are_both_refused() {
    let served = Served::new(&[("m", &cut_at(10)), ("line", &line())], "");
    write(served.folder.path(), "m/1", &cut_at(30).encode().unwrap());
    let ready = served.reload().await;
    assert_eq!(ready["problems"].as_array().unwrap().len(), 2, "{ready}");
    assert!(ready["problems"][0]["error"].as_str().unwrap().contains("also version \"1\" of \"m\""), "{ready}");
    assert_eq!(answer(&served, "/predict/m").await, said("1", "high"));
    fs::remove_file(served.folder.path().join("m.tepal")).unwrap();
    assert_eq!(served.reload().await["problems"], json!([]));
    assert_eq!(answer(&served, "/predict/m").await, said("1", "low"));
}

#[test]
fn a_place_that_cannot_be_served_is_refused_at_the_start() {
    let open = |settings: String| {
        let settings: Settings = toml::from_str(&settings).unwrap();
        Config::new(&settings).and_then(|config| App::open(config, None)).map(drop).unwrap_err()
    };
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().display();
    assert!(open(format!("models = '{path}/none'")).to_string().contains("none: No such file"));
    fs::write(folder.path().join("bad.tepal"), "x").unwrap();
    assert!(open(format!("models = '{path}'")).to_string().contains("bad.tepal: "));
}

#[tokio::test]
async fn an_empty_folder_is_not_ready_until_there_is_a_model() {
    let served = Served::new(&[], "");
    let (status, ready) = served.get("/readyz").await;
    assert_eq!((status, &ready["ready"]), (503, &json!(false)));
    let (status, refused) = served.post("/predict", "{\"data\":[20]}").await;
    assert_eq!((status, refused["kind"].as_str()), (503, Some("unavailable")));
    write(served.folder.path(), "m", &cut_at(10).encode().unwrap());
    assert_eq!(served.reload().await["ready"], true);
    assert_eq!(answer(&served, "/predict").await, said("1", "high"));
}

/// The version that answers a request with a key.
async fn by_key(served: &Served, key: &str) -> String {
    let request = Request::post("/predict").header("x-request-key", key).body(Body::from("{\"data\":[20]}")).unwrap();
    served.send(request).await.headers()["tepal-version"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn weights_share_requests_and_a_key_keeps_its_version() {
    let models = [("m@1", &cut_at(10)), ("m@2", &cut_at(30)), ("m@3", &cut_at(20))];
    let served = Served::new(&models, "[traffic.m]\nweights = { '1' = 80, '2' = 20 }");
    let mut counts = [0; 3];
    for _ in 0..500 {
        counts[answer(&served, "/predict").await.0.parse::<usize>().unwrap() - 1] += 1;
    }
    assert!((95..=105).contains(&counts[1]) && counts[2] == 0, "{counts:?}");

    let keys: Vec<String> = (0..300).map(|key| format!("user-{key}")).collect();
    let mut before = Vec::new();
    for key in &keys {
        before.push(by_key(&served, key).await);
        assert_eq!(by_key(&served, key).await, before[before.len() - 1]);
    }
    let n_canary = before.iter().filter(|version| *version == "2").count();
    assert!((35..=85).contains(&n_canary), "{n_canary}");

    // The canary grows: who had it keeps it.
    let settings =
        format!("models = '{}'\n[traffic.m]\nweights = {{ '1' = 50, '2' = 50 }}", served.folder.path().display());
    fs::write(served.folder.path().join("settings.toml"), settings).unwrap();
    served.reload().await;
    let mut n_now = 0;
    for (key, before) in keys.iter().zip(&before) {
        let now = by_key(&served, key).await;
        n_now += usize::from(now == "2");
        assert!(before == "1" || now == "2", "{key} went back");
    }
    assert!((115..=185).contains(&n_now), "{n_now}");
    // A version by name is that version, whoever asks.
    assert_eq!(answer(&served, "/predict/m/3").await.0, "3");
}

#[tokio::test]
async fn a_version_that_is_to_share_and_is_not_there_is_reported() {
    let served = Served::new(&[("m@1", &cut_at(10))], "[traffic.m]\nweights = { '1' = 1, '2' = 1 }\nshadow = '3'");
    for _ in 0..10 {
        assert_eq!(answer(&served, "/predict").await.0, "1");
    }
    let (_, ready) = served.get("/readyz").await;
    let problems: Vec<&str> =
        ready["problems"].as_array().unwrap().iter().map(|p| p["error"].as_str().unwrap()).collect();
    assert_eq!(problems, ["traffic.m: version \"2\" is not there", "traffic.m: version \"3\" is not there"]);
    // A table that cannot be read changes nothing, and is reported.
    fs::write(served.folder.path().join("settings.toml"), "[traffic.m]\nweight = 1").unwrap();
    assert!(served.reload().await["problems"].to_string().contains("unknown field"), "not reported");
}

#[tokio::test]
async fn the_shadow_scores_the_same_rows_unseen() {
    let served = Served::new(&[("m@1", &cut_at(10)), ("m@2", &cut_at(30))], "[traffic.m]\nshadow = '2'");
    let rows: Vec<Value> = (0..40).map(|x| json!({ "x": x })).collect();
    let (_, answer) = served.post("/predict", json!({ "rows": rows }).to_string()).await;
    assert_eq!(answer["model"]["version"], "1");
    let differing = (0..40).filter(|x| {
        let class = |model: &tepal::model::Model| model.predict(&[f64::from(*x)]).unwrap().class().unwrap().to_string();
        class(&cut_at(10)) != class(&cut_at(30))
    });
    let differing = differing.count() as f64;
    assert!(differing > 10.0);
    let labels = "{model=\"m\",version=\"2\"}";
    for _ in 0..200 {
        if served.metric(&format!("tepal_shadow_rows_total{labels}")).await == 40.0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(served.metric(&format!("tepal_shadow_rows_total{labels}")).await, 40.0);
    assert_eq!(served.metric(&format!("tepal_shadow_differences_total{labels}")).await, differing);
}

#[tokio::test]
async fn values_outside_the_training_range_are_counted() {
    let served = Served::new(&[("m", &cut_at(10))], "");
    served.post("/predict", "{\"rows\":[{\"x\":-1},{\"x\":0},{\"x\":39},{\"x\":40}]}").await;
    served.post("/predict", "{\"rows\":[{\"x\":5}]}").await;
    let labels = "{model=\"m\",version=\"1\",feature=\"x\"}";
    assert_eq!(served.metric(&format!("tepal_values_total{labels}")).await, 5.0);
    assert_eq!(served.metric(&format!("tepal_values_outside_total{labels}")).await, 2.0);
    assert_eq!(
        served.metric("tepal_requests_total{route=\"/predict\",model=\"m\",version=\"1\",status=\"200\"}").await,
        2.0
    );
    assert_eq!(served.metric("tepal_request_seconds_count{route=\"/predict\",model=\"m\",version=\"1\"}").await, 2.0);
}

#[tokio::test]
async fn one_model_in_folders_as_kserve_mounts_it() {
    let folder = tempfile::TempDir::new().unwrap();
    fs::create_dir(folder.path().join("iris")).unwrap();
    fs::write(folder.path().join("iris/final.tepal"), IRIS).unwrap();
    let settings: Settings =
        toml::from_str(&format!("models = '{}'\nmodel_name = 'flowers'", folder.path().display())).unwrap();
    let app = App::open(Config::new(&settings).unwrap(), None).unwrap();
    let served = Served { app, folder };
    assert_eq!(served.get("/v2/models/flowers/ready").await.1, json!({ "name": "flowers", "ready": true }));
}
