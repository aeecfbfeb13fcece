//! Tables of numbers, categories and missing cells agree with scikit-learn: see tests/golden/README.md.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::Value;
use tepal::dataset::{Dataset, Roles};
use tepal::model::Model;
use tepal::predict;
use tepal::preprocess::{self, Encoding, Impute, ImputeCategory, Scale, Unseen};
use tepal::table::{Column, Domain, Kind, Table, Task, Values};
use tepal::train::{ClassWeight, Options, Trainer};

const MIXED: &str = include_str!("golden/mixed.json");

fn golden() -> Value {
    serde_json::from_str(MIXED).unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn names(value: &Value) -> Vec<String> {
    list(value).iter().map(|name| text(name).to_owned()).collect()
}

fn table(file: &Value) -> Table {
    let bytes = std::fs::read(format!("tests/golden/{}", text(file))).unwrap();
    Table::parse(&bytes).unwrap()
}

fn roles(case: &Value) -> Roles {
    let given = |list: &Value, kind: Kind| names(list).into_iter().map(|name| (name, kind)).collect::<Vec<_>>();
    Roles {
        target: text(&case["target"]).to_owned(),
        drop: names(&case["dropped"]),
        task: Some(if case["task"] == "class" { Task::Classification } else { Task::Regression }),
        kinds: [given(&case["numeric"], Kind::Number), given(&case["categorical"], Kind::Category)].concat(),
        ..Roles::default()
    }
}

fn options(options: &Value) -> Options {
    let preprocess = preprocess::Options {
        impute: match text(&options["numeric_impute"]) {
            "median" => Impute::Median,
            "mean" => Impute::Mean,
            "most_frequent" => Impute::MostFrequent,
            _ => Impute::Constant(number(&options["numeric_fill"])),
        },
        indicators: options["add_indicator"].as_bool().unwrap(),
        impute_category: match text(&options["category_impute"]) {
            "most_frequent" => ImputeCategory::MostFrequent,
            _ => ImputeCategory::Constant(text(&options["category_fill"]).to_owned()),
        },
        encode: match (text(&options["encode"]), &options["drop"]) {
            ("ordinal", _) => Encoding::Ordinal,
            (_, Value::Null) => Encoding::OneHot,
            _ => Encoding::DropFirst,
        },
        unseen: if options["handle_unknown"] == "ignore" { Unseen::Zeros } else { Unseen::Refuse },
        scale: match text(&options["scale"]) {
            "standard" => Scale::Standard,
            "minmax" => Scale::MinMax,
            "robust" => Scale::Robust,
            _ => Scale::None,
        },
    };
    let l2 = match text(&options["model"]) {
        "logistic" => 1.0 / number(&options["C"]),
        "ridge" => number(&options["alpha"]),
        _ => 0.0,
    };
    let class_weight = if options["class_weight"] == "balanced" { ClassWeight::Balanced } else { ClassWeight::Equal };
    Options { l2: Some(l2), preprocess, class_weight, ..Options::default() }
}

fn fit(dataset: &Dataset, options: Options, what: &str) -> Model {
    let fit = Trainer::new(dataset, options).unwrap().run().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(fit.certificate.converged());
    Model::new(fit, what, None).unwrap()
}

/// The stored part of an answer: a probability of two classes is that of the second.
fn answers(model: &Model, outputs: &[f64]) -> Vec<Vec<f64>> {
    let answer = |outputs: &[f64]| if outputs.len() == 2 { vec![outputs[1]] } else { outputs.to_vec() };
    outputs.chunks_exact(model.n_outputs()).map(answer).collect()
}

fn stored(values: &Value) -> Vec<Vec<f64>> {
    let stored =
        |value: &Value| value.as_array().map_or_else(|| vec![number(value)], |row| row.iter().map(number).collect());
    list(values).iter().map(stored).collect()
}

/// The largest difference, as a part of the largest expected value where that is above 1.
fn largest_difference(found: &[Vec<f64>], expected: &[Vec<f64>]) -> f64 {
    assert!(found.len() >= expected.len());
    let pairs = || found.iter().flatten().zip(expected.iter().flatten());
    let scale = pairs().map(|(_, expected)| expected.abs()).fold(1.0, f64::max);
    pairs().map(|(found, expected)| (found - expected).abs()).fold(0.0, f64::max) / scale
}

#[test]
fn every_case_answers_as_scikit_learn_does() {
    let golden = golden();
    assert_eq!(list(&golden["cases"]).len(), 46);
    for case in list(&golden["cases"]) {
        let what = text(&case["case"]);
        let table = table(&case["file"]);
        let dataset = Dataset::new(&table, &roles(case)).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(dataset.n_rows() as u64, case["rows"].as_u64().unwrap(), "{what}");
        let model = fit(&dataset, options(&case["options"]), what);
        let expected = stored(if case["task"] == "class" { &case["probabilities"] } else { &case["predictions"] });
        let rows: Vec<f64> = dataset.features().iter().copied().collect();
        let found = answers(&model, &model.predict_many(&rows).unwrap());
        let difference = largest_difference(&found, &expected);
        println!("{what}: {difference:e}");
        assert!(difference < 1e-8, "{what}: {difference:e}");
        let objective = model.provenance().certificate.objective / number(&case["objective"]) - 1.0;
        assert!(objective.abs() < 1e-9, "{what}: objective off by {objective:e}");

        // The file says the same of its rows as the dataset did.
        if dataset.n_rows() == table.n_rows() {
            assert_eq!(answers(&model, &model.predict_table(&table).unwrap()), found, "{what}");
        }
        let Some(unseen) = case.get("unseen") else { continue };
        let columns = names(&unseen["columns"]);
        for (row, expected) in list(&unseen["rows"]).iter().zip(stored(&unseen["answers"])) {
            // Numbers are written as text here, as they would stand in a file.
            let pairs = columns.iter().zip(list(row)).map(|(name, cell)| {
                let value = match cell {
                    Value::Null => predict::Value::Missing,
                    cell if names(&case["numeric"]).contains(name) => {
                        predict::Value::Number(text(cell).parse().unwrap())
                    }
                    cell => predict::Value::Text(text(cell)),
                };
                (name.as_str(), value)
            });
            let raw = model.row(pairs).unwrap();
            let difference = largest_difference(&answers(&model, &model.predict_many(&raw).unwrap()), &[expected]);
            assert!(difference < 1e-8, "{what}, unseen: {difference:e}");
        }
    }
}

#[test]
fn schemas_hold_what_numpy_finds() {
    for expected in list(&golden()["tables"]) {
        let what = text(&expected["table"]);
        let table = table(&expected["file"]);
        // A target without missing cells, so that every row counts.
        let own = table.columns().iter().map(|column| column.name.clone());
        let used: Vec<&Value> = list(&expected["numeric"]).iter().chain(list(&expected["categorical"])).collect();
        let is_used = |name: &String| used.iter().any(|feature| text(&feature["name"]) == name);
        let mut roles = Roles { drop: own.filter(|name| !is_used(name)).collect(), ..Roles::default() };
        roles.kinds.extend(list(&expected["numeric"]).iter().map(|f| (text(&f["name"]).to_owned(), Kind::Number)));
        roles
            .kinds
            .extend(list(&expected["categorical"]).iter().map(|f| (text(&f["name"]).to_owned(), Kind::Category)));
        let with_target = with_row_numbers(&table);
        roles.target = "row number".into();
        let dataset = Dataset::new(&with_target, &roles).unwrap_or_else(|error| panic!("{what}: {error}"));
        for feature in &used {
            let name = text(&feature["name"]);
            let found = dataset.schema().features.iter().find(|found| found.name == name).unwrap();
            assert_eq!(found.missing, feature["missing"].as_u64().unwrap(), "{what}, {name}");
            match &found.domain {
                Domain::Number(domain) => {
                    let spread = domain.spread.unwrap();
                    let percentiles: Vec<f64> = list(&feature["percentiles"]).iter().map(number).collect();
                    let pairs = [
                        (domain.minimum, number(&feature["min"])),
                        (domain.maximum, number(&feature["max"])),
                        (spread.mean, number(&feature["mean"])),
                        (spread.percentile_5, percentiles[0]),
                        (domain.median, percentiles[2]),
                        (spread.percentile_95, percentiles[4]),
                    ];
                    for (found, expected) in pairs {
                        assert!(
                            (found - expected).abs() <= 1e-14 * expected.abs(),
                            "{what}, {name}: {found}, {expected}"
                        );
                    }
                }
                Domain::Category { categories, counts, .. } => {
                    let found: Vec<(String, u64)> =
                        categories.iter().map(|label| label.to_string()).zip(counts.iter().copied()).collect();
                    let levels = list(&feature["levels"]);
                    let expected: Vec<(String, u64)> =
                        levels.iter().map(|level| (text(&level[0]).to_owned(), level[1].as_u64().unwrap())).collect();
                    assert_eq!(found, expected, "{what}, {name}");
                }
            }
        }
    }
}

/// The table with a column of numbers beside it, which is there in every row.
fn with_row_numbers(table: &Table) -> Table {
    let mut columns = table.columns().to_vec();
    let numbers = (0..table.n_rows()).map(|row| row as f64).collect();
    columns.push(Column { name: "row number".into(), values: Values::Numbers(numbers) });
    Table::from_columns(columns).unwrap()
}

#[test]
fn a_table_in_another_dialect_gives_the_same_model() {
    let golden = golden();
    let both = list(&golden["tables"]).iter().filter(|table| !table["also"].is_null());
    let mut n_compared = 0;
    for expected in both {
        let case = list(&golden["cases"]).iter().find(|case| case["table"] == expected["table"]).unwrap();
        let [first, second] = [&expected["file"], &expected["also"]].map(|file| {
            let table = table(file);
            let dataset = Dataset::new(&table, &roles(case)).unwrap();
            (dataset.digest(), fit(&dataset, options(&case["options"]), "").estimator().clone())
        });
        assert_eq!(first, second);
        n_compared += 1;
    }
    assert_eq!(n_compared, 2);
}

#[test]
fn kinds_are_found_as_a_person_would_choose_them() {
    // Those that a person tells a program: a number that names a kind, and a text that is mostly numbers.
    let told = ["Cylinders", "collegeDegree", "female", "homeOwn"];
    for case in list(&golden()["cases"]).iter().filter(|case| text(&case["case"]).ends_with("/default")) {
        let mut roles = roles(case);
        roles.kinds.retain(|(name, _)| told.contains(&name.as_str()));
        let dataset = Dataset::new(&table(&case["file"]), &roles).unwrap();
        let found = |is_number: bool| {
            let features = dataset.schema().features.iter();
            let mut names: Vec<String> = features
                .filter(|feature| matches!(feature.domain, Domain::Number(_)) == is_number)
                .map(|feature| feature.name.clone())
                .collect();
            names.sort();
            names
        };
        let sorted = |value: &Value| {
            let mut names = names(value);
            names.sort();
            names
        };
        assert_eq!(found(true), sorted(&case["numeric"]), "{}", case["case"]);
        assert_eq!(found(false), sorted(&case["categorical"]), "{}", case["case"]);
    }
}
