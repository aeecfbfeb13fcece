//! How well scores put the rows of one class, the positive class, before the others, whatever the threshold.

use super::cuts::{Cut, cuts};
use crate::numeric::sum;

/// What a threshold flags, as shares: a point of the receiver operating characteristic.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RocPoint {
    /// Rows are flagged when their score is at least this. Infinity (`null` in JSON) for the first point, which flags
    /// none.
    pub threshold: f64,
    /// Of the rows of the other classes, the share that is flagged: 1 - specificity.
    pub false_positive_rate: f64,
    /// Of the rows of the positive class, the share that is flagged: sensitivity.
    pub true_positive_rate: f64,
}

/// What a threshold flags, seen from the flagged rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrecisionRecallPoint {
    /// Rows are flagged when their score is at least this. Infinity (`null` in JSON) for the last point, which flags
    /// none.
    pub threshold: f64,
    /// Of the flagged rows, the share of the positive class. 1 by convention when none is flagged.
    pub precision: f64,
    /// Of the rows of the positive class, the share that is flagged.
    pub recall: f64,
}

/// The cuts, and how much there is of the positive class and of the others: the last cut flags every row.
#[inline(never)]
fn cuts_of(is_positive: &[bool], scores: &[f64], weights: &[f64]) -> (Vec<Cut>, f64, f64) {
    let cuts = cuts(is_positive, scores, weights);
    let (positives, negatives) = cuts.last().map_or((0.0, 0.0), |all| (all.true_positives, all.false_positives));
    (cuts, positives, negatives)
}

/// The points of the receiver operating characteristic, from (0, 0) at threshold infinity to (1, 1) at the lowest
/// score, one per distinct score: those of scikit-learn's `roc_curve(drop_intermediate=False)` (Fawcett, "An
/// introduction to ROC analysis", 2006). `is_positive` and `scores` have one entry per row, and `weights` too, or
/// none where every row counts once; any score will do that grows with the probability. `None` when the positive class, or all others, have no row.
pub fn roc_curve(is_positive: &[bool], scores: &[f64], weights: &[f64]) -> Option<Vec<RocPoint>> {
    let (cuts, positives, negatives) = cuts_of(is_positive, scores, weights);
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let nothing = RocPoint { threshold: f64::INFINITY, false_positive_rate: 0.0, true_positive_rate: 0.0 };
    let points = cuts.into_iter().map(|cut| RocPoint {
        threshold: cut.threshold,
        false_positive_rate: cut.false_positives / negatives,
        true_positive_rate: cut.true_positives / positives,
    });
    Some(std::iter::once(nothing).chain(points).collect())
}

/// The area under the receiver operating characteristic, by trapezoids: the probability that a row of the positive
/// class has a higher score than another row, ties counting one half (Hanley and McNeil, "The meaning and use of the
/// area under a receiver operating characteristic (ROC) curve", 1982). From 0 to 1; 0.5 is chance. `None` as for
/// [`roc_curve`].
pub fn auc(is_positive: &[bool], scores: &[f64], weights: &[f64]) -> Option<f64> {
    let (cuts, positives, negatives) = cuts_of(is_positive, scores, weights);
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    // Without weights whole numbers, exact up to 2^53, so the order of ties does not matter.
    let (mut doubled, mut previous_true, mut previous_false) = (0.0, 0.0, 0.0);
    for cut in cuts {
        doubled += (cut.false_positives - previous_false) * (cut.true_positives + previous_true);
        (previous_true, previous_false) = (cut.true_positives, cut.false_positives);
    }
    Some(doubled / (2.0 * positives * negatives))
}

/// The points of the precision-recall curve in ascending order of the threshold, from the lowest score, which flags
/// every row, to a last point with precision 1 and recall 0: those of scikit-learn's `precision_recall_curve`.
/// Arguments as for [`roc_curve`]; `None` when the positive class has no row.
pub fn precision_recall_curve(
    is_positive: &[bool],
    scores: &[f64],
    weights: &[f64],
) -> Option<Vec<PrecisionRecallPoint>> {
    let (cuts, positives, _) = cuts_of(is_positive, scores, weights);
    if positives == 0.0 {
        return None;
    }
    let nothing = PrecisionRecallPoint { threshold: f64::INFINITY, precision: 1.0, recall: 0.0 };
    let points = cuts.into_iter().rev().map(|cut| PrecisionRecallPoint {
        threshold: cut.threshold,
        precision: cut.true_positives / (cut.true_positives + cut.false_positives),
        recall: cut.true_positives / positives,
    });
    Some(points.chain(std::iter::once(nothing)).collect())
}

/// The average precision: the sum over thresholds, from the highest, of (R_n - R_(n-1)) P_n with precision P and recall
/// R. It is the area under the precision-recall curve in steps; a line between its points would be too hopeful (Davis
/// and Goadrich, "The relationship between Precision-Recall and ROC curves", 2006). Scikit-learn's
/// `average_precision_score`. From 0 to 1; chance is the share of the positive class. `None` when it has no row.
pub fn average_precision(is_positive: &[bool], scores: &[f64], weights: &[f64]) -> Option<f64> {
    let (cuts, positives, _) = cuts_of(is_positive, scores, weights);
    let mut previous = 0.0;
    let terms: Vec<f64> = cuts
        .into_iter()
        .map(|cut| {
            let gained = cut.true_positives - previous;
            previous = cut.true_positives;
            gained * (cut.true_positives / (cut.true_positives + cut.false_positives))
        })
        .collect();
    (positives > 0.0).then(|| sum(&terms) / positives)
}

