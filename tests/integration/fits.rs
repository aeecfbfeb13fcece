//! Tables that were once refused, or fitted to something else than their rows, and have an answer.

use tepal::Pipeline;
use tepal::dataset::{Dataset, Roles, Target};
use tepal::error::ErrorKind;
use tepal::evaluate::ThresholdRule;
use tepal::model::Model;
use tepal::preprocess::{self, Encoding, Impute, ImputeCategory, Scale};
use tepal::table::{Kind, Table, Task};
use tepal::train::calibrate::CalibrationMethod;
use tepal::train::{Options, Solver, Trainer};

/// Numbers that look random, from -1 to 1: the fractions of multiples.
fn number(row: usize, column: usize) -> f64 {
    let product = (row as f64 + 1.0) * 0.618_033_988_749_894_9 + (column as f64 + 1.0) * 0.414_213_562_373_095;
    2.0 * (product * (17.0 + column as f64 * 0.377)).fract() - 1.0
}

/// A table of numbers and a target.
fn csv(n_rows: usize, n_columns: usize, target: impl Fn(usize) -> String) -> String {
    let names: String = (0..n_columns).map(|column| format!("x{column},")).collect();
    let cells = |row: usize| (0..n_columns).map(|column| format!("{},", number(row, column))).collect::<String>();
    let rows: String = (0..n_rows).map(|row| format!("{}{}\n", cells(row), target(row))).collect();
    format!("{names}y\n{rows}")
}

fn fit(csv: &str, roles: Roles, options: Options) -> Model {
    let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
    Trainer::new(&dataset, options).unwrap().run().unwrap().into_model("", None).unwrap()
}

fn of_target(task: Option<Task>) -> Roles {
    Roles { target: "y".into(), task, ..Roles::default() }
}

#[test]
fn a_target_far_from_0_gets_the_same_coefficients() {
    for (n_rows, n_columns, l2) in [(200, 1, None), (100, 300, Some(1.0)), (60, 10, Some(0.5))] {
        let value = |row: usize| 0.7 * number(row, 0) + 0.4 * number(row, 400);
        let model_at = |offset: f64| {
            let csv = csv(n_rows, n_columns, |row| format!("{}", value(row) + offset));
            fit(&csv, of_target(Some(Task::Regression)), Options { l2, ..Options::default() })
        };
        let expected = model_at(0.0).coefficients().remove(0);
        for offset in [1e4, -1e8] {
            let found = model_at(offset).coefficients().remove(0);
            // What is written down of the target ends at 1e-8.
            for (found, expected) in found.original.iter().zip(&expected.original) {
                assert!(
                    (found - expected).abs() < 1e-7,
                    "{n_columns} columns at {offset}: {found} instead of {expected}"
                );
            }
            assert!((found.original_intercept - offset - expected.original_intercept).abs() < 1e-6);
        }
    }
}

#[test]
fn more_columns_than_rows_are_fitted_by_default() {
    for (n_rows, n_columns) in [(30, 100), (8, 40), (60, 200)] {
        for shift in 0..6 {
            let value = |row: usize| format!("{}", number(row, 0) - number(row, 1) + number(row + shift, 300 + shift));
            let model = fit(&csv(n_rows, n_columns, value), of_target(Some(Task::Regression)), Options::default());
            assert!(model.provenance().unwrap().fit.as_linear().unwrap().certificate.converged());
            // As many columns as these go through all rows.
            let row: Vec<f64> = (0..n_columns).map(|column| number(3, column)).collect();
            let (found, expected) = (model.predict_many(&row).unwrap()[0], value(3).parse::<f64>().unwrap());
            assert!((found - expected).abs() < 1e-6, "{n_rows} x {n_columns}: {found} instead of {expected}");
        }
    }
}

#[test]
fn a_target_far_from_0_is_fitted_without_an_intercept_too() {
    for offset in [1e8, 1e10] {
        let value = |row: usize| format!("{}", offset + number(row, 0) + number(row, 9));
        let options = Options { intercept: false, ..Options::default() };
        let model = fit(&csv(200, 2, value), of_target(Some(Task::Regression)), options);
        assert!(model.provenance().unwrap().fit.as_linear().unwrap().certificate.converged());
    }
}

