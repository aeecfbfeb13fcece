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
    /// Those of them that are numbers: -999 is missing as -999.0 too.
    missing_numbers: Vec<f64>,
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
        let numbers = missing.iter().filter_map(|text| number(text, decimal)).filter(|number| number.is_finite());
        let longest = missing.iter().map(String::len).max().unwrap_or(0);
        Self { decimal, longest, missing_numbers: numbers.collect(), missing }
    }

    /// What a caller says of cells that are no file's.
    pub(crate) fn of(options: &ReadOptions) -> Self {
        Self::new(options.decimal.unwrap_or_default(), options.missing.as_deref())
    }

    /// Whether some numbers stand for a missing value.
    pub(super) fn has_missing_numbers(&self) -> bool {
        !self.missing_numbers.is_empty()
    }

    /// The same for a number that was read already.
    pub(crate) fn is_missing_number(&self, number: f64) -> bool {
        number.is_nan() || self.missing_numbers.contains(&number)
    }

    /// Whether a cell, spaces around it aside, holds nothing.
    pub(crate) fn is_missing(&self, cell: &str) -> bool {
        let cell = trim(cell);
        cell.is_empty()
            || cell.len() <= self.longest && self.missing.iter().any(|text| text == cell)
            || !self.missing_numbers.is_empty()
                && self.number(cell).is_some_and(|number| self.missing_numbers.contains(&number))
    }

    pub(crate) fn number(&self, cell: &str) -> Option<f64> {
        number(cell, self.decimal)
    }
}
