//! Multinomial log loss.

use super::row_losses::RowLosses;
use crate::numeric::elementary::exp_of_negative;
use crate::train::linear::design::PANEL_ROWS;

/// ln(sum of exp(s_k)) - s_y for scores s and the row's class y. The derivative in s_k is p_k, less 1 for k = y. The
/// second derivative in s_k and s_l is p_k (1 if k = l, else 0) - p_k p_l, where p is the softmax of s (Bishop,
/// "Pattern Recognition and Machine Learning", equations 4.108 to 4.110). The largest score is subtracted in every
/// exponential (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021).
#[inline(always)]
pub(super) fn evaluate(rows: RowLosses<'_>) {
    let RowLosses { order, targets, scores, losses, odds, second_derivatives } = rows;
    let n_rows = targets.len();
    let n_outputs = scores.len() / n_rows;
    // The position of each row's own class among the scores.
    let mut places = [0; PANEL_ROWS];
    for (row, (place, target)) in places.iter_mut().zip(targets).enumerate() {
        *place = *target as usize * n_rows + row;
    }
    let places = &places[..n_rows];
    losses.copy_from_slice(&scores[..n_rows]);
    for scores in scores.chunks_exact(n_rows).skip(1) {
        for (largest, score) in losses.iter_mut().zip(scores) {
            *largest = if *score > *largest { *score } else { *largest };
        }
    }
    for scores in scores.chunks_exact_mut(n_rows) {
        for (score, largest) in scores.iter_mut().zip(&*losses) {
            *score -= largest;
        }
    }
    losses.iter_mut().zip(places).for_each(|(loss, place)| *loss = -scores[*place]);
    for score in scores.iter_mut() {
        *score = exp_of_negative(*score);
    }
    // The exponentials of the own classes. The sum of the others leaves them out, so that nothing cancels where the own
    // class dominates.
    let mut own = [0.0; PANEL_ROWS];
    own.iter_mut().zip(places).for_each(|(own, place)| *own = std::mem::take(&mut scores[*place]));
    let others = odds;
    others.fill(0.0);
    for scores in scores.chunks_exact(n_rows) {
        others.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score);
    }
    let (mut inverse, mut miss) = ([0.0; PANEL_ROWS], [0.0; PANEL_ROWS]);
    for (((others, own), inverse), miss) in others.iter_mut().zip(&own).zip(&mut inverse).zip(&mut miss) {
        let total = *others + own;
        *inverse = 1.0 / total;
        *miss = *others / total;
        // The largest exponential is 1, so the odds are the total less 1.
        *others = if *own == 1.0 { *others } else { total - 1.0 };
    }
    own.iter().zip(places).for_each(|(own, place)| scores[*place] = *own);
    for scores in scores.chunks_exact_mut(n_rows) {
        scores.iter_mut().zip(&inverse).for_each(|(score, inverse)| *score *= inverse);
    }
    for (second_derivatives, (k, l)) in second_derivatives.chunks_exact_mut(n_rows).zip(order.summed_squares(n_outputs))
    {
        let p_of = |output: usize| &scores[output * n_rows..][..n_rows];
        if k != l {
            second_derivatives.iter_mut().zip(p_of(k)).zip(p_of(l)).for_each(|((hessian, p), q)| *hessian = -p * q);
            continue;
        }
        for (((hessian, p), miss), target) in second_derivatives.iter_mut().zip(p_of(k)).zip(&miss).zip(targets) {
            *hessian = p * if *target == k as f64 { *miss } else { 1.0 - p };
        }
    }
    miss.iter().zip(places).for_each(|(miss, place)| scores[*place] = -miss);
}
