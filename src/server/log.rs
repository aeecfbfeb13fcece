//! The log, on standard error. A thread of its own writes it: who reads it slowly, or not at all, stops no request. Lines that
//! find no place are dropped, and counted.

use crate::error::{Error, ErrorKind, Result};
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;

/// The lines that may wait to be written: some 2 MB.
const WAITING_LINES: usize = 4096;

static FULL: OnceLock<ErrorCounter> = OnceLock::new();
static UNWRITTEN: AtomicU64 = AtomicU64::new(0);

/// Writes the last lines when it is dropped.
#[derive(Debug)]
#[must_use = "the log ends with it"]
pub struct Log {
    _writer: Option<WorkerGuard>,
}

/// Starts the log, from a level on, as lines of text or of JSON. A process has one log: a second call changes nothing.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for an unknown format or level.
pub fn begin(format: Option<&str>, level: Option<&str>) -> Result<Log> {
    let refuse = |message: String| Error::new(ErrorKind::InvalidOption, message);
    let level = level.unwrap_or("info");
    let level: LevelFilter = level
        .parse()
        .map_err(|_| refuse(format!("--log-level: expected error, warn, info, debug or trace, found {level}")))?;
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES).thread_name("log");
    let (writer, guard) = builder.finish(StandardError);
    let counter = writer.error_counter();
    let log = fmt().with_max_level(level).with_writer(writer).with_target(false);
    let is_first = match format.unwrap_or("text") {
        "text" => log.with_ansi(false).try_init().is_ok(),
        "json" => log.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init().is_ok(),
        other => return Err(refuse(format!("--log: expected text or json, found {other}"))),
    };
    if is_first {
        let _ = FULL.set(counter);
        std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
    }
    Ok(Log { _writer: is_first.then_some(guard) })
}

/// The number of lines that were not written.
pub(super) fn dropped_lines() -> u64 {
    FULL.get().map_or(0, |full| full.dropped_lines() as u64) + UNWRITTEN.load(Relaxed)
}

/// Standard error, where a line that cannot be written is counted: it may be closed, or a full disk.
struct StandardError;

impl Write for StandardError {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if io::stderr().write_all(line).is_err() {
            UNWRITTEN.fetch_add(1, Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = io::stderr().flush();
        Ok(())
    }
}
