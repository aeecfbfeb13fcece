//! CSV bytes to columns, in two passes: one finds the rows and the kind of each column, the other fills them.

use super::number;
use super::rows::{Rows, check_width};
use super::values::{Column, Table, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;

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
    let mut rows = Rows::of_file(bytes);
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
    let mut rows = Rows::of_file(bytes);
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
