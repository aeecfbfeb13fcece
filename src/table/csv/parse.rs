//! CSV bytes to columns, in two passes: one finds the rows and the kind of each column, the other fills them.

use super::canonical::is_canonical;
use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::dialect::Dialect;
use super::digits::Digits;
use super::encoding::Encoding;
use super::evidence::Evidence;
use super::kind::is_long_code;
use super::options::ReadOptions;
use super::rows::latin_1_note;
use super::texts::{Reading, Spellings, Texts};
use super::values::{Column, Table, Values};
use super::written::is_written_number;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::Note;
use crate::table::number::trim;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;

impl Table {
    /// Reads a table as it is found: see [`Table::read`].
    ///
    /// # Errors
    /// Those of [`Table::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes, &ReadOptions::default())
    }

    /// Reads rows of cells between commas, semicolons, tabs or bars, with a header or without: what the options do not say
    /// is found out. A column in which every cell is missing or a number is one of numbers; any other is one of text.
    ///
    /// Numbers are read as people write them where a whole column leaves no doubt: docs/tables.md has the spellings. A
    /// byte-order mark and a line `sep=;` are skipped, lines end in LF, CRLF or CR, quotes are those of RFC 4180, empty
    /// lines are skipped (and counted), spaces and invisible characters around cells do not count. UTF-16 is decoded, and
    /// a row that is not UTF-8 is read as Latin-1. [`Table::notes`] says what was found out.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`], [`ErrorKind::RaggedRow`], [`ErrorKind::Encoding`], [`ErrorKind::BadHeader`],
    /// [`ErrorKind::InvalidOption`] and [`ErrorKind::LimitExceeded`], with the row and the column where there is one.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self> {
        limits::check("bytes in a table", bytes.len(), limits::TABLE_BYTES)?;
        let bytes = &*Encoding::decode(bytes)?;
        let shape = Shape::of(bytes, options)?;
        let (columns, readings) = shape.fill(bytes)?.into_iter().unzip();
        let (notes, file_format) = (shape.notes(options), shape.dialect.file_format());
        let table = Self::new(columns, shape.row_numbers, shape.dialect.format, readings, notes)?;
        Ok(table.in_file(file_format))
    }
}

/// What the first pass finds.
struct Shape {
    dialect: Dialect,
    names: Vec<String>,
    columns: Vec<ColumnShape>,
    row_numbers: Vec<u64>,
    first_latin_1: Option<u64>,
}

/// What the first pass finds of a column.
#[derive(Default)]
struct ColumnShape {
    evidence: Evidence,
    /// Whether there are cells that are in no way numbers.
    has_texts: bool,
    /// How many cells are in no way as a program writes numbers, up to one more than there may be categories.
    n_spellings: usize,
    /// The hashes of different decimals with more digits than a double surely holds, up to one more than there may be
    /// categories, and whether each came again.
    long: HashMap<u64, bool, RandomState>,
    decimals: Decimals,
}

/// How many decimals the numbers of a column have.
#[derive(Clone, Copy, Default)]
enum Decimals {
    #[default]
    Unknown,
    Each(usize),
    Mixed,
}

impl Decimals {
    fn add(&mut self, digits: Option<Digits<'_>>) {
        *self = match (*self, digits.and_then(Digits::decimals)) {
            (Self::Unknown, Some(found)) => Self::Each(found),
            (Self::Each(n_decimals), Some(found)) if n_decimals == found => Self::Each(found),
            _ => Self::Mixed,
        };
    }
}

