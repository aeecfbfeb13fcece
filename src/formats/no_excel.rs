//! What stands for Excel workbooks in a build that does not read them.

use crate::error::{Error, ErrorKind, Result};
use crate::note::Note;

/// Refuses a workbook.
pub(super) fn read(_bytes: Vec<u8>, _sheet: Option<&str>) -> Result<(Vec<u8>, Vec<bool>, Vec<Note>)> {
    let message =
        "this is a workbook, and this build of tepal reads none; build it with the feature excel, or write CSV";
    Err(Error::new(ErrorKind::Encoding, message))
}