#[test]
fn a_solver_that_does_not_arrive_is_followed_by_the_other() {
    // Seconds of a clock beside amounts and tiny shares, as they are: L-BFGS alone ends after 1,000 iterations.
    let csv = include_str!("../cases/fits/09-unscaled/t.csv");
    let roles = || Roles { target: "target".into(), ..of_target(Some(Task::Classification)) };
    let preprocess = preprocess::Options { encode: Encoding::DropFirst, ..preprocess::Options::scaled(Scale::None) };
    let model = fit(csv, roles(), Options { preprocess: preprocess.clone(), ..Options::default() });
    let expected = fit(csv, roles(), Options { preprocess, solver: Solver::Newton, ..Options::default() });
    let objective = |model: &Model| {
        let record = model.provenance().unwrap().fit.as_linear().unwrap().clone();
        assert!(record.certificate.converged());
        (record.solver, record.certificate.objective)
    };
    let ((solver, found), (_, expected)) = (objective(&model), objective(&expected));
    assert_eq!(solver, "lbfgs, finished by newton");
    assert!((found - expected).abs() < 1e-9 * expected, "{found} instead of {expected}");
}

/// The one row without a category is in one fold. The others have no missing value.
#[test]
fn a_value_that_is_missing_in_one_fold_only_is_left_out_and_said() {
    let row = |row: usize| {
        let group = if row == 7 { "" } else { ["a", "b", "c"][row % 3] };
        format!("{group},{}", if number(row, 0) + number(row, 5) > 0.0 { "yes" } else { "no" })
    };
    let csv = csv(100, 1, row).replacen("x0,y", "x0,group,y", 1);
    let impute_category = ImputeCategory::Constant("unknown".into());
    let options =
        Options { preprocess: preprocess::Options { impute_category, ..Default::default() }, ..Options::default() };
    for (calibrate, threshold) in [(None, None), (Some(CalibrationMethod::Platt), Some(ThresholdRule::F1))] {
        let learner = options.clone().into();
        let pipeline = Pipeline { folds: Some(5), learner, calibrate, threshold, ..Pipeline::new("y") };
        let model = pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
        let said = model.provenance().unwrap().warnings.iter().map(ToString::to_string).collect::<String>();
        assert!(said.contains("1 row of the folds was not scored"), "{said}");
    }
}

#[test]
fn calibration_weighs_its_rows() {
    // Of each class half of the rows, but the rows of one weigh five times as much.
    let positive = |row: usize| number(row, 0) + number(row, 77) > 0.0;
    let target =
        |row: usize| format!("{},{}", if positive(row) { 5 } else { 1 }, if positive(row) { "yes" } else { "no" });
    let csv = csv(400, 1, target).replacen("x0,y", "x0,weight,y", 1);
    let table = Table::parse(csv.as_bytes()).unwrap();
    let roles = Roles { weights: Some("weight".into()), positive: Some("yes".into()), ..of_target(None) };
    let (mut share, mut weight) = (0.0, 0.0);
    for row in 0..400 {
        let own = if positive(row) { 5.0 } else { 1.0 };
        weight += own;
        share += if positive(row) { own } else { 0.0 };
    }
    for (name, method) in CalibrationMethod::NAMES {
        let pipeline = Pipeline { roles: roles.clone(), calibrate: Some(method), ..Pipeline::new("y") };
        let model = pipeline.train(&table).unwrap();
        let of_row = |row: usize| {
            let yes = model.predict_many(&[number(row, 0)]).unwrap()[1];
            if positive(row) { 5.0 * yes } else { yes }
        };
        let mean = (0..400).map(of_row).sum::<f64>() / weight;
        assert!((mean - share / weight).abs() < 0.01, "{name}: {mean} of {}", share / weight);
    }
}

