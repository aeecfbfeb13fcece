//! The strength of a penalty, of whichever learner.

use crate::error::{Decimal, Error, ErrorKind, Result};

/// Checks the strength of a penalty l2/2 * (sum of squares).
///
/// # Errors
/// [`ErrorKind::InvalidOption`] unless it is a number of at least 0.
pub(super) fn check_l2(l2: f64) -> Result<()> {
    match l2.is_finite() && l2 >= 0.0 {
        true => Ok(()),
        false => {
            let message = format!("expected l2 to be a number of at least 0, found {}", Decimal(l2));
            Err(Error::new(ErrorKind::InvalidOption, message))
        }
    }
}
