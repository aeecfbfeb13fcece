//! Least squares.

use super::row_losses::RowLosses;

/// Half the squared difference of score and target, (s - y)^2 / 2, so that its slope is the residual s - y and its
/// curvature is 1.
#[inline(always)]
pub(super) fn evaluate(rows: RowLosses<'_>) {
    let RowLosses { targets, scores, losses, odds, curvatures, .. } = rows;
    for ((score, loss), target) in scores.iter_mut().zip(losses).zip(targets) {
        *score -= target;
        *loss = 0.5 * *score * *score;
    }
    odds.fill(0.0);
    curvatures.fill(1.0);
}
