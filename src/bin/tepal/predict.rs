//! `tepal predict`.

use crate::output::standard_output;
use crate::table::{self, ReadArguments};
use clap::Args;
use std::io;
use std::path::PathBuf;
use tepal::error::Result;
use tepal::file;
use tepal::wire::write_predictions_csv;

/// Predict the rows of a table; writes CSV
#[derive(Args)]
#[command(after_help = "Example: tepal predict iris.tepal rows.csv > predictions.csv")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// The rows, with a header; - for standard input
    #[arg(default_value = file::STANDARD_INPUT)]
    rows: PathBuf,
    #[command(flatten)]
    read: ReadArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = file::read_model(&arguments.model)?;
    let table = table::read(&arguments.rows, &arguments.read.options()?)?;
    let outputs = model.predict_table(&table).map_err(|error| table::named(&arguments.rows, error))?;
    standard_output(write_predictions_csv(&model, &outputs, io::BufWriter::new(io::stdout().lock())))
}
