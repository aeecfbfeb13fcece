//! Times one fit of trees natively, and its predictions of the same rows: `cargo bench --bench trees -- <table.json> <threads>
//! <learner> [leaves]`.
//! Writes a line of JSON. `trees_speed.py` makes the tables, and compares: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use tepal::dataset::{Dataset, Roles};
use tepal::table::{Column, ReadOptions, Table, Task, Values};
use tepal::train::{Learner, LearnerChoice, LearnerName, Trainer, TreesChoice};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Beside the description lies a file of the same name that ends in `.bin`: doubles, column after column, the target last.
#[derive(Deserialize)]
struct Case {
    rows: usize,
    features: usize,
    /// 0 for a regression.
    classes: usize,
}

fn main() -> Result<()> {
    // cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let path = arguments.next().ok_or("expected the description of a table: see benches/README.md")?;
    let n_threads = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let case: Case = serde_json::from_slice(&std::fs::read(&path)?)?;
    let dataset = dataset(&Path::new(&path).with_extension("bin"), &case)?;
    let learner = learner(&arguments.next().ok_or("expected a learner")?, arguments.next())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build()?;
    let start = Instant::now();
    let fit = pool.install(|| Trainer::new(&dataset, learner)?.run())?;
    let fitted = start.elapsed();
    let model = fit.into_model("trees", None)?;
    let rows: Vec<f64> = dataset.features().iter().copied().collect();
    let start = Instant::now();
    std::hint::black_box(model.predict_many(&rows)?);
    let predicted = 1e6 * start.elapsed().as_secs_f64() / case.rows as f64;
    let bytes = model.encode()?.len();
    println!("{}", json!({ "seconds": fitted.as_secs_f64(), "microsecondsPerRow": predicted, "bytes": bytes }));
    Ok(())
}

/// 100 trees, with the default options of a learner but for the most leaves, if they are given.
fn learner(name: &str, leaves: Option<String>) -> Result<Learner> {
    let known = LearnerName::NAMES.into_iter().find(|(known, _)| *known == name);
    let (_, learner) = known.ok_or_else(|| format!("expected a learner, found {name:?}"))?;
    let leaves = leaves.map(|text| text.parse()).transpose()?;
    let trees = TreesChoice { leaves, ..TreesChoice::default() };
    Ok(LearnerChoice { learner, trees, ..LearnerChoice::default() }.learners()?.0)
}

fn dataset(path: &Path, case: &Case) -> Result<Dataset> {
    let bytes = std::fs::read(path)?;
    let cells: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let column = |(index, cells): (usize, &[f64])| Column {
        name: if index == case.features { "target".into() } else { format!("f{index}") },
        values: Values::Numbers(cells.to_vec()),
    };
    let task = if case.classes == 0 { Task::Regression } else { Task::Classification };
    let columns = cells.chunks_exact(case.rows).enumerate().map(column).collect();
    let table = Table::from_columns(columns, &ReadOptions::default())?;
    Ok(Dataset::new(&table, &Roles { target: "target".into(), task: Some(task), ..Roles::default() })?)
}
