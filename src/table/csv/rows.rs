//! CSV bytes to rows of cells.

use super::letters::{composed, has_marks};
use super::signs::Signs;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::{Note, codes};
use csv_core::{ReadRecordResult, ReaderBuilder};

/// The records of a CSV file with the row numbers that a spreadsheet shows: quoted line ends belong to their cell,
/// and the empty lines that the reader skips are counted.
///
/// The bytes may be a window on a longer file that begins at a row: then a row that reaches to the end of the window may
/// go on after it and is left for the next one.
pub(crate) struct Rows<'a> {
    bytes: &'a [u8],
    /// Whether nothing comes after these bytes.
    is_end: bool,
    delimiter: u8,
    /// How far the reader has come.
    position: usize,
    /// Where the last whole row ended, the header counted.
    whole: usize,
    reader: csv_core::Reader,
    /// The cells of the current row, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    row_number: u64,
    /// How many lines are no rows to the caller.
    uncounted: u64,
    keeps_empty_lines: bool,
    /// The first row that is not UTF-8.
    first_latin_1: Option<u64>,
}

impl<'a> Rows<'a> {
    /// The rows of a part of a file, of which `rows_before` come before it.
    pub(crate) fn of_window(bytes: &'a [u8], delimiter: u8, is_end: bool, rows_before: u64) -> Self {
        let (mut text, mut ends) = (vec![0; 1024], vec![0; 64]);
        // The byte-order mark is a file's. A reader takes one off whatever it reads first, hence the empty line.
        let position = if rows_before == 0 && bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        reader.read_record(b"\n", &mut text, &mut ends);
        let (whole, row_number, first_latin_1) = (0, rows_before, None);
        let keeps_empty_lines = false;
        Self {
            bytes,
            is_end,
            delimiter,
            position,
            whole,
            reader,
            text,
            ends,
            row_number,
            uncounted: 0,
            keeps_empty_lines,
            first_latin_1,
        }
    }

    /// Begins after what stands above the header: so many bytes, and so many rows.
    pub(super) fn skipping(self, bytes: usize, rows: u64) -> Self {
        Self { position: bytes.max(self.position).min(self.bytes.len()), row_number: self.row_number + rows, ..self }
    }

    /// Numbers the rows from the line after so many.
    pub(super) fn numbered_after(self, uncounted: u64) -> Self {
        Self { uncounted, ..self }
    }

    /// From here on takes an empty line for a row with an empty cell, as a table of one column has it.
    pub(crate) fn keep_empty_lines(&mut self) {
        self.keeps_empty_lines = true;
    }

    /// The first row so far that is not UTF-8, and was read as Latin-1.
    pub(crate) fn first_latin_1(&self) -> Option<u64> {
        self.first_latin_1
    }

    /// The byte after the last row that was handed out, and how many lines come before it.
    pub(crate) fn reached(&self) -> (usize, u64) {
        (self.whole, self.row_number)
    }

