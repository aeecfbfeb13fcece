//! From the scores of four rows side by side to their probabilities, with the bits that each row has alone.

use crate::dots::SUM_LANES;
use crate::exponential::Exponential;
use crate::lanes::Lanes;
use crate::vectors::{LANES, Vectors};

/// The scores of a class, or its probabilities, of four rows.
pub(crate) type FourRows = [f64; LANES];

/// The probabilities of both classes: 1 / (1 + exp(score)), and 1 / (1 + exp(-score)) for the second.
///
/// With e = exp(-|score|) the larger probability is 1 / (1 + e), the other e / (1 + e). Each keeps all its digits.
#[inline(always)]
pub(crate) fn logistic_pair<V: Vectors>(vectors: V, exp: &Exponential, scores: Lanes<V>) -> [Lanes<V>; 2] {
    let (zero, one) = (Lanes::all(vectors, 0.0), Lanes::all(vectors, 1.0));
    let e = exp.of_minus(vectors, scores.absolute());
    let (larger, smaller) = (one.over(one.plus(e)), e.over(one.plus(e)));
    [zero.select_less(scores, smaller, larger), zero.select_less(scores, larger, smaller)]
}

/// Turns the scores of each class into probabilities: exp(s_k) / sum of exp(s_j). The largest score is taken out first, so
/// nothing overflows (Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions", 2021).
#[inline(always)]
pub(crate) fn softmax<V: Vectors>(vectors: V, exp: &Exponential, classes: &mut [FourRows]) {
    let mut largest = Lanes::all(vectors, f64::NEG_INFINITY);
    for scores in classes.iter() {
        largest = largest.larger(Lanes::new(vectors, *scores));
    }
    // The order of `sum`.
    let mut totals = [Lanes::all(vectors, 0.0); SUM_LANES];
    for (class, scores) in classes.iter_mut().enumerate() {
        let e = exp.of_minus(vectors, largest.minus(Lanes::new(vectors, *scores)));
        totals[class % SUM_LANES] = totals[class % SUM_LANES].plus(e);
        *scores = e.numbers();
    }
    let [a, b, c, d, e, f, g, h] = totals;
    let total = a.plus(e).plus(c.plus(g)).plus(b.plus(f).plus(d.plus(h)));
    for e in classes {
        *e = Lanes::new(vectors, *e).over(total).numbers();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dots::sum;
    use crate::kernel::{Kernel, with_every_kind};

    #[derive(Clone)]
    struct Pairs(FourRows);

    impl Kernel for Pairs {
        type Output = [FourRows; 2];

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> [FourRows; 2] {
            let [first, second] = logistic_pair(vectors, &Exponential::default(), Lanes::new(vectors, self.0));
            [first.numbers(), second.numbers()]
        }
    }

    #[derive(Clone)]
    struct Softmax(Vec<FourRows>);

    impl Kernel for Softmax {
        type Output = Vec<FourRows>;

        #[inline(always)]
        fn run<V: Vectors>(mut self, vectors: V) -> Vec<FourRows> {
            softmax(vectors, &Exponential::default(), &mut self.0);
            self.0
        }
    }

    /// As one row alone has it.
    fn softmax_of_one(scores: &[f64]) -> Vec<f64> {
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let exponentials: Vec<f64> = scores.iter().map(|score| libm::exp(score - largest)).collect();
        exponentials.iter().map(|e| e / sum(&exponentials)).collect()
    }

    #[test]
    fn softmax_survives_scores_that_overflow_exp() {
        let classes = vec![[1000.0, 3.0, 0.0, -1e308], [1000.0, 3.0, -0.0, 0.0], [-1000.0, 3.0 - 2000.0, 0.0, 1e308]];
        let third = 1.0 / 3.0;
        for found in with_every_kind(&Softmax(classes.clone())) {
            assert_eq!(found, [[0.5, 0.5, third, 0.0], [0.5, 0.5, third, 0.0], [0.0, 0.0, third, 1.0]]);
        }
    }

    #[test]
    fn four_rows_have_the_bits_that_each_has_alone() {
        for n_classes in 1..30 {
            let score = |class: usize, row: usize| ((class * 7919 + row * 104_729) % 1009) as f64 / 40.0 - 12.0;
            let classes: Vec<FourRows> =
                (0..n_classes).map(|class| [0, 1, 2, 3].map(|row| score(class, row))).collect();
            for found in with_every_kind(&Softmax(classes)) {
                for row in 0..LANES {
                    let alone: Vec<f64> = (0..n_classes).map(|class| score(class, row)).collect();
                    let found: Vec<f64> = found.iter().map(|class| class[row]).collect();
                    assert_eq!(found, softmax_of_one(&alone), "{n_classes}");
                }
            }
        }
    }

    #[test]
    fn pairs_are_the_logistic_function_of_both_signs() {
        let logistic = |score: f64| {
            if score >= 0.0 { 1.0 / (1.0 + libm::exp(-score)) } else { libm::exp(score) / (1.0 + libm::exp(score)) }
        };
        for scores in [[0.0, -0.0, 1e-20, 0.7], [-0.7, 30.0, -30.0, 750.0], [-750.0, 1e308, -1e308, 3.0]] {
            let expected = [scores.map(|score| logistic(-score)), scores.map(logistic)];
            for found in with_every_kind(&Pairs(scores)) {
                assert_eq!(found, expected);
            }
        }
    }
}