impl ColumnShape {
    fn add(&mut self, cell: &str, format: &CellFormat) {
        let cell = trim(cell);
        let digits = Digits::of(cell);
        self.evidence.add_seen(cell, digits, 1, format);
        if digits.is_some() || !format.is_missing(cell) {
            self.decimals.add(digits);
        }
        let are_canonical = digits.and_then(Digits::are_canonical);
        if are_canonical == Some(true) {
            return;
        }
        // Texts further down are found when the numbers are read.
        if self.n_spellings > limits::CATEGORIES {
            self.has_texts = self.has_texts || is_long_code(cell);
            return;
        }
        let is_canonical = || are_canonical.unwrap_or_else(|| is_canonical(cell));
        // Many decimals of more digits that are written as programs write them are measurements, and no names.
        let is_long = are_canonical.is_none() && digits.is_some_and(Digits::has_sign);
        if is_long && (self.long.len() > limits::CATEGORIES || !self.comes_again(cell)) {
            return;
        }
        if self.has_texts || is_canonical() || format.is_missing(cell) && cell != "-" {
            return;
        }
        self.has_texts = is_long_code(cell) || digits.is_none() && !is_written_number(cell);
        self.n_spellings += 1;
    }

    /// Whether a decimal comes for the second time: a category does, and most measurements do not.
    fn comes_again(&mut self, cell: &str) -> bool {
        let hash = self.long.hasher().hash_one(cell);
        match self.long.get_mut(&hash) {
            Some(came_again) => !std::mem::replace(came_again, true),
            None => {
                self.long.insert(hash, false);
                false
            }
        }
    }

    /// How many decimals every number has, where programs write some of them otherwise.
    fn decimals(&self, column: &ColumnFormat) -> Option<usize> {
        match self.decimals {
            Decimals::Each(n_decimals) if self.n_spellings > 0 && column.is_plain() => Some(n_decimals),
            _ => None,
        }
    }
}

impl Shape {
    fn of(bytes: &[u8], options: &ReadOptions) -> Result<Self> {
        let (mut dialect, _) = Dialect::of(bytes, true, options)?;
        let mut rows = dialect.rows(bytes, true, 0);
        let Some((_, first_row)) = rows.next()? else {
            return Err(Error::new(ErrorKind::Empty, EMPTY_FILE));
        };
        let names = dialect.names(first_row.iter())?;
        let mut rows = dialect.data_rows(bytes, true, 0, names.len())?;
        let mut columns: Vec<ColumnShape> = names.iter().map(|_| ColumnShape::default()).collect();
        let mut row_numbers = Vec::new();
        while let Some((row_number, cells)) = rows.next()? {
            dialect.check_row(row_number, &cells, &names)?;
            columns.iter_mut().zip(cells.iter()).for_each(|(column, cell)| column.add(cell, &dialect.format));
            row_numbers.push(row_number);
        }
        let first_latin_1 = rows.first_latin_1();
        dialect.take(columns.iter().map(|column| &column.evidence), options);
        Ok(Self { dialect, names, columns, row_numbers, first_latin_1 })
    }

    fn notes(&self, options: &ReadOptions) -> Vec<Note> {
        let mut notes = self.dialect.notes(options);
        notes.extend(self.first_latin_1.map(latin_1_note));
        notes.extend(self.dialect.missing_notes(&self.names, self.columns.iter().map(|column| &column.evidence)));
        notes
    }

    /// The columns that have a name, and how each was read.
    fn fill(&self, bytes: &[u8]) -> Result<Vec<(Column, Reading)>> {
        let capacity = self.row_numbers.len();
        limits::check_product("cells in a table", capacity, self.names.len(), limits::CELLS)?;
        let columns = self.columns.iter().enumerate();
        let mut columns: Vec<Filling<'_>> = columns
            .map(|(place, column)| Filling::new(column, self.dialect.column(place), &self.dialect.format, capacity))
            .collect();
        let mut rows = self.dialect.data_rows(bytes, true, 0, self.names.len())?;
        while let Some((_, cells)) = rows.next()? {
            columns.iter_mut().zip(cells.iter()).for_each(|(column, cell)| column.push(cell));
        }
        // Among many numbers stood a cell that is none.
        for (place, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.is_unread) {
            column.values = Values::Text(self.texts(bytes, place)?);
        }
        let columns = self.names.iter().zip(columns).enumerate().filter(|(_, (name, _))| !name.is_empty());
        let columns = columns.map(|(place, (name, Filling { column, values, .. }))| {
            let number_notes = self.columns[place].evidence.number_notes(name, column, &self.dialect.format);
            let (values, spellings) = match values {
                Values::Text(texts) => match texts.numbers(column) {
                    Some(numbers) => (Values::Numbers(numbers), Some(Spellings::Texts(texts))),
                    None => (Values::Text(texts), None),
                },
                numbers => (numbers, self.columns[place].decimals(column).map(Spellings::Decimals)),
            };
            (Column { name: name.clone(), values }, Reading { format: column.clone(), spellings, number_notes })
        });
        Ok(columns.collect())
    }

