//! Train, predict and inspect on the command line.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

mod choices;
mod inspect;
mod output;
mod predict;
mod progress;
mod table;
mod train;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Small prediction models for tables.
#[derive(Parser)]
#[command(name = "tepal", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(Box<train::Arguments>),
    Predict(predict::Arguments),
    Inspect(inspect::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(*arguments),
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tepal: {error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}
