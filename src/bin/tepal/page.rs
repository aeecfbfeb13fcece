//! `tepal page`: one model's page in one file.

use crate::output::print;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use clap::Args;
use std::path::PathBuf;
use tepal::error::{Error, ErrorKind, Result};
use tepal::model::{Estimator, Link, Model};
use tepal::{files, limits};

/// Where the model goes in the page that `scripts/single.mjs` writes.
const PLACE: &str = "%MODEL%";
/// Many times what it is.
const PAGE_BYTES: usize = 1 << 24;

/// Write a model's page as one HTML file, which predicts anywhere without a network
#[derive(Args)]
#[command(after_help = "Example: tepal page risk.tepal -o risk.html")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// Where to write the page
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Write a page for a frame on another page: the form and the answer alone, which tell their height
    #[arg(long)]
    embed: bool,
    /// The folder of the page that `make site` builds
    #[arg(long, default_value = "www")]
    www: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    files::check_apart(&arguments.model, &arguments.output)?;
    let bytes = files::read(&arguments.model, limits::MODEL_BYTES)?;
    // The page reads the last version only.
    let at = |error| files::name(&arguments.model, &error);
    let bytes = Model::upgrade(&bytes).map_err(at)?;
    // Few models need the larger page.
    let model = Model::decode(&bytes).map_err(at)?;
    let is_rare = matches!(model.estimator(), Estimator::Graph(_)) || matches!(model.link(), Link::OneVsRest { .. });
    let empty = arguments.www.join(match (arguments.embed, is_rare) {
        (true, _) => "pkg/embed.html",
        (false, true) => "pkg/single-graphs.html",
        (false, false) => "pkg/single.html",
    });
    let page = files::read(&empty, PAGE_BYTES)
        .map_err(|error| Error::new(error.kind(), format!("{}; build the page with `make site`", error.message())))?;
    let parts = std::str::from_utf8(&page).ok().and_then(|page| page.split_once(PLACE));
    let (before, after) = parts.ok_or_else(|| {
        let message = format!("expected the page that `make site` builds, with a place {PLACE} for a model");
        files::name(&empty, &Error::new(ErrorKind::Io, message))
    })?;
    let whole = [before, &BASE64_STANDARD.encode(bytes), after].concat();
    files::write(&arguments.output, whole.as_bytes())?;
    print(&format!("written to {}, {} KB\n", arguments.output.display(), whole.len().div_ceil(1000)))
}
