//! `tepal upgrade`: a model file of an earlier version, written again in the last one.

use crate::output::print;
use std::path::PathBuf;
use tepal::error::{Error, Result};
use tepal::files;
use tepal::limits;
use tepal::model::Model;

/// Write a model file of an earlier version again in the last one
#[derive(clap::Args)]
#[command(after_help = "The predictions stay the same, to the bit. A file of the last version is written as it is.

Example: tepal upgrade old.tepal -o new.tepal")]
pub(crate) struct Arguments {
    /// The model file
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// Where to write the new file
    #[arg(short, long, value_name = "NEW")]
    output: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let at = |error: Error| files::name(&arguments.old, &error);
    let bytes = Model::upgrade(&files::read(&arguments.old, limits::MODEL_BYTES)?).map_err(at)?;
    files::write(&arguments.output, &bytes)?;
    print(&format!("{}: {}\n", arguments.output.display(), Model::decode(&bytes).map_err(at)?.digest()))
}
