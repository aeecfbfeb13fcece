//! What each possible threshold flags.

use crate::numeric::order::sort_pairs;

/// A threshold and what it flags: the rows whose score is at least the threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cut {
    /// A score that at least one row has.
    pub(super) threshold: f64,
    /// Flagged rows of the positive class.
    pub(super) true_positives: u64,
    /// Flagged rows of the other classes.
    pub(super) false_positives: u64,
}

/// One cut per distinct score, in descending order of the threshold: rows of one score are flagged together or not at
/// all. The last cut flags every row. `is_positive` and `scores` have one entry per row; scores are not NaN.
pub(super) fn cuts(is_positive: &[bool], scores: &[f64]) -> Vec<Cut> {
    let mut rows: Vec<(f64, f64)> = scores
        .iter()
        .zip(is_positive)
        .map(|(score, is_positive)| (*score, f64::from(u8::from(*is_positive))))
        .collect();
    sort_pairs(&mut rows);
    let mut cuts: Vec<Cut> = Vec::new();
    let (mut true_positives, mut false_positives) = (0, 0);
    for (score, positive) in rows.into_iter().rev() {
        *(if positive == 1.0 { &mut true_positives } else { &mut false_positives }) += 1;
        let cut = Cut { threshold: score, true_positives, false_positives };
        match cuts.last_mut() {
            Some(last) if last.threshold == score => *last = cut,
            _ => cuts.push(cut),
        }
    }
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_score_share_a_cut() {
        let cut = |threshold, true_positives, false_positives| Cut { threshold, true_positives, false_positives };
        let cuts_of_four = cuts(&[true, false, true, false], &[0.2, 0.7, 0.7, 0.1]);
        assert_eq!(cuts_of_four, [cut(0.7, 1, 1), cut(0.2, 2, 1), cut(0.1, 2, 2)]);
        assert_eq!(cuts(&[true, false], &[0.0, -0.0]).len(), 1);
        assert!(cuts(&[], &[]).is_empty());
    }
}
