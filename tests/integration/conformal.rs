//! Intervals of numbers and sets of classes: how often they hold, and that every door gives the same.

use tepal::batch::{BatchPredictor, CsvLines};
use tepal::dataset::{Dataset, Roles};
use tepal::error::ErrorKind;
use tepal::evaluate::ThresholdRule;
use tepal::model::{Conformal, ConformalBound, Model};
use tepal::pipeline::{Outcome, Pipeline, Training};
use tepal::predict::PredictionBody;
use tepal::table::{ReadOptions, Table, Task};
use tepal::train::calibrate::CalibrationMethod;

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/");

fn golden(name: &str) -> Table {
    Table::parse(&std::fs::read(format!("{GOLDEN}{name}")).unwrap()).unwrap()
}

/// A pipeline whose predictions have conformal answers.
fn conformal(target: &str) -> Pipeline {
    Pipeline { conformal: true, ..Pipeline::new(target) }
}

fn outcome(table: &Table, pipeline: &Pipeline) -> Outcome {
    let dataset = Dataset::new(table, &pipeline.roles).unwrap();
    let mut training = Training::new(&dataset, pipeline).unwrap();
    while !training.progress().done {
        training.step().unwrap();
    }
    training.finish().unwrap()
}

#[test]
fn what_is_to_hold_on_nine_rows_of_ten_does_so_on_rows_held_out() {
    const N_SPLITS: u64 = 200;
    // In the last two more rows than 80 % are predicted right, so that the predicted class alone holds on as many.
    let tables: [(&str, &str, &[&str], bool); 6] = [
        ("diabetes.csv", "progression", &[], true),
        ("mixed/slid.csv", "wages", &[], true),
        ("mixed/males.csv", "wage", &["nr"], true),
        ("mixed/chile.csv", "vote", &[], true),
        ("mixed/hdma.csv", "deny", &[], false),
        ("mixed/flchain.csv", "death", &["chapter"], false),
    ];
    for (name, target, drop, is_tight) in tables {
        let table = golden(name);
        let drop = drop.iter().map(|name| (*name).to_owned()).collect();
        let roles = Roles { target: target.to_owned(), drop, ..Roles::default() };
        let mut shares = [0.0; 3];
        for seed in 0..N_SPLITS {
            let pipeline = Pipeline { test: Some(0.3), seed, roles: roles.clone(), ..conformal(target) };
            let report = outcome(&table, &pipeline).report.unwrap();
            assert_eq!(report.coverage().len(), 3);
            let held = shares.iter_mut().zip(report.coverage());
            held.for_each(|(share, coverage)| *share += coverage.share / N_SPLITS as f64);
        }
        let [low, middle, high] = shares;
        assert!((0.88..=0.92).contains(&middle) && (0.93..=0.97).contains(&high), "{name}: {shares:?}");
        assert!((0.78..=if is_tight { 0.82 } else { 1.0 }).contains(&low), "{name}: {shares:?}");
    }
}

#[test]
fn levels_hold_one_another_and_the_most_probable_class() {
    let (table, values) = (golden("mixed/chile.csv"), golden("mixed/slid.csv"));
    let classes = conformal("vote").train(&table).unwrap();
    let dataset = Dataset::new(&table, &Roles { target: "vote".into(), ..Roles::default() }).unwrap();
    for row in dataset.features().rows() {
        let outputs = classes.predict_many(row.as_slice().unwrap()).unwrap();
        let sets = classes.class_sets(&outputs);
        let prediction = classes.prediction(&outputs);
        let most_probable = prediction.class().unwrap();
        assert_eq!(sets.iter().map(|set| set.level).collect::<Vec<_>>(), [0.8, 0.9, 0.95]);
        assert!(sets.iter().all(|set| set.classes.contains(&most_probable)));
        for pair in sets.windows(2) {
            assert!(pair[0].classes.iter().all(|class| pair[1].classes.contains(class)));
        }
    }
    let intervals = conformal("wages").train(&values).unwrap().intervals(20.0);
    for pair in intervals.windows(2) {
        assert!(pair[1].lower < pair[0].lower && pair[0].lower < 20.0 && pair[0].upper < pair[1].upper);
    }
    let far = conformal("wages").train(&values).unwrap().intervals(f64::MAX);
    assert!(far.iter().all(|interval| interval.upper == f64::MAX));
}

#[test]
fn a_calibration_and_a_threshold_are_part_of_what_holds() {
    let table = golden("mixed/hdma.csv");
    for (calibrate, threshold) in [
        (Some(CalibrationMethod::Platt), None),
        (None, Some(ThresholdRule::Youden)),
        (None, Some(ThresholdRule::Fixed(0.2))),
    ] {
        let pipeline = Pipeline { calibrate, threshold, test: Some(0.3), ..conformal("deny") };
        let outcome = outcome(&table, &pipeline);
        let model = outcome.model;
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        assert!(
            outcome
                .report
                .unwrap()
                .coverage()
                .iter()
                .all(|coverage| coverage.share > f64::from(coverage.percent) / 100.0 - 0.07)
        );
        // Bounds of other probabilities do not stay.
        let (conformal, changed) = (model.conformal().cloned(), model.with_decision(None, None).unwrap());
        assert!(conformal.is_some() && changed.conformal().is_none());
    }
}

