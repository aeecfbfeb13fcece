//! `tepal upgrade`: a model file of an earlier version, written again in the last one.

use crate::output::print;
use std::path::PathBuf;
use tepal::error::Result;
use tepal::files;

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
    let model = files::read_model(&arguments.old)?;
    files::write(&arguments.output, &model.encode().map_err(|error| files::name(&arguments.old, &error))?)?;
    print(&format!("{}: {}\n", arguments.output.display(), model.digest()))
}
