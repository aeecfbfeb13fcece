//! A table in memory: named columns of numbers or of text.

use super::{NameIndex, number};
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::limits;

/// The cells of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Every cell reads as a number (NaN and infinities included, so that they can be refused by place).
    Numbers(Vec<f64>),
    /// At least one cell does not read as a number; the text is as it was found.
    Text(Vec<String>),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name in the header.
    pub name: String,
    /// The cells, in row order.
    pub values: Values,
}

/// Columns of one length with different names, at least one of each: row and column.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    /// The row number of each row as a spreadsheet counts it.
    row_numbers: Vec<u64>,
}

impl Values {
    /// Cells of text, as numbers if every one of them reads as a number.
    fn from_text(cells: Vec<String>) -> Self {
        match cells.iter().map(|cell| number(cell)).collect() {
            Some(numbers) => Self::Numbers(numbers),
            None => Self::Text(cells),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Text(cells) => cells.len(),
        }
    }
}

impl Table {
    /// A table of columns made in memory; its first row is row 1. Text that reads as numbers throughout becomes numbers,
    /// as in a file.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] without columns or rows, [`ErrorKind::RaggedRow`] when the columns differ in length,
    /// [`ErrorKind::BadHeader`] for a name that is empty or stands twice.
    pub fn from_columns(columns: Vec<Column>) -> Result<Self> {
        let n_rows = columns.first().map_or(0, |column| column.values.len());
        for column in &columns {
            if column.values.len() != n_rows {
                let message = format!("expected {n_rows} rows as in the first column, found {}", column.values.len());
                return Err(Error::new(ErrorKind::RaggedRow, message).in_column(&column.name));
            }
        }
        let numbers_where_possible = |column: Column| match column.values {
            Values::Text(cells) => Column { name: column.name, values: Values::from_text(cells) },
            Values::Numbers(_) => column,
        };
        Self::new(columns.into_iter().map(numbers_where_possible).collect(), (1..=n_rows as u64).collect())
    }

    /// A table of columns of one length, with the number of each row.
    pub(super) fn new(columns: Vec<Column>, row_numbers: Vec<u64>) -> Result<Self> {
        check_names(&columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>())?;
        if columns.is_empty() || row_numbers.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "the table has no rows below its header"));
        }
        Ok(Self { columns, row_numbers })
    }

    /// How many rows there are, the header not counted.
    pub fn n_rows(&self) -> usize {
        self.row_numbers.len()
    }

    /// The columns in the order of the header.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The number a spreadsheet shows beside each row.
    pub fn row_numbers(&self) -> &[u64] {
        &self.row_numbers
    }

    /// The column of a name.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`], listing the columns and the nearest name.
    pub fn column(&self, name: &str) -> Result<&Column> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
            unknown_column(name, &names)
        })
    }

    /// The finite numbers of one of the table's columns. `remedy` ends the message about a cell of text.
    ///
    /// # Errors
    /// [`ErrorKind::MissingValue`], [`ErrorKind::NotANumber`] or [`ErrorKind::NotFinite`] at the first cell that is none.
    pub(crate) fn numbers<'t>(&self, column: &'t Column, remedy: &str) -> Result<&'t [f64]> {
        let (row, error) = match &column.values {
            Values::Numbers(numbers) => match numbers.iter().position(|number| !number.is_finite()) {
                None => return Ok(numbers),
                Some(row) => (row, Error::not_finite(numbers[row])),
            },
            Values::Text(cells) => {
                let row = cells.iter().position(|cell| number(cell).is_none()).unwrap_or(0);
                (row, no_number(&cells[row], remedy))
            }
        };
        Err(error.at_row(self.row_numbers[row]).in_column(&column.name))
    }
}

/// Refuses a header with too many names, an empty one, or one that stands twice.
pub(crate) fn check_names(names: &[impl AsRef<str>]) -> Result<()> {
    limits::check("columns", names.len(), limits::COLUMNS)?;
    let names = || names.iter().map(AsRef::as_ref);
    if let Some(index) = names().position(|name: &str| name.trim().is_empty()) {
        let message = format!("column {} has no name; give it one in the header", index + 1);
        return Err(Error::new(ErrorKind::BadHeader, message));
    }
    match NameIndex::new(names()).duplicate() {
        Some(name) => Err(Error::new(ErrorKind::BadHeader, "two columns have this name; rename one").in_column(name)),
        None => Ok(()),
    }
}

/// The error about a column that is not there, with the nearest name and the list.
pub(crate) fn unknown_column(name: &str, names: &[&str]) -> Error {
    let separator = match names {
        [only] if only.contains([';', '\t', '|']) => {
            "; the cells seem to be separated by another sign, expected commas"
        }
        _ => "",
    };
    let (hint, list) = (did_you_mean(name, names.iter().copied()), list_names(names.iter().copied()));
    let message = format!("no column is named {}{hint}; the columns are {list}{separator}", quote(name));
    Error::new(ErrorKind::UnknownColumn, message)
}

/// The finite number in a cell. `remedy` ends the message about text.
pub(crate) fn cell_to_number(cell: &str, remedy: &str) -> Result<f64> {
    match number(cell) {
        Some(number) if number.is_finite() => Ok(number),
        Some(number) => Err(Error::not_finite(number)),
        None => Err(no_number(cell, remedy)),
    }
}

fn no_number(cell: &str, remedy: &str) -> Error {
    if cell.trim().is_empty() {
        return Error::new(ErrorKind::MissingValue, EMPTY_CELL);
    }
    Error::new(ErrorKind::NotANumber, format!("expected a number, found \"{cell}\"; {remedy}"))
}

/// What is said of an empty cell, in a feature or in the target.
pub(crate) const EMPTY_CELL: &str = "the cell is empty; fill it or leave out the row";

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column { name: name.into(), values: Values::Numbers(values.to_vec()) }
    }

    #[test]
    fn columns_must_agree_in_length_and_differ_in_name() {
        let cases = [
            (vec![], ErrorKind::Empty),
            (vec![numbers("a", &[])], ErrorKind::Empty),
            (vec![numbers("a", &[1.0]), numbers("b", &[])], ErrorKind::RaggedRow),
            (vec![numbers("a", &[1.0]), numbers("a", &[1.0])], ErrorKind::BadHeader),
            (vec![numbers(" ", &[1.0])], ErrorKind::BadHeader),
        ];
        for (columns, kind) in cases {
            assert_eq!(Table::from_columns(columns).unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn a_misspelt_column_is_answered_with_the_nearest_name_and_the_list() {
        let table = Table::from_columns(vec![numbers("age", &[1.0]), numbers("weight", &[1.0])]).unwrap();
        let error = table.column("wieght").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no column is named \"wieght\" (did you mean \"weight\"?); the columns are \"age\", \"weight\""
        );
    }
}
