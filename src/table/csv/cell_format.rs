//! How the text of a cell is to be understood in any column of a file.

use super::options::ReadOptions;
use crate::table::number::{DecimalSign, number, trim};
use bincode::{Decode, Encode};

/// How the text of a cell is to be understood in any column of a file.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct CellFormat {
    pub(crate) decimal: DecimalSign,
    pub(crate) missing: Vec<String>,
    /// The bytes of the longest of them: no longer cell is one.
    longest: usize,
    /// A bit for each first byte of them, of the bytes from 128 on one for all: most cells begin with another.
    starts: u128,
    /// Those of them that are numbers, and their positions: -999 is missing as -999.0 too.
    missing_numbers: Vec<(f64, usize)>,
}

/// What stands for a missing value, beside the empty cell, unless a caller says otherwise.
pub const MISSING: [&str; 9] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-"];

impl Default for CellFormat {
    fn default() -> Self {
        Self::new(DecimalSign::Point, None)
    }
}

impl CellFormat {
    /// `missing` beside the empty cell, or [`MISSING`].
    pub(crate) fn new(decimal: DecimalSign, missing: Option<&[String]>) -> Self {
        let missing: Vec<String> = match missing {
            Some(missing) => missing.iter().map(|text| text.trim().to_owned()).collect(),
            None => MISSING.iter().map(|text| (*text).to_owned()).collect(),
        };
        let read =
            |(at, text): (usize, &String)| Some((number(text, decimal).filter(|number| number.is_finite())?, at));
        let numbers = missing.iter().enumerate().filter_map(read);
        let longest = missing.iter().map(String::len).max().unwrap_or(0);
        let starts = missing.iter().fold(0, |starts, text| starts | start(text));
        Self { decimal, longest, starts, missing_numbers: numbers.collect(), missing }
    }

    /// What a caller says of cells that are no file's.
    pub(crate) fn of(options: &ReadOptions) -> Self {
        Self::new(options.decimal.unwrap_or_default(), options.missing.as_deref())
    }

    /// Whether some numbers stand for a missing value.
    pub(crate) fn has_missing_numbers(&self) -> bool {
        !self.missing_numbers.is_empty()
    }

    /// Whether a number stands for a missing value.
    pub(crate) fn is_missing_number(&self, number: f64) -> bool {
        number.is_nan() || self.missing_number(number).is_some()
    }

    fn missing_number(&self, number: f64) -> Option<usize> {
        self.missing_numbers.iter().find(|(other, _)| *other == number).map(|(_, at)| *at)
    }

    /// Whether a cell, spaces around it aside, holds nothing.
    pub(crate) fn is_missing(&self, cell: &str) -> bool {
        let cell = trim(cell);
        cell.is_empty() || self.missing_word(cell).is_some()
    }

    /// The position of the word for a missing value that a cell without spaces around it is.
    pub(super) fn missing_word(&self, cell: &str) -> Option<usize> {
        let may_be = cell.len() <= self.longest && self.starts & start(cell) != 0;
        let word = if may_be { self.missing.iter().position(|word| word == cell) } else { None };
        if word.is_some() || self.missing_numbers.is_empty() {
            return word;
        }
        self.number(cell).and_then(|number| self.missing_number(number))
    }

    pub(crate) fn number(&self, cell: &str) -> Option<f64> {
        number(cell, self.decimal)
    }
}

/// The bit of a text's first byte; none for an empty text.
fn start(text: &str) -> u128 {
    text.as_bytes().first().map_or(0, |byte| 1 << (*byte).min(127))
}