/// With one feature of categories the log-odds in each are free: there is an optimum if every class has rows in every category.
#[test]
fn a_category_that_lacks_a_class_is_refused_by_name_for_any_number_of_classes() {
    let solvers = [Solver::Newton, Solver::Lbfgs, Solver::Auto, Solver::Linfa];
    let (mut n_refused, mut n_fitted) = (0, 0);
    for case in 0..120_usize {
        let (n_classes, n_categories) = (2 + case % 3, 2 + case / 3 % 4);
        // From none to some rows in each cell.
        let cell = |category: usize, class: usize| {
            let random = (number(case, 7 * category + class) + 1.0) * 6.0;
            if random < 0.7 && case % 2 == 0 { 0 } else { 1 + random as usize }
        };
        let rows = |category: usize| (0..n_classes).map(move |class| (category, class));
        let cells = || (0..n_categories).flat_map(rows);
        let has_all = (0..n_categories).all(|category| (0..n_classes).any(|class| cell(category, class) > 0));
        let csv: String = cells().map(|(at, class)| format!("k{at},c{class}\n").repeat(cell(at, class))).collect();
        let preprocess = preprocess::Options {
            encode: if case % 5 < 2 { Encoding::DropFirst } else { Encoding::OneHot },
            ..preprocess::Options::default()
        };
        let options = Options { l2: Some(0.0), solver: solvers[case / 2 % 4], preprocess, ..Options::default() };
        let dataset = Dataset::new(&Table::parse(format!("k,y\n{csv}").as_bytes()).unwrap(), &of_target(None));
        let Ok(dataset) = dataset else { continue };
        if !has_all {
            continue;
        }
        let fit = Trainer::new(&dataset, options).and_then(Trainer::run);
        match cells().any(|(category, class)| cell(category, class) == 0) {
            true => {
                let error = fit.expect_err("a class is missing").to_string();
                assert!(error.contains("tell classes apart without error, along the columns \"k=k"), "{case}: {error}");
                n_refused += 1;
            }
            false => {
                assert!(fit.is_ok(), "{case}: {}", fit.unwrap_err());
                n_fitted += 1;
            }
        }
    }
    assert!(n_refused > 20 && n_fitted > 50, "{n_refused} {n_fitted}");
}

#[test]
fn figures_of_folds_are_those_of_the_whole_recipe() {
    let csv = csv(200, 3, |row| ["no", "yes"][usize::from(number(row, 0) + number(row, 50) > 0.8)].to_owned());
    let table = Table::parse(csv.as_bytes()).unwrap();
    let accuracy = |threshold, calibrate| {
        let pipeline = Pipeline { folds: Some(5), threshold, calibrate, ..Pipeline::new("y") };
        let model = pipeline.train(&table).unwrap();
        let figures = model.provenance().unwrap().cross_validation.unwrap().figures;
        figures.into_iter().find(|figure| figure.name == "accuracy").unwrap().mean
    };
    // From a probability of 0 on every row is called positive: the accuracy is the share of these.
    let share = csv.matches(",yes\n").count() as f64 / 200.0;
    assert!((accuracy(Some(ThresholdRule::Fixed(0.0)), None) - share).abs() < 1e-12);
    let of_half = accuracy(None, None);
    assert!((accuracy(Some(ThresholdRule::Fixed(0.5)), None) - of_half).abs() < 1e-12);
    let cost = ThresholdRule::Cost { false_positive: 1.0, false_negative: 20.0 };
    let calibrated = accuracy(Some(cost), Some(CalibrationMethod::Platt));
    assert!(calibrated < of_half && calibrated < accuracy(None, Some(CalibrationMethod::Platt)), "{calibrated}");
}

#[test]
fn a_column_of_ones_is_a_feature_of_a_fit_without_an_intercept() {
    let csv: String = (0..30).map(|row| format!("1,{},{}\n", number(row, 0), 3.0 + 2.0 * number(row, 0))).collect();
    let table = Table::parse(format!("one,x,y\n{csv}").as_bytes()).unwrap();
    let train = |intercept| {
        let learner = Options { intercept, l2: Some(0.0), ..Options::default() }.into();
        Pipeline { learner, ..Pipeline::new("y") }.train(&table).unwrap()
    };
    let names = |model: &Model| model.schema().features.iter().map(|feature| feature.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&train(true)), ["x"]);
    let model = train(false);
    assert_eq!(names(&model), ["one", "x"]);
    let prediction = model.predict_many(&[1.0, 0.25]).unwrap()[0];
    assert!((prediction - 3.5).abs() < 1e-9, "{prediction}");
}

#[test]
fn a_column_beside_its_copy_in_single_precision_is_left_without_a_coefficient_and_named() {
    for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
        for (offset, classes) in [(0.0, false), (50.0, false), (50.0, true)] {
            let row = |row: usize| {
                let a = offset + number(row, 0);
                let y = number(row, 0) + number(row, 7);
                let y = if classes { ["no", "yes"][usize::from(y > 0.0)].to_owned() } else { y.to_string() };
                format!("{a},{},{y}\n", f64::from(a as f32))
            };
            let csv = format!("a,b,y\n{}", (0..100).map(row).collect::<String>());
            let model = fit(&csv, of_target(None), Options { solver, l2: Some(0.0), ..Options::default() });
            let warnings = model.provenance().unwrap().warnings;
            let names_b = warnings.iter().any(|warning| warning.to_string().contains("\"b\""));
            // Far from 0 single precision is coarse enough for a certified fit.
            assert!(names_b || offset > 0.0, "{solver:?}, {offset}, {classes}: {warnings:?}");
        }
    }
}

