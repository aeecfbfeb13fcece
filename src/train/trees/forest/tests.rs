//! Tests of forests as a whole.

use super::Options;
use crate::dataset::Dataset;
use crate::error::ErrorKind;
use crate::model::{ClassWeight, Estimator, ForestKind, Link, Model, Node, Trees};
use crate::table::{Table, Task};
use crate::train::Trainer;
use crate::{Pipeline, Roles};

const KINDS: [ForestKind; 3] = [ForestKind::Tree, ForestKind::Forest, ForestKind::ExtraTrees];

fn table(n: usize) -> String {
    let row = |i: usize| {
        let (a, b) = ((i * 37 % 101) as f64 / 10.0, (i * 53 % 97) as f64 / 10.0);
        let c = ["u", "v", "w", "x"][i * 7 % 11 % 4];
        let y = (a * 1.3).sin() * 3.0 + if c == "u" { 2.0 } else { 0.0 } + (b - 5.0).abs();
        let a = if i % 13 == 5 { String::new() } else { a.to_string() };
        let (two, three) = (["low", "high"][usize::from(y > 3.0)], ["no", "yes", "maybe"][(y.abs() as usize) % 3]);
        format!("{a},{b},{c},{y:.3},{two},{three}\n")
    };
    format!("a,b,c,y,two,three\n{}", (0..n).map(row).collect::<String>())
}

