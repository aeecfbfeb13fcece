//! How near predicted probabilities are to what happened.

use super::weighted::{mean, quantiles, serialize_count, weight};
use crate::numeric::elementary::ln;
use crate::numeric::sum;

/// The mean over rows of -ln of the probability given to the row's class. `codes` has one class per row,
/// `probabilities` is rows x `n_classes`, row by row. At least 0; a model that says 1 / `n_classes` throughout gets
/// ln(`n_classes`). `None` without rows.
///
/// A probability below 2^-52 counts as that, a loss of 36, as in scikit-learn's `log_loss`: one row that a forest thinks impossible
/// would else decide the figure.
pub fn log_loss(n_classes: usize, codes: &[usize], probabilities: &[f64], weights: &[f64]) -> Option<f64> {
    let losses: Vec<f64> = probabilities
        .chunks_exact(n_classes.max(1))
        .zip(codes)
        .map(|(row, code)| -ln(row.get(*code).copied().unwrap_or(0.0).max(f64::EPSILON)))
        .collect();
    mean(&losses, weights)
}

/// The Brier score: the mean over rows of the sum over classes of (p_k - y_k)^2, with y_k = 1 for the row's class and 0
/// for the others, from 0 to 2 (Brier, "Verification of forecasts expressed in terms of probability", 1950). For two
/// classes it is half of that, from 0 to 1, which is the mean of (p - y)^2 of either class: scikit-learn's
/// `brier_score_loss` with `scale_by_half="auto"`. Arguments as for [`log_loss`]; `None` without rows.
pub fn brier_score(n_classes: usize, codes: &[usize], probabilities: &[f64], weights: &[f64]) -> Option<f64> {
    let scale = if n_classes < 3 { 0.5 } else { 1.0 };
    let scores: Vec<f64> = probabilities
        .chunks_exact(n_classes.max(1))
        .zip(codes)
        .map(|(row, code)| {
            let errors = row.iter().enumerate().map(|(class, p)| if class == *code { p - 1.0 } else { *p });
            scale * sum(&errors.map(|error| error * error).collect::<Vec<_>>())
        })
        .collect();
    mean(&scores, weights)
}

/// How the rows are shared out among the bins of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Bins {
    /// Bins of one width from 0 to 1. Some may have no row.
    Uniform,
    /// Bins between quantiles of the probabilities, so that each has as many rows, but for ties.
    Quantile,
}

/// The rows of one bin of a calibration curve.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CalibrationBin {
    /// The mean of their probabilities of the positive class.
    pub mean_predicted: f64,
    /// The share of them that is of the positive class: equal to `mean_predicted`, but for chance, when the model is
    /// calibrated.
    pub fraction_positive: f64,
    /// How many they are, each counted as often as it weighs: above 0.
    #[serde(serialize_with = "serialize_count")]
    pub rows: f64,
}

