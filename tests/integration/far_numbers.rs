//! Columns whose values lie far from 0 beside how much they vary, and rows that weigh nothing.

use tepal::dataset::{Dataset, Roles, Target};
use tepal::model::Model;
use tepal::preprocess::{self, Encoding, Scale};
use tepal::table::{Kind, Table};
use tepal::train::{Options, Trainer};

fn dataset(csv: &str, numbers: &[&str], weights: Option<&str>) -> Dataset {
    let kinds = numbers.iter().map(|name| ((*name).to_owned(), Kind::Number)).collect();
    let roles = Roles { target: "y".into(), kinds, weights: weights.map(str::to_owned), ..Roles::default() };
    Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
}

fn fit(dataset: &Dataset, options: Options) -> Model {
    Trainer::new(dataset, options).unwrap().run().unwrap().into_model("", None).unwrap()
}

fn objective(model: &Model) -> f64 {
    model.provenance().unwrap().fit.as_linear().unwrap().certificate.objective
}

/// Half the squared error, or the log loss, of the model's own predictions.
fn loss(model: &Model, dataset: &Dataset) -> f64 {
    let loss = |row: usize| {
        let outputs = model.predict_many(&dataset.features().row(row).to_vec()).unwrap();
        match dataset.target() {
            Target::Classes { codes, .. } => -outputs[codes[row]].ln(),
            Target::Numbers(numbers) => (outputs[0] - numbers[row]).powi(2) / 2.0,
        }
    };
    (0..dataset.n_rows()).map(loss).sum()
}

#[test]
fn a_constant_number_that_some_rows_lack_has_no_influence() {
    for constant in ["0.1", "0.2", "0.3", "12.34", "99.9"] {
        let row = |i: usize| {
            let cell = if i.is_multiple_of(5) { "" } else { constant };
            format!("{cell},{},{}\n", i * i % 7, ["a", "b"][i * i % 3 % 2])
        };
        let csv = format!("k,x,y\n{}", (0..25).map(row).collect::<String>());
        let model = fit(&dataset(&csv, &["k", "x"], None), Options::default());
        assert!(model.preprocessor().features()[0].columns.is_empty(), "{constant}");
    }
}

#[test]
fn a_file_is_the_fit_that_was_certified_however_far_its_numbers_are() {
    for offset in [0.0, 1.7e9, 1e13] {
        let row = |i: usize| format!("{},{},{}\n", offset + (i * 7 % 31) as f64, i * 5 % 11, ["a", "b"][i * 3 % 7 % 2]);
        let csv = format!("t,x,y\n{}", (0..60).map(row).collect::<String>());
        let dataset = dataset(&csv, &["t", "x"], None);
        let options =
            Options { l2: Some(0.0), preprocess: preprocess::Options::scaled(Scale::None), ..Options::default() };
        let model = fit(&dataset, options);
        let (found, certified) = (loss(&model, &dataset), objective(&model));
        assert!((found - certified).abs() < 1e-9 * certified, "{offset}: {found} instead of {certified}");
    }
}

#[test]
fn numbers_far_from_0_are_fitted_beside_categories_without_an_intercept() {
    let rows = |offset: f64| -> String {
        let row = |i: usize| {
            format!(
                "{},{},{}\n",
                offset + (i * 37 % 101) as f64,
                ["u", "v", "w"][i % 3],
                (i * 37 % 101) as f64 / 9.0 + (i % 7) as f64
            )
        };
        format!("t,c,y\n{}", (0..80).map(row).collect::<String>())
    };
    let fitted = |offset: f64, intercept| {
        let dataset = dataset(&rows(offset), &["t"], None);
        let model = fit(&dataset, Options { intercept, ..Options::default() });
        (loss(&model, &dataset), model)
    };
    let (expected, _) = fitted(0.0, false);
    for offset in [1e3, 1.7e9, 1e12] {
        let (found, model) = fitted(offset, false);
        assert!((found - expected).abs() < 1e-7 * expected, "{offset}: {found} instead of {expected}");
        assert_eq!(model.estimator().as_linear().unwrap().intercepts, [0.0]);
    }
    // Nothing takes over the intercept where a category is left out.
    let preprocess = preprocess::Options { encode: Encoding::DropFirst, ..preprocess::Options::default() };
    let options = Options { intercept: false, preprocess, ..Options::default() };
    let dataset = dataset(&rows(1.7e9), &["t"], None);
    let model = fit(&dataset, options);
    assert!(objective(&model) > 2.0 * expected);
}

#[test]
fn a_row_that_weighs_nothing_is_not_there() {
    let rows = "a,5,no,1\nc,3,yes,2\nd,1,yes,1\na,6,no,1\nc,4,no,1\nd,2,no,1\nc,0,yes,1\na,5,yes,3\nd,3,no,1\n";
    let with = format!("c,x,y,w\n{rows}b,,no,0\na,999,maybe,0\n");
    let without = format!("c,x,y,w\n{rows}");
    let encode = |encode| preprocess::Options { encode, ..preprocess::Options::default() };
    for preprocess in [Encoding::OneHot, Encoding::Ordinal].map(encode) {
        let options = || Options { preprocess: preprocess.clone(), ..Options::default() };
        let [one, other] = [&with, &without].map(|csv| fit(&dataset(csv, &["x"], Some("w")), options()));
        assert_eq!(one.digest(), other.digest());
    }
    let dataset = dataset(&with, &["x"], Some("w"));
    assert!(dataset.notes().iter().any(|note| *note == "2 rows of weight 0 left out"));
}

#[test]
fn a_constant_serves_as_an_intercept() {
    let roles = Roles { target: "y".into(), keep_constants: true, ..Roles::default() };
    let dataset = Dataset::new(&Table::parse(b"x,y\n1,2\n1,3\n1,5\n").unwrap(), &roles).unwrap();
    let model = fit(&dataset, Options { intercept: false, ..Options::default() });
    assert!((model.predict_many(&[1.0]).unwrap()[0] - 10.0 / 3.0).abs() < 1e-14);
}
