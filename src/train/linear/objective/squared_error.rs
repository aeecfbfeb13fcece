//! Least squares.

use super::row_losses::RowLosses;

/// Half the squared difference of score and target, (s - y)^2 / 2. The derivative is the residual s - y, and the second
/// derivative is 1.
#[inline(always)]
pub(super) fn evaluate(rows: RowLosses<'_>) {
    let RowLosses { targets, scores, losses, odds, second_derivatives, .. } = rows;
    for ((score, loss), target) in scores.iter_mut().zip(losses).zip(targets) {
        *score -= target;
        *loss = 0.5 * *score * *score;
    }
    odds.fill(0.0);
    second_derivatives.fill(1.0);
}