    /// The next row's number and cells, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, Cells<'_>)>> {
        if self.keeps_empty_lines
            && let Some(line_end) = self.empty_line_ahead()
        {
            self.position += line_end;
            (self.whole, self.row_number) = (self.position, self.row_number + 1);
            self.ends.clear();
            self.ends.push(0);
            return Ok(Some((
                self.row_number.saturating_sub(self.uncounted),
                Cells { text: "", ends: &self.ends, gap: 1 },
            )));
        }
        let line = self.row_number + 1 + self.empty_lines_ahead();
        let row_number = line.saturating_sub(self.uncounted);
        let plain = self.plain_row();
        let (mut n_bytes, n_cells) = match plain {
            Some(row) => (row.len(), self.ends.len()),
            None => {
                let start = self.position;
                let Some(sizes) = self.row_by_reader() else { return Ok(None) };
                let is_last = self.is_end && self.position == self.bytes.len();
                if is_last && ends_in_quotes(&self.bytes[start..], self.delimiter) {
                    let message = "the file ends within a quoted cell of this row; is a quote left open?";
                    return Err(Error::new(ErrorKind::RaggedRow, message).at_row(row_number));
                }
                sizes
            }
        };
        if !self.is_end && self.position == self.bytes.len() {
            // The other half of its line end may follow.
            return Ok(None);
        }
        (self.whole, self.row_number) = (self.position, line);
        if n_bytes > limits::CELL_BYTES {
            check_cells(row_number, &self.ends[..n_cells])?;
        }
        if let Some(row) = plain {
            // It is ASCII.
            let text = std::str::from_utf8(row).unwrap_or_default();
            return Ok(Some((row_number, Cells { text, ends: &self.ends[..n_cells], gap: 1 })));
        }
        if self.text[..n_bytes].contains(&0) {
            let message = "this is not text: the row has a zero byte; expected a table as CSV";
            return Err(Error::new(ErrorKind::Encoding, message).at_row(row_number));
        }
        if !are_utf_8(&self.text[..n_bytes], &self.ends[..n_cells]) {
            n_bytes = self.decode_latin_1(n_cells);
            self.first_latin_1.get_or_insert(row_number);
        }
        if has_marks(&self.text[..n_bytes]) {
            n_bytes = self.compose(n_cells);
        }
        let text = std::str::from_utf8(&self.text[..n_bytes]).unwrap_or_default();
        Ok(Some((row_number, Cells { text, ends: &self.ends[..n_cells], gap: 0 })))
    }

    /// Makes UTF-8 of the current row, read as Latin-1; answers its new length.
    fn decode_latin_1(&mut self, n_cells: usize) -> usize {
        self.change_cells(n_cells, |cell, text| text.extend(cell.iter().map(|byte| latin_1(*byte))))
    }

    /// Makes one character of each letter and the marks behind it; answers the row's new length.
    fn compose(&mut self, n_cells: usize) -> usize {
        self.change_cells(n_cells, |cell, text| {
            text.push_str(&composed(std::str::from_utf8(cell).unwrap_or_default()));
        })
    }

    fn change_cells(&mut self, n_cells: usize, add: impl Fn(&[u8], &mut String)) -> usize {
        let mut text = String::with_capacity(2 * self.text.len());
        let mut start = 0;
        for end in &mut self.ends[..n_cells] {
            add(&self.text[start..*end], &mut text);
            (start, *end) = (*end, text.len());
        }
        let length = text.len();
        self.text = text.into_bytes();
        self.text.resize(length.max(1024), 0);
        length
    }

    /// The next row as it stands, if it ends here and is of ASCII characters without quotes, as most rows are: it is cut at
    /// its delimiters and nothing is copied.
    fn plain_row(&mut self) -> Option<&'a [u8]> {
        let ahead = &self.bytes[self.position..];
        let start = ahead.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
        let ahead = &ahead[start..];
        self.ends.clear();
        let mut length = self.is_end.then_some(ahead.len());
        let mut is_plain = true;
        Signs::new(self.delimiter).each(ahead, |index| match ahead[index] {
            byte if byte == self.delimiter => {
                self.ends.push(index);
                false
            }
            b'\r' | b'\n' => {
                length = Some(index);
                true
            }
            b'"' | 0 | 0x80.. => {
                is_plain = false;
                true
            }
            _ => false,
        });
        let length = length.filter(|_| is_plain)?;
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

    /// The bytes of the line end that comes next, if the line before it is empty and all of it is there.
    fn empty_line_ahead(&self) -> Option<usize> {
        match &self.bytes[self.position..] {
            [b'\r', b'\n', ..] => Some(2),
            [b'\r'] if !self.is_end => None,
            [b'\r' | b'\n', ..] => Some(1),
            _ => None,
        }
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

/// Whether a row's bytes end before its last quote is closed: the csv crate's reader then takes all of them for one cell.
fn ends_in_quotes(row: &[u8], delimiter: u8) -> bool {
    let (mut is_quoted, mut is_start) = (false, true);
    for byte in row {
        // Of two quotes in a quoted cell, which stand for one, the first closes and the second opens it again.
        let closes = is_quoted && *byte == b'"';
        is_quoted = if is_quoted { !closes } else { *byte == b'"' && is_start };
        is_start = closes || matches!(byte, b'\r' | b'\n') || *byte == delimiter;
    }
    is_quoted
}

/// The character of a byte in what is called Latin-1: Windows-1252, as browsers take it too.
fn latin_1(byte: u8) -> char {
    const EIGHTIES: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..0xA0 => EIGHTIES[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Whether each cell of a row is UTF-8 by itself.
fn are_utf_8(text: &[u8], ends: &[usize]) -> bool {
    let starts = std::iter::once(&0).chain(ends);
    starts.zip(ends).all(|(start, end)| std::str::from_utf8(&text[*start..*end]).is_ok())
}

/// The cells of one row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cells<'r> {
    text: &'r str,
    ends: &'r [usize],
    /// How many bytes stand between two cells.
    gap: usize,
}

impl<'r> Cells<'r> {
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// One of them, an empty one past the last.
    pub(crate) fn get(self, index: usize) -> &'r str {
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).map_or(0, |end| end + self.gap) };
        self.ends.get(index).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'r str> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(move |end| end + self.gap));
        starts.zip(self.ends).map(move |(start, end)| &self.text[start..*end])
    }
}