fn dataset(csv: &str, target: &str) -> Dataset {
    let drop = ["y", "two", "three"].into_iter().filter(|name| *name != target).map(str::to_owned).collect();
    let roles = Roles { target: target.into(), drop, ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn fit(dataset: &Dataset, options: Options) -> Model {
    Trainer::new(dataset, options).unwrap().run().unwrap().into_model("", None).unwrap()
}

fn trees(model: &Model) -> &Trees {
    match model.estimator() {
        Estimator::Trees(trees) => trees,
        other => panic!("{other:?}"),
    }
}

fn outputs(model: &Model, dataset: &Dataset) -> Vec<f64> {
    let rows: Vec<f64> = (0..dataset.n_rows()).flat_map(|row| dataset.features().row(row).to_vec()).collect();
    model.predict_many(&rows).unwrap()
}

fn root_mean_square(model: &Model, dataset: &Dataset) -> f64 {
    let squares = outputs(model, dataset).into_iter().enumerate();
    let sum: f64 = squares.map(|(row, output)| (output - dataset.target().value(row)).powi(2)).sum();
    (sum / dataset.n_rows() as f64).sqrt()
}

#[test]
fn what_no_line_fits_is_fitted() {
    let dataset = dataset(&table(1500), "y");
    for (kind, most) in [(ForestKind::Tree, 1.7), (ForestKind::Forest, 0.4), (ForestKind::ExtraTrees, 0.3)] {
        let error = root_mean_square(
            &fit(&dataset, Options { trees: Options::of(kind).trees.min(40), ..Options::of(kind) }),
            &dataset,
        );
        assert!(error < most, "{kind:?}: {error}");
    }
    // A full tree says the targets of the rows that it saw, but for rows that are alike.
    let full = Options { leaves: 1 << 20, min_rows: 1.0, ..Options::of(ForestKind::Tree) };
    assert!(root_mean_square(&fit(&dataset, full), &dataset) < 0.05);
}

#[test]
fn a_file_opens_as_the_same_model_and_contributions_add_up() {
    for (target, n_scores) in [("y", 1), ("two", 1), ("three", 3)] {
        let dataset = dataset(&table(300), target);
        for kind in KINDS {
            let trees = Options::of(kind).trees.min(9);
            let model = fit(&dataset, Options { trees, min_rows: 4.0, ..Options::of(kind) });
            let again = Model::decode(&model.encode().unwrap()).unwrap();
            assert_eq!(again, model);
            let record = model.provenance().unwrap().fit.as_forest().unwrap().clone();
            assert_eq!((record.kind, record.trees, record.losses.len()), (kind, trees, trees as usize));
            assert_eq!(record.out_of_bag.is_some(), kind == ForestKind::Forest);
            assert_eq!(model.estimator().n_scores(), n_scores);
            for row in [[1.0, 2.0, 0.0], [f64::NAN, 9.0, 3.0], [7.7, 0.0, 1.0]] {
                let probabilities = model.predict_many(&row).unwrap();
                let explanations = model.explain(&row).unwrap();
                for (at, explanation) in explanations.iter().enumerate() {
                    let sum = explanation.baseline + explanation.contributions.iter().sum::<f64>();
                    assert!((sum - explanation.score).abs() < 1e-12, "{explanation:?}");
                    let position = if target == "two" { model.positive().unwrap() } else { at };
                    assert_eq!(explanation.score, probabilities[position]);
                }
            }
            assert!(model.importance().iter().any(|importance| *importance > 0.0));
        }
    }
}

#[test]
fn either_class_of_two_can_be_looked_for() {
    let of = |positive: &str| {
        let roles = Roles {
            target: "two".into(),
            drop: vec!["y".into(), "three".into()],
            positive: Some(positive.into()),
            ..Roles::default()
        };
        let dataset = Dataset::new(&Table::parse(table(300).as_bytes()).unwrap(), &roles).unwrap();
        fit(&dataset, Options { trees: 5, ..Options::default() })
    };
    let row = [3.0, 4.0, 1.0];
    let (high, low) = (of("high"), of("low"));
    assert_eq!(high.link(), Link::Shares { n_classes: 2 });
    assert_eq!(high.predict_many(&row).unwrap(), low.predict_many(&row).unwrap());
    let (a, b) = (&high.explain(&row).unwrap()[0], &low.explain(&row).unwrap()[0]);
    assert!((a.baseline + b.baseline - 1.0).abs() < 1e-15 && (a.score + b.score - 1.0).abs() < 1e-15);
    assert_eq!(a.contributions[0], -b.contributions[0]);
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn threads_do_not_matter() {
    for target in ["y", "two", "three"] {
        let dataset = dataset(&table(500), target);
        for kind in [ForestKind::Forest, ForestKind::ExtraTrees] {
            let estimator = |n_threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
                pool.install(|| fit(&dataset, Options { trees: 11, ..Options::of(kind) }).encode().unwrap())
            };
            let expected = estimator(1);
            assert!([2, 8].into_iter().all(|n_threads| estimator(n_threads) == expected), "{target} {kind:?}");
        }
    }
}

/// The best first split by the definition: each threshold between values that differ, missing values to either side.
#[test]
fn the_first_split_is_the_best_one() {
    for target in ["y", "two", "three"] {
        let dataset = dataset(&table(400), target);
        let stump = Options { leaves: 2, min_rows: 1.0, ..Options::of(ForestKind::Tree) };
        let model = fit(&dataset, stump);
        let nodes = trees(&model).trees()[0].nodes();
        let explained = |goes_left: &dyn Fn(usize) -> bool| {
            let mut total = 0.0;
            for side in [true, false] {
                let rows: Vec<usize> = (0..400).filter(|row| goes_left(*row) == side).collect();
                let sum =
                    |of: &dyn Fn(f64) -> f64| rows.iter().map(|row| of(dataset.target().value(*row))).sum::<f64>();
                let classes = if target == "y" {
                    vec![sum(&|y| y)]
                } else {
                    (0..3).map(|class| sum(&|code| f64::from(u8::from(code as usize == class)))).collect()
                };
                total += classes.iter().map(|sum| sum * sum).sum::<f64>() / (rows.len() as f64).max(1.0);
            }
            total
        };
        let value = |row: usize, column: usize| dataset.features().row(row)[column];
        let mut best: f64 = 0.0;
        for column in 0..3 {
            for row in 0..400 {
                for missing_left in [true, false] {
                    let at = value(row, column);
                    let goes_left = |row: usize| match value(row, column) {
                        missing if missing.is_nan() => missing_left,
                        // One category against the others; of four no set of two is better here.
                        own if column == 2 => own == at,
                        own => own <= at,
                    };
                    best = best.max(explained(&goes_left));
                }
            }
        }
        let Node::Split { column, missing_left, rule } = &nodes[0] else { panic!("{nodes:?}") };
        let goes_left = |row: usize| {
            let own = value(row, *column);
            match rule {
                _ if own.is_nan() => *missing_left,
                crate::model::Rule::AtMost(threshold) => own <= *threshold,
                crate::model::Rule::OneOf { set, .. } => set[0] >> (own as usize) & 1 == 1,
            }
        };
        assert!(explained(&goes_left) >= best * (1.0 - 1e-12), "{target}: {} {best}", explained(&goes_left));
        // Leaves say the means of their rows.
        let left: Vec<usize> = (0..400).filter(|row| goes_left(*row)).collect();
        let Node::Leaf { values, weight } = &nodes[1] else { panic!("{nodes:?}") };
        assert_eq!(*weight, left.len() as f64);
        let mean = |of: &dyn Fn(f64) -> f64| {
            left.iter().map(|row| of(dataset.target().value(*row))).sum::<f64>() / left.len() as f64
        };
        match target {
            "y" => assert!((values[0] - mean(&|y| y)).abs() < 1e-12),
            // A single tree has one row more of each class.
            "two" => assert!((values[0] - (mean(&|code| code) * weight + 1.0) / (weight + 2.0)).abs() < 1e-15),
            _ => assert!((0..3).all(|class| {
                let share = mean(&|code| f64::from(u8::from(code as usize == class)));
                (values[class] - (share * weight + 1.0) / (weight + 3.0)).abs() < 1e-15
            })),
        }
    }
}

#[test]
fn pruning_takes_back_what_is_not_worth_it() {
    for target in ["y", "two", "three"] {
        let dataset = dataset(&table(600), target);
        let leaves = |pruning: f64| {
            let options = Options { leaves: 1 << 20, min_rows: 1.0, pruning, ..Options::of(ForestKind::Tree) };
            trees(&fit(&dataset, options)).trees()[0].nodes().len().div_ceil(2)
        };
        let found = [0.0, 1e-4, 2e-3, 5e-3].map(leaves);
        assert!(
            found.is_sorted_by(|a, b| a >= b) && found[0] > found[2] && found[2] > found[3] && found[3] > 1,
            "{target}: {found:?}"
        );
        let too_much = Options { pruning: 1e6, ..Options::of(ForestKind::Tree) };
        let error = Trainer::new(&dataset, too_much).unwrap().run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooFewRows);
    }
}

#[test]
fn limits_of_a_tree_hold() {
    let dataset = dataset(&table(900), "three");
    for kind in KINDS {
        let most = Options { trees: Options::of(kind).trees.min(5), ..Options::of(kind) };
        let nodes = |options: Options| trees(&fit(&dataset, options)).trees().to_vec();
        for tree in nodes(Options { leaves: 7, ..most.clone() }) {
            assert!(tree.nodes().len() <= 13);
        }
        for tree in nodes(Options { depth: Some(3), leaves: 4096, ..most.clone() }) {
            assert_eq!(tree.depth(), 3);
        }
        for tree in nodes(Options { min_rows: 25.0, leaves: 4096, ..most }) {
            let is_large = |node: &Node| if let Node::Leaf { weight, .. } = node { *weight >= 25.0 } else { true };
            assert!(tree.nodes().iter().all(is_large) && tree.depth() > 1);
        }
    }
}

#[test]
fn a_row_of_weight_two_is_the_row_twice() {
    let csv = table(200);
    let (header, rows) = csv.split_once('\n').unwrap();
    let weight = |at: usize| if at.is_multiple_of(3) { 2 } else { 1 };
    let weighted: String = rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", weight(at))).collect();
    let twice: String = rows.lines().enumerate().map(|(at, row)| format!("{row}\n").repeat(weight(at))).collect();
    for target in ["y", "two", "three"] {
        let drop = ["y", "two", "three"].into_iter().filter(|name| *name != target).map(str::to_owned).collect();
        let roles = Roles { target: target.into(), drop, weights: Some("w".into()), ..Roles::default() };
        let table = Table::parse(format!("{header},w\n{weighted}").as_bytes()).unwrap();
        let options = || Options { min_rows: 7.0, ..Options::of(ForestKind::Tree) };
        let weighted = fit(&Dataset::new(&table, &roles).unwrap(), options());
        let twice = fit(&dataset(&format!("{header}\n{twice}"), target), options());
        let (weighted, twice) = (&trees(&weighted).trees()[0], &trees(&twice).trees()[0]);
        for pair in weighted.nodes().iter().zip(twice.nodes()) {
            match pair {
                // Sums of so many and of more rows have other units.
                (Node::Leaf { values: a, weight }, Node::Leaf { values: b, weight: other }) => {
                    assert!(
                        weight == other && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12),
                        "{target}: {pair:?}"
                    );
                }
                (a, b) => assert_eq!(a, b, "{target}"),
            }
        }
    }
}

