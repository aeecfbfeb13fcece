//! Predicts the rows of a CSV file of any length. Memory holds one window of the file at a time.
//!
//! `cargo run --release --example many_rows -- rows.csv > predictions.csv`
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use tepal::batch::{BatchPredictor, BatchSummary, CsvLines};
use tepal::table::{ReadOptions, Windows};
use tepal::{Error, ErrorKind, Pipeline, Table};

const IRIS: &[u8] = include_bytes!("../www/data/iris.csv");
const IRIS_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/data/iris.csv");
const WINDOW_BYTES: usize = 1 << 10; // so few that iris has several windows; a megabyte is quick
const BEGINNING_BYTES: u64 = 1 << 18; // enough to see the header, the delimiter and the decimal sign

fn main() -> tepal::Result<()> {
    let model = Pipeline::new("species").train(&Table::parse(IRIS)?)?;
    let path = std::env::args().nth(1).unwrap_or_else(|| IRIS_PATH.to_owned());
    let mut file = File::open(path).map_err(io_error)?;
    let size = file.metadata().map_err(io_error)?.len();
    // The columns are matched to the features by name. Other columns may be there too.
    let beginning = read(&mut file, 0, size.min(BEGINNING_BYTES) as usize)?;
    let is_all = size <= BEGINNING_BYTES;
    let predictor = BatchPredictor::new(&model, &beginning, is_all, &ReadOptions::default(), None)?;

    // Every line has the cells of its row, the prediction, the probabilities, and the error of a row that is refused.
    let kept: Vec<(usize, String)> = predictor.names().iter().cloned().enumerate().collect();
    let mut lines = CsvLines::new(&model, &kept, true);
    lines.add_header();
    let (mut summary, mut out) = (BatchSummary::default(), io::stdout().lock());
    let mut windows = Windows::new(WINDOW_BYTES).refusing_endless_rows();
    while let Some((first, length)) = windows.wants(size) {
        let window = read(&mut file, first, length)?;
        let is_end = first + length as u64 == size;
        let reached = predictor.score(&window, is_end, windows.rows_before(), |row| {
            summary.add(&model, &row);
            lines.add(&row);
            Ok(())
        })?;
        // The next window begins at the row that this one cuts in two.
        windows.advance(length, is_end, reached.bytes, reached.row)?;
        let ready = std::mem::replace(&mut lines, CsvLines::new(&model, &kept, true));
        out.write_all(&ready.finish()).map_err(io_error)?;
    }
    eprintln!("{} rows, {} refused", summary.n_rows, summary.n_refused);
    out.flush().map_err(io_error)
}

fn read(file: &mut File, first: u64, length: usize) -> tepal::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(first)).and_then(|_| file.read_exact(&mut bytes)).map_err(io_error)?;
    Ok(bytes)
}

fn io_error(error: io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string())
}
