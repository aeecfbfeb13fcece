//! Models of ONNX beside what onnxruntime and torch predict with them.

use crate::interop::{compare, files, outputs, reference};
use std::fs;
use tepal::error::ErrorKind;
use tepal::interop::{ImportOptions, import};
use tepal::model::{Link, Model};

/// With support vectors, and names of classes for what says none.
fn options(classes: &[&str]) -> ImportOptions {
    let classes = classes.iter().map(|class| (*class).to_owned()).collect();
    ImportOptions { allow_rows: true, classes, ..ImportOptions::default() }
}

/// Whether its predictions are sums of the file's own numbers, so that each bit is the same.
fn is_exact(name: &str) -> bool {
    let exact = ["skl_tree", "skl_forest_number", "skl_forest_three", "skl_boosting_number", "xgboost_number"];
    name.starts_with("tree_") || name == "lightgbm_number" || exact.iter().any(|exact| name.starts_with(exact))
}

#[test]
fn models_of_onnx_predict_the_same() {
    let (mut n_files, mut n_rows, mut n_exact) = (0, 0, 0);
    let (mut largest, mut largest_probability) = (0.0_f64, 0.0_f64);
    for (version, name, path) in files("onnx").into_iter().filter(|(_, _, path)| path.extension().unwrap() == "onnx") {
        let classes: &[&str] = if name.ends_with("_logits") { &["a", "b", "c"] } else { &[] };
        let model = import(&fs::read(&path).unwrap(), &options(classes));
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let model = Model::decode(&model.encode().unwrap()).unwrap();
        let found = compare(&path, &model, "none", |raw, _, expected| {
            let outputs = outputs(&model, raw);
            let outputs = if outputs.len() == 2 && expected.len() == 1 { &outputs[1..] } else { &outputs };
            assert_eq!(outputs.len(), expected.len(), "{version} {name}");
            for (output, expected) in outputs.iter().zip(expected) {
                let off = (output - expected).abs() / expected.abs().max(1.0);
                if is_exact(&name) {
                    n_exact += 1;
                    assert_eq!(output, expected, "{version} {name} {raw:?}");
                } else if model.positive().is_some() || outputs.len() > 1 {
                    largest_probability = largest_probability.max(off);
                    assert!(off <= 1e-6, "{version} {name} {raw:?}: {output} and {expected}");
                } else {
                    largest = largest.max(off);
                    // In 32 bits a sum of support vectors loses what its terms cancel.
                    let allowed = if name.starts_with("skl_svr") { 1e-4 } else { 1e-5 };
                    assert!(off <= allowed, "{version} {name} {raw:?}: {output} and {expected}");
                }
            }
        });
        n_files += 1;
        n_rows += found.n_rows;
    }
    println!("{n_files} files, {n_rows} rows, {n_exact} numbers to the bit");
    println!("others at most {largest:e} apart, probabilities {largest_probability:e}");
    assert!(n_files > 60 && n_rows > 1500 && n_exact > 400, "{n_files} files, {n_rows} rows, {n_exact} numbers");
}

#[test]
fn explanations_of_graphs_add_up() {
    for name in ["skl_mlp_relu", "skl_forest_three", "net_skip", "skl_columns", "xgboost_two"] {
        let file = reference(&format!("onnx/onnxruntime-1.32.0/{name}.onnx"));
        let model = import(&file, &options(&[])).unwrap();
        let row: Vec<f64> = (0..model.n_features()).map(|feature| f64::from(u8::from(feature % 2 == 0))).collect();
        for explanation in model.explain(&row).unwrap() {
            let total = explanation.baseline + explanation.contributions.iter().sum::<f64>();
            assert!((total - explanation.score).abs() < 1e-9, "{name}: {explanation:?}");
            assert_eq!(explanation.standard_errors.len(), model.n_features());
        }
        assert!(model.importance().iter().all(|importance| importance.is_finite() && *importance >= 0.0));
    }
}

#[test]
fn classes_of_a_graph_may_be_in_another_order() {
    let file = reference("onnx/onnxruntime-1.32.0/net_normalized.onnx");
    let (sorted, turned) =
        (import(&file, &options(&["a", "b", "c"])).unwrap(), import(&file, &options(&["c", "a", "b"])).unwrap());
    let (expected, found) = (outputs(&sorted, &[0.5; 4]), outputs(&turned, &[0.5; 4]));
    assert_eq!([expected[1], expected[2], expected[0]], found[..]);
    let file = reference("onnx/onnxruntime-1.32.0/net_skip.onnx");
    let (sorted, turned) =
        (import(&file, &options(&["a", "b"])).unwrap(), import(&file, &options(&["b", "a"])).unwrap());
    let (expected, found) = (outputs(&sorted, &[0.5; 4]), outputs(&turned, &[0.5; 4]));
    assert_eq!([expected[1], expected[0]], found[..]);
}

#[test]
fn support_vectors_are_rows_and_have_to_be_allowed() {
    let file = reference("onnx/onnxruntime-1.32.0/skl_svr_rbf.onnx");
    let error = import(&file, &ImportOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
    assert!(error.to_string().contains("--allow-rows"), "{error}");
    let notes = import(&file, &options(&[])).unwrap().imported().unwrap().notes;
    assert!(notes.iter().any(|note| note.code() == "has_training_rows"), "{notes:?}");
}

#[test]
fn scores_that_are_no_probabilities_are_refused() {
    let file = reference("onnx/onnxruntime-1.32.0/net_normalized.onnx");
    let at = file.windows(7).position(|letters| letters == b"Softmax").unwrap();
    let with = |operator: &[u8; 7]| [&file[..at], operator, &file[at + 7..]].concat();
    for (classes, words) in [(&[][..], "--classes"), (&["a", "b", "c"], "no probabilities")] {
        let error = import(&with(b"Sigmoid"), &options(classes)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnsupportedModel);
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = import(&with(b"Sigmund"), &options(&[])).unwrap_err();
    assert!(error.to_string().contains("the operator Sigmund"), "{error}");
}

#[test]
fn files_cut_anywhere_are_refused() {
    let file = reference("onnx/onnxruntime-1.32.0/skl_columns.onnx");
    for length in 0..file.len() - 1 {
        // Behind the last field that a model needs, nothing is missing.
        if let Ok(model) = import(&file[..length], &options(&[])) {
            assert_eq!(outputs(&model, &[0.5, 0.5, 0.0]).len(), 2);
        }
    }
}

#[test]
fn scores_are_told_from_probabilities_by_how_they_are_made() {
    // A weighted sum at the end, whatever its value is for some rows.
    let file = reference("onnx/onnxruntime-1.32.0/net_relu.onnx");
    assert_eq!(import(&file, &options(&["a", "b"])).unwrap().link(), Link::Logistic);
    let cases = [
        ("class_by_threshold", "decided otherwise"),
        ("scores_from_0_on", "no probabilities"),
        ("product_of_wholes", "wrap around"),
    ];
    for (name, words) in cases {
        let file = reference(&format!("onnx/onnxruntime-1.32.0/refused/{name}.onnx"));
        let classes: &[&str] = if name == "scores_from_0_on" { &["a", "b"] } else { &[] };
        let error = import(&file, &options(classes)).unwrap_err();
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}
