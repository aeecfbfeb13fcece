//! Cells to the numbers that stand for them: a number for itself, a category for its position, NaN for a missing cell.

use super::dialect::{CellFormat, no_number};
use crate::error::{Error, Result};
use crate::table::label::{Label, Labels, unseen};
use crate::table::number::trim;
use crate::table::schema::{Domain, FeatureSchema};
use bincode::{Decode, Encode};

/// What the cells of a feature are.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) enum Field {
    Number,
    Category { categories: Labels, is_yes_no: bool },
}

impl FeatureSchema {
    /// What the feature's cells are.
    pub(crate) fn field(&self) -> Field {
        match &self.domain {
            Domain::Number(_) => Field::Number,
            Domain::Category { categories, is_yes_no, .. } => {
                Field::Category { categories: categories.clone(), is_yes_no: *is_yes_no }
            }
        }
    }
}

impl Field {
    /// How many categories there are; 0 for numbers.
    pub(crate) fn n_categories(&self) -> usize {
        match self {
            Self::Number => 0,
            Self::Category { categories, .. } => categories.len(),
        }
    }

    /// The number that stands for a cell; NaN for a missing one. `remedy` ends the message about text.
    ///
    /// # Errors
    /// `NotANumber`, `NotFinite`, `UnseenCategory`.
    pub(crate) fn read(&self, cell: &str, format: &CellFormat, remedy: &str) -> Result<f64> {
        match self {
            Self::Number => read_number(cell, format, remedy),
            Self::Category { categories, .. } => read_category(cell, categories, format),
        }
    }
}

impl Field {
    /// The same for a number in a cell, NaN for a missing one.
    ///
    /// # Errors
    /// `NotFinite`, `UnseenCategory`.
    pub(crate) fn read_one(&self, number: f64) -> Result<f64> {
        match self {
            _ if number.is_nan() => Ok(f64::NAN),
            _ if number.is_infinite() => Err(Error::not_finite(number)),
            Self::Number => Ok(number),
            Self::Category { categories, .. } => {
                let label = Label::Number(number);
                categories.position(label).map(|position| position as f64).ok_or_else(|| unseen(label, categories))
            }
        }
    }
}

/// The number in a cell, NaN where it is missing. `remedy` ends the message about text.
pub(crate) fn read_number(cell: &str, format: &CellFormat, remedy: &str) -> Result<f64> {
    if format.is_missing(cell) {
        return Ok(f64::NAN);
    }
    match format.number(cell) {
        Some(number) if number.is_finite() => Ok(number),
        Some(number) => Err(Error::not_finite(number)),
        None => Err(no_number(cell, format.decimal, remedy)),
    }
}

/// The position of a cell's category, NaN where it is missing.
pub(crate) fn read_category(cell: &str, categories: &Labels, format: &CellFormat) -> Result<f64> {
    let cell = trim(cell);
    if format.is_missing(cell) {
        return Ok(f64::NAN);
    }
    let label = match categories.as_text() {
        Some(_) => Label::Text(cell),
        None => format.number(cell).map_or(Label::Text(cell), Label::Number),
    };
    categories.position(label).map(|position| position as f64).ok_or_else(|| unseen(label, categories))
}