/// The calibration curve (reliability diagram) of `probabilities` of the positive class, one per row, from 0 to 1: the
/// bins that have rows, in ascending order, as scikit-learn's `calibration_curve`. A probability on an edge belongs to
/// the bin below it. Empty without rows or bins.
pub fn calibration_curve(
    is_positive: &[bool],
    probabilities: &[f64],
    weights: &[f64],
    n_bins: usize,
    bins: Bins,
) -> Vec<CalibrationBin> {
    let step = 1.0 / n_bins as f64;
    // Computed as numpy's linspace and percentile do, down to the last bit: it decides the bin of a probability on an
    // edge.
    let inner_edges: Vec<f64> = match bins {
        Bins::Uniform => (1..n_bins).map(|i| i as f64 * step).collect(),
        Bins::Quantile => {
            let edges: Vec<f64> = (1..n_bins).map(|i| i as f64 * step * 100.0 / 100.0).collect();
            quantiles(probabilities, weights, &edges)
        }
    };
    let mut bins: Vec<(Vec<f64>, Vec<f64>, f64)> = vec![(Vec::new(), Vec::new(), 0.0); n_bins];
    for (row, (p, is_positive)) in probabilities.iter().zip(is_positive).enumerate() {
        let bin = inner_edges.partition_point(|edge| edge < p);
        if let Some((probabilities, counts, positives)) = bins.get_mut(bin) {
            let count = weight(weights, row);
            probabilities.push(*p);
            counts.push(count);
            *positives += if *is_positive { count } else { 0.0 };
        }
    }
    let calibration_bin = |(probabilities, counts, positives): (Vec<f64>, Vec<f64>, f64)| {
        let (mean_predicted, rows) = (mean(&probabilities, &counts)?, sum(&counts));
        Some(CalibrationBin { mean_predicted, fraction_positive: positives / rows, rows })
    };
    bins.into_iter().filter_map(calibration_bin).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example::{CODES, IS_POSITIVE, PROBABILITIES, SCORES};
    use super::*;

    /// The rows of two classes as codes and as probabilities of both.
    fn two_classes() -> (Vec<usize>, Vec<f64>) {
        (IS_POSITIVE.map(usize::from).to_vec(), SCORES.iter().flat_map(|p| [1.0 - p, *p]).collect())
    }

    fn assert_curve(found: &[CalibrationBin], predicted: &[f64], positive: &[f64]) {
        assert_eq!((found.len(), predicted.len()), (positive.len(), positive.len()));
        for ((bin, predicted), positive) in found.iter().zip(predicted).zip(positive) {
            assert!((bin.mean_predicted - predicted).abs() < 1e-15 && (bin.fraction_positive - positive).abs() < 1e-15);
        }
    }

    #[test]
    fn the_losses_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: log_loss and brier_score_loss of (y, p) and (yc, pc), see tests/golden/figures.py.
        let (codes, probabilities) = two_classes();
        let cases = [
            (log_loss(2, &codes, &probabilities, &[]), 0.6484096528532557),
            (log_loss(3, &CODES, &PROBABILITIES, &[]), 0.7190480820619274),
            (brier_score(2, &codes, &probabilities, &[]), 0.22828333333333328),
            (brier_score(3, &CODES, &PROBABILITIES, &[]), 0.41937499999999994),
        ];
        for (found, expected) in cases {
            assert!((found.unwrap() - expected).abs() < 1e-15, "found {found:?}, expected {expected}");
        }
    }

    #[test]
    fn the_calibration_curves_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: calibration_curve(y, p, n_bins=5, strategy=...), see tests/golden/figures.py.
        let uniform = calibration_curve(&IS_POSITIVE, &SCORES, &[], 5, Bins::Uniform);
        let third = 0.3333333333333333;
        assert_curve(
            &uniform,
            &[0.15000000000000002, 0.3, 0.48333333333333334, 0.7066666666666667, 0.9],
            &[third, 0.5, third, 0.6666666666666666, 1.0],
        );
        assert_eq!(uniform.iter().map(|bin| bin.rows).collect::<Vec<_>>(), [3.0, 2.0, 3.0, 3.0, 1.0]);
        let quantile = calibration_curve(&IS_POSITIVE, &SCORES, &[], 5, Bins::Quantile);
        assert_curve(
            &quantile,
            &[0.15000000000000002, 0.3, 0.48333333333333334, 0.62, 0.8000000000000002],
            &[third, 0.5, third, 1.0, 0.6666666666666666],
        );
    }

    #[test]
    fn probabilities_on_an_edge_fall_as_in_scikit_learn() {
        // scikit-learn 1.9.1: calibration_curve(ye, e, n_bins=10), see tests/golden/figures.py.
        let is_positive = [false, true, false, true, true, false, true, true, false, true];
        let on_edges = [0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0, 0.0, 0.4];
        assert_curve(
            &calibration_curve(&is_positive, &on_edges, &[], 10, Bins::Uniform),
            &[0.05, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0],
            &[0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0],
        );
    }

    #[test]
    fn a_class_given_no_probability_costs_36_and_not_infinity() {
        let loss = log_loss(2, &[0], &[0.0, 1.0], &[]).unwrap();
        assert!((loss - 52.0 * 2.0_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn without_rows_nothing_is_defined() {
        assert_eq!((log_loss(2, &[], &[], &[]), brier_score(2, &[], &[], &[])), (None, None));
        assert!(calibration_curve(&[], &[], &[], 5, Bins::Quantile).is_empty());
        assert!(calibration_curve(&[true], &[0.5], &[], 0, Bins::Uniform).is_empty());
    }
}
