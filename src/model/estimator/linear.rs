//! Linear regression.

use crate::arithmetic::dot;

/// intercept + sum of coefficient times value.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// One per prepared value.
    pub coefficients: Vec<f64>,
    /// The value where every prepared value is 0.
    pub intercept: f64,
}

impl Linear {
    pub(super) fn score(&self, prepared: &[f64]) -> f64 {
        dot(&self.coefficients, prepared) + self.intercept
    }
}
