//! Least squares.

use super::RowLoss;

/// Half the squared difference of score and target, (s - y)^2 / 2, so that its slope is the residual s - y.
pub(super) struct SquaredError<'a> {
    pub(super) targets: &'a [f64],
}

impl RowLoss for SquaredError<'_> {
    fn loss_and_slopes(&self, row: usize, scores: &mut [f64]) -> f64 {
        let residual = scores[0] - self.targets[row];
        scores[0] = residual;
        0.5 * residual * residual
    }
}