    /// The texts of one column.
    fn texts(&self, bytes: &[u8], place: usize) -> Result<Texts> {
        let mut rows = self.dialect.data_rows(bytes, true, 0, self.names.len())?;
        let mut texts = Texts::default();
        while let Some((_, cells)) = rows.next()? {
            texts.push(cells.get(place), self.dialect.column(place), &self.dialect.format);
        }
        Ok(texts)
    }
}

/// A column that is being filled.
struct Filling<'s> {
    column: &'s ColumnFormat,
    format: &'s CellFormat,
    values: Values,
    /// Whether a text is known to be no number.
    is_text: bool,
    /// Whether a cell is no number among those of which no texts are kept.
    is_unread: bool,
}

impl<'s> Filling<'s> {
    fn new(shape: &ColumnShape, column: &'s ColumnFormat, format: &'s CellFormat, n_rows: usize) -> Self {
        // A column of numbers of which a program writes some otherwise keeps its texts, unless they are too many for categories.
        let has_texts = shape.has_texts || shape.n_spellings > 0 && shape.decimals(column).is_none();
        let values =
            if has_texts { Values::Text(Texts::default()) } else { Values::Numbers(Vec::with_capacity(n_rows)) };
        Self { column, format, values, is_text: shape.has_texts, is_unread: false }
    }

    fn push(&mut self, cell: &str) {
        let Self { column, format, .. } = *self;
        match &mut self.values {
            Values::Text(texts) => {
                texts.push(cell, column, format);
                if texts.n_different() > limits::CATEGORIES && !self.is_text {
                    match texts.numbers(column) {
                        Some(numbers) => self.values = Values::Numbers(numbers),
                        None => self.is_text = true,
                    }
                }
            }
            // A missing cell may look like a number: -999 has been called missing then.
            Values::Numbers(numbers) if column.is_missing(cell, format) => numbers.push(f64::NAN),
            Values::Numbers(numbers) => numbers.push(column.number(cell).unwrap_or_else(|| {
                self.is_unread = true;
                f64::NAN
            })),
        }
    }
}

/// What is said of a file without a row.
pub(crate) const EMPTY_FILE: &str = "the file is empty; expected a header and rows";