/// The cells of some rows, kept while the next ones are read.
#[derive(Debug, Default)]
pub(crate) struct KeptRows {
    text: String,
    ends: Vec<usize>,
    /// Where text and ends of each row end, and its gap.
    rows: Vec<(usize, usize, usize)>,
}

impl KeptRows {
    pub(crate) fn push(&mut self, cells: Cells<'_>) {
        self.text.push_str(cells.text);
        self.ends.extend_from_slice(cells.ends);
        self.rows.push((self.text.len(), self.ends.len(), cells.gap));
    }

    /// The bytes of all of them.
    pub(crate) fn n_bytes(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Cells<'_>> {
        let starts = std::iter::once((0, 0)).chain(self.rows.iter().map(|(text, ends, _)| (*text, *ends)));
        starts.zip(&self.rows).map(|((text, ends), (text_end, ends_end, gap))| Cells {
            text: &self.text[text..*text_end],
            ends: &self.ends[ends..*ends_end],
            gap: *gap,
        })
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
    }
}

/// Refuses a cell that is too long, in a row whose cells end there.
fn check_cells(row: u64, ends: &[usize]) -> Result<()> {
    let starts = std::iter::once(&0).chain(ends);
    match starts.zip(ends).map(|(start, end)| end - start).position(|length| length > limits::CELL_BYTES) {
        None => Ok(()),
        Some(index) => {
            let message =
                format!("cell {} has more than {} bytes; is a quote left open?", index + 1, limits::CELL_BYTES);
            Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row))
        }
    }
}

/// What is said of a file with a row that is not UTF-8.
pub(crate) fn latin_1_note(row: u64) -> Note {
    Note::new(codes::LATIN_1, [row.into()])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row numbers and cells of a file that is read through windows of a size.
    fn through_windows(file: &[u8], size: usize) -> Vec<(u64, Vec<String>)> {
        let (mut all, mut start, mut row_number, mut length) = (Vec::new(), 0, 0, size);
        loop {
            let end = file.len().min(start + length);
            let mut rows = Rows::of_window(&file[start..end], b',', end == file.len(), row_number);
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
                    let text = std::str::from_utf8(&text[..n_bytes]).unwrap();
                    let cells = Cells { text, ends: &ends[..n_cells], gap: 0 };
                    rows.push(cells.iter().map(str::to_owned).collect());
                    (n_bytes, n_cells) = (0, 0);
                }
                ReadRecordResult::End => return rows,
                _ => assert_eq!(position, file.len(), "no row is longer than the buffers"),
            }
        }
    }

    #[test]
    fn a_quote_left_open_is_refused_at_its_row() {
        for (file, is_open) in [
            ("x\n1,\"a\n2,b\n", true),
            ("x\n1,\"a\"\"\n", true),
            ("x\n1,\"", true),
            ("x\n1,\"a\"\"b\"", false),
            ("x\n1,a\"b\n", false),
            ("x\n1,\"\"", false),
        ] {
            let mut rows = Rows::of_window(file.as_bytes(), b',', true, 0);
            rows.next().unwrap();
            match rows.next() {
                Err(error) => {
                    assert!(is_open && error.to_string().starts_with("row 2: the file ends within"), "{file:?}")
                }
                Ok(_) => assert!(!is_open, "{file:?}"),
            }
        }
    }

    #[test]
    fn quotes_within_a_plain_cell_open_none() {
        assert!(!ends_in_quotes(b"5\"\",3", b','));
        assert!(!ends_in_quotes(b"5\"x,\"a\"\"b\"", b','));
        assert!(ends_in_quotes(b"5,\"a\"\"", b',') && ends_in_quotes(b"\"", b','));
    }

    #[test]
    fn rows_that_are_not_utf_8_are_read_as_latin_1() {
        let mut rows = Rows::of_window(b"x;y\n\"a;\xE4\";\x80\n\xC3\xA4;1\n", b';', true, 0);
        let mut all = Vec::new();
        while let Some((_, cells)) = rows.next().unwrap() {
            all.push(cells.iter().map(str::to_owned).collect::<Vec<_>>());
        }
        assert_eq!(all, [["x", "y"], ["a;ä", "€"], ["ä", "1"]]);
        assert_eq!(rows.first_latin_1(), Some(2));
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
