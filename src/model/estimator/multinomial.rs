//! Multinomial logistic regression.

use crate::arithmetic::dot;

/// One score per class; the probabilities are their softmax.
#[derive(Debug, Clone, PartialEq)]
pub struct Multinomial {
    /// Class after class, one coefficient per prepared value.
    pub coefficients: Vec<f64>,
    /// One per class.
    pub intercepts: Vec<f64>,
}

impl Multinomial {
    /// The coefficients and the intercept of each class.
    pub(super) fn outputs(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let width = self.coefficients.len() / self.intercepts.len();
        self.coefficients.chunks_exact(width).zip(self.intercepts.iter().copied())
    }

    pub(super) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        out.extend(self.outputs().map(|(coefficients, intercept)| dot(coefficients, prepared) + intercept));
    }
}
