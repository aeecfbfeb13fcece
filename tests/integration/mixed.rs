//! Tables of numbers, categories and missing cells agree with scikit-learn: see tests/golden/README.md.

use serde_json::Value;
use tepal::batch::BatchPredictor;
use tepal::dataset::{Dataset, Roles};
use tepal::evaluate::{ClassFigures, ClassificationReport, Classified, RegressionReport, Report, evaluate};
use tepal::model::Calibration;
use tepal::model::ClassWeight;
use tepal::model::Model;
use tepal::predict;
use tepal::preprocess::{self, Encoding, Impute, ImputeCategory, Scale, Unseen};
use tepal::table::{Column, Domain, Kind, ReadOptions, Table, Task, Values};
use tepal::train::{Options, Solver, Trainer};

const MIXED: &str = include_str!("../golden/mixed.json");

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
        // scikit-learn's SimpleImputer imputes every feature.
        impute_always: true,
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
        ..preprocess::Options::default()
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
    assert!(fit.record.as_linear().unwrap().certificate.converged());
    fit.into_model(what, None).unwrap()
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
        let objective = model.provenance().unwrap().fit.as_linear().unwrap().certificate.objective
            / number(&case["objective"])
            - 1.0;
        assert!(objective.abs() < 1e-9, "{what}: objective off by {objective:e}");

        // The file says the same of its rows as the dataset did, and what each feature adds makes up the score.
        let bytes = std::fs::read(format!("tests/golden/{}", text(&case["file"]))).unwrap();
        let scorer = BatchPredictor::new(&model, &bytes, true, &ReadOptions::default(), None).unwrap();
        let (targets, mut outputs) = (scorer.targets().unwrap(), Vec::new());
        let scored = scorer.score(&bytes, true, 0, |row| {
            if targets.read(&row)?.is_some() {
                outputs.extend_from_slice(row.outputs.as_deref().map_err(Clone::clone)?);
            }
            for explanation in model.explain(row.values)? {
                let total = explanation.baseline + explanation.contributions.iter().sum::<f64>();
                assert!((total - explanation.score).abs() <= 1e-12 * explanation.score.abs().max(1.0), "{what}");
            }
            Ok(())
        });
        scored.unwrap();
        assert_eq!(answers(&model, &outputs), found, "{what}");
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
    Table::from_columns(columns, &ReadOptions::default()).unwrap()
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

fn close(found: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    assert!((found - expected).abs() <= 1e-10 * expected.abs().max(1.0), "{what}: {found}, expected {expected}");
}

fn all_close(found: impl IntoIterator<Item = f64>, expected: &Value, what: &str) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), list(expected).len(), "{what}");
    found.into_iter().zip(list(expected)).for_each(|(found, expected)| close(found, expected, what));
}

