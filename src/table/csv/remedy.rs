//! What to try where a file was perhaps read otherwise than it was written.

use crate::error::Error;

/// An error about a column that a file does not have: it may have been read otherwise than it was written.
pub(crate) fn hint_of_names(error: Error, names: &[&str], has_header: bool) -> Error {
    let others =
        |name: &&str| name.contains([';', '\t', '|']) || names.len() == 1 && name.contains([',', ' ', ':', '^']);
    if !has_header {
        with_remedy(error, "the first row was read as data: if it holds the names, say so (--header yes)")
    } else if names.iter().any(others) {
        with_remedy(error, "if another sign separates the cells, say which (--delimiter)")
    } else {
        error
    }
}

/// The same error with one more thing to try.
pub(super) fn with_remedy(error: Error, remedy: &str) -> Error {
    let message = format!("{}; {remedy}", error.message());
    error.with_message(message)
}
