//! Checks of the rows that a curve is fitted to.

use crate::error::{Error, ErrorKind, Result};

/// Checks that every row has a finite score, and that every class has a row.
pub(super) fn check(scores: &[f64], is_positive: &[bool]) -> Result<()> {
    if scores.len() != is_positive.len() {
        let message = format!("expected {} scores to calibrate, found {}", is_positive.len(), scores.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    if let Some(score) = scores.iter().find(|score| !score.is_finite()) {
        return Err(Error::not_finite(*score));
    }
    for (wanted, which) in [(true, "the positive class"), (false, "the other class")] {
        if !is_positive.contains(&wanted) {
            return Err(Error::new(
                ErrorKind::ConstantTarget,
                format!("calibration needs rows of both classes, found none of {which}"),
            ));
        }
    }
    Ok(())
}
