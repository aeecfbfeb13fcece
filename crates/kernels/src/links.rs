//! From the scores of many rows to probabilities, with the bits that each row has alone.

use crate::dots::sum;
use crate::exponential::exp_in_place;

/// Adds for each score the probabilities of both classes: 1 / (1 + exp(score)), and 1 / (1 + exp(-score)) for the second.
/// Uses up the scores, which are finite.
///
/// With e = exp(-|score|) the larger probability is 1 / (1 + e), the other e / (1 + e). Each keeps all its digits.
pub fn logistic_pairs(scores: &mut [f64], out: &mut Vec<f64>) {
    let first = out.len();
    out.extend(scores.iter_mut().flat_map(|score| {
        let is_second = *score > 0.0;
        *score = -score.abs();
        [f64::from(u8::from(is_second)), 0.0]
    }));
    exp_in_place(scores);
    for (pair, e) in out[first..].as_chunks_mut().0.iter_mut().zip(scores) {
        let [larger, smaller] = [1.0 / (1.0 + *e), *e / (1.0 + *e)];
        *pair = if pair[0] > 0.0 { [smaller, larger] } else { [larger, smaller] };
    }
}

/// Turns the scores of each row into probabilities: exp(s_k) / sum of exp(s_j), the largest score taken out first.
pub fn softmax_rows(scores: &mut [f64], n_classes: usize) {
    for scores in scores.chunks_exact_mut(n_classes) {
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        scores.iter_mut().for_each(|score| *score -= largest);
    }
    exp_in_place(scores);
    for scores in scores.chunks_exact_mut(n_classes) {
        let total = sum(scores);
        scores.iter_mut().for_each(|score| *score /= total);
    }
}