#[test]
fn weights_may_be_any_fractions() {
    let csv = table(300);
    let (header, rows) = csv.split_once('\n').unwrap();
    let rows: String =
        rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", 1e-9 * (1 + at % 7) as f64)).collect();
    for target in ["y", "two", "three"] {
        let drop = ["y", "two", "three"].into_iter().filter(|name| *name != target).map(str::to_owned).collect();
        let roles = Roles { target: target.into(), drop, weights: Some("w".into()), ..Roles::default() };
        let data = Dataset::new(&Table::parse(format!("{header},w\n{rows}").as_bytes()).unwrap(), &roles).unwrap();
        let model =
            fit(&data, Options { min_rows: 2e-8, trees: 5, class_weight: ClassWeight::Equal, ..Options::default() });
        assert!(trees(&model).trees().iter().all(|tree| tree.depth() > 2), "{target}");
    }
}

#[test]
fn what_was_not_seen_is_predicted_about_as_well_as_the_out_of_bag_figures_say() {
    let (train, test) = (dataset(&table(1200), "y"), {
        // Other rows by the same rule.
        let csv = table(3000);
        let (header, rows) = csv.split_once('\n').unwrap();
        let rows: String = rows.lines().skip(1200).step_by(3).map(|row| format!("{row}\n")).collect();
        dataset(&format!("{header}\n{rows}"), "y")
    });
    let model = fit(&train, Options::default());
    let found = model.provenance().unwrap().fit.as_forest().unwrap().out_of_bag.unwrap();
    assert_eq!(found.rows, 1200.0);
    let error = root_mean_square(&model, &test);
    assert!(found.r_squared.unwrap() > 0.8 && found.mean_squared_error.sqrt() / error < 2.0, "{found:?} {error}");
}

