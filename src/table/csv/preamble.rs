//! What stands above the header of a file: a byte-order mark, a line `sep=;` for Excel, lines that the caller skips.

use crate::error::{Error, ErrorKind, Result};
use bincode::{Decode, Encode};

/// What stands above the header, or above the first row where there is no header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Preamble {
    pub(super) bytes: usize,
    /// The lines that the caller skips. A spreadsheet does not show the line for Excel.
    pub(super) rows: u64,
    /// The delimiter that the line for Excel names.
    pub(super) delimiter: Option<u8>,
}

impl Preamble {
    /// # Errors
    /// [`ErrorKind::Empty`] where fewer lines are there than are to be skipped.
    pub(super) fn of(beginning: &[u8], is_all: bool, skip: u64) -> Result<Self> {
        let mut preamble =
            Self { bytes: if beginning.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }, rows: 0, delimiter: None };
        let line = line(&beginning[preamble.bytes..]);
        if let Some(delimiter) = separator(&beginning[preamble.bytes..][..line.0]) {
            (preamble.delimiter, preamble.bytes) = (Some(delimiter), preamble.bytes + line.1);
        }
        for _ in 0..skip {
            let rest = &beginning[preamble.bytes..];
            if rest.is_empty() {
                let message = if is_all {
                    format!("expected more lines than the {skip} that are skipped, found {}", preamble.rows)
                } else {
                    format!("the {skip} lines to skip do not end within {} bytes", beginning.len())
                };
                return Err(Error::new(ErrorKind::Empty, message));
            }
            preamble.bytes += self::line(rest).1;
            preamble.rows += 1;
        }
        Ok(preamble)
    }
}

/// The length of the first line, without its end and with it.
fn line(text: &[u8]) -> (usize, usize) {
    let length = text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    let end = if text[length..].starts_with(b"\r\n") { 2 } else { usize::from(length < text.len()) };
    (length, length + end)
}

/// The delimiter that a line for Excel names: `sep=;`, perhaps in quotes.
fn separator(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter] if [s, e, p].map(u8::to_ascii_lowercase) == *b"sep" => Some(*delimiter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case = (&'static [u8], u64, (usize, u64, Option<u8>));

    #[test]
    fn lines_above_the_header_are_measured() {
        let cases: [Case; 7] = [
            (b"x,y\n", 0, (0, 0, None)),
            (b"\xEF\xBB\xBFx,y\n", 0, (3, 0, None)),
            (b"sep=;\r\nx;y\n", 0, (7, 0, Some(b';'))),
            (b"\"SEP=\t\"\nx\ty\n", 0, (8, 0, Some(b'\t'))),
            (b"\xEF\xBB\xBFsep=|\nx|y\n", 0, (9, 0, Some(b'|'))),
            (b"Report\r\n\r\nx,y\n", 2, (10, 2, None)),
            (b"sep=;\na\rb\rx;y", 2, (10, 2, Some(b';'))),
        ];
        for (text, skip, (bytes, rows, delimiter)) in cases {
            assert_eq!(Preamble::of(text, true, skip).unwrap(), Preamble { bytes, rows, delimiter }, "{text:?}");
        }
        let error = Preamble::of(b"x,y\n", true, 3).unwrap_err();
        assert_eq!(error.to_string(), "expected more lines than the 3 that are skipped, found 1");
    }
}
