//! Windows on a file that is read in parts: where the next window begins, and how long it is.

use crate::error::{Error, ErrorKind, Result};
use crate::limits;

/// Windows on a file of any length. Each begins at a row.
///
/// A window usually ends within a row, which belongs to the next window. A window that holds no whole row is too short: the
/// next window begins at the same byte and is twice as long. After it, windows have the usual length again.
///
/// The caller brings the bytes. [`Windows::wants`] names the next window of a source whose size is known. [`Windows::cut`] takes a
/// window from bytes that have arrived. After each window [`Windows::advance`] moves on.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    usual_length: usize,
    refuses_endless_rows: bool,
    /// The first byte of the next window, and the number of rows before it.
    byte: u64,
    rows_before: u64,
    length: usize,
    is_end: bool,
}

impl Windows {
    /// Windows from the beginning of a file on, usually of this length.
    pub fn new(length: usize) -> Self {
        Self { usual_length: length, refuses_endless_rows: false, byte: 0, rows_before: 0, length, is_end: false }
    }

    /// Refuses a row that does not end in a window of [`limits::ROW_BYTES`].
    #[must_use]
    pub fn refusing_endless_rows(self) -> Self {
        Self { refuses_endless_rows: true, ..self }
    }

    /// The first byte of the next window.
    pub fn byte(&self) -> u64 {
        self.byte
    }

    /// The number of rows before the next window.
    pub fn rows_before(&self) -> u64 {
        self.rows_before
    }

    /// The length of the next window, if the file is long enough.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The first byte and the length of the next window of a file of this size; `None` after the last.
    pub fn wants(&self, size: u64) -> Option<(u64, usize)> {
        let rest = size.saturating_sub(self.byte);
        (!self.is_end && rest > 0).then(|| (self.byte, rest.min(self.length as u64) as usize))
    }

    /// The length of the next window in `available` bytes, and whether the file ends with it. `is_all` says that no further
    /// bytes arrive.
    pub fn cut(&self, available: usize, is_all: bool) -> (usize, bool) {
        (available.min(self.length), is_all && available <= self.length)
    }

    /// The number of bytes that a whole window lacks.
    pub fn missing(&self, available: usize) -> usize {
        self.length.saturating_sub(available)
    }

    /// Moves on after a window of `length` bytes. `read` is the number of bytes of its whole rows, and `rows` the number of the
    /// last of these rows. `is_end` says that the file ends with the window: then all of it was read.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::LimitExceeded`] at an endless row, if these are [refused](Self::refusing_endless_rows).
    pub fn advance(&mut self, length: usize, is_end: bool, read: usize, rows: u64) -> Result<()> {
        if is_end {
            self.byte += length as u64;
        } else if read > 0 {
            self.byte += read as u64;
            self.length = self.usual_length;
        } else if self.refuses_endless_rows && length >= limits::ROW_BYTES {
            return Err(endless_row(self.rows_before + 1));
        } else {
            self.length = self.length.saturating_mul(2);
        }
        (self.rows_before, self.is_end) = (rows, is_end);
        Ok(())
    }
}

/// What is said of a row that does not end within [`limits::ROW_BYTES`].
pub(crate) fn endless_row(row: u64) -> Error {
    let message = format!("the row does not end within {} bytes; is a quote left open?", limits::ROW_BYTES);
    Error::new(ErrorKind::LimitExceeded, message).at_row(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of the whole lines of a window, and their number.
    fn whole_lines(window: &[u8], is_end: bool) -> (usize, u64) {
        let last = window.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let read = if is_end { window.len() } else { last };
        (read, window[..read].split_inclusive(|byte| *byte == b'\n').count() as u64)
    }

    const FILE: &[u8] = b"a\nbb\na long line\n\nc\nthe end";

    /// The windows on the file, by first byte and length.
    fn pulled(length: usize) -> Vec<(u64, usize)> {
        let (mut windows, mut all, mut seen) = (Windows::new(length), Vec::new(), Vec::new());
        while let Some((first, length)) = windows.wants(FILE.len() as u64) {
            let window = &FILE[first as usize..][..length];
            let is_end = first as usize + length == FILE.len();
            let (read, lines) = whole_lines(window, is_end);
            all.extend_from_slice(&window[..read]);
            seen.push((first, length));
            windows.advance(length, is_end, read, windows.rows_before() + lines).unwrap();
        }
        assert_eq!((all.as_slice(), windows.byte(), windows.rows_before()), (FILE, FILE.len() as u64, 6));
        seen
    }

    #[test]
    fn windows_of_any_length_cover_a_file() {
        (1..=FILE.len() + 1).for_each(|length| drop(pulled(length)));
        assert_eq!(pulled(FILE.len() + 1), [(0, FILE.len())]);
    }

    #[test]
    fn a_window_without_a_whole_row_is_followed_by_a_longer_one() {
        assert_eq!(pulled(6), [(0, 6), (5, 6), (5, 12), (17, 6), (20, 6), (20, 7)]);
    }

    #[test]
    fn windows_are_cut_from_bytes_that_arrive() {
        for (length, part) in [(1, 1), (3, 4), (6, 1), (6, 100), (100, 5)] {
            let (mut windows, mut buffer, mut all) = (Windows::new(length), Vec::new(), Vec::new());
            let mut parts = FILE.chunks(part);
            let mut is_all = false;
            loop {
                while !is_all && windows.missing(buffer.len()) > 0 {
                    parts.next().map_or_else(|| is_all = true, |part| buffer.extend_from_slice(part));
                }
                let (end, is_end) = windows.cut(buffer.len(), is_all);
                let (read, lines) = whole_lines(&buffer[..end], is_end);
                all.extend(buffer.drain(..read));
                windows.advance(end, is_end, read, windows.rows_before() + lines).unwrap();
                if is_end {
                    break;
                }
            }
            assert_eq!((all.as_slice(), windows.rows_before()), (FILE, 6), "windows of {length}, parts of {part}");
        }
    }

    #[test]
    fn an_endless_row_is_refused_on_demand() {
        let length = limits::ROW_BYTES;
        assert!(Windows::new(length).advance(length, false, 0, 0).is_ok());
        let mut windows = Windows::new(length / 2).refusing_endless_rows();
        windows.advance(length / 2, false, 10, 3).unwrap();
        windows.advance(length / 2, false, 0, 3).unwrap();
        assert_eq!(windows.length(), length);
        let error = windows.advance(length, false, 0, 3).unwrap_err();
        assert_eq!(error.place().row, Some(4));
        assert!(windows.advance(length, true, 0, 4).is_ok());
    }
}
