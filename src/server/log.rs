//! The log, on standard error.

use crate::error::{Error, ErrorKind, Result};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

/// Starts the log, from a level on, as lines of text or of JSON.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for an unknown format or level.
pub fn begin(format: Option<&str>, level: Option<&str>) -> Result<()> {
    let refuse = |message: String| Error::new(ErrorKind::InvalidOption, message);
    let level = level.unwrap_or("info");
    let level: LevelFilter = level
        .parse()
        .map_err(|_| refuse(format!("--log-level: expected error, warn, info, debug or trace, found {level}")))?;
    let log = fmt().with_max_level(level).with_writer(std::io::stderr).with_target(false);
    // A process has one log. A second call changes nothing.
    match format.unwrap_or("text") {
        "text" => drop(log.with_ansi(false).try_init()),
        "json" => drop(log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()),
        other => return Err(refuse(format!("--log: expected text or json, found {other}"))),
    }
    Ok(())
}
