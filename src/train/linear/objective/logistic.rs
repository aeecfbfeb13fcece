//! Binary log loss.

use super::row_losses::RowLosses;
use crate::numeric::elementary::exp_of_negative;

/// ln(1 + exp(s)) - y s for a score s of the second class, with y = 1 in its rows and 0 in those of the first. The
/// derivative is p - y and the second derivative p (1 - p), where p is the logistic function of s (Hastie, Tibshirani
/// and Friedman, "The Elements of Statistical Learning", equations 4.20 to 4.23).
///
/// By symmetry the loss of the first class at s is that of the second at -s. The one exponential is of a number below
/// 0: it cannot overflow, and nothing is subtracted from 1.
#[inline(always)]
pub(super) fn evaluate(rows: RowLosses<'_>) {
    let RowLosses { targets, scores, losses, odds, second_derivatives, .. } = rows;
    for (((score, loss), odds), target) in scores.iter_mut().zip(losses).zip(odds).zip(targets) {
        let sign = 2.0 * target - 1.0;
        let margin = sign * *score;
        let small = exp_of_negative(-margin.abs());
        let miss = if margin >= 0.0 { small } else { 1.0 } / (1.0 + small);
        *score = -sign * miss;
        *loss = if margin >= 0.0 { 0.0 } else { -margin };
        *odds = small;
    }
    for (second_derivative, derivative) in second_derivatives.iter_mut().zip(scores) {
        let miss = derivative.abs();
        *second_derivative = miss * (1.0 - miss);
    }
}
