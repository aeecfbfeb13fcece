//! CSV bytes to columns, in two passes: one finds the rows and the kind of each column, the other fills them.

use super::dialect::{CellFormat, Dialect, ReadOptions};
use super::rows::{Rows, check_width, latin_1_note};
use super::values::{Column, Table, Texts, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;

impl Table {
    /// Reads a table as it is found: see [`Table::read`].
    ///
    /// # Errors
    /// Those of [`Table::read`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        Self::read(bytes, &ReadOptions::default())
    }

    /// Reads rows of cells between commas, semicolons, tabs or bars, with a header or without: what the options do not say
    /// is found out. A column in which every cell is missing or reads as a number is one of numbers; any other is one of
    /// text.
    ///
    /// A byte-order mark is skipped, lines end in LF, CRLF or CR, quotes are those of RFC 4180, empty lines are skipped
    /// (and counted), spaces around cells do not count, and a row that is not UTF-8 is read as Latin-1.
    /// [`Table::notes`] says what was found out.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`], [`ErrorKind::RaggedRow`], [`ErrorKind::Encoding`], [`ErrorKind::BadHeader`],
    /// [`ErrorKind::InvalidOption`] and [`ErrorKind::LimitExceeded`], with the row and the column where there is one.
    pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Self> {
        limits::check("bytes in a table", bytes.len(), limits::TABLE_BYTES)?;
        let dialect = Dialect::of(bytes, true, options)?;
        let mut notes = dialect.notes(options);
        let shape = Shape::of(bytes, &dialect)?;
        notes.extend(shape.first_latin_1.map(latin_1_note));
        let columns = shape.fill(bytes, &dialect)?;
        Self::new(columns, shape.row_numbers, dialect.format, notes)
    }
}

/// What the first pass finds.
struct Shape {
    names: Vec<String>,
    /// Whether each column is one of numbers.
    numeric: Vec<bool>,
    row_numbers: Vec<u64>,
    first_latin_1: Option<u64>,
}

impl Shape {
    fn of(bytes: &[u8], dialect: &Dialect) -> Result<Self> {
        let names = dialect.read_names(bytes)?;
        let mut rows = dialect.rows_below(bytes)?;
        let mut numeric = vec![true; names.len()];
        let mut row_numbers = Vec::new();
        while let Some((row_number, cells)) = rows.next()? {
            check_width(row_number, cells.len(), &names)?;
            for (numeric, cell) in numeric.iter_mut().zip(cells.iter()) {
                *numeric = *numeric && is_number_or_missing(cell, &dialect.format);
            }
            row_numbers.push(row_number);
        }
        Ok(Self { names, numeric, row_numbers, first_latin_1: rows.first_latin_1() })
    }

    fn fill(&self, bytes: &[u8], dialect: &Dialect) -> Result<Vec<Column>> {
        let capacity = self.row_numbers.len();
        limits::check_product("cells in a table", capacity, self.names.len(), limits::CELLS)?;
        let empty = |numeric: &bool| match numeric {
            true => Values::Numbers(Vec::with_capacity(capacity)),
            false => Values::Text(Texts::default()),
        };
        let mut columns: Vec<Values> = self.numeric.iter().map(empty).collect();
        let mut rows = dialect.rows_below(bytes)?;
        while let Some((_, cells)) = rows.next()? {
            for (column, cell) in columns.iter_mut().zip(cells.iter()) {
                match column {
                    Values::Numbers(numbers) => numbers.push(number_or_nan(cell, &dialect.format)),
                    Values::Text(texts) => texts.push(cell, &dialect.format),
                }
            }
        }
        let name = |(name, values): (&String, Values)| Column { name: name.clone(), values };
        Ok(self.names.iter().zip(columns).map(name).collect())
    }
}

impl Dialect {
    /// The columns' names.
    fn read_names(&self, bytes: &[u8]) -> Result<Vec<String>> {
        let mut rows = Rows::of_file(bytes, self.delimiter);
        let Some((_, first_row)) = rows.next()? else {
            return Err(Error::new(ErrorKind::Empty, EMPTY_FILE));
        };
        let names = self.names(first_row.iter());
        limits::check("columns", names.len(), limits::COLUMNS)?;
        Ok(names)
    }

    /// The rows below the header, if there is one.
    fn rows_below<'b>(&self, bytes: &'b [u8]) -> Result<Rows<'b>> {
        let mut rows = Rows::of_file(bytes, self.delimiter);
        if self.has_header {
            rows.next()?;
        }
        Ok(rows)
    }
}

/// What is said of a file without a row.
pub(crate) const EMPTY_FILE: &str = "the file is empty; expected a header and rows";

fn is_number_or_missing(cell: &str, format: &CellFormat) -> bool {
    match format.number(cell) {
        Some(number) => !number.is_nan() || format.is_missing(cell),
        None => format.is_missing(cell),
    }
}

/// A missing cell may look like a number: -999 has been called missing then.
fn number_or_nan(cell: &str, format: &CellFormat) -> f64 {
    match format.number(cell) {
        Some(number) if !format.is_missing(cell) => number,
        _ => f64::NAN,
    }
}

/// How many bytes of whole rows a piece of a CSV file begins with; 0 when not even one row is whole. `is_all` says that the
/// file ends with the piece.
///
/// # Errors
/// Those of [`Table::read`] that the way the file is written can have.
pub fn whole_rows(piece: &[u8], is_all: bool) -> Result<usize> {
    let dialect = Dialect::of(piece, is_all, &ReadOptions::default())?;
    let mut rows = Rows::of_window(piece, dialect.delimiter, is_all, 0);
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
        assert_eq!(Table::parse(files[0]).unwrap().notes(), [] as [&str; 0]);
        assert_eq!(Table::parse(files[1]).unwrap().notes().len(), 3);
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
            (b"x,y\n1,2,3\n", ErrorKind::RaggedRow, "row 2: expected 2 cells as in the header, found 3"),
            (b"x,x\n1,2\n", ErrorKind::BadHeader, "column \"x\": two columns have this name; rename one"),
            (b",x\n1,2\n", ErrorKind::BadHeader, "column 1 has no name; give it one in the header"),
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