/// Every metric from the probabilities that scikit-learn's came from.
#[test]
fn metrics_are_those_of_scikit_learn() {
    let golden = golden();
    assert_eq!(list(&golden["held_out"]).len(), 12);
    for case in list(&golden["held_out"]) {
        let what = text(&case["case"]);
        let (metrics, baseline) = (&case["metrics"], &case["baseline"]);
        let y: Vec<f64> = list(&case["y"]).iter().map(number).collect();
        if case["task"] == "number" {
            let predictions: Vec<f64> = list(&case["predictions"]).iter().map(number).collect();
            let report = RegressionReport::new(&y, &predictions, &[], number(&baseline["mean"]), None).unwrap();
            for (figures, expected) in [(&report.model, metrics), (report.baseline.as_ref().unwrap(), baseline)] {
                close(figures.r_squared.unwrap(), &expected["r2"], what);
                close(figures.mean_absolute_error, &expected["mean_absolute_error"], what);
                close(figures.root_mean_squared_error, &expected["root_mean_squared_error"], what);
            }
            all_close(
                report.model.residual_quantiles.iter().map(|quantile| quantile.residual),
                &metrics["residual_percentiles"],
                what,
            );
            continue;
        }
        let codes: Vec<usize> = y.iter().map(|code| *code as usize).collect();
        let classes = names(&case["classes"]);
        let of_row = |row: Vec<f64>| if row.len() == 1 { vec![1.0 - row[0], row[0]] } else { row };
        let probabilities: Vec<f64> = stored(&case["probabilities"]).into_iter().flat_map(of_row).collect();
        // The training rows of each class: those of the default case without these.
        let whole = list(&golden["tables"]).iter().find(|table| table["table"] == case["table"]).unwrap();
        let held_out = |class: usize| codes.iter().filter(|code| **code == class).count() as f64;
        let counts = list(&whole["class_counts"]).iter().enumerate();
        let counts: Vec<f64> = counts.map(|(class, count)| count.as_f64().unwrap() - held_out(class)).collect();
        let tested = Classified::new(classes.len(), &codes, &probabilities);
        let report = ClassificationReport::new(tested, None, None, &counts, &classes).unwrap();
        close(report.accuracy, &metrics["accuracy"], what);
        all_close([report.accuracy_interval.0, report.accuracy_interval.1], &metrics["wilson_95"], what);
        close(report.balanced_accuracy.unwrap(), &metrics["balanced_accuracy"], what);
        for (counts, expected) in report.confusion.counts.iter().zip(list(&metrics["confusion_matrix"])) {
            all_close(counts.iter().copied(), expected, what);
        }
        let of_class = |of: fn(&ClassFigures) -> f64| report.classes.iter().map(of);
        let per_class = &metrics["per_class"];
        all_close(of_class(|class| class.precision.unwrap_or(0.0)), &per_class["precision"], what);
        all_close(of_class(|class| class.recall.unwrap_or(0.0)), &per_class["recall"], what);
        all_close(of_class(|class| class.f1.unwrap_or(0.0)), &per_class["f1"], what);
        all_close(of_class(|class| class.support), &per_class["support"], what);
        let averages = report.averages.as_ref().unwrap();
        for (name, average) in [("micro", averages.micro), ("macro", averages.r#macro), ("weighted", averages.weighted)]
        {
            close(average.precision, &metrics[name]["precision"], what);
            close(average.recall, &metrics[name]["recall"], what);
            close(average.f1, &metrics[name]["f1"], what);
        }
        close(report.log_loss, &metrics["log_loss"], what);
        close(report.brier_score, &metrics["brier"], what);
        let own = report.baseline.as_ref().unwrap();
        close(own.accuracy, &baseline["most_frequent_accuracy"], what);
        close(own.log_loss, &baseline["prior_log_loss"], what);
        let Some(binary) = report.binary.as_ref() else {
            close(report.macro_auc.unwrap(), &metrics["roc_auc_ovr_macro"], what);
            continue;
        };
        close(binary.auc.unwrap(), &metrics["roc_auc"], what);
        close(binary.average_precision.unwrap(), &metrics["average_precision"], what);
        let roc = binary.roc_curve.as_ref().unwrap();
        all_close(roc.iter().map(|point| point.false_positive_rate), &metrics["roc_curve"]["fpr"], what);
        all_close(roc.iter().map(|point| point.true_positive_rate), &metrics["roc_curve"]["tpr"], what);
        let curve = binary.precision_recall_curve.as_ref().unwrap();
        all_close(curve.iter().map(|point| point.precision), &metrics["precision_recall_curve"]["precision"], what);
        all_close(curve.iter().map(|point| point.recall), &metrics["precision_recall_curve"]["recall"], what);
        for (bins, name) in [(&binary.calibration_uniform, "uniform"), (&binary.calibration_quantile, "quantile")] {
            let expected = &metrics[format!("calibration_curve_{name}")];
            all_close(bins.iter().map(|bin| bin.fraction_positive), &expected["prob_true"], what);
            all_close(bins.iter().map(|bin| bin.mean_predicted), &expected["prob_pred"], what);
        }
    }
}

/// The same rows held out of our own fit: its probabilities give scikit-learn's figures.
#[test]
fn fits_to_a_part_of_the_rows_do_on_the_others_as_scikit_learn_does() {
    let golden = golden();
    for case in list(&golden["held_out"]) {
        let what = text(&case["case"]);
        let dataset = Dataset::new(&table(&case["file"]), &roles(case)).unwrap();
        let (every, remainder) = (case["every"].as_u64().unwrap(), case["remainder"].as_u64().unwrap());
        let (held_out, training): (Vec<usize>, Vec<usize>) =
            (0..dataset.n_rows()).partition(|row| *row as u64 % every == remainder);
        let default = list(&golden["cases"]).iter().find(|other| other["case"] == case["case"]).unwrap();
        let model = fit(&dataset.select(&training).unwrap(), options(&default["options"]), what);
        let report = evaluate(&model, &dataset.select(&held_out).unwrap()).unwrap();
        let metrics = &case["metrics"];
        let pairs = match &report {
            Report::Classification(report) => {
                vec![(report.accuracy, &metrics["accuracy"]), (report.log_loss, &metrics["log_loss"])]
            }
            Report::Regression(report) => vec![(report.model.r_squared.unwrap(), &metrics["r2"])],
        };
        for (found, expected) in pairs {
            assert!((found - number(expected)).abs() < 1e-7, "{what}: {found}, expected {expected}");
        }
    }
}

#[test]
fn calibrations_are_those_of_scikit_learn() {
    let golden = golden();
    for expected in list(&golden["calibration"]) {
        let case = list(&golden["held_out"]).iter().find(|case| case["case"] == expected["case"]).unwrap();
        let shares: Vec<f64> = list(&case["probabilities"]).iter().map(number).collect();
        let is_positive: Vec<bool> = list(&case["y"]).iter().map(|code| number(code) == 1.0).collect();
        let what = text(&expected["case"]);

        let Calibration::Isotonic(isotonic) = Calibration::isotonic(&shares, &is_positive, &[]).unwrap() else {
            panic!("expected isotonic regression")
        };
        all_close(isotonic.x().iter().copied(), &expected["isotonic"]["x_thresholds"], what);
        all_close(isotonic.y().iter().copied(), &expected["isotonic"]["y_thresholds"], what);
        let points = list(&expected["isotonic"]["points"]).iter().map(|point| isotonic.apply(number(point)));
        all_close(points, &expected["isotonic"]["predictions"], what);

        let log_odds: Vec<f64> = shares.iter().map(|share| (share / (1.0 - share)).ln()).collect();
        let platt = Calibration::platt(&log_odds, &is_positive, &[]).unwrap();
        let points = list(&expected["sigmoid"]["points"]).iter().map(number);
        let calibrated = points.map(|share| platt.apply((share / (1.0 - share)).ln()));
        all_close(calibrated, &expected["sigmoid"]["optimum_predictions"], what);
    }
}

#[test]
fn standard_errors_are_those_of_statsmodels() {
    let golden: Value = serde_json::from_str(include_str!("../golden/inference.json")).unwrap();
    assert_eq!(list(&golden["fits"]).len(), 3);
    for expected in list(&golden["fits"]) {
        let (what, features) = (text(&expected["table"]), names(&expected["features"]));
        let table = table(&expected["file"]);
        let target = text(&expected["target"]).to_owned();
        let is_used = |name: &String| features.contains(name) || *name == target;
        let drop = table.columns().iter().map(|column| column.name.clone()).filter(|name| !is_used(name)).collect();
        let kinds = features.iter().map(|name| (name.clone(), Kind::Number)).collect();
        let dataset = Dataset::new(&table, &Roles { target, drop, kinds, ..Roles::default() }).unwrap();
        let complete = |row: &usize| dataset.features().row(*row).iter().all(|value| !value.is_nan());
        let rows: Vec<usize> = (0..dataset.n_rows()).filter(complete).collect();
        assert_eq!(rows.len() as u64, expected["rows"].as_u64().unwrap(), "{what}");
        for scale in [Scale::Standard, Scale::None, Scale::MinMax] {
            let preprocess = preprocess::Options::scaled(scale);
            let options = Options { l2: Some(0.0), preprocess, solver: Solver::Newton, ..Options::default() };
            let model = fit(&dataset.select(&rows).unwrap(), options, what);
            let (output, errors) = (
                &model.coefficients()[0],
                model.provenance().unwrap().fit.as_linear().unwrap().standard_errors.clone(),
            );
            let own: Vec<f64> = dataset
                .schema()
                .features
                .iter()
                .map(|feature| {
                    let at = features.iter().position(|name| *name == feature.name).unwrap();
                    number(&expected["bse"][at + 1])
                })
                .collect();
            assert_eq!(errors.withheld, None, "{what}");
            for (found, expected) in errors.coefficients.iter().zip(own) {
                assert!((found.unwrap() / expected - 1.0).abs() < 1e-6, "{what}: {found:?}, expected {expected}");
            }
            for ((feature, error), original) in
                dataset.schema().features.iter().zip(&errors.coefficients).zip(&output.original)
            {
                let at = features.iter().position(|name| *name == feature.name).unwrap();
                let (ends, own) = (errors.interval(*original, error.unwrap()), &expected["conf_int"][at + 1]);
                let width = number(&own[1]) - number(&own[0]);
                for (end, own) in [(ends.0, number(&own[0])), (ends.1, number(&own[1]))] {
                    assert!((end - own).abs() < 1e-6 * width, "{what}: {end}, expected {own}");
                }
            }
            let intercept = (errors.intercept.unwrap(), number(&expected["bse"][0]));
            assert!((intercept.0 / intercept.1 - 1.0).abs() < 1e-6, "{what}: {intercept:?}");
            assert!((output.original_intercept / number(&expected["params"][0]) - 1.0).abs() < 1e-6, "{what}");
        }
    }
}

#[test]
fn standard_errors_are_withheld_where_they_would_mislead() {
    let golden = golden();
    let case = list(&golden["cases"]).iter().find(|case| case["case"] == "hdma/default").unwrap();
    let dataset = Dataset::new(&table(&case["file"]), &roles(case)).unwrap();
    let withheld = |options: Options| {
        fit(&dataset, options, "hdma").provenance().unwrap().fit.as_linear().unwrap().standard_errors.clone()
    };
    let balanced = withheld(Options { class_weight: ClassWeight::Balanced, ..Options::default() });
    assert_eq!(
        (balanced.coefficients.len(), balanced.withheld.unwrap().to_string()),
        (0, "classes are weighted".to_owned())
    );
    // Whole sets of categories are told apart by the penalty alone, and numbers are not.
    let partly = withheld(Options::default());
    let names = dataset.schema().features.iter().map(|feature| matches!(feature.domain, Domain::Number(_)));
    assert!(partly.withheld.as_ref().unwrap().to_string().contains("the penalty decides"), "{partly:?}");
    assert!(names.clone().any(|is_number| is_number) && partly.coefficients.iter().any(Option::is_some));
    assert!(partly.coefficients.iter().any(Option::is_none) && partly.intercept.is_none());
}
