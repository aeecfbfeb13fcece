//! CSV bytes to columns, in two passes: one finds the rows and the kind of each column, the other fills them.

use super::number;
use super::values::{Column, Table, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use csv_core::ReadRecordResult;

impl Table {
    /// Reads comma-separated values in UTF-8 with a header row. A column in which every cell reads as a number is one of
    /// numbers; any other is one of text, its cells as they were found.
    ///
    /// A byte-order mark is skipped, lines end in LF, CRLF or CR, quotes are those of RFC 4180, empty lines are skipped
    /// (and counted), and spaces around names and numbers do not count.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`], [`ErrorKind::RaggedRow`], [`ErrorKind::Encoding`], [`ErrorKind::BadHeader`] and
    /// [`ErrorKind::LimitExceeded`], with the row and the column where there is one.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let (columns, row_numbers) = csv(bytes)?;
        Self::new(columns, row_numbers)
    }
}

/// The columns and the row number of each row.
fn csv(bytes: &[u8]) -> Result<(Vec<Column>, Vec<u64>)> {
    limits::check("bytes in a table", bytes.len(), limits::TABLE_BYTES)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut rows = Rows::new(bytes);
    let Some((_, header)) = rows.next()? else {
        return Err(Error::new(ErrorKind::Empty, "the file is empty; expected a header and rows"));
    };
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    limits::check("columns", names.len(), limits::COLUMNS)?;

    let mut numeric = vec![true; names.len()];
    let mut row_numbers = Vec::new();
    while let Some((row_number, cells)) = rows.next()? {
        check_width(row_number, cells.len(), &names)?;
        for (numeric, cell) in numeric.iter_mut().zip(cells.iter()) {
            *numeric = *numeric && number(cell).is_some();
        }
        row_numbers.push(row_number);
    }

    let capacity = row_numbers.len();
    limits::check_product("cells in a table", capacity, names.len(), limits::CELLS)?;
    let mut columns: Vec<Values> = numeric
        .into_iter()
        .map(|numeric| match numeric {
            true => Values::Numbers(Vec::with_capacity(capacity)),
            false => Values::Text(Vec::with_capacity(capacity)),
        })
        .collect();
    let mut rows = Rows::new(bytes);
    rows.next()?;
    while let Some((_, cells)) = rows.next()? {
        for (column, cell) in columns.iter_mut().zip(cells.iter()) {
            match column {
                Values::Numbers(numbers) => numbers.extend(number(cell)),
                Values::Text(texts) => texts.push(cell.to_owned()),
            }
        }
    }
    let columns = names.into_iter().zip(columns).map(|(name, values)| Column { name, values }).collect();
    Ok((columns, row_numbers))
}

/// The records of a CSV file with the row numbers that a spreadsheet shows: quoted line ends belong to their cell,
/// and the empty lines that the reader skips are counted.
struct Rows<'a> {
    bytes: &'a [u8],
    /// How far the reader has come.
    position: usize,
    reader: csv_core::Reader,
    /// The cells of the current row, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    row_number: u64,
}

impl<'a> Rows<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let (text, ends) = (vec![0; 1024], vec![0; 64]);
        Self { bytes, position: 0, reader: csv_core::Reader::new(), text, ends, row_number: 0 }
    }

    /// The next row's number and cells, or `None` at the end.
    fn next(&mut self) -> Result<Option<(u64, Cells<'_>)>> {
        self.row_number += 1 + self.empty_lines_ahead();
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
                // The bytes are all there: an empty input tells the reader that there are no more.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.resize(2 * self.text.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let cells = Cells { text: &self.text[..n_bytes], ends: &self.ends[..n_cells] };
        if let Some(index) = cells.bytes().position(|cell| std::str::from_utf8(cell).is_err()) {
            let message = format!("cell {} is not UTF-8; save the file as UTF-8", index + 1);
            return Err(Error::new(ErrorKind::Encoding, message).at_row(self.row_number));
        }
        Ok(Some((self.row_number, cells)))
    }

    fn empty_lines_ahead(&self) -> u64 {
        let (before, ahead) = self.bytes.split_at(self.position);
        // The reader ends a record at the CR and leaves the LF of its CRLF.
        let ahead = if before.ends_with(b"\r") { ahead.strip_prefix(b"\n").unwrap_or(ahead) } else { ahead };
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
struct Cells<'r> {
    text: &'r [u8],
    ends: &'r [usize],
}

impl<'r> Cells<'r> {
    fn len(self) -> usize {
        self.ends.len()
    }

    fn bytes(self) -> impl Iterator<Item = &'r [u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends).map(move |(start, end)| &self.text[start..*end])
    }

    /// The cells as text. [`Rows::next`] hands out none that is not UTF-8.
    fn iter(self) -> impl Iterator<Item = &'r str> {
        self.bytes().map(|cell| std::str::from_utf8(cell).unwrap_or_default())
    }
}

fn check_width(row: u64, found: usize, names: &[String]) -> Result<()> {
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

    #[test]
    fn a_column_is_numeric_when_every_cell_is() {
        let table = Table::parse(b"\xEF\xBB\xBFx,y,z\r\n 1 ,a,1\r\n-2e3,\"b,\"\"c\",\r\n").unwrap();
        assert_eq!(table.columns()[0].name, "x");
        assert_eq!(table.columns()[0].values, Values::Numbers(vec![1.0, -2000.0]));
        assert_eq!(table.columns()[1].values, Values::Text(vec!["a".into(), "b,\"c".into()]));
        assert_eq!(table.columns()[2].values, Values::Text(vec!["1".into(), String::new()]));
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let table = Table::parse(b"x,y\n1,\"two\nlines\"\n\n3,c\n").unwrap();
        assert_eq!(table.row_numbers(), [2, 4]);
        for line_end in ["\n", "\r\n", "\r"] {
            let csv = "x,y\n1,2\n\n\n3,4\n\n5,6\n".replace('\n', line_end);
            assert_eq!(Table::parse(csv.as_bytes()).unwrap().row_numbers(), [2, 5, 7], "{line_end:?}");
        }
        let error = Table::parse(b"x,y\n1,\"two\r\nlines\"\n\n3\n").unwrap_err();
        assert_eq!(error.to_string(), "row 4, column \"y\": expected 2 cells as in the header, found 1");
    }

    #[test]
    fn bad_files_are_refused_by_place() {
        let cases: [(&[u8], ErrorKind, &str); 7] = [
            (b"", ErrorKind::Empty, "the file is empty; expected a header and rows"),
            (b"\n\n", ErrorKind::Empty, "the file is empty; expected a header and rows"),
            (b"x,y\n", ErrorKind::Empty, "the table has no rows below its header"),
            (b"x,y\n1,2,3\n", ErrorKind::RaggedRow, "row 2: expected 2 cells as in the header, found 3"),
            (b"x,y\n1,\xFF\n", ErrorKind::Encoding, "row 2: cell 2 is not UTF-8; save the file as UTF-8"),
            (b"x,x\n1,2\n", ErrorKind::BadHeader, "column \"x\": two columns have this name; rename one"),
            (b",x\n1,2\n", ErrorKind::BadHeader, "column 1 has no name; give it one in the header"),
        ];
        for (csv, kind, message) in cases {
            let error = Table::parse(csv).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
        }
    }
}
