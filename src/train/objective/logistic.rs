//! Binary log loss.

use super::RowLoss;
use crate::arithmetic::{logistic, softplus};

/// ln(1 + exp(s)) - y s for a score s of the second class, with y = 1 in its rows and 0 in those of the first.
/// The slope is p - y, where p is the logistic function of s (Hastie, Tibshirani and Friedman, "The Elements of
/// Statistical Learning", equations 4.20 and 4.21).
pub(super) struct Logistic<'a> {
    /// 0 or 1 per row.
    pub(super) codes: &'a [usize],
}

impl RowLoss for Logistic<'_> {
    fn loss_and_slopes(&self, row: usize, scores: &mut [f64]) -> f64 {
        // By symmetry the loss of the first class at s is that of the second at -s; nothing is subtracted.
        let sign = if self.codes[row] == 1 { 1.0 } else { -1.0 };
        let margin = sign * scores[0];
        scores[0] = -sign * logistic(-margin);
        softplus(-margin)
    }
}
