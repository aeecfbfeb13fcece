//! Times the fits of benches/tables.py natively: tepal on one thread and on two, and linfa. Writes native.json beside the
//! tables, unless some are chosen by name: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tepal::dataset::{Dataset, Roles};
use tepal::preprocess::{self, Scale};
use tepal::table::{Column, ReadOptions, Table, Task, Values};
use tepal::train::{Options, Solver, Trainer};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Short runs are timed in batches of at least this.
const LEAST: Duration = Duration::from_millis(20);
/// linfa is not timed where one fit takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A table of tables.json.
#[derive(Deserialize)]
struct Case {
    name: String,
    rows: usize,
    features: usize,
    /// 0 for a regression.
    classes: usize,
    standardize: bool,
}

/// The optimum that sklearn.json has for a table.
#[derive(Deserialize)]
struct Optimum {
    objective: f64,
}

fn main() -> Result<()> {
    // cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let folder = PathBuf::from(arguments.next().ok_or("expected a folder of tables: see benches/README.md")?);
    let chosen: Vec<String> = arguments.collect();
    let optima: BTreeMap<String, Optimum> = read_json(&folder.join("sklearn.json"))?;
    let mut results = serde_json::Map::new();
    for case in read_json::<Vec<Case>>(&folder.join("tables.json"))? {
        let Case { name, .. } = &case;
        if !chosen.is_empty() && !chosen.contains(name) {
            continue;
        }
        let best = optima.get(name).ok_or_else(|| format!("sklearn.json has no {name}"))?.objective;
        let dataset = dataset(&folder, &case)?;
        let options = |solver| Options {
            l2: Some(if case.classes == 0 { 0.0 } else { 1.0 }),
            preprocess: preprocess::Options::scaled(if case.standardize { Scale::Standard } else { Scale::None }),
            solver,
            ..Options::default()
        };
        let objective = fit_to(&dataset, options(Solver::Auto), best)?;
        let on_threads = |n_threads: usize| -> Result<f64> {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build()?;
            pool.install(|| median(|| fit_to(&dataset, options(Solver::Auto), best))).map_err(Into::into)
        };
        let (one, two) = (on_threads(1)?, on_threads(2)?);
        let linfa = linfa(&dataset, options(Solver::Linfa), best)?;
        println!("{name:<20} {one:9.3} ms on one thread, {two:9.3} ms on two, linfa {linfa:?}");
        let result = json!({ "tepal1": one, "tepal2": two, "linfa": linfa, "objective": objective });
        results.insert(name.clone(), result);
    }
    if chosen.is_empty() {
        std::fs::write(folder.join("native.json"), serde_json::to_vec_pretty(&results)?)?;
    }
    Ok(())
}

/// A file whose name stands in the error.
fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    serde_json::from_slice(&read(path)?).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Whether an objective is within a relative 1e-9 of the best that is known.
fn is_there(objective: f64, best: f64) -> bool {
    objective <= best * (1.0 + 1e-9)
}

/// Fits until the objective is there; returns it.
fn fit_to(dataset: &Dataset, options: Options, best: f64) -> tepal::error::Result<f64> {
    let mut trainer = Trainer::new(dataset, options)?;
    while !trainer.progress().done && !is_there(trainer.progress().objective, best) {
        trainer.step()?;
    }
    Ok(trainer.progress().objective)
}

/// The time that linfa takes to its own stop, if it stops at the optimum.
fn linfa(dataset: &Dataset, options: Options, best: f64) -> Result<Option<f64>> {
    if options.preprocess.scale != Scale::Standard && options.l2 != Some(0.0) {
        return Ok(None);
    }
    let start = Instant::now();
    let mut trainer = Trainer::new(dataset, options.clone())?;
    let is_patient = start.elapsed() < PATIENCE;
    while trainer.progress().round == 0 {
        trainer.step()?;
    }
    let is_worth_it = is_patient && is_there(trainer.progress().objective, best);
    let time = || median(|| Trainer::new(dataset, options.clone()));
    Ok(is_worth_it.then(time).transpose()?)
}

fn dataset(folder: &Path, case: &Case) -> Result<Dataset> {
    let bytes = read(&folder.join(format!("{}.bin", case.name)))?;
    let cells: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let column = |(index, cells): (usize, &[f64])| Column {
        name: if index == case.features { "target".into() } else { format!("f{index}") },
        values: Values::Numbers(cells.to_vec()),
    };
    let task = if case.classes == 0 { Task::Regression } else { Task::Classification };
    let table =
        Table::from_columns(cells.chunks_exact(case.rows).enumerate().map(column).collect(), &ReadOptions::default())?;
    Ok(Dataset::new(&table, &Roles { target: "target".into(), task: Some(task), ..Roles::default() })?)
}

/// The median time of seven batches, in milliseconds a run.
fn median<T>(mut run: impl FnMut() -> tepal::error::Result<T>) -> tepal::error::Result<f64> {
    let mut time = |n_runs: u32| {
        let start = Instant::now();
        for _ in 0..n_runs {
            std::hint::black_box(run()?);
        }
        Ok(start.elapsed())
    };
    time(1)?;
    let mut n_runs = 1;
    while time(n_runs)? < LEAST {
        n_runs *= 2;
    }
    let mut times = Vec::new();
    for _ in 0..7 {
        times.push(1e3 * time(n_runs)?.as_secs_f64() / f64::from(n_runs));
    }
    times.sort_by(f64::total_cmp);
    Ok(times[3])
}