#[test]
fn a_small_penalty_is_fitted_to_its_optimum_or_the_distance_is_said() {
    let csv = include_str!("../cases/fits/03-small-penalty/t.csv");
    let certificate = |l2: f64, solver: Solver| {
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &of_target(None)).unwrap();
        let options = Options { l2: Some(l2), solver, ..Options::default() };
        let fit = Trainer::new(&dataset, options).unwrap().run()?;
        Ok::<_, tepal::Error>(fit.record.as_linear().unwrap().certificate)
    };
    for l2 in [1e-6, 1e-8, 1e-10] {
        let newton = certificate(l2, Solver::Newton).unwrap();
        for solver in [Solver::Auto, Solver::Lbfgs] {
            match certificate(l2, solver) {
                Ok(found) => {
                    assert!(found.gap.unwrap() <= 1e-9 && found.converged());
                    let difference = (found.objective - newton.objective).abs() / newton.objective;
                    assert!(difference < 1e-9, "{l2:e} {solver:?}: {difference:e}");
                }
                Err(error) => {
                    assert_eq!((solver, error.kind()), (Solver::Lbfgs, ErrorKind::NotConverged));
                    assert!(error.message().contains("of itself above the optimum"), "{error}");
                }
            }
        }
    }
}

#[test]
fn units_that_lie_far_apart_are_fitted_where_a_column_depends_on_others() {
    let csv = include_str!("../cases/fits/10-units-apart/t.csv");
    for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
        let preprocess = preprocess::Options::scaled(Scale::None);
        let model = fit(csv, of_target(None), Options { solver, preprocess, ..Options::default() });
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &of_target(None)).unwrap();
        let Target::Numbers(targets) = dataset.target() else { panic!("expected numbers") };
        // 12 rows of 14 columns.
        for (row, target) in dataset.features().rows().into_iter().zip(targets) {
            let found = model.predict_many(row.as_slice().unwrap()).unwrap()[0];
            assert!((found - target).abs() < 1e-6, "{solver:?}: {found} for {target}");
        }
    }
}

#[test]
fn the_positions_of_categories_are_those_of_training_rows() {
    // The category m is in one row only, between the others.
    let rows = |with_m: bool| {
        let row = |i: usize| {
            let category = if i == 7 && with_m { "m" } else { ["a", "p", "z"][i * 7 % 3] };
            (i != 7 || with_m).then(|| format!("{category},{},{}\n", i * 5 % 11, i * i % 13))
        };
        format!("c,x,y\n{}", (0..40).filter_map(row).collect::<String>())
    };
    let preprocess = preprocess::Options { encode: Encoding::Ordinal, ..preprocess::Options::default() };
    let options = || Options { preprocess: preprocess.clone(), l2: Some(1.0), ..Options::default() };
    let dataset =
        Dataset::new(&Table::parse(rows(true).as_bytes()).unwrap(), &of_target(Some(Task::Regression))).unwrap();
    let training = dataset.select(&(0..40).filter(|row| *row != 7).collect::<Vec<_>>()).unwrap();
    let model = Trainer::new(&training, options()).unwrap().run().unwrap().into_model("", None).unwrap();
    let expected = fit(&rows(false), of_target(Some(Task::Regression)), options());
    assert_eq!((model.estimator(), model.preprocessor()), (expected.estimator(), expected.preprocessor()));
    // Its row cannot be scored, and the others are.
    let scored = tepal::evaluate::Scored::of(&model, &dataset).unwrap();
    assert_eq!((scored.rows.len(), scored.n_refused), (39, 1));
    let found = model.predict_named([("c", tepal::predict::Value::Text("p")), ("x", 3.0.into())]).unwrap();
    assert_eq!(found, expected.predict_named([("c", tepal::predict::Value::Text("p")), ("x", 3.0.into())]).unwrap());
    // Folds find positions of their own too.
    let pipeline = Pipeline {
        folds: Some(4),
        learner: options().into(),
        roles: of_target(Some(Task::Regression)),
        ..Pipeline::new("y")
    };
    let folds = pipeline.train(&Table::parse(rows(true).as_bytes()).unwrap()).unwrap().provenance().unwrap();
    assert!(folds.warnings.iter().any(|note| note.to_string().starts_with("1 row of the folds was not scored")));
}

