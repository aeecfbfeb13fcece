//! Everything said of one class against all others.

use super::classified::Classified;
use super::probability::{Bins, CalibrationBin, calibration_curve};
use super::ranking::{
    PrecisionRecallPoint, RocPoint, auc, average_precision, one_versus_rest, precision_recall_curve, roc_curve,
};
use super::thresholds::{ThresholdRow, default_thresholds, threshold_table};

/// Bins of the calibration curves, at most.
const N_BINS: usize = 10;

/// The figures of one class, the positive one, against all others.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BinaryReport {
    /// The positive class, as its position among the classes.
    pub positive: usize,
    /// The area under the ROC curve.
    pub auc: Option<f64>,
    /// The area in steps under the precision-recall curve.
    pub average_precision: Option<f64>,
    /// One point per distinct probability, and one at infinity.
    pub roc_curve: Option<Vec<RocPoint>>,
    /// One point per distinct probability, and one at infinity.
    pub precision_recall_curve: Option<Vec<PrecisionRecallPoint>>,
    /// The calibration curve with up to ten bins of one width.
    pub calibration_uniform: Vec<CalibrationBin>,
    /// The calibration curve with up to ten bins of as many rows.
    pub calibration_quantile: Vec<CalibrationBin>,
    /// The decisions at 0.05 to 0.95 by 0.05.
    pub thresholds: Vec<ThresholdRow>,
}

impl BinaryReport {
    /// Compares `codes`, the class of each row, with `probabilities`, rows x `n_classes`, row by row.
    pub(super) fn new(positive: usize, rows: Classified<'_>) -> Self {
        let Classified { n_classes, codes, probabilities, weights } = rows;
        let (is_positive, scores) = one_versus_rest(n_classes, positive, codes, probabilities);
        Self {
            positive,
            auc: auc(&is_positive, &scores, weights),
            average_precision: average_precision(&is_positive, &scores, weights),
            roc_curve: roc_curve(&is_positive, &scores, weights),
            precision_recall_curve: precision_recall_curve(&is_positive, &scores, weights),
            calibration_uniform: calibration_curve(&is_positive, &scores, weights, N_BINS, Bins::Uniform),
            calibration_quantile: calibration_curve(&is_positive, &scores, weights, N_BINS, Bins::Quantile),
            thresholds: threshold_table(&is_positive, &scores, weights, &default_thresholds()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example::{CODES, PROBABILITIES};
    use super::*;

    #[test]
    fn a_class_of_many_is_seen_against_the_rest() {
        let report = BinaryReport::new(1, Classified::new(3, &CODES, &PROBABILITIES));
        let is_positive = CODES.map(|code| code == 1);
        let scores = [0.2, 0.6, 0.5, 0.3, 0.25, 0.1, 0.7, 0.3];
        assert_eq!(report.auc, auc(&is_positive, &scores, &[]));
        assert_eq!(report.roc_curve.map(|points| points.len()), Some(8));
        assert_eq!(report.thresholds, threshold_table(&is_positive, &scores, &[], &default_thresholds()));
        for curve in [report.calibration_uniform, report.calibration_quantile] {
            assert_eq!(curve.iter().map(|bin| bin.rows).sum::<f64>(), 8.0);
        }
    }
}
