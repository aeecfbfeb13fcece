//! Writing to standard output.

use serde::Serialize;
use std::io::{self, Write as _};
use tepal::error::{Error, ErrorKind, Result};

/// Writes text as it is.
pub(crate) fn print(text: &str) -> Result<()> {
    is_read(io::stdout().lock().write_all(text.as_bytes())).map(|_| ())
}

/// Writes a value as JSON with a line end.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    let json =
        serde_json::to_string_pretty(value).map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    print(&format!("{json}\n"))
}

/// Whether the output is still read. A reader that has enough, such as `head`, closes the pipe; that is no error.
pub(crate) fn is_read(written: io::Result<()>) -> Result<bool> {
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::new(ErrorKind::Io, format!("standard output: {error}"))),
    }
}

/// Says something beside the answer. A closed pipe is ignored.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "tepal: {text}");
}
