//! What stands for Parquet files in a build that does not read them.

use super::translated::CsvParts;
use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::note::Note;

/// Refuses a Parquet file.
pub(super) fn open(_source: Box<dyn Source>) -> Result<(Box<dyn CsvParts>, Vec<Note>)> {
    let message =
        "this is a Parquet file, and this build of tepal reads none; build it with the feature parquet, or write CSV";
    Err(Error::new(ErrorKind::Encoding, message))
}
