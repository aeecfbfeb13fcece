//! What each possible threshold flags.

use super::weighted::weight;
use crate::numeric::order::sort_pairs;

/// A threshold and what it flags: the rows whose score is at least the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cut {
    /// A score that at least one row has.
    pub(super) threshold: f64,
    /// The weight of the flagged rows of the positive class, in a unit that all cuts share.
    pub(super) true_positives: f64,
    /// The weight of the flagged rows of the other classes.
    pub(super) false_positives: f64,
}

/// One cut per distinct score, in descending order of the threshold: rows of one score are flagged together or not at
/// all. The last cut flags every row. All arguments have one entry per row, but `weights` none where every row counts once;
/// scores are not NaN. Rows of weight 0 are left out.
#[inline(never)]
pub(super) fn cuts(is_positive: &[bool], scores: &[f64], weights: &[f64]) -> Vec<Cut> {
    let scale = near_1(weights);
    // A weight has the sign of its class.
    let signed = |(row, (is_positive, score)): (usize, (&bool, &f64))| {
        let weight = weight(weights, row) * scale;
        (*score, if *is_positive { weight } else { -weight })
    };
    let rows = is_positive.iter().zip(scores).enumerate().map(signed);
    let mut rows: Vec<(f64, f64)> = rows.filter(|(_, weight)| *weight != 0.0).collect();
    sort_pairs(&mut rows);
    let mut cuts: Vec<Cut> = Vec::new();
    let (mut true_positives, mut false_positives) = (0.0, 0.0);
    for (score, weight) in rows.into_iter().rev() {
        *(if weight > 0.0 { &mut true_positives } else { &mut false_positives }) += weight.abs();
        let cut = Cut { threshold: score, true_positives, false_positives };
        match cuts.last_mut() {
            Some(last) if last.threshold == score => *last = cut,
            _ => cuts.push(cut),
        }
    }
    cuts
}

/// The power of two that brings the largest weight near 1, so that no product of sums overflows. Only ratios matter.
fn near_1(weights: &[f64]) -> f64 {
    let largest = weights.iter().copied().fold(if weights.is_empty() { 1.0 } else { f64::MIN_POSITIVE }, f64::max);
    let exponent = (largest.to_bits() >> 52).min(2045);
    f64::from_bits((2046 - exponent) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_score_share_a_cut() {
        let cut = |threshold, true_positives, false_positives| Cut { threshold, true_positives, false_positives };
        let cuts_of_four = cuts(&[true, false, true, false], &[0.2, 0.7, 0.7, 0.1], &[]);
        assert_eq!(cuts_of_four, [cut(0.7, 1.0, 1.0), cut(0.2, 2.0, 1.0), cut(0.1, 2.0, 2.0)]);
        let weighted = cuts(&[true, false, true, false], &[0.2, 0.7, 0.7, 0.1], &[0.0, 2.0, 0.5, 3.0]);
        // In units of 2, as the largest weight is 3.
        assert_eq!(weighted, [cut(0.7, 0.25, 1.0), cut(0.1, 0.25, 2.5)]);
        assert_eq!(cuts(&[true, false], &[0.0, -0.0], &[]).len(), 1);
        assert!(cuts(&[], &[], &[]).is_empty());
    }
}