#[test]
fn extremes_are_fitted_or_refused() {
    let rows = |of: &dyn Fn(usize) -> String| format!("a,y\n{}", (0..60).map(of).collect::<String>());
    let cases = [
        rows(&|i| format!("{i},{}\n", i as f64 * 1e-100)),
        rows(&|i| format!("{i},{}\n", 1e17 + (i / 30) as f64 * 64.0)),
    ];
    for csv in cases {
        let dataset = Dataset::of_csv(&csv, "y").unwrap();
        for kind in KINDS {
            let trees = Options::of(kind).trees.min(20);
            let model = fit(&dataset, Options { trees, min_rows: 3.0, ..Options::of(kind) });
            assert!(outputs(&model, &dataset).iter().all(|output| output.is_finite()));
        }
    }
    let csv = rows(&|i| format!("{i},{}\n", i as f64 * 1e300));
    let roles = Roles { target: "y".into(), task: Some(Task::Regression), ..Roles::default() };
    let huge = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
    assert_eq!(Trainer::new(&huge, Options::default()).unwrap_err().kind(), ErrorKind::NotFinite);
    let number = Options { class_weight: ClassWeight::Balanced, ..Options::default() };
    let error = Trainer::new(&dataset(&table(50), "y"), number).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
}

#[test]
fn a_stopped_forest_is_a_smaller_one() {
    let dataset = dataset(&table(300), "two");
    let mut trainer = Trainer::new(&dataset, Options { trees: 1000, ..Options::default() }).unwrap();
    trainer.step().unwrap();
    let stopped = trainer.finish().unwrap().into_model("", None).unwrap();
    let n = trees(&stopped).trees().len() as u64;
    let whole = fit(&dataset, Options { trees: n, ..Options::default() });
    assert_eq!(trees(&stopped), trees(&whole));
}

