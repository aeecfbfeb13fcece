//! The weights of rows, as cells have them.

use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::field::read_number;
use super::values::EMPTY_CELL;
use crate::error::{Decimal, Error, ErrorKind, Result, quote};

const REMEDY: &str = "a weight is a number of at least 0";

/// The weight in a cell.
///
/// # Errors
/// [`ErrorKind::MissingValue`], [`ErrorKind::NotANumber`], [`ErrorKind::NotFinite`], [`ErrorKind::InvalidWeight`].
pub(crate) fn read_weight(cell: &str, column: &ColumnFormat, format: &CellFormat) -> Result<f64> {
    if column.is_date() {
        let message = format!("expected a weight, found the date {}; choose a column of numbers", quote(cell));
        return Err(Error::new(ErrorKind::InvalidWeight, message));
    }
    check_weight(read_number(cell, column, format, REMEDY)?)
}

/// Checks a weight that is read already: finite and at least 0.
///
/// # Errors
/// [`ErrorKind::MissingValue`] for NaN, [`ErrorKind::NotFinite`], [`ErrorKind::InvalidWeight`].
pub(crate) fn check_weight(weight: f64) -> Result<f64> {
    match weight {
        _ if weight.is_nan() => Err(Error::new(ErrorKind::MissingValue, EMPTY_CELL)),
        _ if weight.is_infinite() => Err(Error::not_finite(weight)),
        0.0.. => Ok(weight),
        _ => {
            let message = format!("expected a weight of at least 0, found {}", Decimal(weight));
            Err(Error::new(ErrorKind::InvalidWeight, message))
        }
    }
}
