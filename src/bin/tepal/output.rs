//! Writing to standard output.

use serde::Serialize;
use std::io::{self, Write as _};
use tepal::error::{Error, ErrorKind, Result};

/// Writes text as it is.
pub(crate) fn print(text: &str) -> Result<()> {
    standard_output(io::stdout().lock().write_all(text.as_bytes()))
}

/// Writes a value as JSON with a line end.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    let json =
        serde_json::to_string_pretty(value).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    print(&format!("{json}\n"))
}

/// A reader that has seen enough, such as `head`, closes the pipe: that is no error of ours.
pub(crate) fn standard_output(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::Io, format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}