#[test]
fn folds_calibrations_and_thresholds_work_as_for_other_models() {
    let mut pipeline = Pipeline::new("two");
    pipeline.roles.drop = vec!["y".into(), "three".into()];
    pipeline.learner = Options { trees: 10, ..Options::default() }.into();
    pipeline.folds = Some(3);
    pipeline.threshold = Some(crate::evaluate::ThresholdRule::F1);
    pipeline.conformal = true;
    let table = Table::parse(table(400).as_bytes()).unwrap();
    for calibrate in crate::train::calibrate::CalibrationMethod::NAMES.map(|(_, method)| method) {
        pipeline.calibrate = Some(calibrate);
        let model = pipeline.train(&table).unwrap();
        let rows = [[1.0, 2.0, 0.0], [f64::NAN, 9.0, 3.0]].concat();
        let probabilities = model.predict_many(&rows).unwrap();
        assert!(probabilities.chunks(2).all(|pair| (pair[0] + pair[1] - 1.0).abs() < 1e-12));
        assert!(model.decision().is_some() && model.conformal().is_some());
    }
}

#[test]
fn weights_that_sums_cannot_hold_are_refused_and_no_tree_is_without_rows() {
    let csv = |heavy: &str, light: &str| {
        let row = |i: usize| format!("{},{},{}\n", i % 7, ["a", "b"][i % 7 / 4], if i == 7 { heavy } else { light });
        format!("x,y,w\n{}", (0..60).map(row).collect::<String>())
    };
    let data = |csv: &str| {
        let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
        Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
    };
    for kind in KINDS {
        let options = || Options { trees: Options::of(kind).trees.min(20), min_rows: 1.0, ..Options::of(kind) };
        for (heavy, light) in [("1e16", "1"), ("1e300", "1e290"), ("1e307", "1e307")] {
            let error = Trainer::new(&data(&csv(heavy, light)), options()).unwrap_err();
            assert!(error.kind() == ErrorKind::InvalidWeight && error.to_string().contains("\"w\""), "{error}");
        }
        let heavy = fit(&data(&csv("1e6", "1.25")), options());
        assert!(trees(&heavy).trees().iter().all(|tree| tree.nodes().iter().all(|node| match node {
            Node::Leaf { values, .. } => (0.0..=1.0).contains(&values[0]),
            Node::Split { .. } => true,
        })));
        if kind != ForestKind::Tree {
            // Most draws of a row or none are without the one row that weighs something.
            let few = Options { subsample: 1e-6, min_rows: 1e-3, ..options() };
            let sparse = csv("1", "0").replace("3,a,0\n", "3,a,1\n").replace("4,b,0\n", "4,b,1\n");
            // A tree of one row has no split, which is said; a tree of none sees all.
            let fitted = Trainer::new(&data(&sparse), few).unwrap().run();
            assert!(
                fitted.is_ok() || kind == ForestKind::Forest && fitted.unwrap_err().kind() == ErrorKind::TooFewRows
            );
        }
    }
}
