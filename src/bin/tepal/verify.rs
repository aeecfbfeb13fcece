//! `tepal verify`: whether every part of a model file is sound.

use crate::output::print;
use std::path::PathBuf;
use tepal::error::Result;
use tepal::files;

/// Check every part of a model file: digests, contents, proof rows and the record
#[derive(clap::Args)]
#[command(
    after_help = "Every command checks all that predictions rest on. A record that is damaged does not stop them; it \
                        stops this one.

Example: tepal verify risk.tepal"
)]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = files::read_model(&arguments.model)?;
    model.origin().map_err(|error| files::name(&arguments.model, &error))?;
    print(&format!("sound: {0}/{0} proof rows, digest {1}\n", model.n_proof_rows(), model.digest()))
}
