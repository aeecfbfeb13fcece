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

/// Turns the scores of each row, `n_classes` behind one another, into probabilities: exp(s_k) / sum of exp(s_j). The largest
/// score is taken out first, so nothing overflows (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and
/// softmax functions", 2021).
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_survives_scores_that_overflow_exp() {
        let mut scores = [1000.0, 1000.0, -1000.0, 3.0, 3.0, 3.0 - 2000.0];
        softmax_rows(&mut scores, 3);
        assert_eq!(scores, [0.5, 0.5, 0.0, 0.5, 0.5, 0.0]);
    }

    #[test]
    fn pairs_are_the_logistic_function_of_both_signs() {
        let logistic = |score: f64| {
            if score >= 0.0 { 1.0 / (1.0 + libm::exp(-score)) } else { libm::exp(score) / (1.0 + libm::exp(score)) }
        };
        let scores = [0.0, -0.0, 1e-20, 0.7, -0.7, 30.0, -30.0, 750.0, -750.0, 1e308, -1e308];
        let (mut used_up, mut found) = (scores, vec![9.0]);
        logistic_pairs(&mut used_up, &mut found);
        let expected: Vec<f64> = scores.iter().flat_map(|score| [logistic(-score), logistic(*score)]).collect();
        assert_eq!((found[0], &found[1..]), (9.0, &expected[..]));
    }
}
