//! Rows whose cells have types, column by column.

use super::letters::composed;
use super::write::{write_cell, write_number};
use crate::error::Decimal;
use std::borrow::Cow;

/// Rows whose cells have types, column by column.
#[derive(Debug, Clone, Default)]
pub struct RecordBatch {
    columns: Vec<RecordColumn>,
    n_rows: usize,
}

/// The cells of one column, in row order.
#[derive(Debug, Clone)]
pub enum RecordColumn {
    /// Cells that were not asked for.
    Unread,
    /// Numbers, NaN where one is missing.
    Numbers(Vec<f64>),
    /// Texts, empty where one is missing.
    Texts(RecordTexts),
}

/// Texts, one after the other.
#[derive(Debug, Clone, Default)]
pub struct RecordTexts {
    text: String,
    ends: Vec<usize>,
}

impl RecordTexts {
    /// Adds a cell, empty for a missing one, with each letter and its marks in one character, as CSV is read.
    pub fn push(&mut self, cell: &str) {
        self.text.push_str(&composed(cell));
        self.ends.push(self.text.len());
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends.get(row - 1).copied().unwrap_or_default() };
        self.ends.get(row).and_then(|end| self.text.get(start..*end)).unwrap_or_default()
    }
}

/// One cell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RecordCell<'r> {
    Number(f64),
    Text(&'r str),
}

impl RecordBatch {
    /// Columns of one length.
    pub fn new(columns: Vec<RecordColumn>, n_rows: usize) -> Self {
        Self { columns, n_rows }
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The numbers of a column, NaN where one is missing; `None` for other cells.
    pub(crate) fn numbers(&self, column: usize) -> Option<&[f64]> {
        match self.columns.get(column) {
            Some(RecordColumn::Numbers(numbers)) => Some(numbers),
            _ => None,
        }
    }

    /// A cell; an empty text for one that was not read.
    pub(crate) fn get(&self, row: usize, column: usize) -> RecordCell<'_> {
        match self.columns.get(column) {
            Some(RecordColumn::Numbers(numbers)) => RecordCell::Number(numbers.get(row).copied().unwrap_or(f64::NAN)),
            Some(RecordColumn::Texts(texts)) => RecordCell::Text(texts.get(row)),
            Some(RecordColumn::Unread) | None => RecordCell::Text(""),
        }
    }

    /// A cell as CSV has it.
    pub(crate) fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        match self.get(row, column) {
            RecordCell::Text(text) => text.into(),
            RecordCell::Number(number) if number.is_nan() => "".into(),
            RecordCell::Number(number) => Decimal(number).to_string().into(),
        }
    }

    /// Adds the rows as lines of CSV.
    pub fn write_csv(&self, lines: &mut Vec<u8>) {
        for row in 0..self.n_rows {
            let start = lines.len();
            for column in 0..self.columns.len() {
                if column > 0 {
                    lines.push(b',');
                }
                match self.get(row, column) {
                    RecordCell::Text(text) => write_cell(lines, text),
                    RecordCell::Number(number) if number.is_nan() => {}
                    RecordCell::Number(number) => write_number(lines, number),
                }
            }
            if lines.len() == start {
                // The only cell is empty; an empty line would be no row.
                lines.extend(b"\"\"");
            }
            lines.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_its_mark_are_one_character() {
        let mut texts = RecordTexts::default();
        ["e\u{301}", "", "\u{1112}\u{1161}\u{11AB}", "q"].iter().for_each(|cell| texts.push(cell));
        assert_eq!((0..4).map(|row| texts.get(row)).collect::<Vec<_>>(), ["\u{E9}", "", "\u{D55C}", "q"]);
    }
}
