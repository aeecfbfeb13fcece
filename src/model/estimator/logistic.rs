//! Binary logistic regression.

use crate::arithmetic::{dot, logistic};

/// The log-odds of the second class: intercept + sum of coefficient times value.
#[derive(Debug, Clone, PartialEq)]
pub struct Logistic {
    /// One per prepared value.
    pub coefficients: Vec<f64>,
    /// The log-odds where every prepared value is 0.
    pub intercept: f64,
}

impl Logistic {
    pub(super) fn score(&self, prepared: &[f64]) -> f64 {
        dot(&self.coefficients, prepared) + self.intercept
    }
}

/// The probabilities of the first and the second class. Each comes from the score itself rather than from the other,
/// so that a small probability keeps all its digits.
pub(super) fn to_probabilities(scores: &mut Vec<f64>) {
    let score = scores[0];
    scores.clear();
    scores.extend([logistic(-score), logistic(score)]);
}
