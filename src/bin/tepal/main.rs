//! Train, predict and inspect on the command line.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

mod choices;
mod dependence;
mod evaluate;
mod explain;
mod fit;
mod import;
mod import_description;
mod inspect;
mod output;
mod page;
mod parts;
mod predict;
mod progress;
mod table;
mod threads;
mod train;
mod tree;
mod upgrade;
mod verify;
mod words;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use std::process::ExitCode;
use tepal::error::Result;

/// Small prediction models for tables: fit one, see how good it is and why, predict with it
#[derive(Parser)]
#[command(
    name = "tepal",
    version,
    after_help = "A first minute:
  tepal train penguins.csv --target species --test 0.2 -o penguins.tepal
  tepal explain penguins.tepal
  tepal predict penguins.tepal more.csv > predictions.csv

Exit codes: 0 done, 2 wrong options, 3 wrong tables or rows, 4 wrong model files, 5 fits without an optimum, 6 files that
cannot be read or written, 1 anything else."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Train(Box<train::Arguments>),
    Import(import::Arguments),
    Predict(predict::Arguments),
    Evaluate(evaluate::Arguments),
    Inspect(inspect::Arguments),
    Explain(explain::Arguments),
    Page(page::Arguments),
    Upgrade(upgrade::Arguments),
    Verify(verify::Arguments),
    /// Write completions for a shell to standard output
    #[command(after_help = "Example: tepal completions bash > ~/.local/share/bash-completion/completions/tepal")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train::run(*arguments),
        Command::Import(arguments) => import::run(arguments),
        Command::Predict(arguments) => predict::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Page(arguments) => page::run(&arguments),
        Command::Upgrade(arguments) => upgrade::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Completions { shell } => completions(shell),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&error.to_string());
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn completions(shell: Shell) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "tepal", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