#[test]
fn every_door_gives_the_same_bits() {
    for (name, target) in [("mixed/chile.csv", "vote"), ("mixed/slid.csv", "wages")] {
        let model = conformal(target).train(&golden(name)).unwrap();
        let decoded = Model::decode(&model.encode().unwrap()).unwrap();
        assert_eq!(decoded, model);
        let file = std::fs::read(format!("{GOLDEN}{name}")).unwrap();
        let scorer = BatchPredictor::new(&model, &file, true, &ReadOptions::default(), None).unwrap();
        let mut n_imputed = 0;
        let scored = scorer.score(&file, true, 0, |row| {
            let outputs = row.outputs.as_ref().unwrap();
            let json = serde_json::to_value(PredictionBody::of(&decoded, row.values, outputs)).unwrap();
            let mut lines = CsvLines::new(&decoded, &[], false);
            lines.add(&row);
            let line = String::from_utf8(lines.finish()).unwrap();
            let cells: Vec<&str> = line.trim_end().split(',').collect();
            match model.task() {
                Task::Regression => {
                    let intervals = model.intervals(outputs[0]);
                    let expected: Vec<f64> =
                        intervals.iter().flat_map(|interval| [interval.lower, interval.upper]).collect();
                    let written: Vec<f64> = cells[1..].iter().map(|cell| cell.parse().unwrap()).collect();
                    assert_eq!(written, expected);
                    let levels = json["intervals"].as_array().unwrap().iter();
                    let found = levels.flat_map(|level| [&level["lower"], &level["upper"]]);
                    assert_eq!(found.map(|limit| limit.as_f64().unwrap()).collect::<Vec<_>>(), expected);
                }
                Task::Classification => {
                    for (set, cell) in json["sets"].as_array().unwrap().iter().zip(&cells[1 + outputs.len()..]) {
                        let classes = set["classes"].as_array().unwrap().iter().map(|class| class.as_str().unwrap());
                        assert_eq!(classes.collect::<Vec<_>>().join(" | "), *cell);
                    }
                }
            }
            let missing: Vec<&str> = model.imputed(row.values).collect();
            assert_eq!(json.get("imputed").is_some(), !missing.is_empty());
            n_imputed += usize::from(!missing.is_empty());
            Ok(())
        });
        scored.unwrap();
        assert!(n_imputed > 10, "{name}");
    }
}

#[test]
fn too_few_rows_are_said() {
    let rows = |n: usize| format!("x,y\n{}", (0..n).map(|i| format!("{i},{}\n", i * 7 % 5 + i)).collect::<String>());
    let train = |n: usize| {
        let pipeline = Pipeline { folds: Some(3), ..conformal("y") };
        pipeline.train(&Table::parse(rows(n).as_bytes()).unwrap())
    };
    let levels =
        |model: &Model| model.conformal().unwrap().bounds().iter().map(|bound| bound.percent).collect::<Vec<_>>();
    let (some, all) = (train(12).unwrap(), train(19).unwrap());
    assert_eq!((levels(&some), levels(&all)), (vec![80, 90], vec![80, 90, 95]));
    let notes = |model: &Model| model.provenance().unwrap().warnings;
    let expected =
        "the folds have too few rows for intervals or sets at 95 % and above, so predictions come without them";
    assert!(notes(&some).iter().map(ToString::to_string).any(|note| note == expected) && notes(&all).is_empty());
    let error = train(3).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooFewRows);
    // Folds need the rows in memory.
    assert!(conformal("y").check_streams().is_err());
}

#[test]
fn bounds_that_cannot_be_are_refused() {
    let models =
        [conformal("vote").train(&golden("mixed/chile.csv")), conformal("wages").train(&golden("mixed/slid.csv"))];
    for model in models {
        let model = model.unwrap();
        let widest = if model.task() == Task::Regression { 5.0 } else { 0.1 };
        let with = |bounds: &[(u8, f64)]| {
            let bounds = bounds.iter().map(|(percent, bound)| ConformalBound { percent: *percent, bound: *bound });
            model.clone().with_conformal(Conformal::new(bounds.collect()))
        };
        assert!(with(&[(80, widest)]).is_ok());
        let narrow = if model.task() == Task::Regression { 4.0 } else { 0.2 };
        let impossible: [&[(u8, f64)]; 8] = [
            &[],
            &[(0, widest)],
            &[(100, widest)],
            &[(80, -1.0)],
            &[(80, f64::NAN)],
            &[(80, f64::INFINITY)],
            &[(90, widest), (80, widest)],
            &[(80, widest), (90, narrow)],
        ];
        for bounds in impossible {
            assert_eq!(with(bounds).unwrap_err().kind(), ErrorKind::InvalidModel, "{bounds:?}");
        }
    }
}
