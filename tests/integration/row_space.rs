//! Where columns are more than rows, the fit begins at the optimum among the rows.

use tepal::dataset::{Dataset, Roles};
use tepal::model::ClassWeight;
use tepal::preprocess::{self, Scale};
use tepal::table::Table;
use tepal::train::{Fit, Options, Solver, Trainer};

const TARGETS: [&str; 3] = ["number", "binary", "class"];

/// Twelve weighted rows of 120 columns, all but made of three, the last row twice, and one far out that does not count.
fn table() -> Table {
    let header: String = (0..120).map(|column| format!("x{column},")).collect();
    let row = |i: usize| {
        let cell = |column: usize| {
            let hidden = (0..3).map(|k| ((i * (k + 3) % 11) * (column * (k + 5) % 7)) as f64).sum::<f64>();
            format!("{},", hidden + ((i * 5 + column * 13) % 17) as f64 / 50.0)
        };
        let targets = format!("{},{},{}\n", i * i % 7, i * 5 % 7 % 2, ["u", "v", "w"][i * 5 % 7 % 3]);
        format!("{}{},{targets}", (0..120).map(cell).collect::<String>(), 1 + i % 3)
    };
    let rows: String = (0..12).chain([11]).map(row).collect();
    let out = format!("{}0,1,1,u\n", "1e12,".repeat(120));
    Table::parse(format!("{header}w,number,binary,class\n{rows}{out}").as_bytes()).unwrap()
}

fn dataset(target: &str) -> Dataset {
    let drop = TARGETS.iter().filter(|name| **name != target).map(|name| (*name).to_owned()).collect();
    let roles = Roles { target: target.to_owned(), drop, weights: Some("w".into()), ..Roles::default() };
    Dataset::new(&table(), &roles).unwrap()
}

#[test]
fn it_is_the_optimum_of_all_columns() {
    let fit = |target: &str, options: Options| Trainer::new(&dataset(target), options).unwrap().run().unwrap();
    for (target, l2, intercept, scale) in [
        ("number", 1.0, true, Scale::Standard),
        ("number", 0.01, false, Scale::None),
        ("binary", 1.0, false, Scale::Standard),
        ("binary", 0.001, true, Scale::None),
        ("class", 1.0, true, Scale::Standard),
        ("class", 0.01, true, Scale::None),
    ] {
        let class_weight = if target == "class" { ClassWeight::Balanced } else { ClassWeight::Equal };
        let preprocess = preprocess::Options::scaled(scale);
        let options = Options { l2: Some(l2), intercept, class_weight, preprocess, ..Options::default() };
        let found = fit(target, Options { solver: Solver::Lbfgs, ..options.clone() });
        let expected = fit(target, Options { solver: Solver::Newton, ..options });
        // By itself L-BFGS takes dozens.
        assert!(
            found.record.as_linear().unwrap().iterations <= 3,
            "{target}: {} rounds",
            found.record.as_linear().unwrap().iterations
        );
        let coefficients = |fit: &Fit| fit.estimator.as_linear().unwrap().coefficients.clone();
        let (found, expected) = (coefficients(&found), coefficients(&expected));
        let largest = expected.iter().map(|number| number.abs()).fold(0.0, f64::max);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-8 * largest, "{target}, l2 {l2}: {found} instead of {expected}");
        }
    }
}

#[test]
fn a_fit_that_is_finished_early_stays_where_it_was() {
    let data = dataset("binary");
    let options = Options { solver: Solver::Lbfgs, accept_unconverged: true, ..Options::default() };
    let start = Trainer::new(&data, options.clone()).unwrap().parameters().unwrap();
    let mut trainer = Trainer::new(&data, options).unwrap();
    trainer.start_from(&start).unwrap();
    let [first, second] = [trainer.step().unwrap(), trainer.step().unwrap()];
    // The second looks at the rows and is no round.
    assert_eq!((first.round, second), (1, first));
    let fit = trainer.finish().unwrap();
    let record = fit.record.as_linear().unwrap();
    assert_eq!((record.iterations, record.certificate.objective), (1, first.objective));
}
