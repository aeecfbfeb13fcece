//! CSV bytes to rows of cells.

use crate::error::{Error, ErrorKind, Result};
use csv_core::ReadRecordResult;

/// The records of a CSV file with the row numbers that a spreadsheet shows: quoted line ends belong to their cell,
/// and the empty lines that the reader skips are counted.
///
/// The bytes may be a window on a longer file that begins at a row: then a row that reaches to the end of the window may
/// go on after it and is left for the next one.
pub(crate) struct Rows<'a> {
    bytes: &'a [u8],
    /// Whether nothing comes after these bytes.
    is_end: bool,
    /// How far the reader has come.
    position: usize,
    /// Where the last whole row ended, the header counted.
    whole: usize,
    reader: csv_core::Reader,
    /// The cells of the current row, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    row_number: u64,
}

impl<'a> Rows<'a> {
    /// The rows of a whole file.
    pub(crate) fn of_file(bytes: &'a [u8]) -> Self {
        Self::of_window(bytes, true, 0)
    }

    /// The rows of a part of a file, of which `rows_before` come before it.
    pub(crate) fn of_window(bytes: &'a [u8], is_end: bool, rows_before: u64) -> Self {
        let (mut text, mut ends) = (vec![0; 1024], vec![0; 64]);
        // The byte-order mark is a file's. A reader takes one off whatever it reads first, hence the empty line.
        let position = if rows_before == 0 && bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut reader = csv_core::Reader::new();
        reader.read_record(b"\n", &mut text, &mut ends);
        Self { bytes, is_end, position, whole: 0, reader, text, ends, row_number: rows_before }
    }

    /// The byte after the last row that was handed out, and the number of that row.
    pub(crate) fn reached(&self) -> (usize, u64) {
        (self.whole, self.row_number)
    }

    /// The next row's number and cells, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Cells<'_>)>> {
        let row_number = self.row_number + 1 + self.empty_lines_ahead();
        let plain = self.plain_row();
        let (n_bytes, n_cells) = match plain {
            Some(row) => (row.len(), self.ends.len()),
            None => match self.row_by_reader() {
                Some(sizes) => sizes,
                None => return Ok(None),
            },
        };
        if !self.is_end && self.position == self.bytes.len() {
            // The other half of its line end may follow.
            return Ok(None);
        }
        (self.whole, self.row_number) = (self.position, row_number);
        let ends = &self.ends[..n_cells];
        if let Some(text) = plain {
            return Ok(Some((row_number, Cells { text, ends, gap: 1 })));
        }
        let cells = Cells { text: &self.text[..n_bytes], ends, gap: 0 };
        if let Some(index) = cells.bytes().position(|cell| std::str::from_utf8(cell).is_err()) {
            let message = format!("cell {} is not UTF-8; save the file as UTF-8", index + 1);
            return Err(Error::new(ErrorKind::Encoding, message).at_row(row_number));
        }
        Ok(Some((row_number, cells)))
    }

    /// The next row as it stands, if it ends here and is of ASCII characters without quotes, as most rows are: it is cut at
    /// its commas and nothing is copied.
    fn plain_row(&mut self) -> Option<&'a [u8]> {
        let ahead = &self.bytes[self.position..];
        let start = ahead.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
        let ahead = &ahead[start..];
        self.ends.clear();
        let mut length = self.is_end.then_some(ahead.len());
        for (index, byte) in ahead.iter().enumerate() {
            match byte {
                b',' => self.ends.push(index),
                b'\r' | b'\n' => {
                    length = Some(index);
                    break;
                }
                b'"' | 0x80.. => return None,
                _ => {}
            }
        }
        let length = length?;
        self.ends.push(length);
        let line_end = if ahead[length..].starts_with(b"\r\n") { 2 } else { 1 };
        self.position += (start + length + line_end).min(start + ahead.len());
        Some(&ahead[..length])
    }

    /// The next row by the csv crate's reader: how many bytes of text and how many cells it has. `None` where it does not
    /// end.
    fn row_by_reader(&mut self) -> Option<(usize, usize)> {
        self.ends.resize(self.ends.capacity().max(64), 0);
        let (mut n_bytes, mut n_cells) = (0, 0);
        loop {
            let (result, read, written, ended) = self.reader.read_record(
                &self.bytes[self.position..],
                &mut self.text[n_bytes..],
                &mut self.ends[n_cells..],
            );
            self.position += read;
            n_bytes += written;
            n_cells += ended;
            match result {
                // An empty input tells the reader that there are no more bytes.
                ReadRecordResult::InputEmpty if self.is_end => {}
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return None,
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
            }
        }
        // The reader ends a record at the CR and leaves the LF of its CRLF.
        if self.bytes[..self.position].ends_with(b"\r") && self.bytes.get(self.position) == Some(&b'\n') {
            self.position += 1;
        }
        Some((n_bytes, n_cells))
    }

    fn empty_lines_ahead(&self) -> u64 {
        let ahead = &self.bytes[self.position..];
        let line_ends = ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let mut previous = b' ';
        let ends_a_line = |byte: &&u8| {
            let is_second_half = previous == b'\r' && **byte == b'\n';
            previous = **byte;
            !is_second_half
        };
        line_ends.filter(ends_a_line).count() as u64
    }
}

