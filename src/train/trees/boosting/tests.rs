//! Tests of gradient boosting as a whole.

use super::Options;
use crate::dataset::Dataset;
use crate::error::ErrorKind;
use crate::model::{ClassWeight, Estimator, Model, Node};
use crate::preprocess::DateParts;
use crate::table::Table;
use crate::train::Trainer;
use crate::{Pipeline, Roles};

fn table(n: usize) -> String {
    let row = |i: usize| {
        let (a, b) = ((i * 37 % 101) as f64 / 10.0, (i * 53 % 97) as f64 / 10.0);
        let c = ["u", "v", "w", "x"][i * 7 % 11 % 4];
        let y = (a * 1.3).sin() * 3.0 + if c == "u" { 2.0 } else { 0.0 } + (b - 5.0).abs();
        let a = if i % 13 == 5 { String::new() } else { a.to_string() };
        format!("{a},{b},{c},{y:.3},{}\n", ["no", "yes", "maybe"][(y.abs() as usize) % 3])
    };
    format!("a,b,c,y,z\n{}", (0..n).map(row).collect::<String>())
}

fn dataset(csv: &str, target: &str) -> Dataset {
    let drop = if target == "y" { "z" } else { "y" };
    let roles = Roles { target: target.into(), drop: vec![drop.into()], ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn fit(dataset: &Dataset, options: Options) -> Model {
    Trainer::new(dataset, options).unwrap().run().unwrap().into_model("", None).unwrap()
}

fn root_mean_square(model: &Model, dataset: &Dataset) -> f64 {
    let square = |row: usize| {
        let values = dataset.features().row(row).to_vec();
        (model.predict_many(&values).unwrap()[0] - dataset.target().value(row)).powi(2)
    };
    ((0..dataset.n_rows()).map(square).sum::<f64>() / dataset.n_rows() as f64).sqrt()
}

#[test]
fn what_no_line_fits_is_fitted() {
    let dataset = dataset(&table(2000), "y");
    let model = fit(&dataset, Options::default());
    // A thirteenth of the rows lacks what explains most.
    assert!(root_mean_square(&model, &dataset) < 0.55);
    let linear = Pipeline {
        roles: Roles { target: "y".into(), drop: vec!["z".into()], ..Roles::default() },
        ..Pipeline::new("y")
    };
    let linear = linear.train(&Table::parse(table(2000).as_bytes()).unwrap()).unwrap();
    assert!(root_mean_square(&linear, &dataset) > 1.5);
}

#[test]
fn a_file_opens_as_the_same_model_and_contributions_add_up() {
    for (target, n_scores) in [("y", 1), ("z", 3)] {
        let dataset = dataset(&table(400), target);
        let model = fit(&dataset, Options { rounds: 20, ..Options::default() });
        let again = Model::decode(&model.encode().unwrap()).unwrap();
        assert_eq!(again, model);
        assert_eq!(model.provenance().unwrap().fit.as_boosting().unwrap().rounds, 20);
        assert_eq!(model.estimator().n_scores(), n_scores);
        for row in [[1.0, 2.0, 0.0], [f64::NAN, 9.0, 3.0], [7.7, 0.0, 1.0]] {
            for explanation in model.explain(&row).unwrap() {
                let sum = explanation.baseline + explanation.contributions.iter().sum::<f64>();
                assert!((sum - explanation.score).abs() < 1e-12, "{explanation:?}");
            }
        }
        assert!(model.importance().iter().all(|importance| *importance > 0.0));
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn neither_threads_nor_the_order_of_rows_matter() {
    let csv = table(700);
    let (header, rows) = csv.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let trees = |csv: &str, target: &str| {
        fit(&dataset(csv, target), Options { rounds: 10, ..Options::default() }).estimator().clone()
    };
    for target in ["y", "z"] {
        let expected = trees(&csv, target);
        for n_threads in [1, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            assert_eq!(pool.install(|| trees(&csv, target)), expected, "{n_threads} threads");
        }
        rows.reverse();
        rows.swap(3, 500);
        assert_eq!(trees(&format!("{header}\n{}\n", rows.join("\n")), target), expected);
    }
}

#[test]
fn a_prediction_grows_and_falls_as_it_must() {
    // Noise that a tree would follow: the prediction must not.
    let row = |i: usize| {
        let (a, b) = ((i * 37 % 101) as f64, (i * 53 % 97) as f64);
        let y = (a / 10.0).sin() + a / 30.0 - b / 20.0 + (i * 7919 % 13) as f64 / 6.0;
        format!("{a},{b},{y},{}\n", ["late", "soon"][usize::from(y > 0.5)])
    };
    let csv = format!("a,b,y,z\n{}", (0..1500).map(row).collect::<String>());
    for (target, positive) in [("y", None), ("z", Some("late")), ("z", Some("soon"))] {
        let roles = Roles {
            target: target.into(),
            drop: vec![if target == "y" { "z" } else { "y" }.into()],
            positive: positive.map(str::to_owned),
            ..Roles::default()
        };
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
        // What is rare among the late ones is frequent among the soon ones.
        let (increasing, decreasing) = if positive == Some("late") { ("b", "a") } else { ("a", "b") };
        let options = Options {
            rounds: 40,
            min_rows: 3.0,
            increasing: vec![increasing.into()],
            decreasing: vec![decreasing.into()],
            ..Options::default()
        };
        let model = fit(&dataset, options.clone());
        // The number, or the probability of the second class, "soon".
        let last = |model: &Model, a: f64, b: f64| *model.predict_many(&[a, b]).unwrap().last().unwrap();
        let score = |a: f64, b: f64| last(&model, a, b);
        for other in [0.0, 20.5, 50.0, 90.0] {
            for at in 0..100 {
                let (low, high) = (f64::from(at), f64::from(at) + 1.0);
                assert!(score(low, other) <= score(high, other) && score(other, low) >= score(other, high));
            }
        }
        let free = fit(&dataset, Options { increasing: vec![], decreasing: vec![], ..options });
        let score = |a: f64| last(&free, a, 50.0);
        assert!((0..100).any(|at| score(f64::from(at)) > score(f64::from(at + 1))));
    }
}

#[test]
fn rows_held_out_end_a_fit_that_learns_no_more() {
    for target in ["y", "z"] {
        let dataset = dataset(&table(600), target);
        let options =
            Options { rounds: 500, patience: Some(5), validation: 0.3, learning_rate: 0.5, ..Options::default() };
        let mut trainer = Trainer::new(&dataset, options.clone()).unwrap();
        while !trainer.progress().done {
            trainer.step().unwrap();
        }
        let last = trainer.progress();
        let model = trainer.finish().unwrap().into_model("", None).unwrap();
        let again = Model::decode(&model.encode().unwrap()).unwrap();
        let provenance = again.provenance().unwrap();
        let record = provenance.fit.as_boosting().unwrap();
        assert_eq!((record.rounds + 5, record.patience), (last.round, Some(5)));
        // Those of all rounds that were done.
        assert_eq!((record.losses.len() as u64, record.held_out_losses.len() as u64), (last.round, last.round));
        let best = record.held_out_losses.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(record.held_out_losses[record.rounds as usize - 1] == best && last.held_out_loss.unwrap() >= best);
        let Estimator::Trees(trees) = again.estimator() else { panic!("expected trees") };
        assert_eq!(trees.trees().len(), record.rounds as usize * trees.base().len());
        assert_ne!(fit(&dataset, Options { seed: 1, ..options }).estimator(), model.estimator());
    }
}

#[test]
fn chance_is_the_same_for_any_number_of_threads() {
    let dataset = dataset(&table(900), "z");
    let options = Options { rounds: 8, subsample: 0.6, max_features: 0.5, seed: 4, ..Options::default() };
    let expected = fit(&dataset, options.clone());
    assert_ne!(fit(&dataset, Options { seed: 5, ..options.clone() }).estimator(), expected.estimator());
    let Estimator::Trees(trees) = expected.estimator() else { panic!("expected trees") };
    for tree in trees.trees() {
        let mut columns: Vec<usize> = tree
            .nodes()
            .iter()
            .filter_map(|node| match node {
                Node::Split { column, .. } => Some(*column),
                Node::Leaf { .. } => None,
            })
            .collect();
        columns.sort_unstable();
        columns.dedup();
        assert!(columns.len() <= 2);
        let weight: f64 =
            tree.nodes().iter().map(|node| if let Node::Leaf { weight, .. } = node { *weight } else { 0.0 }).sum();
        assert!((450.0..630.0).contains(&weight), "{weight}");
    }
    #[cfg(not(target_arch = "wasm32"))]
    for n_threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        assert_eq!(pool.install(|| fit(&dataset, options.clone())).estimator(), expected.estimator());
    }
}

#[test]
fn a_round_may_see_no_row() {
    let dataset = dataset(&table(200), "y");
    let options = Options { subsample: 0.004, min_rows: 1.0, rounds: 60, ..Options::default() };
    let model = fit(&dataset, options);
    let Estimator::Trees(trees) = model.estimator() else { panic!("expected trees") };
    assert!(trees.trees().iter().any(|tree| tree.depth() == 0) && trees.trees().iter().any(|tree| tree.depth() > 0));
    let explanation = &model.explain(&[1.0, 2.0, 0.0]).unwrap()[0];
    let sum = explanation.baseline + explanation.contributions.iter().sum::<f64>();
    assert!((sum - explanation.score).abs() < 1e-12);
}

#[test]
fn directions_that_make_no_sense_are_refused() {
    let refused = |target: &str, increasing: &[&str], decreasing: &[&str]| {
        let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let options = Options { increasing: texts(increasing), decreasing: texts(decreasing), ..Options::default() };
        Trainer::new(&dataset(&table(300), target), options).unwrap_err().to_string()
    };
    assert!(
        refused("y", &["d"], &[]).contains("expected one of \"a\", \"b\", \"c\", found \"d\""),
        "{}",
        refused("y", &["d"], &[])
    );
    assert!(refused("y", &[], &["c"]).contains("with numbers and dates"));
    assert!(refused("y", &["a"], &["a"]).contains("not both"));
    assert!(refused("z", &["a"], &[]).contains("more than two classes"));
    let row = |i: usize| format!("2024-{:02}-{:02},{}\n", i % 12 + 1, i % 28 + 1, i % 12);
    let csv = format!("d,y\n{}", (0..200).map(row).collect::<String>());
    let dates = Dataset::of_csv(&csv, "y").unwrap();
    let options = |parts: &str| Options {
        increasing: vec!["d".into()],
        date_parts: DateParts::NAMES.iter().find(|(name, _)| *name == parts).unwrap().1,
        ..Options::default()
    };
    assert!(Trainer::new(&dates, options("days")).is_ok());
    for parts in ["days-month", "month"] {
        let error = Trainer::new(&dates, options(parts)).unwrap_err().to_string();
        assert!(error.contains("months or days of the week"), "{error}");
    }
}

#[test]
fn every_category_is_told_apart_however_many_there_are() {
    for n_categories in [250, 256, 300, 700] {
        let row = |i: usize| format!("c{},{},{}\n", i % n_categories, i * 7 % 17, i % n_categories % 3);
        let csv = format!("k,x,y\n{}", (0..n_categories * 6).map(row).collect::<String>());
        let dataset = Dataset::of_csv(&csv, "y").unwrap();
        let model = fit(&dataset, Options { min_rows: 1.0, l2: 0.0, ..Options::default() });
        let error = root_mean_square(&model, &dataset);
        assert!(error < 0.05, "{n_categories}: {error}");
    }
}

#[test]
fn a_heavy_row_does_not_take_the_weight_of_others() {
    for heavy in [5000.0, 5000.5, 1e9] {
        let row = |i: usize| format!("{},{},{}\n", i * 37 % 101, (i * 37 % 101) / 10, if i == 7 { heavy } else { 1.0 });
        let csv = format!("x,y,w\n{}", (0..600).map(row).collect::<String>());
        let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
        let model = fit(&dataset, Options { l2: 0.0, ..Options::default() });
        let error = root_mean_square(&model, &dataset);
        assert!(error < 1.0, "{heavy}: {error}");
    }
}

#[test]
fn classes_of_a_number_are_not_balanced() {
    let options = Options { class_weight: ClassWeight::Balanced, ..Options::default() };
    let error = Trainer::new(&dataset(&table(100), "y"), options).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidOption);
}

#[test]
fn what_it_cannot_do_is_refused() {
    let dataset = dataset(&table(100), "y");
    let refused = |options: Options| Trainer::new(&dataset, options).unwrap_err().kind();
    assert_eq!(refused(Options { rounds: 0, ..Options::default() }), ErrorKind::InvalidOption);
    let mut trainer = Trainer::new(&dataset, Options::default()).unwrap();
    assert!(trainer.parameters().is_none());
    let start = Trainer::new(&dataset, crate::train::Options::default()).unwrap().parameters().unwrap();
    assert_eq!(trainer.start_from(&start).unwrap_err().kind(), ErrorKind::InvalidOption);
    // Too few rows for any split.
    let few = self::dataset(&table(30), "y");
    let error = Trainer::new(&few, Options { rounds: 3, ..Options::default() }).unwrap().run().unwrap_err();
    assert!(error.to_string().starts_with("no split that leaves 20 rows"), "{error}");
}

#[test]
fn the_unit_of_the_target_and_of_the_weights_does_not_matter() {
    let scaled = |unit: f64, weight: f64| {
        let row = |i: usize| {
            let x = i * 37 % 101;
            format!("{x},{},{weight}\n", (x as f64 / 9.0).sin() * unit)
        };
        let csv = format!("x,y,w\n{}", (0..300).map(row).collect::<String>());
        let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
        let options = Options { rounds: 30, l2: 0.0, min_rows: 20.0 * weight, ..Options::default() };
        let model = fit(&dataset, options);
        model.predict_many(&[33.0]).unwrap()[0] / unit
    };
    let expected = scaled(1.0, 1.0);
    for (unit, weight) in [(1e17, 1.0), (1e-12, 1.0), (1.0, 1e6), (1.0, 0.25)] {
        let found = scaled(unit, weight);
        assert!((found - expected).abs() < 1e-7, "{unit} {weight}: {found} instead of {expected}");
    }
}

#[test]
fn a_value_that_most_rows_have_takes_one_bin() {
    let values: Vec<f64> = (0..20_000).map(|i| if i % 100 < 90 { 0.0 } else { f64::from(i) }).collect();
    let column = crate::train::trees::bins::Bins::of_numbers(&values, &vec![1.0; values.len()]);
    assert!(column.n_bins() > 250, "{}", column.n_bins());
}
