//! Agreement with scikit-learn on real tables. The figures come from tests/golden/generate.py; the data are included,
//! so that the same tests run in a browser.

use serde_json::Value;
use tepal::dataset::{Dataset, Roles};
use tepal::evaluate::{Report, evaluate};
use tepal::model::Model;
use tepal::table::{Label, Table};
use tepal::train::{Options, Trainer};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const GOLDEN: &str = include_str!("../golden/golden.json");
const TABLES: [(&str, &str); 4] = [
    ("iris", include_str!("../../www/data/iris.csv")),
    ("wine", include_str!("../golden/wine.csv")),
    ("breast_cancer", include_str!("../golden/breast_cancer.csv")),
    ("diabetes", include_str!("../golden/diabetes.csv")),
];

fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn dataset(name: &str, target: &str) -> Dataset {
    let (_, csv) = TABLES.iter().find(|(table, _)| *table == name).unwrap();
    let roles = Roles { target: target.to_owned(), ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn fit(dataset: &Dataset, l2: Option<f64>) -> Model {
    let options = Options { l2, ..Options::default() };
    Trainer::new(dataset, options).unwrap().run().unwrap().into_model("golden", None).unwrap()
}

/// Compares coefficients and objective; returns the largest difference of a coefficient or intercept.
fn compare(model: &Model, expected: &Value, what: &str) -> f64 {
    let outputs = model.coefficients();
    let mut intercepts: Vec<f64> = outputs.iter().map(|output| output.intercept).collect();
    if intercepts.len() > 2 {
        // Only differences of a multinomial model's intercepts matter; the reference's sum to 0.
        let mean = intercepts.iter().sum::<f64>() / intercepts.len() as f64;
        intercepts.iter_mut().for_each(|intercept| *intercept -= mean);
    }
    let found: Vec<f64> = outputs.iter().flat_map(|output| output.standardized.clone()).chain(intercepts).collect();
    let expected_coefficients: Vec<f64> =
        expected["coefficients"].as_array().unwrap().iter().flat_map(numbers).collect();
    let wanted: Vec<f64> = expected_coefficients.into_iter().chain(numbers(&expected["intercepts"])).collect();
    assert_eq!(found.len(), wanted.len(), "{what}");

    let certificate = model.provenance().unwrap().fit.as_linear().unwrap().certificate;
    assert!(certificate.converged(), "{what}: {certificate:?}");
    let objective = expected["objective"].as_f64().unwrap();
    assert!(
        (certificate.objective / objective - 1.0).abs() < 1e-9,
        "{what}: objective {} against {objective}",
        certificate.objective
    );
    found.iter().zip(&wanted).map(|(found, wanted)| (found - wanted).abs()).fold(0.0, f64::max)
}

#[test]
fn coefficients_agree_with_scikit_learn() {
    let golden = golden();
    let fits = golden["fits"].as_array().unwrap();
    assert!(fits.len() >= 6);
    for expected in fits {
        let (table, l2) = (expected["table"].as_str().unwrap(), expected["l2"].as_f64().unwrap());
        let model = fit(&dataset(table, expected["target"].as_str().unwrap()), Some(l2));
        let difference = compare(&model, expected, table);
        assert!(difference < 1e-6, "{table}, l2 {l2}: a coefficient differs by {difference:e}");
    }
}

#[test]
fn defaults_are_those_of_scikit_learn() {
    let golden = golden();
    for (table, l2) in [("iris", 1.0), ("wine", 1.0), ("breast_cancer", 1.0), ("diabetes", 0.0)] {
        let fits = golden["fits"].as_array().unwrap();
        let expected = fits.iter().find(|fit| fit["table"] == table && fit["l2"] == l2).unwrap();
        let difference = compare(&fit(&dataset(table, expected["target"].as_str().unwrap()), None), expected, table);
        assert!(difference < 1e-6, "{table}: a coefficient differs by {difference:e}");
    }
}

#[test]
fn the_iris_tutorial_comes_out_right() {
    let golden = golden();
    let split = &golden["iris_split"];
    let rows = |name: &str| numbers(&split[name]).into_iter().map(|row| row as usize).collect::<Vec<_>>();
    let iris = dataset("iris", "species");
    let model = fit(&iris.select(&rows("training_rows")).unwrap(), None);
    assert!(compare(&model, split, "iris split") < 1e-6);

    let Report::Classification(report) = evaluate(&model, &iris.select(&rows("held_out_rows")).unwrap()).unwrap()
    else {
        panic!("expected a classification")
    };
    assert_eq!((report.accuracy, report.rows), (split["accuracy"].as_f64().unwrap(), 30.0));

    let example = numbers(&split["example"]);
    let prediction = model.predict(&example).unwrap();
    assert_eq!(prediction.class(), Some(Label::Text("setosa")));
    let probabilities = model.predict_many(&example).unwrap();
    let difference = |reference: &str| {
        let differences = numbers(&split[reference]).into_iter().zip(&probabilities).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f64::max)
    };
    assert!(difference("probabilities") < 1e-8, "{:e}", difference("probabilities"));
    // scikit-learn's default tolerance stops short, which the fifth digit shows: 0.97904 against 0.97903.
    assert!(split["default_largest_gradient"].as_f64().unwrap() > 1e-3);
    assert!(difference("default_probabilities") < 2e-5, "{:e}", difference("default_probabilities"));
}
