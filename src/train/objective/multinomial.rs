//! Multinomial log loss.

use super::RowLoss;
use crate::arithmetic::{log_sum_exp, softmax_in_place};

/// ln(sum of exp(s_k)) - s_y for scores s and the row's class y. The slope in s_k is p_k, less 1 for k = y, where p is
/// the softmax of s (Bishop, "Pattern Recognition and Machine Learning", equations 4.108 and 4.109).
pub(super) struct Multinomial<'a> {
    /// A class per row, counted from 0.
    pub(super) codes: &'a [usize],
}

impl RowLoss for Multinomial<'_> {
    fn loss_and_slopes(&self, row: usize, scores: &mut [f64]) -> f64 {
        let class = self.codes[row];
        let loss = log_sum_exp(scores) - scores[class];
        softmax_in_place(scores);
        scores[class] -= 1.0;
        loss
    }
}