#[test]
fn columns_that_differ_by_little_are_fitted_by_every_solver() {
    // Rounding leaves a gradient above the tolerance, where no parameters have a lower objective.
    let csv = include_str!("../cases/fits/06-nearly-equal/small.csv");
    for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
        let model = fit(csv, of_target(None), Options { solver, l2: Some(0.0), ..Options::default() });
        let record = model.provenance().unwrap().fit.as_linear().unwrap().clone();
        // By statsmodels, of a and b - a.
        assert!(
            (record.certificate.objective - 7.430_411_036_591_566_5).abs() < 1e-9,
            "{solver:?}: {:?}",
            record.certificate
        );
        assert!(record.certificate.converged() && record.certificate.gap.unwrap() < 1e-9);
    }
}

#[test]
fn a_flag_that_no_row_of_a_class_has_is_refused_without_a_penalty() {
    // Class a is where x is negative, and no row of it has the flag: what the other column tells has to move nothing.
    let row = |i: usize, flag: [&str; 2]| {
        let x = 10.0 * number(i, 0);
        let class = if x < -3.0 { "a" } else { ["b", "c", "d"][i * 7 % 3] };
        let is_set = i.is_multiple_of(9) && class != "a";
        format!("{},{x},{class}\n", flag[usize::from(is_set)])
    };
    for flag in [["0", "1"], ["off", "on"]] {
        let csv = format!("f,x,y\n{}", (0..240).map(|i| row(i, flag)).collect::<String>());
        for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
            let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &of_target(None)).unwrap();
            let options = Options { l2: Some(0.0), solver, ..Options::default() };
            let error = Trainer::new(&dataset, options).unwrap().run().unwrap_err();
            assert!(
                error.message().contains("grow without end") && error.message().contains("\"f"),
                "{solver:?}: {error}"
            );
        }
    }
}

#[test]
fn an_outlier_does_not_make_classes_seem_separated() {
    for outlier in [1e6, 1e7, 1e8, 1e9] {
        for classes in [&["a", "b"][..], &["a", "b", "c"]] {
            let x = |i: usize, column: usize| if (i, column) == (0, 0) { outlier } else { 3.0 * number(i, column) };
            let row = |i: usize| format!("{},{},{}\n", x(i, 0), x(i, 1), classes[(i * 7 + i * i % 5) % classes.len()]);
            let csv = format!("u,v,y\n{}", (0..200).map(row).collect::<String>());
            let model = fit(&csv, of_target(None), Options { l2: Some(0.0), ..Options::default() });
            let certificate = model.provenance().unwrap().fit.as_linear().unwrap().certificate;
            assert!(certificate.converged(), "{outlier:e}: {certificate:?}");
        }
    }
}

#[test]
fn several_numbers_together_that_separate_many_classes_are_found_and_overlap_is_fitted() {
    let fit = |csv: &str, solver| {
        let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &of_target(None)).unwrap();
        let options = Options { l2: Some(0.0), solver, ..Options::default() };
        Trainer::new(&dataset, options).and_then(Trainer::run)
    };
    let mut n_separated = 0;
    for case in 0..40 {
        let (n_classes, n_columns) = (3 + case % 4, 2 + case % 3);
        // To one digit, so that rows lie on the borders of classes.
        let cell = |row: usize, column: usize| (10.0 * number(row + 200 * case, column)).round() / 10.0;
        let weight = |class: usize, column: usize| (5.0 * number(class + 50 * case, column + 20)).round();
        let class = |row: usize| {
            let score = |class: usize| (0..n_columns).map(|at| cell(row, at) * weight(class, at)).sum::<f64>();
            (0..n_classes).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap()
        };
        let header: String = (0..n_columns).map(|column| format!("x{column},")).collect();
        let row = |row: usize, class: usize| {
            (0..n_columns).map(|column| format!("{},", cell(row, column))).collect::<String>() + &format!("c{class}\n")
        };
        let separated: String = (0..60).map(|at| row(at, class(at))).collect();
        let overlapping: String = (0..60)
            .flat_map(|at| (0..n_classes).map(move |class| (at, class)))
            .map(|(at, class)| row(at, class))
            .collect();
        let has_all = (0..n_classes).all(|wanted| (0..60).filter(|at| class(*at) == wanted).count() > 1);
        for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
            if has_all {
                let error = fit(&format!("{header}y\n{separated}"), solver).expect_err("separated").to_string();
                assert!(error.contains("tell classes apart without error"), "{case}, {solver:?}: {error}");
                n_separated += 1;
            }
            fit(&format!("{header}y\n{overlapping}{separated}"), solver).unwrap();
        }
    }
    assert!(n_separated > 40, "{n_separated}");
}

