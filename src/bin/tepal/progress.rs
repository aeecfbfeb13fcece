//! How far a long command is, on a terminal.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tepal::dataset::Source;
use tepal::error::Result;

/// A line on the terminal that says how far a fit is, once it takes longer than a second. Elsewhere it says nothing.
pub(crate) struct Status {
    begin: Instant,
    is_terminal: bool,
    text: Mutex<(String, Option<Instant>)>,
}

impl Status {
    pub(crate) fn new() -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self { begin: Instant::now(), is_terminal, text: Mutex::new(("reading".into(), None)) }
    }

    pub(crate) fn set(&self, text: String) {
        if let Ok(mut line) = self.text.lock() {
            line.0 = text;
        }
    }

    /// Shows the text with a note, at most ten times a second.
    pub(crate) fn show(&self, note: &str) {
        let Ok(mut line) = self.text.lock() else { return };
        let is_soon = line.1.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if self.is_terminal && !is_soon && self.begin.elapsed() > Duration::from_secs(1) {
            let _ = write!(io::stderr(), "\r{}{note}\x1b[K", line.0);
            line.1 = Some(Instant::now());
        }
    }

    pub(crate) fn clear(&self) {
        if self.text.lock().is_ok_and(|line| line.1.is_some()) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

/// A file that shows which pass over it is going on.
pub(crate) struct Watched {
    file: Box<dyn Source>,
    n_read: AtomicU64,
    status: Arc<Status>,
}

impl Watched {
    pub(crate) fn new(file: Box<dyn Source>, status: Arc<Status>) -> Self {
        Self { file, n_read: AtomicU64::new(0), status }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl Source for Watched {
    fn size(&self) -> u64 {
        self.file.size()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let passes = self.n_read.fetch_add(length as u64, Ordering::Relaxed) as f64 / self.file.size() as f64;
        self.status.show(&format!(" (pass {:.0}: {:.0} %)", passes.floor() + 1.0, 100.0 * passes.fract()));
        self.file.read(offset, length)
    }
}
