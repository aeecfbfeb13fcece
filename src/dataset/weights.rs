//! How much each row counts.

use crate::error::{Decimal, Error, ErrorKind, Result};
use std::borrow::Cow;

/// A weight for each row: `weights`, or 1 for every row where there are none.
///
/// # Errors
/// [`ErrorKind::WrongLength`] unless there is one for each row, [`ErrorKind::InvalidWeight`] for one below 0 or not finite.
pub(crate) fn weight_of_each(weights: &[f64], n_rows: usize) -> Result<Cow<'_, [f64]>> {
    if weights.is_empty() {
        return Ok(Cow::from(vec![1.0; n_rows]));
    }
    if weights.len() != n_rows {
        let message = format!("expected a weight for each of {n_rows} rows, found {}", weights.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    if let Some(weight) = weights.iter().find(|weight| !(weight.is_finite() && **weight >= 0.0)) {
        let message = format!("expected weights of at least 0, found {}", Decimal(*weight));
        return Err(Error::new(ErrorKind::InvalidWeight, message));
    }
    Ok(Cow::from(weights))
}
