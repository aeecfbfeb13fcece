//! Multinomial log loss.

use super::RowLosses;
use crate::arithmetic::{exp_of_negative, ln, ln_1p_of_unit};

/// ln(sum of exp(s_k)) - s_y for scores s and the row's class y. The slope in s_k is p_k, less 1 for k = y, and the
/// curvature in s_k and s_l is p_k (1 if k = l, else 0) - p_k p_l, where p is the softmax of s (Bishop, "Pattern
/// Recognition and Machine Learning", equations 4.108 to 4.110). The largest score is taken out of every exponential
/// (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021).
#[inline(always)]
pub(super) fn evaluate(rows: RowLosses<'_>) {
    let RowLosses { targets, scores, losses, curvatures } = rows;
    let n_rows = targets.len();
    let n_outputs = scores.len() / n_rows.max(1);
    for ((scores, loss), target) in scores.chunks_exact_mut(n_outputs).zip(&mut *losses).zip(targets) {
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a });
        scores.iter_mut().for_each(|score| *score -= largest);
        *loss = -scores[*target as usize];
    }
    for score in scores.iter_mut() {
        *score = exp_of_negative(*score);
    }
    let pairs = n_outputs * (n_outputs + 1) / 2;
    let is_all_pairs = curvatures.len() == pairs * n_rows;
    for (row, (scores, target)) in scores.chunks_exact_mut(n_outputs).zip(targets).enumerate() {
        let class = *target as usize;
        let of_class = scores[class];
        scores[class] = 0.0;
        let others: f64 = scores.iter().sum();
        let total = others + of_class;
        // A class far ahead of the others has a loss below the last digit of their sum of exponentials.
        losses[row] += if of_class == 1.0 && others < 1.0 { ln_1p_of_unit(others) } else { ln(total) };
        scores.iter_mut().for_each(|score| *score /= total);
        // 1 - p_y as what the others have: nothing cancels where p_y is nearly 1.
        let miss = others / total;
        scores[class] = of_class / total;
        let own = |k: usize, p: f64| p * if k == class { miss } else { 1.0 - p };
        let mut places = (row..curvatures.len()).step_by(n_rows);
        for (k, p) in scores.iter().enumerate() {
            if is_all_pairs {
                scores[..k].iter().zip(&mut places).for_each(|(q, place)| curvatures[place] = -p * q);
            }
            if let Some(place) = places.next() {
                curvatures[place] = own(k, *p);
            }
        }
        scores[class] = -miss;
    }
}
