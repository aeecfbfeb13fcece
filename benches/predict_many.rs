//! Times `Model::predict_many` natively, on the tables and models of benches/scoring_models.py. Writes
//! scoring-native.json: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tepal::Model;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ROUNDS: usize = 15;
const WARM: Duration = Duration::from_millis(500);
/// Short runs are timed in batches of at least this.
const LEAST: Duration = Duration::from_millis(20);

/// A table of scoring/tables.json.
#[derive(Deserialize)]
struct Case {
    name: String,
}

fn main() -> Result<()> {
    // cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let folder = PathBuf::from(arguments.next().ok_or("expected a folder: see benches/README.md")?);
    let scoring = folder.join("scoring");
    let mut results = serde_json::Map::new();
    for Case { name } in serde_json::from_slice::<Vec<Case>>(&read(&scoring.join("tables.json"))?)? {
        let model = Model::decode(&read(&scoring.join(format!("{name}.tepal")))?)?;
        let rows = read_doubles(&scoring.join(format!("{name}.bin")))?;
        let exact = read_doubles(&scoring.join(format!("{name}-exact.bin")))?;
        let difference = largest_difference(&model.predict_many(&rows)?, &exact)?;
        let milliseconds = median(|| model.predict_many(black_box(&rows)))?;
        println!("{name:<20} {milliseconds:10.3} ms");
        results.insert(name, json!({ "milliseconds": milliseconds, "difference": difference }));
    }
    std::fs::write(folder.join("scoring-native.json"), serde_json::to_vec_pretty(&results)?)?;
    Ok(())
}

/// A file whose name stands in the error.
fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn read_doubles(path: &Path) -> Result<Vec<f64>> {
    Ok(read(path)?.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

fn largest_difference(found: &[f64], exact: &[f64]) -> Result<f64> {
    if found.len() != exact.len() {
        return Err(format!("{} probabilities instead of {}", found.len(), exact.len()).into());
    }
    let differences = found.iter().zip(exact).map(|(found, exact)| (found - exact).abs());
    // NaN counts as the largest.
    Ok(differences.max_by(f64::total_cmp).unwrap_or(0.0))
}

/// The median time of batches, in milliseconds a run.
fn median<T>(mut run: impl FnMut() -> tepal::Result<T>) -> tepal::Result<f64> {
    let mut time = |n_runs: u32| -> tepal::Result<Duration> {
        let start = Instant::now();
        for _ in 0..n_runs {
            black_box(run()?);
        }
        Ok(start.elapsed())
    };
    let start = Instant::now();
    while start.elapsed() < WARM {
        time(1)?;
    }
    let mut n_runs = 1;
    while time(n_runs)? < LEAST {
        n_runs *= 2;
    }
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        times.push(1e3 * time(n_runs)?.as_secs_f64() / f64::from(n_runs));
    }
    times.sort_by(f64::total_cmp);
    Ok(times[ROUNDS / 2])
}
