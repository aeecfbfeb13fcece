//! Times the fits of benches/tables.py natively: tepal on one thread and on two, and linfa. Writes native.json beside the
//! tables: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use tepal::dataset::{Dataset, Roles};
use tepal::table::{Column, Table, Task, Values};
use tepal::train::{Options, Solver, Trainer};

/// Short runs are timed in batches of at least this.
const LEAST: Duration = Duration::from_millis(20);
/// linfa is given up on where one fit takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).expect("a folder of tables");
    let folder = Path::new(&folder);
    let tables: Value = serde_json::from_slice(&std::fs::read(folder.join("tables.json")).unwrap()).unwrap();
    let mut results = serde_json::Map::new();
    for table in tables.as_array().unwrap() {
        let name = table["name"].as_str().unwrap();
        let dataset = dataset(folder, table);
        let options = |solver| Options {
            l2: Some(if table["classes"] == 0 { 0.0 } else { 1.0 }),
            standardize: table["standardize"].as_bool().unwrap(),
            solver,
            ..Options::default()
        };
        let best = objectives(folder)[name]["objective"].as_f64().unwrap();
        let mut objective = 0.0;
        let on_threads = |n_threads, objective: &mut f64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| median(|| *objective = fit_to(&dataset, options(Solver::Auto), best)))
        };
        let [one, two] = [1, 2].map(|n_threads| on_threads(n_threads, &mut objective));
        let linfa = linfa(&dataset, options(Solver::Linfa), best);
        println!("{name:<20} {one:9.3} ms on one thread, {two:9.3} ms on two, linfa {linfa:?}");
        results
            .insert(name.to_owned(), json!({ "tepal1": one, "tepal2": two, "linfa": linfa, "objective": objective }));
    }
    std::fs::write(folder.join("native.json"), serde_json::to_vec_pretty(&results).unwrap()).unwrap();
}

fn objectives(folder: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(folder.join("sklearn.json")).unwrap()).unwrap()
}

/// Fits until the objective is within a relative 1e-9 of the best that is known.
fn fit_to(dataset: &Dataset, options: Options, best: f64) -> f64 {
    let mut trainer = Trainer::new(dataset, options).unwrap();
    while !trainer.progress().done && trainer.progress().objective > best * (1.0 + 1e-9) {
        trainer.step().unwrap();
    }
    black_box(trainer.progress().objective)
}

/// The time that linfa takes to its own stop, if it stops at the optimum.
fn linfa(dataset: &Dataset, options: Options, best: f64) -> Option<f64> {
    if !options.standardize && options.l2 != Some(0.0) {
        return None;
    }
    let start = Instant::now();
    let mut trainer = Trainer::new(dataset, options.clone()).unwrap();
    let is_patient = start.elapsed() < PATIENCE;
    let objective = loop {
        let progress = trainer.step().unwrap();
        if progress.round > 0 {
            break progress.objective;
        }
    };
    let is_right = objective <= best * (1.0 + 1e-9);
    (is_patient && is_right).then(|| median(|| drop(black_box(Trainer::new(dataset, options.clone()).unwrap()))))
}

fn dataset(folder: &Path, table: &Value) -> Dataset {
    let number = |name: &str| table[name].as_u64().unwrap() as usize;
    let (name, rows, features) = (table["name"].as_str().unwrap(), number("rows"), number("features"));
    let bytes = std::fs::read(folder.join(format!("{name}.bin"))).unwrap();
    let cells: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
    let column = |(index, cells): (usize, &[f64])| Column {
        name: if index == features { "target".into() } else { format!("f{index}") },
        values: Values::Numbers(cells.to_vec()),
    };
    let task = if number("classes") == 0 { Task::Regression } else { Task::Classification };
    let table = Table::from_columns(cells.chunks_exact(rows).enumerate().map(column).collect()).unwrap();
    Dataset::new(&table, &Roles { target: "target".into(), task: Some(task), ..Roles::default() }).unwrap()
}

/// The median time of at least seven batches, in milliseconds a run.
fn median(mut run: impl FnMut()) -> f64 {
    let mut time = |n_runs: u32| {
        let start = Instant::now();
        (0..n_runs).for_each(|_| run());
        start.elapsed()
    };
    time(1);
    let mut n_runs = 1;
    while time(n_runs) < LEAST {
        n_runs *= 2;
    }
    let mut times: Vec<f64> = (0..7).map(|_| 1e3 * time(n_runs).as_secs_f64() / f64::from(n_runs)).collect();
    times.sort_by(f64::total_cmp);
    times[3]
}
