//! A table in memory: named columns of numbers or of text.

use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::evidence::{Evidence, Prior};
use super::kind::ColumnScan;
use super::options::{FileFormat, ReadOptions};
use super::remedy::hint_of_names;
use super::texts::{Reading, Spellings, Texts};
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::limits;
use crate::note::Note;
use crate::table::NameIndex;
use std::borrow::Cow;

/// The cells of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Every cell is missing, which is NaN, or a number (infinities included, so that they can be refused by place).
    Numbers(Vec<f64>),
    /// At least one cell is neither.
    Text(Texts),
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
///
/// ```
/// use tepal::Table;
/// use tepal::table::Values;
///
/// # fn main() -> tepal::Result<()> {
/// let table = Table::parse(b"size;colour\n1,5;red\n2,25;blue\n3,5;red\n")?;
/// assert_eq!(table.n_rows(), 3);
/// assert_eq!(table.column("size")?.values, Values::Numbers(vec![1.5, 2.25, 3.5]));
/// assert_eq!(table.notes()[0], "cells were read as separated by semicolons");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    /// The row number of each row as a spreadsheet counts it.
    row_numbers: Vec<u64>,
    /// How cells of text are to be understood in all columns.
    format: CellFormat,
    /// How each column was read.
    readings: Vec<Reading>,
    notes: Vec<Note>,
    file_format: Option<FileFormat>,
}

impl Values {
    /// Cells of text, as numbers if every one of them is missing or a number as a program writes it. Of the
    /// options what marks decimals and what stands for a missing value is of use.
    pub fn from_text<'c>(cells: impl IntoIterator<Item = Option<&'c str>>, options: &ReadOptions) -> Self {
        let cells: Vec<&str> = cells.into_iter().map(Option::unwrap_or_default).collect();
        let (mut texts, format, mut evidence) = (Texts::default(), CellFormat::of(options), Evidence::default());
        cells.iter().for_each(|cell| evidence.add(cell, 1, &format));
        let column = evidence.format(Prior { given: options.decimal, ..Prior::default() });
        cells.iter().for_each(|cell| texts.push(cell, &column, &format));
        match texts.numbers(&column) {
            Some(numbers) if texts.are_canonical() => Self::Numbers(numbers),
            _ => Self::Text(texts),
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
    /// A table of columns made in memory; its first row is row 1. NaN stands for a missing number, and so does every
    /// number that the options call missing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a delimiter or a header, which columns do not have,
    /// [`ErrorKind::Empty`] without columns or rows, [`ErrorKind::RaggedRow`] when the columns differ in length,
    /// [`ErrorKind::BadHeader`] for a name that is empty or stands twice.
    pub fn from_columns(mut columns: Vec<Column>, options: &ReadOptions) -> Result<Self> {
        if options.delimiter.is_some() || options.header.is_some() {
            let message = "columns have no delimiter and no header; leave these options out";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let format = CellFormat::of(options);
        for column in &mut columns {
            if let Values::Numbers(numbers) = &mut column.values {
                numbers
                    .iter_mut()
                    .filter(|number| format.is_missing_number(**number))
                    .for_each(|number| *number = f64::NAN);
            }
        }
        let reading = |column: &Column| match &column.values {
            Values::Numbers(_) => Reading::default(),
            Values::Text(texts) => texts.reading(&column.name, options.decimal, &format),
        };
        let readings = columns.iter().map(reading).collect();
        let n_rows = columns.first().map_or(0, |column| column.values.len());
        for column in &columns {
            if column.values.len() != n_rows {
                let message = format!("expected {n_rows} rows as in the first column, found {}", column.values.len());
                return Err(Error::new(ErrorKind::RaggedRow, message).in_column(&column.name));
            }
        }
        Self::new(columns, (1..=n_rows as u64).collect(), format, readings, Vec::new())
    }

    /// A table of columns of one length, with the number of each row.
    pub(super) fn new(
        columns: Vec<Column>,
        row_numbers: Vec<u64>,
        format: CellFormat,
        readings: Vec<Reading>,
        notes: Vec<Note>,
    ) -> Result<Self> {
        check_names(&columns.iter().map(|column| column.name.as_str()).enumerate().collect::<Vec<_>>())?;
        if columns.is_empty() || row_numbers.is_empty() {
            return Err(Error::new(ErrorKind::Empty, NO_ROWS));
        }
        Ok(Self { columns, row_numbers, format, readings, notes, file_format: None })
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

    /// What was found out about how the table was written down, where it is not as it mostly is: in sentences.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How the table's file is written down; `None` for one that was made in memory.
    pub fn file_format(&self) -> Option<&FileFormat> {
        self.file_format.as_ref()
    }

    /// The same table, read from a file that is written so.
    pub(super) fn in_file(self, format: FileFormat) -> Self {
        Self { file_format: Some(format), ..self }
    }

    pub(crate) fn format(&self) -> &CellFormat {
        &self.format
    }

    /// How the cells of a column are to be understood.
    pub(crate) fn column_format(&self, column: usize) -> &ColumnFormat {
        &self.readings[column].format
    }

    /// What a reader should know if the cells of a column are used as numbers.
    pub(crate) fn number_notes(&self, column: usize) -> &[Note] {
        &self.readings[column].number_notes
    }

    /// The column of a name.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`], listing the columns and the nearest name.
    pub fn column(&self, name: &str) -> Result<&Column> {
        self.columns.iter().find(|column| column.name == name).ok_or_else(|| {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
            let error = unknown_column(name, &names);
            match &self.file_format {
                Some(format) => hint_of_names(error, &names, format.header),
                None => error,
            }
        })
    }

    /// The texts of a column's cells, where they say more than its numbers.
    pub(crate) fn texts(&self, column: usize) -> Option<Cow<'_, Texts>> {
        match (&self.readings[column].spellings, &self.columns[column].values) {
            (Some(Spellings::Decimals(n_decimals)), Values::Numbers(numbers)) => {
                Texts::with_decimals(numbers, *n_decimals).map(Cow::Owned)
            }
            _ => self.kept_texts(column).map(Cow::Borrowed),
        }
    }

    /// Those of them that the numbers do not give.
    fn kept_texts(&self, column: usize) -> Option<&Texts> {
        match (&self.readings[column].spellings, &self.columns[column].values) {
            (Some(Spellings::Texts(texts)), _) | (_, Values::Text(texts)) => Some(texts),
            (_, Values::Numbers(_)) => None,
        }
    }

    /// The rows in which a column has a value.
    pub(crate) fn rows_with(&self, column: usize) -> Vec<usize> {
        let is_there = |row: &usize| match &self.columns[column].values {
            Values::Numbers(numbers) => !numbers[*row].is_nan(),
            Values::Text(texts) => texts.get(*row).is_some(),
        };
        (0..self.n_rows()).filter(is_there).collect()
    }

    /// Some of the rows.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let selected = |Column { name, values }: &Column| {
            let values = match values {
                Values::Numbers(numbers) => Values::Numbers(rows.iter().map(|row| numbers[*row]).collect()),
                Values::Text(texts) => Values::Text(texts.select(rows)),
            };
            Column { name: name.clone(), values }
        };
        Self {
            columns: self.columns.iter().map(selected).collect(),
            row_numbers: rows.iter().map(|row| self.row_numbers[*row]).collect(),
            format: self.format.clone(),
            readings: self.readings.iter().map(|reading| reading.select(rows)).collect(),
            notes: self.notes.clone(),
            file_format: self.file_format.clone(),
        }
    }

    /// Shows every cell of a column to a scan.
    pub(crate) fn scan(&self, column: usize, scan: &mut ColumnScan) {
        // Where numbers have as many decimals each, their texts tell no more than which category is which.
        let texts = if scan.keeps_labels() { self.texts(column) } else { self.kept_texts(column).map(Cow::Borrowed) };
        match (texts.as_deref(), &self.columns[column].values) {
            (Some(texts), _) => texts.scan(scan, &self.readings[column].format, &self.format),
            (None, Values::Numbers(numbers)) => numbers.iter().for_each(|number| scan.add_number(*number, 1)),
            (None, Values::Text(_)) => {}
        }
    }

    /// What `read_text` or `read_number` makes of each cell of one of the table's columns. A missing cell is an empty text.
    /// `has_labels` says that a number's text may be another one's than the number's own, such as 1.50.
    ///
    /// # Errors
    /// That of the first cell with one, at its place.
    pub(crate) fn read_cells(
        &self,
        column: usize,
        has_labels: bool,
        read_text: impl Fn(&str) -> Result<f64>,
        read_number: impl Fn(f64) -> Result<f64>,
    ) -> Result<Vec<f64>> {
        let texts = if has_labels { self.texts(column) } else { self.kept_texts(column).map(Cow::Borrowed) };
        let column = &self.columns[column];
        let at = |row: usize, error: Error| error.at_row(self.row_numbers[row]).in_column(&column.name);
        match (texts.as_deref(), &column.values) {
            (None, Values::Numbers(numbers)) => {
                let read = |(row, number): (usize, &f64)| read_number(*number).map_err(|error| at(row, error));
                numbers.iter().enumerate().map(read).collect()
            }
            (Some(texts), _) | (None, Values::Text(texts)) => {
                texts.read(read_text).map_err(|(row, error)| at(row, error))
            }
        }
    }
}

