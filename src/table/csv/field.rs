//! Cells to the numbers that stand for them: a number for itself, a category for its position, NaN for a missing cell.

use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::evidence::{Evidence, Prior};
use super::remedy::with_remedy;
use crate::error::{Error, ErrorKind, Result, quote};
use crate::table::label::{Label, Labels, unseen};
use crate::table::number::trim;
use crate::table::schema::{Domain, FeatureSchema};
use bincode::{Decode, Encode};

/// What the cells of a feature are.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) enum Field {
    Number(ColumnFormat),
    Category { categories: Labels, is_yes_no: bool },
}

impl FeatureSchema {
    /// What the feature's cells are.
    pub(crate) fn field(&self) -> Field {
        match &self.domain {
            Domain::Number(_) => {
                let written = self.written.as_deref().and_then(ColumnFormat::of_example);
                Field::Number(written.unwrap_or_default())
            }
            Domain::Category { categories, is_yes_no, .. } => {
                Field::Category { categories: categories.clone(), is_yes_no: *is_yes_no }
            }
        }
    }

    /// What the feature's cells are in a file of rows, of which the first show this.
    pub(crate) fn field_in_file(&self, evidence: &Evidence, prior: Prior) -> Field {
        let has_decimals = match &self.domain {
            Domain::Number(domain) => domain.step.is_none_or(|step| step < 1.0),
            Domain::Category { .. } => false,
        };
        match self.field() {
            Field::Number(trained) => {
                let decimal = (self.written.is_some() || has_decimals).then_some(trained.decimal);
                Field::Number(evidence.format_of_feature(&trained, Prior { trained: decimal, ..prior }))
            }
            category => category,
        }
    }
}

impl Field {
    /// How many categories there are; 0 for numbers.
    pub(crate) fn n_categories(&self) -> usize {
        match self {
            Self::Number(_) => 0,
            Self::Category { categories, .. } => categories.len(),
        }
    }

    /// What its numbers are measured in, as their cells say.
    pub(crate) fn unit(&self) -> Option<&str> {
        match self {
            Self::Number(column) => column.unit(),
            Self::Category { .. } => None,
        }
    }

    /// 31 May 2024 as its cells have it, where it is known whether the day or the month comes first.
    pub(crate) fn date_with_slashes(&self) -> Option<&'static str> {
        match self {
            Self::Number(column) => column.date.map(|date| date.example()).filter(|example| example.contains('/')),
            Self::Category { .. } => None,
        }
    }

    /// Whether a number stands for itself.
    pub(crate) fn takes_numbers(&self) -> bool {
        matches!(self, Self::Number(column) if column.date.is_none() && !column.needs_affix)
    }

    /// A number as the column writes it, unless that is in plain digits.
    pub(crate) fn example(&self) -> Option<String> {
        match self {
            Self::Number(column) => column.example(),
            Self::Category { .. } => None,
        }
    }

    /// The number that stands for a cell; NaN for a missing one. `remedy` ends the message about text.
    ///
    /// # Errors
    /// `NotANumber`, `NotFinite`, `UnseenCategory`.
    pub(crate) fn read(&self, cell: &str, format: &CellFormat, remedy: &str) -> Result<f64> {
        match self {
            Self::Number(column) => read_number(cell, column, format, remedy),
            Self::Category { categories, is_yes_no } => read_category(cell, categories, *is_yes_no, format),
        }
    }

    /// What stands for a number in a cell; NaN for a missing one.
    ///
    /// # Errors
    /// `NotFinite`, `UnseenCategory`.
    pub(crate) fn read_one(&self, number: f64) -> Result<f64> {
        match self {
            _ if number.is_nan() => Ok(f64::NAN),
            _ if number.is_infinite() => Err(infinite_number(number)),
            Self::Number(column) => column.of_number(number),
            Self::Category { categories, .. } => {
                let label = Label::Number(number);
                categories.position(label).map(|position| position as f64).ok_or_else(|| unseen(label, categories))
            }
        }
    }
}

/// The number in a cell, NaN where it is missing. `remedy` ends the message about text.
pub(crate) fn read_number(cell: &str, column: &ColumnFormat, format: &CellFormat, remedy: &str) -> Result<f64> {
    if column.is_missing(cell, format) {
        return Ok(f64::NAN);
    }
    match column.number(cell) {
        Some(number) if number.is_finite() => Ok(number),
        Some(_) => {
            let message = format!("expected a finite number, found {}; {INFINITE_REMEDY}", quote(trim(cell)));
            Err(Error::new(ErrorKind::NotFinite, message))
        }
        None => Err(column.no_number(cell, remedy)),
    }
}

/// What to do about a number that is not finite.
const INFINITE_REMEDY: &str = "correct it, or call it missing (--missing)";

/// The error about a cell with a number that is not finite.
pub(crate) fn infinite_number(number: f64) -> Error {
    with_remedy(Error::not_finite(number), INFINITE_REMEDY)
}

/// The position of a cell's category, NaN where it is missing.
fn read_category(cell: &str, categories: &Labels, is_yes_no: bool, format: &CellFormat) -> Result<f64> {
    let cell = trim(cell);
    // A word for nothing that training took for a category is one.
    if let Some(position) = categories.position_of_cell(cell, is_yes_no) {
        return Ok(position as f64);
    }
    if format.is_missing(cell) { Ok(f64::NAN) } else { Err(unseen(Label::Text(cell), categories)) }
}
