//! The steps that `Pipeline::train` takes, one by one: roles, split, fit with progress, certificate, report.
//!
//! `cargo run --release --example step_by_step`
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use tepal::evaluate::{Report, evaluate};
use tepal::train::{Options, Trainer};
use tepal::{Dataset, Roles, Table};

const IRIS: &[u8] = include_bytes!("../www/data/iris.csv");

fn main() -> tepal::Result<()> {
    // Columns without a role become features if they can be one.
    let table = Table::parse(IRIS)?;
    let roles = Roles { target: "species".into(), ..Roles::default() };
    let dataset = Dataset::new(&table, &roles)?;
    for note in dataset.notes() {
        println!("note: {note}");
    }

    // The split is stratified. The same seed gives the same rows on every machine.
    let (training, held_out) = dataset.split(0.2, 7)?;
    println!("{} rows to train on, {} held out", training.n_rows(), held_out.n_rows());

    // Between two steps a program can draw its progress, or drop the trainer to stop.
    let options = Options { l2: Some(1.0), ..Options::default() };
    let mut trainer = Trainer::new(&training, options)?;
    while !trainer.progress().done {
        let progress = trainer.step()?;
        let percent = 100.0 * progress.fraction;
        println!("round {}: objective {:.6}, {percent:.0} % done", progress.round, progress.objective);
    }

    // The library reads no clock: the second argument is the time of creation, if there is to be one.
    let model = trainer.finish()?.into_model("iris", None)?;
    if let Some(record) = model.provenance()?.fit.as_linear() {
        let certificate = &record.certificate;
        let (found, limit) = (certificate.relative_gradient, certificate.tolerance);
        println!("relative gradient {found:.1e} (limit {limit:.0e}), converged: {}", certificate.converged());
    }

    // The model has not seen these rows.
    let report = evaluate(&model, &held_out)?;
    match &report {
        Report::Classification(report) => {
            let (low, high) = report.accuracy_interval;
            println!("accuracy {:.3}, 95 % interval {low:.3} to {high:.3}", report.accuracy);
        }
        Report::Regression(report) => println!("{:?}", report.figures()),
    }
    report.notes().iter().for_each(|note| println!("note: {note}"));

    // The report's figures go into the model's file.
    let model = model.with_evaluation(Some(report.evaluation(None)), None)?;
    println!("{} bytes", model.encode()?.len());
    Ok(())
}
