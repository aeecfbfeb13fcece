//! Files of any length, read part by part; parts are worked on by several threads and handed out in their order.

use crate::output::say;
use crate::table::ReadArguments;
use crate::words::level;
use rayon::prelude::*;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;
use tepal::batch::{BatchPredictor, PredictedRow, Reached};
use tepal::error::{Error, ErrorKind, Result};
use tepal::files;
use tepal::formats::{Content, CsvParts, TableFile};
use tepal::limits;
use tepal::model::Model;
use tepal::table::{ReadOptions, RecordBatch, Windows};

/// About how many bytes are in a part, and how many parts there are for each thread at a time, so that none waits long
/// for the slowest.
const PART_BYTES: usize = 1 << 19;
const PARTS_A_THREAD: usize = 8;

/// Some whole rows of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'b> {
    /// Rows of CSV. Only the last part may end within one; `is_end` says that no row goes on after it.
    Csv { bytes: &'b [u8], is_end: bool, rows_before: u64 },
    /// Rows column by column.
    Records { records: &'b RecordBatch, rows_before: u64 },
}

impl Part<'_> {
    /// Scores the rows.
    pub(crate) fn score<M: Deref<Target = Model>>(
        &self,
        scorer: &BatchPredictor<M>,
        each: impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<Reached> {
        match *self {
            Part::Csv { bytes, is_end, rows_before } => scorer.score(bytes, is_end, rows_before, each),
            Part::Records { records, rows_before } => scorer.score_records(records, rows_before, each),
        }
    }
}

/// A file or standard input.
pub(crate) enum Parts {
    Csv(CsvFile),
    /// Parts of another format, the first of them as CSV, and how many were handed out.
    Other {
        parts: Box<dyn CsvParts>,
        beginning: Vec<u8>,
        n_done: usize,
    },
}

/// CSV that is read once.
pub(crate) struct CsvFile {
    reader: Box<dyn Read>,
    buffer: Vec<u8>,
    is_end: bool,
    /// On the buffer. The scorer refuses endless rows.
    windows: Windows,
    read: u64,
    size: u64,
}

impl Parts {
    /// Opens a file of rows, and says what is to be known of how it is written. Beside its parts stands how it is read.
    pub(crate) fn open(read: &ReadArguments, path: &Path) -> Result<(Self, ReadOptions)> {
        let file = read.open(path)?;
        file.notes().iter().for_each(|note| say(&format!("{}: {note}", level(note.level()))));
        let options = file.options().clone();
        Ok((Self::of(file, path)?, options))
    }

    fn of(file: TableFile, path: &Path) -> Result<Self> {
        Ok(match file.into_content() {
            Content::Csv(reader) => {
                let windows = Windows::new(PART_BYTES * PARTS_A_THREAD * rayon::current_num_threads());
                let (buffer, size) = (Vec::new(), files::size(path));
                Self::Csv(CsvFile { reader, buffer, is_end: false, windows, read: 0, size })
            }
            Content::Parts(parts) => {
                let beginning = parts.part(0).map_err(|error| files::name(path, &error))?;
                Self::Other { parts, beginning, n_done: 0 }
            }
        })
    }

    /// The beginning of the file as CSV, and whether that is all of it.
    pub(crate) fn beginning(&mut self, path: &Path) -> Result<(&[u8], bool)> {
        match self {
            Self::Csv(file) => file.beginning(path),
            Self::Other { parts, beginning, .. } => Ok((beginning, parts.n_parts() == 1)),
        }
    }

    /// Says which columns are needed, by their position.
    pub(crate) fn select(&mut self, columns: &[usize]) {
        if let Self::Other { parts, .. } = self {
            parts.select(columns);
        }
    }

    /// Which share of the file was read, if its size is known.
    pub(crate) fn share(&self) -> Option<f64> {
        match self {
            Self::Csv(file) => (file.size > 0).then(|| (file.read as f64 / file.size as f64).min(1.0)),
            Self::Other { parts, n_done, .. } => Some(*n_done as f64 / parts.n_parts() as f64),
        }
    }

    /// Works on the next parts; the results are in the order of the file. None after the last.
    pub(crate) fn next<T: Send>(
        &mut self,
        path: &Path,
        work: impl Fn(Part<'_>) -> Result<(T, Reached)> + Sync,
    ) -> Result<Option<Vec<(T, Reached)>>> {
        match self {
            Self::Csv(file) => file.next(path, work),
            Self::Other { parts, n_done, .. } => {
                let first = *n_done;
                let next = (first + PARTS_A_THREAD * rayon::current_num_threads()).min(parts.n_parts());
                let parts = parts.as_ref();
                let of = |index: usize| match parts.records(index) {
                    Some(records) => {
                        let rows_before = parts.lines_before(index) - u64::from(index > 0);
                        work(Part::Records { records: &records?, rows_before })
                    }
                    None => {
                        let bytes = &parts.part(index)?;
                        work(Part::Csv { bytes, is_end: true, rows_before: parts.lines_before(index) })
                    }
                };
                let results: Vec<Result<(T, Reached)>> = (first..next).into_par_iter().map(of).collect();
                *n_done = next;
                if results.is_empty() { Ok(None) } else { results.into_iter().collect::<Result<_>>().map(Some) }
            }
        }
    }
}

impl CsvFile {
    fn beginning(&mut self, path: &Path) -> Result<(&[u8], bool)> {
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

    fn next<T: Send>(
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
    let whole = Part::Csv { bytes: buffer, is_end, rows_before };
    // A quoted cell may hold line ends, and a lone CR is one.
    let has_lone_cr = || buffer.ends_with(b"\r") || buffer.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    if buffer.contains(&b'"') || buffer.contains(&b'\r') && has_lone_cr() {
        return vec![whole];
    }
    let (mut parts, mut rest, mut rows) = (Vec::new(), buffer, rows_before);
    while rest.len() > PART_BYTES {
        let Some(at) = rest[PART_BYTES..].iter().position(|byte| *byte == b'\n') else { break };
        let (bytes, after) = rest.split_at(PART_BYTES + at + 1);
        parts.push(Part::Csv { bytes, is_end: true, rows_before: rows });
        rows += bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Csv { bytes: rest, is_end, rows_before: rows });
    }
    parts
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    files::name(path, &Error::new(ErrorKind::Io, error.to_string()))
}
