//! Tests of the losses of a number, and of interactions.

use super::Options;
use crate::dataset::Dataset;
use crate::error::ErrorKind;
use crate::model::{Estimator, Interactions, Link, Model, Node, RegressionLoss, Tree};
use crate::table::{Table, Task};
use crate::train::Trainer;
use crate::{Pipeline, Roles};

/// Counts whose mean depends on both columns, with a few that are far off.
fn table(n: usize, unit: f64, more: f64) -> String {
    let row = |i: usize| {
        let (a, b) = ((i * 37 % 101) as f64, (i * 53 % 97) as f64);
        let mean = ((a / 20.0).sin() + b / 50.0).exp();
        let noise = (i * 7919 % 1009) as f64 / 1009.0;
        let y = (mean * -(1.0 - noise).ln()).floor() + if i.is_multiple_of(50) { 30.0 } else { 0.0 };
        format!("{a},{b},{},{}\n", i * 11 % 3, (y + more) * unit)
    };
    format!("a,b,c,y\n{}", (0..n).map(row).collect::<String>())
}

fn dataset(csv: &str) -> Dataset {
    let roles = Roles { target: "y".into(), drop: vec!["c".into()], ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn fit(dataset: &Dataset, options: Options) -> Model {
    Trainer::new(dataset, options).unwrap().run().unwrap().into_model("", None).unwrap()
}

/// Every loss, with the level of a quantile.
fn losses() -> impl Iterator<Item = Options> {
    RegressionLoss::NAMES.into_iter().map(|(_, loss)| Options {
        loss: Some(loss),
        quantile: (loss == RegressionLoss::Quantile).then_some(0.9),
        ..Options::default()
    })
}

/// What is added to targets so that a loss takes them.
fn more(options: &Options) -> f64 {
    if options.loss == Some(RegressionLoss::Gamma) { 0.5 } else { 0.0 }
}

#[test]
fn each_loss_predicts_what_it_is_for() {
    for options in losses() {
        let dataset = dataset(&table(3000, 1.0, more(&options)));
        let model = fit(&dataset, options.clone());
        let rows: Vec<f64> = (0..dataset.n_rows()).flat_map(|row| dataset.features().row(row).to_vec()).collect();
        let predictions = model.predict_many(&rows).unwrap();
        let targets = |row: usize| dataset.target().value(row);
        let n = dataset.n_rows() as f64;
        let at_or_below = (0..dataset.n_rows()).filter(|row| targets(*row) <= predictions[*row]).count() as f64 / n;
        let mean = |of: &dyn Fn(usize) -> f64| (0..dataset.n_rows()).map(of).sum::<f64>() / n;
        let ratio = match options.loss {
            Some(RegressionLoss::Gamma) => mean(&|row| targets(row) / predictions[row]),
            _ => mean(&targets) / mean(&|row| predictions[row]),
        };
        let loss = options.loss.unwrap();
        match loss {
            RegressionLoss::Quantile => assert!((at_or_below - 0.9).abs() < 0.02, "{at_or_below}"),
            RegressionLoss::AbsoluteError => assert!((at_or_below - 0.5).abs() < 0.06, "{at_or_below}"),
            _ => assert!((ratio - 1.0).abs() < 0.02, "{loss:?}: {ratio}"),
        }
        let is_of_logarithms = matches!(loss, RegressionLoss::Poisson | RegressionLoss::Gamma);
        assert_eq!(model.link(), if is_of_logarithms { Link::Exp } else { Link::Identity });
        assert!(!is_of_logarithms || predictions.iter().all(|prediction| *prediction > 0.0));
        let provenance = model.provenance().unwrap();
        let record = provenance.fit.as_boosting().unwrap();
        assert_eq!((record.loss, record.quantile), (options.loss, options.quantile));
        assert!(record.losses.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-12)), "{:?}", record.losses);
        // The record says what the predictions say: the last loss is that of the model.
        let expected = mean(&|row| {
            let (y, p) = (targets(row), predictions[row]);
            let logarithm = if y > 0.0 { (y / p).ln() } else { 0.0 };
            match loss {
                RegressionLoss::SquaredError => (y - p).powi(2) / 2.0,
                RegressionLoss::AbsoluteError => (y - p).abs(),
                RegressionLoss::Quantile => ((y - p) * 0.9).max((p - y) * 0.1),
                RegressionLoss::Poisson => y * logarithm - y + p,
                RegressionLoss::Gamma => y / p - logarithm - 1.0,
            }
        });
        let last = record.losses.last().unwrap();
        assert!((last - expected).abs() < 1e-9 * expected, "{loss:?}: {last} instead of {expected}");
    }
}