/// The cells of one row.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'r> {
    text: &'r [u8],
    ends: &'r [usize],
    /// How many bytes stand between two cells.
    gap: usize,
}

impl<'r> Cells<'r> {
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    fn bytes(self) -> impl Iterator<Item = &'r [u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(move |end| end + self.gap));
        starts.zip(self.ends).map(move |(start, end)| &self.text[start..*end])
    }

    /// The cells as text. [`Rows::next`] hands out none that is not UTF-8.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'r str> {
        self.bytes().map(|cell| std::str::from_utf8(cell).unwrap_or_default())
    }
}

/// Refuses a row of another width than the header.
pub(crate) fn check_width(row: u64, found: usize, names: &[String]) -> Result<()> {
    let expected = names.len();
    if found == expected {
        return Ok(());
    }
    let message = format!("expected {expected} cells as in the header, found {found}");
    let error = Error::new(ErrorKind::RaggedRow, message).at_row(row);
    // A row that is too short lacks a cell of the first column it does not reach.
    Err(match names.get(found) {
        Some(name) => error.in_column(name),
        None => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row numbers and cells of a file that is read through windows of a size.
    fn through_windows(file: &[u8], size: usize) -> Vec<(u64, Vec<String>)> {
        let (mut all, mut start, mut row_number, mut length) = (Vec::new(), 0, 0, size);
        loop {
            let end = file.len().min(start + length);
            let mut rows = Rows::of_window(&file[start..end], end == file.len(), row_number);
            while let Some((number, cells)) = rows.next().unwrap() {
                all.push((number, cells.iter().map(str::to_owned).collect()));
            }
            let (read, number) = rows.reached();
            if end == file.len() {
                return all;
            }
            // A row that is longer than the window needs a longer one.
            length = if read == 0 { 2 * length } else { size };
            (start, row_number) = (start + read, number);
        }
    }

    #[test]
    fn windows_of_any_size_show_the_same_rows() {
        for line_end in ["\n", "\r\n", "\r"] {
            let file = "x,y\n1,\"two\nlines\"\n\n\n33,\"a \"\"b\"\"\"\n4,\n\n5,last".replace('\n', line_end);
            let whole = through_windows(file.as_bytes(), file.len());
            assert_eq!(whole.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 5, 6, 8]);
            for size in 1..file.len() {
                assert_eq!(through_windows(file.as_bytes(), size), whole, "windows of {size}, {line_end:?}");
            }
        }
    }

    /// What the csv crate's reader makes of a file by itself.
    fn by_reader(file: &[u8]) -> Vec<Vec<String>> {
        let (mut reader, mut text, mut ends) = (csv_core::Reader::new(), vec![0; 4096], vec![0; 64]);
        let (mut rows, mut position, mut n_bytes, mut n_cells) = (Vec::new(), 0, 0, 0);
        loop {
            let (result, read, written, ended) =
                reader.read_record(&file[position..], &mut text[n_bytes..], &mut ends[n_cells..]);
            (position, n_bytes, n_cells) = (position + read, n_bytes + written, n_cells + ended);
            match result {
                ReadRecordResult::Record => {
                    let cells = Cells { text: &text, ends: &ends[..n_cells], gap: 0 };
                    rows.push(cells.iter().map(str::to_owned).collect());
                    (n_bytes, n_cells) = (0, 0);
                }
                ReadRecordResult::End => return rows,
                _ => assert_eq!(position, file.len(), "no row is longer than the buffers"),
            }
        }
    }

    #[test]
    fn plain_rows_are_what_the_reader_makes_of_them() {
        let rows = ["1,2", "", ",", "\"a,\n\",3", "é,4", " b ,\"\"", "5\",6", "x", "\u{feff}y", "\"z\""];
        for line_end in ["\n", "\r\n", "\r"] {
            for n in 0..rows.len().pow(3) {
                let chosen = [n % 10, n / 10 % 10, n / 100].map(|index| rows[index]);
                for file in [chosen.join(line_end), chosen.join(line_end) + line_end] {
                    let found = through_windows(file.as_bytes(), file.len().max(1));
                    let found: Vec<Vec<String>> = found.into_iter().map(|(_, cells)| cells).collect();
                    assert_eq!(found, by_reader(file.as_bytes()), "{file:?}");
                }
            }
        }
    }
}
