//! Every table of tests/tables reaches the optimum that scikit-learn finds: see tests/golden/README.md.

use crate::tables::{self, Case};
use serde_json::Value;
use tepal::dataset::{Dataset, Roles};
use tepal::model::ClassWeight;
use tepal::preprocess::{self, Scale};
use tepal::table::Table;
use tepal::train::{Options, Solver, Trainer};

const OPTIMA: &str = include_str!("../golden/optima.json");

fn dataset(case: &Case) -> Dataset {
    let weights = case.weights.map(str::to_owned);
    let roles = Roles { target: case.target.into(), weights, ..Roles::default() };
    Dataset::new(&Table::parse(case.csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn options(case: &Case, solver: Solver) -> Options {
    Options {
        l2: Some(case.l2),
        preprocess: preprocess::Options::scaled(if case.standardize { Scale::Standard } else { Scale::None }),
        intercept: case.intercept,
        class_weight: if case.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
        solver,
        ..Options::default()
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Fits, and compares the objective to a relative 1e-9 and the coefficients, per deviation of their column, to 1e-6.
fn check(case: &Case, dataset: &Dataset, solver: Solver, optimum: &Value) {
    let context = format!("{} by {solver:?}", case.name);
    let fit = Trainer::new(dataset, options(case, solver)).unwrap().run();
    let fit = fit.unwrap_or_else(|error| panic!("{context}: {error}"));
    let (found, best) = (fit.record.as_linear().unwrap().certificate.objective, optimum["objective"].as_f64().unwrap());
    assert!((found - best).abs() <= 1e-9 * best.abs(), "{context}: objective {found}, expected {best}");
    let deviations = numbers(&optimum["deviations"]);
    let model = fit.into_model(case.name, None).unwrap();
    let outputs = optimum["coefficients"].as_array().unwrap();
    assert_eq!(model.coefficients().len(), outputs.len(), "{context}");
    for (output, expected) in model.coefficients().iter().zip(outputs) {
        // A column that does not vary is left out of the fit.
        let expected = numbers(expected).into_iter().zip(&deviations).filter(|(_, deviation)| **deviation > 0.0);
        for (found, (expected, deviation)) in output.original.iter().zip(expected) {
            let error = (found - expected).abs() * deviation;
            assert!(error <= 1e-6 * (expected.abs() * deviation).max(1.0), "{context}: {found}, expected {expected}");
        }
    }
}

fn check_all(solvers: &[Solver], is_wanted: impl Fn(&str) -> bool) {
    let optima: Value = serde_json::from_str(OPTIMA).unwrap();
    for optimum in optima["cases"].as_array().unwrap().iter().filter(|case| is_wanted(case["name"].as_str().unwrap())) {
        let case = tables::case(optimum["name"].as_str().unwrap());
        let dataset = dataset(&case);
        solvers.iter().for_each(|solver| check(&case, &dataset, *solver, optimum));
    }
}

#[test]
fn every_table_is_fitted_to_its_optimum() {
    check_all(&[Solver::Auto, Solver::Newton, Solver::Lbfgs], |_| true);
}