#[test]
fn a_file_opens_as_the_same_model_and_contributions_add_up() {
    for options in losses() {
        let model = fit(&dataset(&table(600, 1.0, more(&options))), Options { rounds: 20, ..options });
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        let row = [33.0, 50.0];
        let explanation = &model.explain(&row).unwrap()[0];
        let sum = explanation.baseline + explanation.contributions.iter().sum::<f64>();
        assert!((sum - explanation.score).abs() < 1e-12, "{explanation:?}");
        let of_score = if model.link() == Link::Exp { libm::exp(explanation.score) } else { explanation.score };
        assert_eq!(model.predict_many(&row).unwrap(), [of_score]);
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn neither_threads_nor_the_order_of_rows_matter() {
    for options in losses() {
        let options = Options { rounds: 8, subsample: 0.8, ..options };
        let csv = table(700, 1.0, more(&options));
        let (header, rows) = csv.split_once('\n').unwrap();
        // Weights with fractions, whose sums round.
        let weighted = |rows: &mut dyn Iterator<Item = &str>| -> String {
            let row =
                |row: &str| format!("{row},{}\n", 0.1 + (row.len() * 7 + row.as_bytes()[0] as usize) as f64 / 30.0);
            format!("{header},w\n{}", rows.map(row).collect::<String>())
        };
        let trees = |csv: &str, options: &Options| {
            let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
            let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
            fit(&dataset, options.clone()).estimator().clone()
        };
        let expected = trees(&weighted(&mut rows.lines()), &options);
        for n_threads in [1, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            assert_eq!(pool.install(|| trees(&weighted(&mut rows.lines()), &options)), expected, "{n_threads} threads");
        }
        let all = Options { subsample: 1.0, ..options };
        let forth = trees(&weighted(&mut rows.lines()), &all);
        assert_eq!(trees(&weighted(&mut rows.lines().rev()), &all), forth, "{:?}", all.loss);
    }
}

#[test]
fn a_row_of_weight_two_is_two_rows() {
    for options in losses() {
        let csv = table(400, 1.0, more(&options));
        let (header, rows) = csv.split_once('\n').unwrap();
        let is_double = |at: usize| at % 3 == 1;
        let weighted: String =
            rows.lines().enumerate().map(|(at, row)| format!("{row},{}\n", 1 + usize::from(is_double(at)))).collect();
        let repeated: String = rows
            .lines()
            .enumerate()
            .flat_map(|(at, row)| (0..1 + usize::from(is_double(at))).map(move |_| format!("{row},1\n")))
            .collect();
        let predict = |rows: &str| {
            let roles = Roles { target: "y".into(), weights: Some("w".into()), ..Roles::default() };
            let table = Table::parse(format!("{header},w\n{rows}").as_bytes()).unwrap();
            let dataset = Dataset::new(&table, &roles).unwrap();
            fit(&dataset, Options { rounds: 15, ..options.clone() }).predict_many(&[33.0, 50.0, 1.0]).unwrap()[0]
        };
        let (found, expected) = (predict(&weighted), predict(&repeated));
        assert!((found - expected).abs() < 1e-9, "{:?}: {found} instead of {expected}", options.loss);
    }
}

#[test]
fn the_unit_of_the_target_does_not_matter() {
    for options in losses() {
        let scaled = |unit: f64| {
            let dataset = dataset(&table(500, unit, more(&options)));
            fit(&dataset, Options { rounds: 20, ..options.clone() }).predict_many(&[33.0, 50.0]).unwrap()[0] / unit
        };
        let expected = scaled(1.0);
        for unit in [1e12, 1e-9] {
            let found = scaled(unit);
            assert!((found / expected - 1.0).abs() < 1e-6, "{:?} {unit}: {found} not {expected}", options.loss);
        }
    }
}

#[test]
fn a_leaf_far_from_the_mean_does_not_overshoot() {
    // Where the score is a logarithm, a step by the derivatives alone would be 10,000 times too far.
    for loss in [RegressionLoss::Poisson, RegressionLoss::Gamma] {
        for (low, high) in [(0.1, 1000.0), (1e5, 1e9)] {
            for rare_is_high in [true, false] {
                let row = |i: usize| {
                    let is_high = i.is_multiple_of(20) == rare_is_high;
                    format!("{},{}\n", u8::from(is_high), if is_high { high } else { low })
                };
                let csv = format!("x,y\n{}", (0..1000).map(row).collect::<String>());
                let options =
                    Options { loss: Some(loss), learning_rate: 1.0, rounds: 200, l2: 0.0, ..Options::default() };
                let roles = Roles { target: "y".into(), task: Some(Task::Regression), ..Roles::default() };
                let model = fit(&Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap(), options);
                for (x, expected) in [(0.0, low), (1.0, high)] {
                    let found = model.predict_many(&[x]).unwrap()[0];
                    assert!((found / expected - 1.0).abs() < 0.1, "{loss:?} {x}: {found} instead of {expected}");
                }
            }
        }
    }
}

#[test]
fn losses_that_a_target_does_not_have_are_refused() {
    let refused = |csv: &str, options: Options| {
        let error = Trainer::new(&Dataset::of_csv(csv, "y").unwrap(), options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidOption);
        error.to_string()
    };
    let of = |name: &str| Options {
        loss: RegressionLoss::NAMES.iter().find(|(other, _)| *other == name).map(|(_, loss)| *loss),
        ..Options::default()
    };
    let numbers = |first: &str| format!("x,y\n1,{first}\n2,3\n3,5\n4,7\n");
    assert!(refused(&numbers("-2"), of("poisson")).contains("of at least 0, found -2"));
    assert!(refused(&numbers("0"), of("gamma")).contains("above 0, found 0"));
    assert!(refused("x,y\n1,no\n2,yes\n3,no\n", of("squared-error")).contains("classes have the log loss"));
    let increasing = Options { increasing: vec!["x".into()], ..of("absolute-error") };
    assert!(refused(&numbers("1"), increasing).contains("a median or another quantile"));
    // Most rows are 0, and so are all leaves.
    let row = |i: usize| format!("{},{}\n", i * 37 % 101, if i.is_multiple_of(20) { i % 7 } else { 0 });
    let zeros = format!("x,y\n{}", (0..400).map(row).collect::<String>());
    let error = Trainer::new(&Dataset::of_csv(&zeros, "y").unwrap(), of("absolute-error")).unwrap().run().unwrap_err();
    assert!(error.to_string().contains("every prediction would be the same"), "{error}");
    // Nothing to predict but 0: the logarithm of no mean.
    let error = Trainer::new(&Dataset::of_csv("x,y\n1,0\n2,0\n", "y").unwrap(), of("poisson")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConstantTarget);
}

/// The features on each way to a leaf.
fn ways(tree: &Tree) -> Vec<Vec<usize>> {
    // Nodes stand level by level: the children of the splits follow in their order.
    let mut ways = vec![Vec::new()];
    for (at, node) in tree.nodes().iter().enumerate() {
        if let Node::Split { column, .. } = node {
            let mut way: Vec<usize> = ways[at].clone();
            way.push(*column);
            ways.extend([way.clone(), way]);
        }
    }
    ways
}

#[test]
fn only_features_of_a_group_stand_together() {
    let row = |i: usize| {
        let x: Vec<usize> = [37, 53, 71, 89].iter().map(|step| i * step % 101).collect();
        let y = (x[0] * x[1] + x[2] * x[3] + x[0] * x[3]) as f64;
        format!("{},{},{},{},{y}\n", x[0], x[1], x[2], x[3])
    };
    let csv = format!("a,b,c,d,y\n{}", (0..2000).map(row).collect::<String>());
    let dataset = Dataset::of_csv(&csv, "y").unwrap();
    let trees_with = |interactions: Interactions| {
        let model = fit(&dataset, Options { rounds: 30, interactions, ..Options::default() });
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        let Estimator::Trees(trees) = model.estimator() else { panic!("expected trees") };
        (trees.trees().iter().flat_map(ways).collect::<Vec<_>>(), model)
    };
    let names = |groups: &[&[&str]]| {
        Interactions::Groups(groups.iter().map(|names| names.iter().map(|name| (*name).to_owned()).collect()).collect())
    };
    let stay_in = |ways: &[Vec<usize>], groups: &[&[usize]]| {
        ways.iter().all(|way| groups.iter().any(|group| way.iter().all(|feature| group.contains(feature))))
    };
    let (ways, _) = trees_with(Interactions::All);
    assert!(!stay_in(&ways, &[&[0, 1], &[1, 2], &[2, 3], &[0, 2, 3]]));
    // The features that are not named are a group.
    let (ways, _) = trees_with(names(&[&["a", "b"]]));
    assert!(stay_in(&ways, &[&[0, 1], &[2, 3]]) && !stay_in(&ways, &[&[0], &[1], &[2, 3]]));
    let (ways, _) = trees_with(names(&[&["a", "b"], &["b", "c"], &["d"]]));
    assert!(stay_in(&ways, &[&[0, 1], &[1, 2], &[3]]));
    let (ways, model) = trees_with(Interactions::None);
    assert!(stay_in(&ways, &[&[0], &[1], &[2], &[3]]));
    let at = |a: f64, d: f64| model.predict_many(&[a, 50.0, 50.0, d]).unwrap()[0];
    let of_a = |d: f64| at(90.0, d) - at(10.0, d);
    assert!((of_a(90.0) - of_a(10.0)).abs() < 1e-9);

    let refused = |interactions: Interactions| {
        let options = Options { interactions, ..Options::default() };
        Trainer::new(&dataset, options).unwrap_err().to_string()
    };
    assert!(refused(names(&[&["a", "e"]])).contains("found \"e\""));
    assert!(refused(names(&[&["a", "a"]])).contains("twice"));
    assert!(refused(names(&[&[]])).contains("no name"));
}

#[test]
fn a_pipeline_measures_such_models_too() {
    for options in losses() {
        let mut pipeline = Pipeline::new("y");
        let csv = table(500, 1.0, more(&options));
        let quantile = options.quantile;
        pipeline.learner = Options { rounds: 10, patience: Some(3), ..options }.into();
        (pipeline.test, pipeline.folds, pipeline.conformal) = (Some(0.2), Some(3), true);
        let table = Table::parse(csv.as_bytes()).unwrap();
        if quantile.is_some() {
            let error = pipeline.train(&table).unwrap_err().to_string();
            assert!(error.contains("around means and medians"), "{error}");
            pipeline.conformal = false;
        }
        let model = pipeline.train(&table).unwrap();
        // No target is below 0 where the score is a logarithm.
        let intervals = model.intervals(model.predict_many(&[0.0, 0.0, 1.0]).unwrap()[0]);
        assert_eq!(intervals.len(), if quantile.is_some() { 0 } else { 3 });
        assert_eq!(
            intervals.iter().all(|interval| interval.lower >= 0.0),
            quantile.is_some() || model.link() == Link::Exp
        );
        let provenance = model.provenance().unwrap();
        assert!(provenance.evaluation.is_some() && provenance.cross_validation.is_some());
    }
}
