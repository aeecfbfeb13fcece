//! One fit by three workers, each with its share of the rows. The model is that of a fit in memory, byte for byte.
//!
//! `cargo run --release --example workers`
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use tepal::distributed::{Coordinator, Worker};
use tepal::{Pipeline, Result, Table, table::ReadOptions, train::Options, train::Solver};

const N_WORKERS: usize = 3;
const MEMORY: u64 = 1 << 20; // for prepared rows; a worker reads the others again for each question

fn main() -> Result<()> {
    let class = |i: usize| ["a", "b", "c"][(i * i + i / 7) % 5 % 3];
    let row = |i: usize| format!("{},{},{}\n", i * 7919 % 10007, i * 31 % 89, class(i));
    let csv = format!("length,width,class\n{}", (0..9000).map(row).collect::<String>()).into_bytes();
    // The automatic choice weighs what reading costs, so it may differ from that of a fit in memory.
    let learner = Options { solver: Solver::Newton, ..Options::default() }.into();
    let pipeline = Pipeline { learner, ..Pipeline::new("class") };
    // The coordinator reads the file once, to find where its blocks of rows begin.
    let mut coordinator = Coordinator::new(&pipeline.roles, &ReadOptions::default());
    while let Some((first, length)) = coordinator.wants(csv.len() as u64) {
        let end = first as usize + length;
        coordinator.push(&csv[first as usize..end], end == csv.len())?;
    }
    // Layout, questions and answers are bytes: here they go between threads, elsewhere between machines.
    let layout = coordinator.layout()?;
    let worker = |index| Worker::new(&layout, index, N_WORKERS, MEMORY);
    let mut workers: Vec<Worker> = (0..N_WORKERS).map(worker).collect::<Result<_>>()?;
    ask_all(&mut coordinator, &mut workers, &csv)?; // what the columns hold
    coordinator.fit(&pipeline)?;
    ask_all(&mut coordinator, &mut workers, &csv)?; // the rounds of the fit
    println!("{N_WORKERS} workers: {}", coordinator.finish()?.digest());
    println!("in memory: {}", pipeline.train(&Table::parse(&csv)?)?.digest());
    Ok(())
}

/// Puts every question of a stage to all workers at once. A long fit would keep its threads.
fn ask_all(coordinator: &mut Coordinator, workers: &mut [Worker], csv: &[u8]) -> Result<()> {
    while let Some(question) = coordinator.ask()? {
        let (question, mut answers) = (question.as_slice(), vec![Ok(Vec::new()); workers.len()]);
        std::thread::scope(|scope| {
            for (worker, place) in workers.iter_mut().zip(&mut answers) {
                scope.spawn(move || *place = answer(worker, question, csv));
            }
        });
        coordinator.tell(&answers.into_iter().collect::<Result<Vec<_>>>()?)?;
    }
    Ok(())
}

/// A worker names the parts of the file that it has to read for its blocks.
fn answer(worker: &mut Worker, question: &[u8], csv: &[u8]) -> Result<Vec<u8>> {
    worker.begin(question)?;
    while let Some((first, length)) = worker.part()? {
        worker.feed(&csv[first as usize..][..length])?;
    }
    worker.answer()
}
