//! Checks of the rows that a curve is fitted to.

use crate::dataset::weight_of_each;
use crate::error::{Error, ErrorKind, Result};
use std::borrow::Cow;

/// Checks that every row has a finite score, and that every class has a row of some weight. Gives the weight of each row.
pub(super) fn checked_weights<'a>(scores: &[f64], is_positive: &[bool], weights: &'a [f64]) -> Result<Cow<'a, [f64]>> {
    if scores.len() != is_positive.len() {
        let message = format!("expected {} scores to calibrate, found {}", is_positive.len(), scores.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    if let Some(score) = scores.iter().find(|score| !score.is_finite()) {
        return Err(Error::not_finite(*score));
    }
    let weights = weight_of_each(weights, scores.len())?;
    for (wanted, which) in [(true, "the positive class"), (false, "the other class")] {
        if !is_positive.iter().zip(&*weights).any(|(is_positive, weight)| *is_positive == wanted && *weight > 0.0) {
            return Err(Error::new(
                ErrorKind::ConstantTarget,
                format!("calibration needs rows of both classes, found none of {which}"),
            ));
        }
    }
    Ok(weights)
}