/// What is said of a table that has a header at most.
pub(crate) const NO_ROWS: &str = "the table has no rows below its header";

/// Refuses too many names, an empty one, or one that stands twice. Each comes with its place among the columns.
pub(super) fn check_names(names: &[(usize, &str)]) -> Result<()> {
    limits::check("columns", names.len(), limits::COLUMNS)?;
    let longest = names.iter().map(|(_, name)| name.len()).max().unwrap_or(0);
    limits::check("bytes in a column's name", longest, limits::NAME_BYTES)?;
    if let Some((place, _)) = names.iter().find(|(_, name)| name.trim().is_empty()) {
        let message = format!("column {} has no name; give it one in the header", place + 1);
        return Err(Error::new(ErrorKind::BadHeader, message));
    }
    match NameIndex::new(names.iter().map(|(_, name)| *name)).duplicate() {
        Some(name) => Err(Error::new(ErrorKind::BadHeader, "two columns have this name; rename one").in_column(name)),
        None => Ok(()),
    }
}

/// The error about a column that is not there, with the nearest name and the list.
pub(crate) fn unknown_column(name: &str, names: &[&str]) -> Error {
    let (hint, list) = (did_you_mean(name, names.iter().copied()), list_names(names.iter().copied()));
    let message = format!("no column is named {}{hint}; the columns are {list}", quote(name));
    Error::new(ErrorKind::UnknownColumn, message)
}

/// What is said of an empty cell where a value is needed.
pub(super) const EMPTY_CELL: &str = "the cell is empty; fill it or leave out the row";

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
            assert_eq!(Table::from_columns(columns, &ReadOptions::default()).unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn a_misspelt_column_is_answered_with_the_nearest_name_and_the_list() {
        let table =
            Table::from_columns(vec![numbers("age", &[1.0]), numbers("weight", &[1.0])], &ReadOptions::default())
                .unwrap();
        let error = table.column("wieght").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no column is named \"wieght\" (did you mean \"weight\"?); the columns are \"age\", \"weight\""
        );
    }
}