#[test]
fn a_row_of_weight_2_is_two_rows_for_every_imputation_and_scaling() {
    let cell = |row: usize, column: usize| match number(row, column + 5) {
        missing if missing > 0.3 => String::new(),
        _ => format!("{:.1}", 10.0 * number(row, column)),
    };
    let category = |row: usize| ["", "p", "q", "q", "r"][row * 7 % 5];
    let line = |row: usize, weight: usize| {
        let class = if number(row, 9) + number(row, 0) > 0.0 { "yes" } else { "no" };
        format!("{},{},{},{weight},{class}\n", cell(row, 0), cell(row, 1), category(row))
    };
    let weight = |row: usize| row * 5 % 4;
    let weighted: String = (0..90).map(|row| line(row, weight(row))).collect();
    let repeated: String = (0..90).map(|row| line(row, weight(row)).repeat(weight(row))).collect();
    let roles = |is_weighted: bool| Roles {
        weights: is_weighted.then(|| "w".to_owned()),
        drop: if is_weighted { Vec::new() } else { vec!["w".to_owned()] },
        ..of_target(None)
    };
    for impute in [Impute::Median, Impute::Mean, Impute::MostFrequent] {
        for scale in [Scale::Standard, Scale::MinMax, Scale::Robust, Scale::None] {
            let preprocess = preprocess::Options { impute, indicators: true, ..preprocess::Options::scaled(scale) };
            let options = || Options { preprocess: preprocess.clone(), l2: Some(0.3), ..Options::default() };
            let one = fit(&format!("a,b,c,w,y\n{weighted}"), roles(true), options());
            let other = fit(&format!("a,b,c,w,y\n{repeated}"), roles(false), options());
            let same = |one: f64, other: f64| (one - other).abs() < 1e-9 * (1.0 + other.abs());
            for (one, other) in one.preprocessor().columns().zip(other.preprocessor().columns()) {
                let (one, other) = (one.1.scaling, other.1.scaling);
                assert!(
                    same(one.center, other.center) && same(one.scale, other.scale),
                    "{impute:?}, {scale:?}: {one:?} {other:?}"
                );
            }
            for raw in [[0.5, -1.0, 1.0], [f64::NAN, 2.0, 0.0], [3.0, f64::NAN, f64::NAN]] {
                let probability = |model: &Model| model.predict_many(&raw).unwrap()[0];
                assert!(same(probability(&one), probability(&other)), "{impute:?}, {scale:?}, {raw:?}");
            }
        }
    }
}

#[test]
fn separation_is_found_beside_a_near_copy_and_beside_a_tiny_weight() {
    let near_copy = "n0,nd,y\n2,2.00001,k0\n0,0,k0\n2,2,k1\n2,1.99999,k0\n";
    let tiny = "c0,c1,y,w\nd,b,k2,1000\nb,c,k5,0.000001\nb,c,k5,1000\na,c,k6,1000\nd,b,k5,1000\n";
    for solver in [Solver::Auto, Solver::Newton, Solver::Lbfgs] {
        for (csv, weights) in [(near_copy, None), (tiny, Some("w".to_owned()))] {
            let kinds = ["n0", "nd"].map(|name| (name.to_owned(), Kind::Number));
            let kinds = if weights.is_none() { kinds.into() } else { Default::default() };
            let roles = Roles { weights, kinds, ..of_target(None) };
            let dataset = Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap();
            let options = Options { l2: Some(0.0), solver, ..Options::default() };
            let error = Trainer::new(&dataset, options).and_then(Trainer::run).expect_err("separated").to_string();
            assert!(error.contains("tell classes apart without error"), "{solver:?}: {error}");
        }
    }
}