/// How many bytes of whole rows a piece of a CSV file begins with; 0 when not even one row is whole. `is_all` says that the
/// file ends with the piece.
///
/// # Errors
/// Those of [`Table::read`] that the way the file is written can have.
pub fn whole_rows(piece: &[u8], is_all: bool, options: &ReadOptions) -> Result<usize> {
    let (dialect, _) = Dialect::of(piece, is_all, options)?;
    let mut rows = dialect.rows(piece, is_all, 0);
    while rows.next()?.is_some() {}
    Ok(if is_all { piece.len() } else { rows.reached().0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_numeric_when_every_cell_is() {
        let table = Table::parse(b"\xEF\xBB\xBFx,y,z\r\n 1 ,a,1\r\n-2e3,\"b,\"\"c\",\r\n").unwrap();
        assert_eq!(table.columns()[0].name, "x");
        assert_eq!(table.columns()[0].values, Values::Numbers(vec![1.0, -2000.0]));
        let Values::Text(texts) = &table.columns()[1].values else { panic!("expected text") };
        assert_eq!([texts.get(0), texts.get(1), texts.get(2)], [Some("a"), Some("b,\"c"), None]);
        let Values::Numbers(numbers) = &table.columns()[2].values else { panic!("a missing cell is no text") };
        assert!(numbers[0] == 1.0 && numbers[1].is_nan());
    }

    #[test]
    fn a_table_is_read_as_it_was_written_down() {
        let expected = ["1.5", "NaN", "ä"];
        let files: [&[u8]; 5] = [
            b"x,y,z\n1.5,NA,\xC3\xA4\n",
            b"x;y;z\r\n1,5;-;\xE4\r\n",
            b"\xEF\xBB\xBFx\ty\tz\n1.5\t?\t\xC3\xA4",
            b"x|y|z\r 1.5 |null| \"\xC3\xA4\" \r",
            b"x;y;z\n+15e-1;N/A;\xC3\xA4\n",
        ];
        for file in files {
            let table = Table::parse(file).unwrap();
            let cell = |column: &Column| match &column.values {
                Values::Numbers(numbers) => numbers[0].to_string(),
                Values::Text(texts) => texts.get(0).unwrap().trim_matches('"').trim().to_owned(),
            };
            assert_eq!(
                table.columns().iter().map(cell).collect::<Vec<_>>(),
                expected,
                "{:?}",
                String::from_utf8_lossy(file)
            );
        }
        assert_eq!(Table::parse(files[0]).unwrap().notes(), ["column \"y\" is missing where it says \"NA\" in 1 row"]);
        assert_eq!(Table::parse(files[1]).unwrap().notes().len(), 4);
    }

    #[test]
    fn decimals_beyond_a_doubles_digits_keep_their_texts_where_they_come_again() {
        let csv = |n: usize| {
            let row = |i: usize| {
                format!("{},{}\n", 0.1 + i as f64 / 7.0, ["0.12345678901234567", "0.12345678901234566"][i % 2])
            };
            format!("x,c\n{}", (0..n).map(row).collect::<String>())
        };
        for n in [4, 3000] {
            let table = Table::parse(csv(n).as_bytes()).unwrap();
            assert!(table.texts(0).is_none());
            assert_eq!(table.texts(1).unwrap().n_different(), 2, "{n} rows");
        }
    }

    #[test]
    fn a_caller_says_what_is_missing() {
        let missing = Some(vec!["-999".to_owned()]);
        let table = Table::read(b"x,y\n-999,a\n2,-\n", &ReadOptions { missing, ..ReadOptions::default() }).unwrap();
        let Values::Numbers(numbers) = &table.columns()[0].values else { panic!("expected numbers") };
        assert!(numbers[0].is_nan() && numbers[1] == 2.0);
        let Values::Text(texts) = &table.columns()[1].values else { panic!("expected text") };
        assert_eq!(texts.get(1), Some("-"));
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
        let cases: [(&[u8], ErrorKind, &str); 6] = [
            (b"", ErrorKind::Empty, "the file is empty; expected a header and rows"),
            (b"\n\n", ErrorKind::Empty, "the file is empty; expected a header and rows"),
            (b"x,y\n", ErrorKind::Empty, "the table has no rows below its header"),
            (
                b"x,y\n1,2,3\n",
                ErrorKind::RaggedRow,
                "row 2: expected 2 cells as in the header, found 3; cells were cut at \",\" (--delimiter \",\"): put a cell that has one in it in quotes; if the first cell names the row, give that column a name in the header",
            ),
            (b"x,x\n1,2\n", ErrorKind::BadHeader, "column \"x\": two columns have this name; rename one"),
            (b"y,,x\n1,2,3\n", ErrorKind::BadHeader, "column 2 has no name; give it one in the header"),
        ];
        for (csv, kind, message) in cases {
            let error = Table::parse(csv).unwrap_err();
            assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
        }
        let cell = format!("x,y\n1,\"{}\"\n", "long ".repeat(10 << 20));
        let error = Table::parse(cell.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "row 2: cell 2 has more than 1048576 bytes; is a quote left open?");
    }
}
