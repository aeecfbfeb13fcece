//! Files of any length, read part by part; parts are worked on by several threads and handed out in their order.

use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use tepal::batch::Reached;
use tepal::error::{Error, ErrorKind, Result};
use tepal::files::{self, STANDARD_INPUT};
use tepal::limits;
use tepal::table::Windows;

/// About how many bytes are in a part, and how many parts there are for each thread at a time, so that none waits long
/// for the slowest.
const PART_BYTES: usize = 1 << 19;
const PARTS_A_THREAD: usize = 8;

/// Some whole rows of a file; only the last part may end within one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'b> {
    pub(crate) bytes: &'b [u8],
    /// Whether no row goes on after it.
    pub(crate) is_end: bool,
    pub(crate) rows_before: u64,
}

/// A file or standard input.
pub(crate) struct Parts {
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    is_end: bool,
    /// On the buffer. The scorer refuses endless rows.
    windows: Windows,
    read: u64,
}

impl Parts {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let reader: Box<dyn Read> = match path == Path::new(STANDARD_INPUT) {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(path).map_err(|error| unreadable(path, &error))?),
        };
        let windows = Windows::new(PART_BYTES * PARTS_A_THREAD * rayon::current_num_threads());
        Ok(Self { reader, buffer: Vec::new(), is_end: false, windows, read: 0 })
    }

    /// The beginning of the file, and whether that is all of it.
    pub(crate) fn beginning(&mut self, path: &Path) -> Result<(&[u8], bool)> {
        let mut wanted = PART_BYTES;
        self.fill(wanted, path)?;
        while !self.is_end
            && wanted < limits::ROW_BYTES
            && !self.buffer.iter().any(|byte| matches!(byte, b'\r' | b'\n'))
        {
            wanted *= 2;
            self.fill(wanted, path)?;
        }
        Ok((&self.buffer, self.is_end))
    }

    /// How many bytes were read.
    pub(crate) fn read(&self) -> u64 {
        self.read
    }

    /// Reads until there are so many bytes, or no more.
    fn fill(&mut self, wanted: usize, path: &Path) -> Result<()> {
        let missing = wanted.saturating_sub(self.buffer.len()) as u64;
        if self.is_end || missing == 0 {
            return Ok(());
        }
        let read = self.reader.by_ref().take(missing).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| unreadable(path, &error))? as u64;
        self.read += read;
        self.is_end = read < missing;
        Ok(())
    }

    /// Works on the next parts; the results are in the order of the file. None after the last.
    pub(crate) fn next<T: Send>(
        &mut self,
        path: &Path,
        work: impl Fn(Part<'_>) -> Result<(T, Reached)> + Sync,
    ) -> Result<Option<Vec<(T, Reached)>>> {
        loop {
            self.fill(self.windows.length(), path)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            let parts = cut(&self.buffer, self.is_end, self.windows.rows_before());
            let results: Vec<Result<(T, Reached)>> = parts.par_iter().map(|part| work(*part)).collect();
            // The first error in the order of the file.
            let results: Vec<(T, Reached)> = results.into_iter().collect::<Result<_>>()?;
            let used: usize = results.iter().map(|(_, reached)| reached.bytes).sum();
            let last_row = results.last().map_or(self.windows.rows_before(), |(_, reached)| reached.row);
            self.windows.advance(self.buffer.len(), self.is_end, used, last_row)?;
            if used > 0 {
                self.buffer.drain(..used);
                return Ok(Some(results));
            }
        }
    }
}

/// Cuts a buffer into parts at line ends, where those are surely ends of rows.
fn cut(buffer: &[u8], is_end: bool, rows_before: u64) -> Vec<Part<'_>> {
    let whole = Part { bytes: buffer, is_end, rows_before };
    // A quoted cell may hold line ends, and a lone CR is one.
    let has_lone_cr = || buffer.ends_with(b"\r") || buffer.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    if buffer.contains(&b'"') || buffer.contains(&b'\r') && has_lone_cr() {
        return vec![whole];
    }
    let (mut parts, mut rest, mut rows) = (Vec::new(), buffer, rows_before);
    while rest.len() > PART_BYTES {
        let Some(at) = rest[PART_BYTES..].iter().position(|byte| *byte == b'\n') else { break };
        let (bytes, after) = rest.split_at(PART_BYTES + at + 1);
        parts.push(Part { bytes, is_end: true, rows_before: rows });
        rows += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part { bytes: rest, is_end, rows_before: rows });
    }
    parts
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    files::name(path, &Error::new(ErrorKind::Io, error.to_string()))
}
