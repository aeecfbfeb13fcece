//! What the JavaScript edge promises, in a browser's worker. The agreement with scikit-learn and the format's tests run
//! here too: see tests/integration/main.rs.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic)]

use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array};
use serde_json::Value;
use tepal::wasm::{JsDataset, JsFileScorer, JsModel, JsTrainer, predict, profile, train, upgrade};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const IRIS_MODEL: &[u8] = include_bytes!("models/v2-iris.tepal");
const PENGUINS_MODEL: &[u8] = include_bytes!("models/v4-penguins.tepal");
const IRIS: &str = include_str!("../www/data/iris.csv");
const LINE: &str = "x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n";

/// A JavaScript value from JSON.
fn js(json: &str) -> JsValue {
    js_sys::JSON::parse(json).unwrap()
}

/// The numbers of a prediction of many rows.
trait PredictMany {
    fn predict_many_of(self, values: &[f64]) -> Result<Vec<f64>, JsValue>;
}

impl PredictMany for &JsModel {
    fn predict_many_of(self, values: &[f64]) -> Result<Vec<f64>, JsValue> {
        self.predict_many(&Float64Array::from(values)).map(|numbers| numbers.to_vec())
    }
}

/// A JavaScript value as JSON.
fn json(value: &JsValue) -> Value {
    serde_json::from_str(&String::from(js_sys::JSON::stringify(value).unwrap())).unwrap()
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn line_model() -> JsModel {
    train(&LINE.into(), &js(r#"{"target":"y"}"#)).unwrap()
}

/// Kind and message of a refusal, which must be a real Error.
fn refusal<T>(outcome: Result<T, JsValue>) -> (String, String) {
    let Err(error) = outcome else { panic!("expected a refusal") };
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(get(&error, "name").as_string().unwrap(), "TepalError");
    (get(&error, "kind").as_string().unwrap(), get(&error, "message").as_string().unwrap())
}

#[wasm_bindgen_test]
fn a_line_goes_on_through_fifteen() {
    let answer = line_model().predict(&js(r#"{"x":6}"#)).unwrap();
    assert_eq!(json(&answer), serde_json::json!({ "prediction": 15 }));
}

#[wasm_bindgen_test]
fn the_plain_functions_train_and_predict() {
    let bytes = line_model().encode().unwrap();
    let answers = predict(&bytes, &js(r#"[{"x":6},{"x":0}]"#)).unwrap();
    let answers = json(&answers);
    assert_eq!(answers[0]["prediction"], 15);
    assert!((answers[1]["prediction"].as_f64().unwrap() - 3.0).abs() < 1e-14, "{answers}");
}

#[wasm_bindgen_test]
fn a_table_may_be_text_bytes_or_columns() {
    let options = || js(r#"{"target":"y","created":5}"#);
    let from_text = train(&LINE.into(), &options()).unwrap().encode().unwrap();
    let from_bytes = train(&Uint8Array::from(LINE.as_bytes()).into(), &options()).unwrap().encode().unwrap();
    let object = Object::new();
    Reflect::set(&object, &"x".into(), &Float64Array::from(&[1.0, 2.0, 3.0, 4.0, 5.0][..])).unwrap();
    Reflect::set(&object, &"y".into(), &js("[5,7,9,11,13]")).unwrap();
    let from_columns = train(&object, &options()).unwrap().encode().unwrap();
    assert_eq!(from_text, from_bytes);
    assert_eq!(from_text, from_columns);
    let text_cells = js(r#"{"x":["1","2","3","4","5"],"y":["5","7","9","11","13"]}"#);
    assert_eq!(train(&text_cells, &options()).unwrap().encode().unwrap(), from_text);
}

#[wasm_bindgen_test]
fn iris_is_trained_with_its_certificate_and_its_held_out_rows() {
    let options = js(r#"{"target":"species","test":0.2,"seed":7,"name":"iris","created":1790000000}"#);
    let description = json(&train(&IRIS.into(), &options).unwrap().describe());
    assert_eq!(description["training"]["rows"], 120);
    assert_eq!(description["certificate"]["converged"], true);
    assert_eq!(description["heldOut"]["rows"], 30);
    assert_eq!(description["heldOut"]["correct"], 30);
    assert_eq!(description["target"]["classes"][1], serde_json::json!({ "class": "versicolor", "rows": 40 }));
}

#[wasm_bindgen_test]
fn a_model_file_written_natively_opens_and_is_written_again_byte_for_byte() {
    let model = JsModel::decode(PENGUINS_MODEL).unwrap();
    assert_eq!(model.encode().unwrap(), PENGUINS_MODEL);
    let description = json(&model.describe());
    assert_eq!(description["proofRows"], 19);
    assert_eq!(description["features"][1]["step"], 0.1);
    assert_eq!(description["features"][1]["description"], "length of the bill");
    assert_eq!(description["features"][4]["unit"], "g");
    assert_eq!(description["crossValidation"]["folds"], 3);
    let before = json(&JsModel::decode(IRIS_MODEL).unwrap().describe());
    assert_eq!((&before["proofRows"], &before["features"][0]["takesMissing"]), (&11.into(), &false.into()));
}

#[wasm_bindgen_test]
fn categories_and_missing_values_go_by_name_and_by_position() {
    let model = JsModel::decode(PENGUINS_MODEL).unwrap();
    let row = |island: &str, sex: &str| {
        js(&format!(
            r#"{{"island":{island},"bill_length_mm":40,"bill_depth_mm":null,"flipper_length_mm":190,"body_mass_g":4000,
             "sex":{sex},"year":2008}}"#
        ))
    };
    let answer = json(&model.predict(&row(r#""Dream""#, "null")).unwrap());
    let many = model.predict_many_of(&[1.0, 40.0, f64::NAN, 190.0, 4000.0, f64::NAN, 2008.0][..]).unwrap();
    let by_name: Vec<f64> =
        (0..3).map(|class| answer["probabilities"][class]["probability"].as_f64().unwrap()).collect();
    assert_eq!(by_name, many);
    let (kind, message) = refusal(model.predict(&row(r#""Dreem""#, "null")));
    assert_eq!(kind, "unseen_category");
    assert!(message.contains("did you mean \"Dream\"?"), "{message}");

    let parts = json(&model.explain(&row(r#""Dream""#, r#""male""#)).unwrap());
    assert_eq!(parts.as_array().unwrap().len(), 3);
    for part in parts.as_array().unwrap() {
        let contributions = part["contributions"].as_array().unwrap().iter();
        let sum: f64 = contributions.map(|feature| feature["contribution"].as_f64().unwrap()).sum();
        let total = part["baseline"].as_f64().unwrap() + sum;
        assert!((total - part["score"].as_f64().unwrap()).abs() < 1e-12, "{part}");
    }
}

#[wasm_bindgen_test]
fn a_report_comes_with_a_model_that_was_just_trained() {
    let options = js(r#"{"target":"species","test":0.2,"seed":7,"folds":3}"#);
    let model = train(&IRIS.into(), &options).unwrap();
    let report = json(&model.report());
    assert_eq!((&report["task"], &report["rows"]), (&"classification".into(), &30.into()));
    assert_eq!(report["confusion"]["counts"].as_array().unwrap().len(), 3);
    assert!(JsModel::decode(&model.encode().unwrap()).unwrap().report().is_null());
}

#[wasm_bindgen_test]
fn predictions_carry_their_class_names_in_order() {
    let model = JsModel::decode(IRIS_MODEL).unwrap();
    let row = r#"{"petal width (cm)":0.2,"sepal width (cm)":3.5,"petal length (cm)":1.4,"sepal length (cm)":5.1}"#;
    let answer = json(&model.predict(&js(row)).unwrap());
    assert_eq!(answer["prediction"], "setosa");
    assert_eq!(answer["probability"], answer["probabilities"][0]["probability"]);
    let classes: Vec<&Value> = answer["probabilities"].as_array().unwrap().iter().map(|pair| &pair["class"]).collect();
    assert_eq!(classes, ["setosa", "versicolor", "virginica"]);
}

#[wasm_bindgen_test]
fn many_rows_get_the_bits_of_single_rows() {
    let model = JsModel::decode(IRIS_MODEL).unwrap();
    let many = model.predict_many_of(&[5.1, 3.5, 1.4, 0.2, 6.3, 3.3, 6.0, 2.5][..]).unwrap();
    assert_eq!(many.len(), 6);
    let row = r#"{"petal width (cm)":2.5,"sepal width (cm)":3.3,"petal length (cm)":6.0,"sepal length (cm)":6.3}"#;
    let single = model.predict(&js(row)).unwrap();
    let probabilities: Array = get(&single, "probabilities").unchecked_into();
    for (pair, expected) in probabilities.iter().zip(&many[3..]) {
        assert_eq!(get(&pair, "probability").as_f64().unwrap().to_bits(), expected.to_bits());
    }
}

#[wasm_bindgen_test]
fn misspelt_missing_and_unknown_features_are_refused_by_name() {
    let model = line_model();
    let (kind, message) = refusal(model.predict(&js(r#"{"X":6}"#)));
    assert_eq!(kind, "unknown_feature");
    assert_eq!(message, "column \"X\": no feature is named \"X\" (did you mean \"x\"?); the features are \"x\"");
    assert_eq!(refusal(model.predict(&js("{}"))).0, "missing_feature");
    assert_eq!(refusal(model.predict(&js(r#"{"x":6,"z":1}"#))).0, "unknown_feature");
    assert_eq!(refusal(model.predict(&js(r#"{"x":"6"}"#))).0, "not_a_number");
    assert_eq!(refusal(model.predict(&js(r#"{"x":[6]}"#))).0, "not_a_number");
    let old = JsModel::decode(IRIS_MODEL).unwrap();
    let [x, rest] = ["sepal length (cm)", "sepal width (cm)\":3,\"petal length (cm)\":4,\"petal width (cm)\":1"];
    assert_eq!(refusal(old.predict(&js(&format!("{{\"{x}\":null,\"{rest}}}")))).0, "missing_value");
    assert_eq!(refusal(model.predict(&js("[6]"))).0, "invalid_request");
    assert_eq!(refusal(model.predict(&JsValue::UNDEFINED)).0, "invalid_request");
}

#[wasm_bindgen_test]
fn errors_have_row_and_column() {
    let Err(error) = train(&"x,y\n1,2\nabc,3\n4,5\n".into(), &js(r#"{"target":"y"}"#)) else {
        panic!("expected a refusal")
    };
    assert_eq!(get(&error, "row").as_f64(), Some(3.0));
    assert_eq!(get(&error, "column").as_string().as_deref(), Some("x"));
    let Err(error) = line_model().predict_many_of(&[1.0, f64::INFINITY][..]) else { panic!("expected a refusal") };
    assert_eq!(
        (get(&error, "kind").as_string().as_deref(), get(&error, "row").as_f64()),
        (Some("not_finite"), Some(2.0))
    );
    assert_eq!(refusal(JsModel::decode(IRIS_MODEL).unwrap().predict_many_of(&[1.0; 7][..])).0, "wrong_length");
    let Err(error) = predict(&line_model().encode().unwrap(), &js(r#"[{"x":1},{"x":[true]}]"#)) else {
        panic!("expected a refusal")
    };
    assert_eq!(get(&error, "row").as_f64(), Some(2.0));
}

#[wasm_bindgen_test]
fn options_are_checked_by_name_and_by_type() {
    let attempt = |options: &str| refusal(train(&LINE.into(), &js(options)));
    let (kind, message) = attempt(r#"{"target":"y","tset":0.2}"#);
    assert_eq!(kind, "invalid_option");
    assert!(message.starts_with("no option is named \"tset\" (did you mean \"test\"?)"), "{message}");
    assert!(attempt("{}").1.contains("\"target\" is missing"));
    assert!(attempt(r#"{"target":"y","l2":"1"}"#).1.contains("to be a number, found the text \"1\""));
    assert!(attempt(r#"{"target":"y","seed":1.5}"#).1.contains("to be a whole number"));
    assert!(attempt(r#"{"target":"y","task":"ranking"}"#).1.contains("\"classification\" or \"regression\""));
    assert_eq!(attempt(r#"{"target":"z"}"#).0, "unknown_column");
    assert_eq!(refusal(train(&LINE.into(), &JsValue::NULL)).0, "invalid_option");
    assert_eq!(refusal(train(&JsValue::from_f64(1.0), &js(r#"{"target":"y"}"#))).0, "invalid_request");
}

#[wasm_bindgen_test]
fn a_trainer_goes_round_by_round_and_begins_at_a_model() {
    let dataset = JsDataset::new(&IRIS.into(), &js(r#"{"target":"species"}"#)).unwrap();
    let mut trainer = JsTrainer::new(&dataset, &js(r#"{"solver":"newton","name":"species"}"#)).unwrap();
    let first = json(&trainer.step(None).unwrap());
    assert_eq!((&first["round"], &first["done"]), (&Value::from(1), &Value::from(false)));
    let last = json(&trainer.step(Some(1000)).unwrap());
    assert_eq!((&last["done"], last["share"].as_f64()), (&Value::from(true), Some(1.0)));
    assert!(last["objective"].as_f64() < first["objective"].as_f64());
    let model = trainer.finish().unwrap();
    let whole = train(&IRIS.into(), &js(r#"{"target":"species","solver":"newton"}"#)).unwrap();
    let file = model.encode().unwrap();
    assert_eq!(file, whole.encode().unwrap());

    let options = js(r#"{"solver":"lbfgs"}"#);
    Reflect::set(&options, &"start".into(), &Uint8Array::from(file.as_slice())).unwrap();
    let mut again = JsTrainer::new(&dataset, &options).unwrap();
    assert!(json(&again.step(None).unwrap())["relativeGradient"].as_f64().unwrap() < 1e-10);
    assert_eq!(refusal(JsTrainer::new(&dataset, &js(r#"{"target":"species"}"#))).0, "invalid_option");
    assert_eq!(refusal(JsDataset::new(&IRIS.into(), &js(r#"{"target":"species","l2":1}"#))).0, "invalid_option");
}

/// linfa proposes coefficients and the engine certifies them: in a browser it has to come out where Newton's method does.
#[cfg(feature = "linfa")]
#[wasm_bindgen_test]
fn linfa_fits_to_the_optimum_of_the_engines_own_solver() {
    let two_classes = "u,v,y\n1,4,a\n2,1,b\n3,5,a\n4,2,b\n5,7,b\n6,1,a\n7,3,b\n8,6,a\n";
    let cases =
        [(IRIS, "species", "linfa-logistic"), (two_classes, "y", "linfa-logistic"), (LINE, "y", "linfa-linear")];
    for (table, target, library) in cases {
        let by = |solver: &str| {
            let options = js(&format!(r#"{{"target":"{target}","solver":"{solver}"}}"#));
            json(&train(&table.into(), &options).unwrap().describe())
        };
        let (found, expected) = (by("linfa"), by("newton"));
        let solver = found["training"]["solver"].as_str().unwrap();
        assert!(solver.starts_with(library), "{solver}");
        assert_eq!(found["certificate"]["converged"], true, "{solver}");

        let objectives = [&found, &expected].map(|model| model["certificate"]["objective"].as_f64().unwrap());
        let difference = (objectives[0] - objectives[1]).abs();
        assert!(difference <= 1e-9 * objectives[1].abs().max(1.0), "{solver}: {objectives:?}");

        let [found, expected] = [&found, &expected].map(standardized_coefficients);
        assert_eq!(found.len(), expected.len(), "{solver}");
        let pairs = || found.iter().zip(&expected);
        assert!(pairs().all(|(found, expected)| (found - expected).abs() < 1e-6), "{solver}: {found:?}, {expected:?}");
    }
}

/// Of every output in turn.
#[cfg(feature = "linfa")]
fn standardized_coefficients(model: &Value) -> Vec<f64> {
    let outputs = model["outputs"].as_array().unwrap().iter();
    let coefficients = outputs.flat_map(|output| output["coefficients"].as_array().unwrap());
    coefficients.map(|coefficient| coefficient["standardized"].as_f64().unwrap()).collect()
}

#[wasm_bindgen_test]
fn options_reach_the_model() {
    let csv = "a,w,y\n1,1,u\n2,2,v\n3,1,u\n4,3,v\n5,1,u\n6,1,v\n";
    let options = js(r#"{"target":"y","weights":"w","balanced":true,"intercept":false,"scale":"none","l2":2}"#);
    let description = json(&train(&csv.into(), &options).unwrap().describe());
    let training = &description["training"];
    assert_eq!(training["weights"], "w");
    assert_eq!([&training["balanced"], &training["intercept"]], [true, false]);
    assert_eq!(training["scale"], "none");
    assert_eq!(
        (&description["outputs"][0]["originalIntercept"], &description["dropped"][0]),
        (&Value::from(0), &serde_json::json!({ "name": "w", "reason": null }))
    );
    let csv = "a,b,y\n1,2,1\n2,4,3\n3,6,2\n4,8,1\n";
    let description = json(&train(&csv.into(), &js(r#"{"target":"y"}"#)).unwrap().describe());
    assert!(
        description["training"]["warnings"][0].as_str().unwrap().contains("the columns \"b\" are linear combinations")
    );
}

#[wasm_bindgen_test]
fn damaged_model_files_are_refused() {
    assert_eq!(refusal(JsModel::decode(b"")).0, "not_a_model");
    assert_eq!(refusal(JsModel::decode(&IRIS_MODEL[..100])).0, "truncated");
    let mut damaged = IRIS_MODEL.to_vec();
    damaged[200] ^= 1;
    assert_eq!(refusal(JsModel::decode(&damaged)).0, "corrupt");
}

#[wasm_bindgen_test]
fn a_file_of_an_earlier_version_is_written_again() {
    let written = upgrade(IRIS_MODEL).unwrap();
    assert_eq!(written[6], 4);
    let model = |file: &[u8]| JsModel::decode(file).unwrap();
    let said = |file: &[u8]| {
        let mut description = json(&model(file).describe());
        assert!(description["recordError"].take().is_null());
        description
    };
    assert_eq!(said(&written), said(IRIS_MODEL));
    let bits =
        |file: &[u8]| model(file).predict_many_of(&[5.1, 3.5, 1.4, 0.2][..]).unwrap().into_iter().map(f64::to_bits);
    assert!(bits(&written).eq(bits(IRIS_MODEL)));
    assert_eq!(refusal(upgrade(b"PNG")).0, "not_a_model");
}

#[wasm_bindgen_test]
fn a_row_by_names_may_be_any_object() {
    let model = JsModel::decode(PENGUINS_MODEL).unwrap();
    let row = r#"{"island":"Dream","bill_length_mm":40,"bill_depth_mm":null,"flipper_length_mm":190,"body_mass_g":4000,
                  "sex":"male","year":2008}"#;
    let ways = js_sys::eval(
        "(row) => [
          { ...row },
          Object.fromEntries(Object.entries(row).reverse()),
          Object.assign(Object.create(null), row),
          Object.assign(new (class Row {})(), row),
          { ...row, island: ' Dream ' },
        ]",
    );
    let ways = ways.unwrap().unchecked_into::<js_sys::Function>().call1(&JsValue::NULL, &js(row)).unwrap();
    let answers: Vec<Value> = Array::from(&ways).iter().map(|row| json(&model.predict(&row).unwrap())).collect();
    assert_eq!(answers.len(), 5);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");

    let inherited = js_sys::eval("Object.create({ x: 6 })").unwrap();
    assert_eq!(refusal(line_model().predict(&inherited)).0, "missing_feature");
    let list = js_sys::eval("Object.setPrototypeOf(Object.assign([], { x: 6 }), Object.prototype)").unwrap();
    assert_eq!(refusal(line_model().predict(&list)).0, "invalid_request");
    let everywhere = js_sys::eval("Object.prototype.x = 6, {}").unwrap();
    let outcome = line_model().predict(&everywhere);
    js_sys::eval("delete Object.prototype.x").unwrap();
    assert_eq!(refusal(outcome).0, "missing_feature");
    for throwing in
        ["({ get x() { throw new Error('not now') } })", "new Proxy({}, { ownKeys() { throw new Error('not now') } })"]
    {
        let model = line_model();
        let (kind, message) = refusal(model.predict(&js_sys::eval(throwing).unwrap()));
        assert_eq!((kind.as_str(), message.as_str()), ("invalid_request", "the row cannot be read: not now"));
        assert_eq!(json(&model.predict(&js(r#"{"x":6}"#)).unwrap())["prediction"], 15);
    }
}

#[wasm_bindgen_test]
fn many_rows_are_those_alone_by_copy_and_in_the_engines_memory() {
    let model = JsModel::decode(PENGUINS_MODEL).unwrap();
    let features = json(&model.describe())["features"].as_array().unwrap().len();
    let typical = [1.0, 44.5, 17.0, 197.0, 4000.0, 0.0, 2008.0];
    assert_eq!(features, typical.len());
    let n_rows = 777;
    let rows: Vec<f64> = (0..n_rows).flat_map(|row| typical.map(|value| value + f64::from(row % 3))).collect();
    // A category has no third position more.
    let rows: Vec<f64> =
        rows.chunks(7).flat_map(|row| [row[0] % 3.0, row[1], row[2], row[3], row[4], row[5] % 2.0, row[6]]).collect();
    let numbers = |numbers: &[f64]| JsValue::from(Float64Array::from(numbers));
    let many = model.predict_many(&numbers(&rows)).unwrap().to_vec();
    let alone: Vec<f64> = rows.chunks(7).flat_map(|row| model.predict_many(&numbers(row)).unwrap().to_vec()).collect();
    assert_eq!((many.len(), &many), (3 * n_rows as usize, &alone));
    // A plain array is as good.
    let array: Array = rows.iter().map(|value| JsValue::from(*value)).collect();
    assert_eq!(model.predict_many(&array).unwrap().to_vec(), many);
    // This test has the memory of the engine: what it takes is taken before the views.
    let mut found = vec![0.0; many.len()];
    let input = model.input(f64::from(n_rows)).unwrap();
    let output = model.output();
    input.copy_from(&rows);
    model.predict_input().unwrap();
    output.copy_to(&mut found);
    assert_eq!(found, many);
    // The next rows are written to the same place.
    input.set_index(1, 60.0);
    model.predict_input().unwrap();
    output.copy_to(&mut found);
    assert_ne!(found[..3], many[..3]);
    input.set_index(6 + 7, f64::INFINITY);
    assert_eq!(refusal(model.predict_input()).0, "not_finite");
    for rows in [0.5, -1.0, f64::NAN, 4_294_967_297.0] {
        assert_eq!(refusal(model.input(rows)).0, "invalid_request", "{rows}");
    }
    for throwing in [
        "Object.defineProperty([1, 2, 3, 4, 5, 6, 7], 0, { get() { throw new Error('not now') } })",
        "new Proxy([], { get() { throw new Error('not now') } })",
    ] {
        let message = refusal(model.predict_many(&js_sys::eval(throwing).unwrap())).1;
        assert_eq!(message, "the values cannot be read: not now");
    }
    let imitation = js_sys::eval("Object.create(Float64Array.prototype)").unwrap();
    assert_eq!(refusal(model.predict_many(&imitation)).0, "invalid_request");
    for bad in [JsValue::NULL, "abcd".into(), 8.into(), js("[1,2,3,4,5,6,null]"), js("{}")] {
        let kind = refusal(model.predict_many(&bad)).0;
        assert!(["invalid_request", "not_a_number"].contains(&kind.as_str()), "{kind}");
    }
    // The position of a category beyond all of them.
    for position in [3.0, 4_294_967_295.0, 18_446_744_073_709_551_615.0, -1.0, 0.5] {
        assert_eq!(
            refusal(model.predict_many_of(&[position, 44.5, 17.0, 197.0, 4000.0, 0.0, 2008.0])).0,
            "unseen_category"
        );
    }
    // Another length moves the numbers: a view of before must not outlive them.
    let (before, answers) = (model.input(10.0).unwrap(), model.output());
    let larger = model.input(100_000.0).unwrap();
    assert_eq!((before.length(), answers.length(), larger.length()), (0, 0, 700_000));
    let opened = JsModel::decode(PENGUINS_MODEL).unwrap();
    let view = opened.input(10.0).unwrap();
    drop(opened);
    assert_eq!(view.length(), 0);
    model.input(f64::from(n_rows)).unwrap();
    let grown = vec![0.0_f64; 4 << 20];
    assert_eq!(refusal(model.predict_input()).0, "invalid_request", "{}", grown.len());
    assert_eq!(refusal(model.predict_many(&numbers(&[1.0; 8]))).0, "wrong_length");
}

#[wasm_bindgen_test]
fn a_row_by_names_may_have_them_in_any_order() {
    let model = JsModel::decode(IRIS_MODEL).unwrap();
    let names: Vec<String> = json(&model.describe())["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["name"].as_str().unwrap().to_owned())
        .collect();
    let row = |cells: &[(usize, &str)]| {
        let cells: Vec<String> = cells.iter().map(|(at, cell)| format!("{:?}:{cell}", names[*at])).collect();
        js(&format!("{{{}}}", cells.join(",")))
    };
    let in_order = row(&[(0, "5.1"), (1, "3.5"), (2, "1.4"), (3, "0.2")]);
    let expected = json(&model.predict(&in_order).unwrap());
    assert_eq!(json(&model.predict(&row(&[(3, "0.2"), (1, "3.5"), (0, "5.1"), (2, "1.4")])).unwrap()), expected);
    for (bad, kind) in [
        (row(&[(0, "5.1"), (1, "3.5"), (2, "1.4")]), "missing_feature"),
        (row(&[(0, "5.1"), (1, "3.5"), (2, "1.4"), (3, "\"wide\"")]), "not_a_number"),
        (row(&[(0, "5.1"), (1, "3.5"), (2, "1.4"), (3, "true")]), "not_a_number"),
        (row(&[(0, "5.1"), (1, "3.5"), (2, "1.4"), (3, "null")]), "missing_value"),
        (js(&format!("{{{}:1}}", Value::from(names.join("\u{0}\u{1}")))), "unknown_feature"),
        (js("[1,2,3,4]"), "invalid_request"),
    ] {
        assert_eq!(refusal(model.predict(&bad)).0, kind);
    }
    assert_eq!(expected["probabilities"].as_array().unwrap().len(), 3);
}

#[wasm_bindgen_test]
fn a_damaged_record_is_said_and_does_not_stop_predictions() {
    let mut damaged = upgrade(IRIS_MODEL).unwrap();
    *damaged.last_mut().unwrap() ^= 1;
    let model = JsModel::decode(&damaged).unwrap();
    let description = json(&model.describe());
    assert!(description["training"].is_null() && description["heldOut"].is_null());
    assert!(description["recordError"].as_str().unwrap().contains("its part \"record\""), "{description}");
    assert_eq!(model.predict_many_of(&[5.1, 3.5, 1.4, 0.2][..]).unwrap().len(), 3);
}

#[wasm_bindgen_test]
fn a_profile_says_what_columns_hold() {
    let of_table = json(&profile(&"x,c,id\n1,u,7\n2,v,8\nNA,u,9\n".into(), &JsValue::UNDEFINED).unwrap());
    let [x, c, id] = [0, 1, 2].map(|at| &of_table["columns"][at]);
    assert_eq!((&of_table["rows"], &x["kind"], &x["missing"]), (&3.into(), &"number".into(), &1.into()));
    assert_eq!((&x["minimum"], &x["median"], &x["maximum"]), (&1.into(), &1.5.into(), &2.into()));
    assert_eq!((&c["kind"], &c["categories"][0]["category"]), (&"category".into(), &"u".into()));
    assert_eq!((&id["kind"], &id["distinct"]), (&"identifier".into(), &3.into()));
    assert_eq!(refusal(profile(&"".into(), &JsValue::UNDEFINED)).0, "empty");

    let commas = profile(&"x;y\n1,5;2,25\n3,5;4,75\n".into(), &js(r#"{"decimal": "comma"}"#)).unwrap();
    assert_eq!(json(&commas)["columns"][1]["maximum"], 4.75);
    assert_eq!(refusal(profile(&"x\n1\n".into(), &js(r#"{"decimals": "comma"}"#))).0, "invalid_option");
}

#[wasm_bindgen_test]
fn a_file_that_has_the_target_is_compared_with_it() {
    let model = upgrade(IRIS_MODEL).unwrap();
    let truth = |file: &str| {
        let mut scorer = JsFileScorer::new(&model, file.as_bytes(), true, &js("{}")).unwrap();
        scorer.score(file.as_bytes(), true).unwrap();
        scorer.truth().unwrap()
    };
    let whole = json(&truth(IRIS));
    assert_eq!((&whole["report"]["rows"], &whole["withoutTarget"]), (&150.into(), &0.into()));
    assert!(whole["report"]["accuracy"].as_f64().unwrap() > 0.95);
    assert_eq!(whole["problem"], Value::Null);

    // In two pieces the same comes of it.
    let half = IRIS[..3000].rfind('\n').unwrap() + 1;
    let mut scorer = JsFileScorer::new(&model, IRIS.as_bytes(), true, &js("{}")).unwrap();
    scorer.score(&IRIS.as_bytes()[..half], false).unwrap();
    let reached = scorer.position() as usize;
    scorer.score(&IRIS.as_bytes()[reached..], true).unwrap();
    assert_eq!(json(&scorer.truth().unwrap()), whole);

    let missing = format!("{IRIS}5.1,3.5,1.4,0.2,\nx,3.5,1.4,0.2,setosa\n");
    let found = json(&truth(&missing));
    assert_eq!((&found["report"]["rows"], &found["withoutTarget"]), (&150.into(), &1.into()));
    let strange = format!("{IRIS}5.1,3.5,1.4,0.2,rose\n");
    let found = json(&truth(&strange));
    assert_eq!(found["report"], Value::Null);
    let problem = found["problem"].as_str().unwrap();
    assert!(problem.contains("rose") && problem.contains("row 152") && problem.contains("species"), "{problem}");

    let rows: String = IRIS.lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0)).collect();
    assert!(truth(&rows).is_undefined());
}

#[wasm_bindgen_test]
fn a_file_is_matched_previewed_and_scored_in_pieces() {
    let file = b"id,bill_len_mm,bill_depth_mm,flipper_length_mm,body_mass_g,island,sex,year\n\
        1,40,18,190,4000,Dream,male,2008\n2,forty,18,190,4000,Dream,male,2008\n3,41,NA,195,3900,Biscoe,female,2009\n";
    let open = |options: &str| JsFileScorer::new(PENGUINS_MODEL, file, true, &js(options)).unwrap();
    let matching = json(&open("{}").preview(file, 20).unwrap());
    let bill = &matching["features"][1];
    assert_eq!((&bill["column"], &bill["suggestion"]), (&serde_json::Value::Null, &"bill_len_mm".into()));
    assert_eq!(matching["preview"][0]["prediction"], serde_json::Value::Null);
    assert_eq!(refusal(open("{}").score(file, true)).0, "missing_feature");

    let chosen = r#"{"matches": {"bill_length_mm": "bill_len_mm"}}"#;
    let matching = json(&open(chosen).preview(file, 20).unwrap());
    assert!(matching["preview"][0]["prediction"]["probability"].as_f64().unwrap() > 0.5);
    let problem = &matching["preview"][1]["problems"][0];
    assert_eq!((&problem["column"], &matching["preview"][1]["row"]), (&"bill_len_mm".into(), &3.into()));

    let whole = {
        let mut scorer = open(chosen);
        [scorer.header(), scorer.score(file, true).unwrap()].concat()
    };
    let mut scorer = open(chosen);
    let (mut lines, mut length) = (scorer.header(), 90);
    while (scorer.position() as usize) < file.len() {
        let from = scorer.position() as usize;
        let to = file.len().min(from + length);
        lines.extend(scorer.score(&file[from..to], to == file.len()).unwrap());
        length = if scorer.position() as usize == from { 2 * length } else { 90 };
    }
    assert_eq!(lines, whole);
    let text = String::from_utf8(lines).unwrap();
    assert!(text.starts_with("id,bill_len_mm,") && text.lines().count() == 4, "{text}");
    assert!(
        text.lines()
            .next()
            .unwrap()
            .ends_with("year,prediction,probability_Adelie,probability_Chinstrap,probability_Gentoo,error")
    );
    let summary = json(&scorer.summary().unwrap());
    assert_eq!((&summary["rows"], &summary["refused"], &summary["imputed"]), (&3.into(), &1.into(), &1.into()));
    assert_eq!((&summary["refusals"][0]["row"], &summary["refusals"][0]["column"]), (&3.into(), &"bill_len_mm".into()));
}

#[wasm_bindgen_test]
fn numbers_are_read_as_they_are_natively() {
    // The literals were rounded by the compiler; the text goes through the host for all but the first.
    let cases = [
        ("0.1", 0.1),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
        ("2.2250738585072011e-308", 2.2250738585072011e-308),
        ("1.7976931348623157e308", f64::MAX),
        ("9007199254740993", 9007199254740993.0),
        ("5e-324", 5e-324),
    ];
    for (text, number) in cases {
        let table = format!("x,y\n{text},1\n0,2\n0,3\n");
        let options = js(r#"{"target":"x","task":"regression","acceptUnconverged":true}"#);
        // A target's largest value comes out of the description as it was read.
        if let Ok(model) = train(&table.as_str().into(), &options) {
            let maximum = get(&get(&model.describe(), "target"), "maximum").as_f64().unwrap();
            assert_eq!(maximum.to_bits(), number.to_bits(), "{text}");
        } else {
            assert!(number > 1e100 || number < 1e-100, "{text}");
        }
    }
}

#[wasm_bindgen_test]
fn class_names_may_be_any_text_or_numbers() {
    let csv = "x,y\n1,__proto__\n2,__proto__\n3,10\n4,10\n5,<b>\n6,<b>\n";
    let model = train(&csv.into(), &js(r#"{"target":"y"}"#)).unwrap();
    let answer = json(&model.predict(&js(r#"{"x":1}"#)).unwrap());
    let classes: Vec<&Value> = answer["probabilities"].as_array().unwrap().iter().map(|pair| &pair["class"]).collect();
    assert_eq!(classes, ["10", "<b>", "__proto__"]);
    let csv = "x,y\n1,10\n2,10\n3,2\n4,2\n";
    let answer = json(&train(&csv.into(), &js(r#"{"target":"y"}"#)).unwrap().predict(&js(r#"{"x":1}"#)).unwrap());
    assert_eq!(answer["probabilities"][0]["class"], 2);
    assert_eq!(answer["prediction"], 10);
}