/// The rows seen from one class: whether each is of `class`, and its probability of it. `codes` has one class per row,
/// `probabilities` is rows x `n_classes`, row by row.
pub fn one_versus_rest(
    n_classes: usize,
    class: usize,
    codes: &[usize],
    probabilities: &[f64],
) -> (Vec<bool>, Vec<f64>) {
    let is_positive = codes.iter().map(|code| *code == class).collect();
    (is_positive, probabilities.iter().skip(class).step_by(n_classes.max(1)).copied().collect())
}

/// The mean over classes of the area under the curve of that class against all others: scikit-learn's
/// `roc_auc_score(multi_class="ovr", average="macro")`. Arguments as for [`one_versus_rest`]; `None` when a class has
/// no row, or every row.
pub fn macro_auc(n_classes: usize, codes: &[usize], probabilities: &[f64], weights: &[f64]) -> Option<f64> {
    let areas = (0..n_classes).map(|class| {
        let (is_positive, scores) = one_versus_rest(n_classes, class, codes, probabilities);
        auc(&is_positive, &scores, weights)
    });
    let areas = areas.collect::<Option<Vec<f64>>>()?;
    (!areas.is_empty()).then(|| sum(&areas) / areas.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::example::{CODES, IS_POSITIVE, PROBABILITIES, SCORES};
    use super::*;

    fn assert_near(found: &[f64], expected: &[f64]) {
        let is_near = found.iter().zip(expected).all(|(a, b)| a == b || (a - b).abs() < 1e-15);
        assert!(found.len() == expected.len() && is_near, "found {found:?}, expected {expected:?}");
    }

    #[test]
    fn the_points_of_the_roc_curve_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: roc_curve(y, p, drop_intermediate=False), see tests/golden/figures.py.
        let points = roc_curve(&IS_POSITIVE, &SCORES, &[]).unwrap();
        let column = |figure: fn(&RocPoint) -> f64| points.iter().map(figure).collect::<Vec<_>>();
        let thresholds = [f64::INFINITY, 0.9, 0.8, 0.7, 0.62, 0.5, 0.45, 0.3, 0.2, 0.15, 0.1];
        assert_eq!(column(|point| point.threshold), thresholds);
        let sixths = |counts: [u8; 11]| counts.map(|count| f64::from(count) / 6.0);
        assert_near(&column(|point| point.false_positive_rate), &sixths([0, 0, 0, 1, 1, 2, 3, 4, 5, 5, 6]));
        assert_near(&column(|point| point.true_positive_rate), &sixths([0, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6]));
    }

    #[test]
    fn the_points_of_the_precision_recall_curve_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: precision_recall_curve(y, p), see tests/golden/figures.py.
        let points = precision_recall_curve(&IS_POSITIVE, &SCORES, &[]).unwrap();
        let column = |figure: fn(&PrecisionRecallPoint) -> f64| points.iter().map(figure).collect::<Vec<_>>();
        let precisions = [
            0.5,
            0.5454545454545454,
            0.5,
            0.5555555555555556,
            0.5714285714285714,
            0.6666666666666666,
            0.75,
            0.6666666666666666,
            1.0,
            1.0,
            1.0,
        ];
        assert_near(&column(|point| point.precision), &precisions);
        assert_near(&column(|point| point.recall), &[6, 6, 5, 5, 4, 4, 3, 2, 2, 1, 0].map(|n| f64::from(n) / 6.0));
    }

    #[test]
    fn the_areas_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: roc_auc_score(y, p), average_precision_score(y, p) and
        // roc_auc_score(yc, pc, multi_class="ovr", average="macro"), see tests/golden/figures.py.
        let areas = [
            auc(&IS_POSITIVE, &SCORES, &[]).unwrap(),
            average_precision(&IS_POSITIVE, &SCORES, &[]).unwrap(),
            macro_auc(3, &CODES, &PROBABILITIES, &[]).unwrap(),
        ];
        assert_near(&areas, &[0.6944444444444444, 0.7529461279461279, 0.888888888888889]);
    }

    #[test]
    fn the_area_is_the_probability_of_the_right_order() {
        // Scores from a small set, so that there are many ties.
        for n in 2..40_u32 {
            let rows: Vec<(bool, f64)> =
                (0..n).map(|i| (i == 0 || i * i % 5 == 4, f64::from(i * 7 % 11 % 6))).collect();
            let (is_positive, scores): (Vec<bool>, Vec<f64>) = rows.iter().copied().unzip();
            let (mut wins, mut pairs) = (0.0, 0.0);
            for (_, positive) in rows.iter().filter(|row| row.0) {
                for (_, negative) in rows.iter().filter(|row| !row.0) {
                    pairs += 1.0;
                    wins += if positive > negative {
                        1.0
                    } else if positive == negative {
                        0.5
                    } else {
                        0.0
                    };
                }
            }
            assert_eq!(auc(&is_positive, &scores, &[]), Some(wins / pairs), "{n} rows");
            let points = roc_curve(&is_positive, &scores, &[]).unwrap();
            let trapezoids = points.windows(2).map(|pair| {
                let width = pair[1].false_positive_rate - pair[0].false_positive_rate;
                width * (pair[1].true_positive_rate + pair[0].true_positive_rate) / 2.0
            });
            assert!((trapezoids.sum::<f64>() - wins / pairs).abs() < 1e-14, "{n} rows");
        }
    }

    #[test]
    fn a_class_without_rows_has_no_curve() {
        assert_eq!(roc_curve(&[true, true], &[0.1, 0.2], &[]), None);
        assert_eq!(auc(&[false], &[0.1], &[]), None);
        assert_eq!(average_precision(&[false], &[0.1], &[]), None);
        assert_eq!(precision_recall_curve(&[], &[], &[]), None);
        assert_eq!(macro_auc(3, &[0, 1], &[0.5, 0.3, 0.2, 0.1, 0.8, 0.1], &[]), None);
    }
}
