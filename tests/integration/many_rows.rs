//! Many rows at once have the bits of each row alone: in every lane, tail and block, for every kind of feature and version.

use tepal::model::Model;
use tepal::pipeline::Pipeline;
use tepal::predict::Prediction;
use tepal::preprocess::{self, Encoding, Unseen};
use tepal::table::{Domain, Table};
use tepal::train::Options;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const FILES: [&[u8]; 9] = [
    include_bytes!("../models/v1-iris.tepal"),
    include_bytes!("../models/v1-breast-cancer.tepal"),
    include_bytes!("../models/v1-diabetes.tepal"),
    include_bytes!("../models/v2-weighted.tepal"),
    include_bytes!("../models/v3-hdma.tepal"),
    include_bytes!("../models/v3-slid.tepal"),
    include_bytes!("../models/v4-hdma.tepal"),
    include_bytes!("../models/v4-penguins.tepal"),
    include_bytes!("../models/v4-slid.tepal"),
];

/// Numbers from 0 to 1 that differ from seed to seed (a linear congruential generator).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / 2f64.powi(53)
    }

    fn below(&mut self, n: usize) -> usize {
        ((self.next() * n as f64) as usize).min(n - 1)
    }
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

/// The outputs of a row alone, or its error.
fn alone(model: &Model, row: &[f64]) -> Result<Vec<f64>, String> {
    match model.predict(row) {
        Ok(Prediction::Value(value)) => Ok(vec![value]),
        Ok(Prediction::Class { probabilities, .. }) => Ok(probabilities),
        Err(error) => Err(error.to_string()),
    }
}

/// A value that a feature takes, or now and then one that is missing or strange.
fn value(model: &Model, feature: usize, random: &mut Random, strange: bool) -> f64 {
    let transform = &model.preprocessor().features()[feature];
    if transform.accepts_missing() && random.below(9) == 0 {
        return f64::NAN;
    }
    if strange && random.below(40) == 0 {
        return [
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            1e308,
            -1e308,
            0.5,
            -1.0,
            1e9,
            18_446_744_073_709_551_616.0,
        ][random.below(9)];
    }
    match &model.schema().features[feature].domain {
        Domain::Number(domain) => match random.below(12) {
            0 => 0.0,
            1 => -0.0,
            2 => 5e-324,
            3 => 1e100,
            _ => domain.minimum + (domain.maximum - domain.minimum) * (3.0 * random.next() - 1.0),
        },
        Domain::Category { counts, .. } => {
            let seen: Vec<usize> = (0..counts.len()).filter(|at| counts[*at] > 0).collect();
            match transform.accepts_unseen && random.below(5) == 0 {
                true => counts.len() as f64,
                false => seen[random.below(seen.len())] as f64,
            }
        }
    }
}

fn compare(model: &Model, seed: u64) {
    let random = &mut Random(seed);
    for (n_rows, strange) in
        [(0, false), (1, false), (2, false), (3, false), (7, true), (40, false), (600, false), (600, true)]
    {
        let width = model.n_features();
        let mut rows: Vec<f64> = (0..n_rows * width).map(|at| value(model, at % width, random, strange)).collect();
        // Every row but those with an error, and then all of them.
        for _ in 0..2 {
            let each: Vec<_> = rows.chunks_exact(width).map(|row| alone(model, row)).collect();
            let many = model.predict_many(&rows);
            let columns: Vec<Vec<f64>> =
                (0..width).map(|at| rows.iter().skip(at).step_by(width).copied().collect()).collect();
            let by_columns = model.predict_columns(&columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
            match each.iter().position(Result::is_err) {
                Some(at) => {
                    let message = format!("row {}", at + 1);
                    for error in [many.unwrap_err(), by_columns.unwrap_err()] {
                        assert!(error.to_string().starts_with(&message), "{error}, expected at {message}");
                        assert!(
                            error.to_string().ends_with(each[at].as_ref().unwrap_err().rsplit(": ").next().unwrap())
                        );
                    }
                }
                None => {
                    let expected: Vec<f64> = each.iter().flatten().flatten().copied().collect();
                    assert_eq!(bits(&many.unwrap()), bits(&expected), "{n_rows} rows, seed {seed}");
                    assert_eq!(bits(&by_columns.unwrap()), bits(&expected), "{n_rows} rows, seed {seed}");
                }
            }
            let sound = each.iter().map(Result::is_ok).collect::<Vec<_>>();
            let kept = rows.chunks_exact(width).zip(&sound).filter(|(_, sound)| **sound);
            rows = kept.flat_map(|(row, _)| row.iter().copied()).collect();
        }
    }
}

#[test]
fn files_of_every_version_predict_many_rows_as_one() {
    for (seed, file) in FILES.iter().enumerate() {
        compare(&Model::decode(file).unwrap(), seed as u64);
        compare(&Model::decode(&Model::decode(file).unwrap().encode().unwrap()).unwrap(), 100 + seed as u64);
    }
}

/// A table of so many numbers and categories, and a target of so many classes (a number with one).
fn table(n_numbers: usize, n_categories: usize, n_classes: usize, random: &mut Random) -> String {
    let names = (0..n_numbers).map(|at| format!("n{at}")).chain((0..n_categories).map(|at| format!("c{at}")));
    let mut csv = names.chain(["y".to_owned()]).collect::<Vec<_>>().join(",") + "\n";
    for row in 0..60 {
        let mut cells = Vec::new();
        for at in 0..n_numbers {
            let is_missing = at % 3 == 1 && random.below(6) == 0;
            // One of them is constant.
            let number = if at == 4 { "7".to_owned() } else { format!("{:.3}", 100.0 * random.next() - 30.0) };
            cells.push(if is_missing { String::new() } else { number });
        }
        for at in 0..n_categories {
            let is_missing = at % 2 == 1 && random.below(8) == 0;
            cells.push(if is_missing { String::new() } else { format!("k{}", random.below(3 + at)) });
        }
        cells.push(match n_classes {
            1 => format!("{:.3}", random.next() * 9.0),
            _ => format!("class {}", row % n_classes),
        });
        csv.push_str(&(cells.join(",") + "\n"));
    }
    csv
}

#[test]
fn models_of_every_shape_predict_many_rows_as_one() {
    let random = &mut Random(7);
    for (index, n_numbers) in [1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 20, 31].into_iter().enumerate() {
        let n_classes = [1, 2, 3, 4, 5, 7][index % 6];
        let csv = table(n_numbers, [0, 1, 2, 3][index % 4], n_classes, random);
        let preprocess = preprocess::Options {
            indicators: index % 3 == 2,
            encode: [Encoding::OneHot, Encoding::DropFirst, Encoding::Ordinal][index % 3],
            unseen: if index % 3 == 0 { Unseen::Zeros } else { Unseen::Refuse },
            ..preprocess::Options::default()
        };
        let options = Options { l2: Some(1.0), preprocess, ..Options::default() };
        let pipeline = Pipeline { learner: options.into(), ..Pipeline::new("y") };
        let model = pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
        compare(&model, index as u64);
    }
}
