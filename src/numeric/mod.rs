//! Arithmetic that gives the same 64 bits on every target.
//!
//! Addition, multiplication, division and square root are exact to the rule of IEEE 754 everywhere; what differs
//! between targets is the order of sums and the last bit of `exp` and `ln`. So scores are summed in eight lanes in a fixed
//! order (wide enough for the compiler to vectorize without reassociating), without fused multiply-add, and their
//! transcendental functions come from `libm` on every target, or have its bits. The crate `tepal-kernels` has these sums,
//! and predicts many rows with the same bits. Training has its own: `simd` and `elementary`.
//!
//! The order of the sums in scores is part of the model file's contract: its proof rows are compared bit for bit.

pub(crate) mod chance;
#[cfg(feature = "train")]
pub(crate) mod elementary;
#[cfg(feature = "train")]
pub(crate) mod linalg;
pub(crate) mod order;
#[cfg(feature = "train")]
pub(crate) mod simd;
#[cfg(feature = "train")]
pub(crate) mod tree_sum;

pub(crate) use libm::exp;
pub(crate) use tepal_kernels::{dot, sum};

/// The logistic function 1 / (1 + exp(-score)), without overflow at either end.
#[inline(always)]
pub(crate) fn logistic(score: f64) -> f64 {
    if score >= 0.0 {
        1.0 / (1.0 + exp(-score))
    } else {
        let e = exp(score);
        e / (1.0 + e)
    }
}

/// Turns scores into probabilities: exp(s_k) / sum of exp(s_j). The largest score is taken out first, so nothing overflows
/// (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021).
pub(crate) fn softmax(scores: &mut [f64]) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores.iter_mut().for_each(|score| *score = exp(*score - largest));
    let total = sum(scores);
    scores.iter_mut().for_each(|score| *score /= total);
}

/// Turns log-odds, each against all others, into probabilities: the logistic functions, divided by their sum.
pub(crate) fn one_vs_rest(scores: &mut [f64]) {
    /// Up to here the logistic function is exp to the last bit.
    const LOW: f64 = -700.0;
    if scores.iter().all(|score| *score < LOW) {
        // All would be 0.
        return softmax(scores);
    }
    scores.iter_mut().for_each(|score| *score = logistic(*score));
    let total = sum(scores);
    scores.iter_mut().for_each(|score| *score /= total);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_survives_scores_that_overflow_exp() {
        let mut scores = [1000.0, 1000.0, -1000.0];
        softmax(&mut scores);
        assert_eq!(scores, [0.5, 0.5, 0.0]);
    }

    #[test]
    fn one_against_the_rest_is_a_share_of_logistic_functions() {
        let probabilities = |mut scores: [f64; 3]| {
            one_vs_rest(&mut scores);
            scores
        };
        let [a, b, c] = [0.3, -1.2, 2.0].map(logistic);
        assert_eq!(probabilities([0.3, -1.2, 2.0]), [a, b, c].map(|share| share / sum(&[a, b, c])));
        assert_eq!(probabilities([800.0, 800.0, -800.0]), [0.5, 0.5, 0.0]);
        assert_eq!(probabilities([-2000.0, -2000.0, -3000.0]), [0.5, 0.5, 0.0]);
        assert_eq!(probabilities([-690.0, -2000.0, -2000.0]), [1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_logistic_function_stays_in_range_and_mirrors() {
        for score in [-800.0, -30.0, -1.0, 0.0, 1.0, 30.0, 800.0] {
            let p = logistic(score);
            assert!((0.0..=1.0).contains(&p), "{score} gives {p}");
            assert!((p + logistic(-score) - 1.0).abs() < 1e-15);
        }
        assert_eq!(logistic(0.0), 0.5);
    }
}
