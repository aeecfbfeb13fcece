//! A file of another format, read as the CSV file that has the same cells.

use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::table::RecordBatch;
use rayon::prelude::*;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

/// A file of another format, in parts of whole rows.
pub trait CsvParts: Debug + Send + Sync {
    /// How many parts there are: at least one.
    fn n_parts(&self) -> usize;

    /// How many lines of CSV come before a part.
    fn lines_before(&self, index: usize) -> u64;

    /// A part as CSV. The first begins with the header.
    ///
    /// # Errors
    /// Those of cells that have no text, at their place, and [`ErrorKind::Io`].
    fn part(&self, index: usize) -> Result<Vec<u8>>;

    /// About how many bytes all parts have.
    fn size(&self) -> u64;

    /// By place, whether a column has cells that are numbers.
    fn number_columns(&self) -> Vec<bool>;

    /// Limits what is read to some columns, by their position.
    fn select(&mut self, columns: &[usize]);

    /// The rows of a part as records, if the format has them column by column.
    fn records(&self, index: usize) -> Option<Result<RecordBatch>>;
}

/// Parts that were read, for those who read a window on one.
const KEPT_PARTS_A_THREAD: usize = 2;

/// The CSV file that a file of another format would be. Memory holds a few of its parts.
#[derive(Debug)]
pub(super) struct Translated {
    parts: Arc<dyn CsvParts>,
    /// The byte at which each part begins, and the end.
    starts: Vec<u64>,
    recent: Mutex<VecDeque<(usize, Arc<Vec<u8>>)>>,
}

impl Translated {
    /// Reads the file once, for the size of each part.
    ///
    /// # Errors
    /// Those of [`CsvParts::part`], the first in the order of the file.
    pub(super) fn new(parts: Arc<dyn CsvParts>) -> Result<Self> {
        let lengths: Vec<Result<u64>> =
            (0..parts.n_parts()).into_par_iter().map(|index| Ok(parts.part(index)?.len() as u64)).collect();
        let mut starts = vec![0];
        let mut end = 0;
        for length in lengths {
            end += length?;
            starts.push(end);
        }
        Ok(Self { parts, starts, recent: Mutex::default() })
    }

    /// All of it.
    ///
    /// # Errors
    /// Those of [`CsvParts::part`], and [`ErrorKind::LimitExceeded`] for more bytes than a table in memory may have.
    pub(super) fn whole(parts: &dyn CsvParts) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for index in 0..parts.n_parts() {
            bytes.extend(parts.part(index)?);
            limits::check("bytes in a table", bytes.len(), limits::TABLE_BYTES)?;
        }
        Ok(bytes)
    }

    fn part(&self, index: usize) -> Result<Arc<Vec<u8>>> {
        let recent = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, part)) = recent().iter().find(|(other, _)| *other == index) {
            return Ok(Arc::clone(part));
        }
        let part = Arc::new(self.parts.part(index)?);
        if part.len() as u64 != self.starts[index + 1] - self.starts[index] {
            return Err(Error::new(ErrorKind::Io, "the file changed while it was read"));
        }
        let mut recent = recent();
        recent.push_back((index, Arc::clone(&part)));
        if recent.len() > KEPT_PARTS_A_THREAD * rayon::current_num_threads() {
            recent.pop_front();
        }
        Ok(part)
    }
}

impl Source for Translated {
    fn size(&self) -> u64 {
        self.starts.last().copied().unwrap_or(0)
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(length);
        // The part that the first byte is in.
        let mut index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        while bytes.len() < length && index < self.parts.n_parts() {
            let part = self.part(index)?;
            let from = (offset + bytes.len() as u64 - self.starts[index]) as usize;
            let missing = length - bytes.len();
            bytes.extend(part.get(from..).unwrap_or_default().iter().take(missing));
            index += 1;
        }
        Ok(bytes)
    }
}
