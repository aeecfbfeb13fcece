//! Arithmetic that gives the same 64 bits on every target.
//!
//! Addition, multiplication, division and square root are exact to the rule of IEEE 754 everywhere; what differs
//! between targets is the order of sums and the last bit of `exp` and `ln`. So scores are summed in eight lanes in a fixed
//! order (wide enough for the compiler to vectorize without reassociating), without fused multiply-add, and their
//! transcendental functions come from `libm` on every target. Training has its own: `simd` and `elementary`.
//!
//! The order of the sums in scores is part of the model file's contract: its proof rows are compared bit for bit.

mod lanes;
mod vectors;

#[cfg(feature = "train")]
pub(crate) mod elementary;
#[cfg(feature = "train")]
pub(crate) mod linalg;
#[cfg(feature = "train")]
pub(crate) mod order;
#[cfg(feature = "train")]
pub(crate) mod simd;
#[cfg(all(feature = "train", not(target_arch = "wasm32")))]
pub mod timed;
#[cfg(feature = "train")]
pub(crate) mod tree_sum;

pub(crate) use libm::exp;
pub(crate) use vectors::Vectors;

use lanes::Lanes;
use vectors::Portable;

/// Partial sums kept side by side.
const LANES: usize = 8;

/// The sum of products of two slices of one length; of the shorter length if they differ.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    dot_with(Portable, a, b)
}

/// The same inside a kernel.
#[inline(always)]
pub(crate) fn dot_with<V: Vectors>(vectors: V, a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let (eights_a, rest_a) = a[..length].as_chunks::<LANES>();
    let (eights_b, rest_b) = b[..length].as_chunks::<LANES>();
    let (mut low, mut high) = (Lanes::all(vectors, 0.0), Lanes::all(vectors, 0.0));
    for ([a, b, c, d, e, f, g, h], [p, q, r, s, t, u, v, w]) in eights_a.iter().zip(eights_b) {
        low.add_product(Lanes::new(vectors, [*a, *b, *c, *d]), Lanes::new(vectors, [*p, *q, *r, *s]));
        high.add_product(Lanes::new(vectors, [*e, *f, *g, *h]), Lanes::new(vectors, [*t, *u, *v, *w]));
    }
    match (rest_a.split_first_chunk(), rest_b.split_first_chunk()) {
        (Some((a, rest_a)), Some((b, rest_b))) => {
            low.add_product(Lanes::new(vectors, *a), Lanes::new(vectors, *b));
            high = high.plus(Lanes::products(vectors, rest_a, rest_b));
        }
        _ => low = low.plus(Lanes::products(vectors, rest_a, rest_b)),
    }
    low.plus(high).sum()
}

/// The sum of a slice.
#[inline(always)]
pub(crate) fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole, rest) = values.as_chunks::<LANES>();
    for x in whole {
        for lane in 0..LANES {
            lanes[lane] += x[lane];
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x;
    }
    merge(lanes)
}

/// Halves the lanes until one is left: the shuffle that vector units do.
#[inline(always)]
fn merge(l: [f64; LANES]) -> f64 {
    let [a, b, c, d] = [l[0] + l[4], l[1] + l[5], l[2] + l[6], l[3] + l[7]];
    (a + c) + (b + d)
}

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

/// Turns scores into probabilities, exp(s_k) / sum of exp(s_j), with the largest score taken out first so that
/// nothing overflows (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021).
#[inline(always)]
pub(crate) fn softmax_in_place(scores: &mut [f64]) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in scores.iter_mut() {
        *score = exp(*score - largest);
    }
    let total = sum(scores);
    for score in scores.iter_mut() {
        *score /= total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_and_sum_agree_with_plain_sums_on_whole_numbers() {
        // Whole numbers are summed without rounding, so the order cannot matter.
        for length in [0, 1, 7, 8, 9, 31, 64, 65] {
            let a: Vec<f64> = (0..length).map(|i| f64::from(i) - 3.0).collect();
            let b: Vec<f64> = (0..length).map(|i| f64::from(i * i % 11)).collect();
            assert_eq!(dot(&a, &b), a.iter().zip(&b).map(|(x, y)| x * y).sum::<f64>(), "length {length}");
            assert_eq!(sum(&a), a.iter().sum::<f64>(), "length {length}");
        }
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

    #[test]
    fn softmax_survives_scores_that_overflow_exp() {
        let mut scores = [1000.0, 1000.0, -1000.0];
        softmax_in_place(&mut scores);
        assert_eq!(scores, [0.5, 0.5, 0.0]);
    }
}
