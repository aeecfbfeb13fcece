//! A function that never falls, as isotonic regression finds it.

use crate::error::{Error, ErrorKind, Result};

/// A function that never falls: straight lines between thresholds, constant beyond the first and the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Isotonic {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Isotonic {
    /// A function of ascending thresholds with values that never fall.
    #[allow(dead_code, reason = "only a fit makes one")]
    pub(crate) fn sorted(x: Vec<f64>, y: Vec<f64>) -> Self {
        Self { x, y }
    }

    /// A function of its thresholds: at least one, ascending, with values from 0 to 1 that never fall.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidModel`].
    pub fn from_thresholds(x: Vec<f64>, y: Vec<f64>) -> Result<Self> {
        let is_possible = |value: &f64| (0.0..=1.0).contains(value);
        if x.is_empty()
            || x.len() != y.len()
            || !x.is_sorted_by(|a, b| a < b)
            || !y.is_sorted()
            || !x.iter().chain(&y).all(is_possible)
        {
            let message = "expected thresholds of a calibration in order, from 0 to 1, with values that never fall";
            return Err(Error::new(ErrorKind::InvalidModel, message));
        }
        Ok(Self { x, y })
    }

    /// The function's value at `x`.
    pub fn apply(&self, x: f64) -> f64 {
        let above = self.x.partition_point(|threshold| *threshold <= x);
        let at = |index: usize| Some((*self.x.get(index)?, *self.y.get(index)?));
        match (above.checked_sub(1).and_then(at), at(above)) {
            // Rounding may pass the upper end, and the function must not fall after it.
            (Some((x0, y0)), Some((x1, y1))) => (y0 + (y1 - y0) / (x1 - x0) * (x - x0)).min(y1),
            (Some((_, y)), None) | (None, Some((_, y))) => y,
            (None, None) => f64::NAN,
        }
    }

    /// The abscissas of the thresholds, ascending: scikit-learn's `X_thresholds_`.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The values at the thresholds, never falling: scikit-learn's `y_thresholds_`.
    pub fn y(&self) -> &[f64] {
        &self.y
    }
}
