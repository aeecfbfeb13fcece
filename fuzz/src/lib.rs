//! What must hold of any bytes, for the targets in `fuzz_targets` and for the program `mutate`.
//!
//! Each function panics where it does not hold, and otherwise says whether the bytes were accepted.

#[path = "../../tests/integration/forge.rs"]
pub mod forge;
#[cfg(feature = "server")]
pub mod request;

use forge::Parts;
use std::sync::OnceLock;
use tepal::batch::BatchPredictor;
use tepal::interop::{self, ImportOptions};
use tepal::model::Model;
use tepal::pipeline::Pipeline;
use tepal::table::{ReadOptions, Table};
use tepal::train::{boosting, forest, Learner, Options};

/// Sizes of windows, in bytes: the smallest there is, and two that divide no row.
const WINDOWS: [usize; 3] = [1, 5, 61];

/// A model file opens or is refused. Its digests stop most damaged files, so its parts are also put under a header that fits
/// them. A model that opened predicts, explains and can be written again.
pub fn decode(bytes: &[u8]) -> bool {
    let forged = match bytes.get(6) {
        Some(version @ 1..forge::VERSION) => {
            forge::old_file(*version, bytes.get(forge::header_bytes(bytes)..).unwrap_or_default())
        }
        _ => Parts::of(bytes).map(|parts| parts.file()).unwrap_or_default(),
    };
    let opened = [opens(bytes), opens(&forged)];
    opened.contains(&true)
}

/// A model of another tool is read or refused. One that is read predicts, explains, and is written as a model file.
pub fn import(bytes: &[u8]) -> bool {
    let options = ImportOptions { allow_rows: true, ..ImportOptions::default() };
    let Ok(model) = interop::import(bytes, &options) else { return false };
    assert!(opens(&model.encode().expect("a model that was read can be written")), "what was written does not open");
    true
}

/// A table is read or refused. Its rows are also predicted by a small model, in windows of several sizes: each gives the same
/// rows and the same error.
pub fn parse(bytes: &[u8]) -> bool {
    let is_table = Table::parse(bytes).is_ok();
    let first_line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let more =
        (0..first_line.iter().filter(|byte| **byte == b',').count().saturating_sub(1)).map(|at| format!(",n{at}"));
    let file = [format!("x,c{}\n", more.collect::<String>()).as_bytes(), bytes].concat();
    if let Ok(predictor) = BatchPredictor::new(small_model(), &file, true, &ReadOptions::default(), None) {
        let whole = scored(&predictor, &file, file.len());
        for window in WINDOWS {
            assert_eq!(scored(&predictor, &file, window), whole, "windows of {window} bytes");
        }
    }
    is_table
}

/// A model that was trained is, after it was encoded and decoded, the same. The bytes are the cells of its table: a number, a
/// category and a target, each of the first two missing now and then.
pub fn roundtrip(bytes: &[u8]) -> bool {
    let [task, cells @ ..] = bytes else { return false };
    let row = |cells: &[u8]| {
        let number = if cells[0] == 255 { String::new() } else { (f64::from(cells[0]) / 8.0).to_string() };
        let category = ["u", "v", "w", "z", ""][usize::from(cells[1]) % 5];
        let class = ["low", "middle", "high"][usize::from(cells[2]) % 3];
        let target = if task % 2 == 0 { class.to_owned() } else { cells[2].to_string() };
        format!("{number},{category},{target}\n")
    };
    let rows: String = cells.chunks_exact(3).take(64).map(row).collect();
    train(format!("x,c,y\n{rows}").as_bytes())
}

/// Trains on a table, if it is one, to predict its last column; the model is the same after it was encoded and decoded.
pub fn train(csv: &[u8]) -> bool {
    let Ok(table) = Table::parse(csv) else { return false };
    let Some(target) = table.columns().last() else { return false };
    let options = Options { l2: Some(1.0), ..Options::default() };
    let pipeline = Pipeline { learner: options.into(), ..Pipeline::new(target.name.clone()) };
    let Ok(model) = pipeline.train(&table) else { return false };
    let file = model.encode().expect("a trained model can be written");
    assert_eq!(Model::decode(&file).expect("what was written opens"), model);
    true
}

/// The file of a small boosted model of a table, or of a forest.
pub fn trees(csv: &[u8], target: &str, is_forest: bool) -> Vec<u8> {
    let boosting = boosting::Options { rounds: 3, leaves: 7, ..boosting::Options::default() };
    let forest = forest::Options { trees: 3, leaves: 7, ..forest::Options::default() };
    let learner = if is_forest { Learner::Forest(forest) } else { Learner::Boosting(boosting) };
    let pipeline = Pipeline { learner, ..Pipeline::new(target) };
    let model = pipeline.train(&Table::parse(csv).expect("a table")).expect("a model");
    model.encode().expect("a trained model can be written")
}

fn opens(file: &[u8]) -> bool {
    let Ok(model) = Model::decode(file) else { return false };
    for value in [0.0, 1e300, f64::NAN] {
        let row = vec![value; model.n_features()];
        let _ = model.predict(&row);
        let _ = model.predict_many(&row.repeat(9));
        let _ = model.explain(&row);
    }
    let mut coefficients = model.coefficients().into_iter().flat_map(|output| output.original);
    assert!(coefficients.all(f64::is_finite));
    if model.origin().is_err() && model.encode().is_err() {
        // A file without its record would say less than the one that was opened.
        return true;
    }
    let written = model.encode().expect("an open model can be written");
    let again = Model::decode(&written).expect("what was written opens");
    assert!(again.encode().expect("an open model can be written") == written, "the file differs when written again");
    true
}

/// Predicts two classes from a number `x` and a category `c`.
pub(crate) fn small_model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let row = |i: usize| format!("{},{},{}\n", i * 7 % 13, ["u", "v", "w"][i % 3], ["a", "b"][i * i % 5 % 2]);
        let csv = format!("x,c,y\n{}", (0..40).map(row).collect::<String>());
        let table = Table::parse(csv.as_bytes()).expect("a table");
        Pipeline::new("y").train(&table).expect("a model")
    })
}

/// What is said of each row of a file that is read in windows of about this size, and the error that ended it.
fn scored(predictor: &BatchPredictor<&Model>, file: &[u8], window: usize) -> (Vec<String>, Option<String>) {
    let mut rows = Vec::new();
    let (mut at, mut last_row, mut length) = (0, 0, window);
    while at < file.len() {
        let end = file.len().min(at + length);
        let reached = predictor.score(&file[at..end], end == file.len(), last_row, |row| {
            let outputs = row.outputs.as_ref().map_err(ToString::to_string);
            rows.push(format!("{} {outputs:?}", row.number));
            Ok(())
        });
        match reached {
            Ok(reached) => {
                // A window that ends within its first row is too small.
                length = if reached.bytes == 0 { 2 * length } else { window };
                (at, last_row) = (at + reached.bytes, reached.row);
            }
            Err(error) => return (rows, Some(error.to_string())),
        }
    }
    (rows, None)
}
