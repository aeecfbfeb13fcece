//! Times `tepal predict` on a large CSV file against reading and rewriting the same file with the csv crate, and watches
//! its memory (on Linux). The file, 2 GB unless a number of megabytes is given, is made first: see benches/README.md.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs)]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tepal::pipeline::Pipeline;
use tepal::table::Table;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How often each is timed.
const RUNS: usize = 3;
/// How many rows the model is fitted to.
const TRAINING_ROWS: usize = 5_000;

fn main() -> Result<()> {
    // cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    let folder = PathBuf::from(arguments.next().ok_or("expected a folder: see benches/README.md")?);
    let megabytes: u64 = arguments.next().map_or(Ok(2_000), |number| number.parse())?;
    let (rows, model) = (folder.join("scoring.csv"), folder.join("scoring.tepal"));
    write_rows(&rows, megabytes * 1_000_000)?;
    std::fs::write(&model, train()?.encode()?)?;
    let size = std::fs::metadata(&rows)?.len() as f64 / 1e6;

    let (mut predictions, mut rewrites, mut most_memory) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let (seconds, memory) = predict(&model, &rows, &folder.join("scores.csv"))?;
        predictions.push(seconds);
        most_memory = most_memory.max(memory);
        rewrites.push(rewrite(&rows, &folder.join("rewritten.csv"))?);
    }
    let (predict, rewrite) = (median(predictions), median(rewrites));
    println!("{size:.0} MB");
    println!("tepal predict           {predict:6.1} s  {:5.0} MB/s  {most_memory} MB of memory", size / predict);
    println!("csv crate, read, write  {rewrite:6.1} s  {:5.0} MB/s", size / rewrite);
    println!("speed against rewriting {:6.2}", rewrite / predict);
    for file in ["scoring.csv", "scores.csv", "rewritten.csv"] {
        std::fs::remove_file(folder.join(file))?;
    }
    Ok(())
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// A row of eight numbers, two categories and a class; a number is missing now and then.
fn row(index: usize, out: &mut impl Write) -> std::io::Result<()> {
    let noise = |salt: u64| {
        let mixed = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15 ^ salt).rotate_left(29);
        mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40
    };
    write!(out, "{index}")?;
    for salt in 0..8 {
        match noise(salt) {
            value if value % 97 == 0 => write!(out, ",")?,
            value => write!(out, ",{}.{:02}", value % 1000, value / 1000 % 100)?,
        }
    }
    let (town, smoker) = (["Arles", "Bergen", "Cork", "Delft"][noise(8) as usize % 4], noise(9) % 3 == 0);
    let class = if noise(0) % 1000 + noise(10) % 700 > 850 { "yes" } else { "no" };
    writeln!(out, ",{town},{},{class}", if smoker { "yes" } else { "no" })
}

const HEADER: &str = "id,a,b,c,d,e,f,g,h,town,smoker,outcome";

fn write_rows(path: &Path, bytes: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(out, "{HEADER}")?;
    let mut line = Vec::new();
    let (mut index, mut written) = (0, 0);
    while written < bytes {
        line.clear();
        row(index, &mut line)?;
        out.write_all(&line)?;
        (index, written) = (index + 1, written + line.len() as u64);
    }
    Ok(out.flush()?)
}

fn train() -> Result<tepal::model::Model> {
    let mut csv = format!("{HEADER}\n").into_bytes();
    (0..TRAINING_ROWS).try_for_each(|index| row(index, &mut csv))?;
    let mut pipeline = Pipeline::new("outcome");
    pipeline.roles.drop = vec!["id".into()];
    Ok(pipeline.train(&Table::parse(&csv)?)?)
}

/// The seconds, and the most memory in megabytes.
fn predict(model: &Path, rows: &Path, out: &Path) -> Result<(f64, u64)> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tepal"))
        .args(["predict".as_ref(), model.as_os_str(), rows.as_os_str(), "--keep".as_ref(), "id".as_ref()])
        .args(["-o".as_ref(), out.as_os_str()])
        .stderr(Stdio::null())
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let ended = loop {
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        let peak = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = peak.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        most = most.max(peak.split_whitespace().next().and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(10));
    };
    match ended.success() {
        true => Ok((start.elapsed().as_secs_f64(), most / 1000)),
        false => Err(format!("tepal ended with {ended}").into()),
    }
}

/// The seconds that the csv crate takes to read every record and write it again.
fn rewrite(rows: &Path, out: &Path) -> Result<f64> {
    let start = Instant::now();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).buffer_capacity(1 << 20).from_path(rows)?;
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 20).from_path(out)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        writer.write_byte_record(&record)?;
    }
    writer.flush()?;
    Ok(start.elapsed().as_secs_f64())
}
