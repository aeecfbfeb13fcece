//! Answers that other roads into a page get wrong, silently. Each was measured; `docs/import.md` says what tepal does.

use crate::interop::{compare, files, outputs};
use std::fs;
use tepal::interop::{ImportOptions, import};
use tepal::model::Model;

/// The models of a tool whose names have a word, each with rows that lack a number, compared with the tool's own predictions.
fn agree(tool: &str, word: &str, needs_missing: bool, allowed: f64) -> usize {
    let mut n_rows = 0;
    for (version, name, path) in files(tool).into_iter().filter(|(_, name, _)| name.contains(word)) {
        let options = ImportOptions { allow_rows: true, ..ImportOptions::default() };
        let Ok(model) = import(&fs::read(&path).unwrap(), &options) else { continue };
        compare(&path, &model, "none", |raw, _, expected| {
            if needs_missing && !raw.iter().any(|value| value.is_nan()) {
                return;
            }
            n_rows += 1;
            let outputs = outputs(&model, raw);
            let outputs = if outputs.len() > expected.len() { &outputs[1..] } else { &outputs };
            for (output, expected) in outputs.iter().zip(expected) {
                let off = (output - expected).abs() / expected.abs().max(1.0);
                assert!(off <= allowed, "{version} {name} {raw:?}: {output} and {expected}");
            }
        });
    }
    n_rows
}

/// skl2onnx sends missing numbers to the right: up to 0.94 off.
#[test]
fn missing_numbers_in_forests_of_scikit_learn() {
    assert!(agree("sklearn", "forest", true, 1e-15) > 20);
}

/// Converters to ONNX have no zeros that are missing: up to 0.756 off.
#[test]
fn zeros_that_are_missing_in_lightgbm() {
    assert!(agree("lightgbm", "zero", false, 1e-15) > 20);
}

/// m2cgen compares missing numbers: up to 0.733 off.
#[test]
fn missing_numbers_in_xgboost() {
    assert!(agree("xgboost", "logistic", true, 0.0) > 20);
}

/// skl2onnx takes the nearest point of an isotonic calibration instead of the line between two: up to 0.105 off.
#[test]
fn isotonic_calibration_of_scikit_learn() {
    assert!(agree("sklearn", "isotonic", false, 1e-12) > 20);
}

/// onnxruntime adds up trees in another order with two threads: other bits in 43 to 92 % of rows.
#[test]
fn many_rows_at_once_have_the_bits_of_each_alone() {
    for (tool, word) in [("xgboost", "logistic"), ("lightgbm", "binary"), ("sklearn", "graph"), ("onnx", "forest")] {
        for (_, name, path) in files(tool).into_iter().filter(|(_, name, _)| name.contains(word)) {
            let options = ImportOptions { allow_rows: true, ..ImportOptions::default() };
            let Ok(model) = import(&fs::read(&path).unwrap(), &options) else { continue };
            check_many(&name, &path, &model);
        }
    }
}

fn check_many(name: &str, path: &std::path::Path, model: &Model) {
    let (mut rows, mut alone) = (Vec::new(), Vec::new());
    compare(path, model, "none", |raw, _, _| {
        rows.extend_from_slice(raw);
        alone.extend(outputs(model, raw).iter().map(|output| output.to_bits()));
    });
    let many = model.predict_many(&rows).unwrap();
    let many: Vec<u64> = many.iter().map(|output| output.to_bits()).collect();
    assert_eq!(many, alone, "{name}");
}
