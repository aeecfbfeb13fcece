//! What a model of two classes decides at each threshold.

use super::confusion::quotient;
use super::weighted::{serialize_count, weight};

/// The decisions at one threshold: a row is flagged positive when its probability is at least the threshold. A share is
/// `None` when it would be of no rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThresholdRow {
    /// The threshold, from 0 to 1.
    pub threshold: f64,
    /// Rows of the positive class that are flagged.
    #[serde(serialize_with = "serialize_count")]
    pub true_positives: f64,
    /// Rows of the other class that are flagged.
    #[serde(serialize_with = "serialize_count")]
    pub false_positives: f64,
    /// Rows of the other class that are not flagged.
    #[serde(serialize_with = "serialize_count")]
    pub true_negatives: f64,
    /// Rows of the positive class that are not flagged.
    #[serde(serialize_with = "serialize_count")]
    pub false_negatives: f64,
    /// Of the rows of the positive class, the share flagged: TP / (TP + FN).
    pub sensitivity: Option<f64>,
    /// Of the rows of the other class, the share not flagged: TN / (TN + FP).
    pub specificity: Option<f64>,
    /// Of the flagged rows, the share of the positive class: TP / (TP + FP).
    pub positive_predictive_value: Option<f64>,
    /// Of the rows not flagged, the share of the other class: TN / (TN + FN).
    pub negative_predictive_value: Option<f64>,
}

impl ThresholdRow {
    /// The decisions at `threshold`. `is_positive` and `probabilities` (of the positive class) have one entry per row.
    pub fn new(is_positive: &[bool], probabilities: &[f64], weights: &[f64], threshold: f64) -> Self {
        let (mut tp, mut fp, mut tn, mut fn_) = (0.0, 0.0, 0.0, 0.0);
        for (row, (is_positive, probability)) in is_positive.iter().zip(probabilities).enumerate() {
            *(match (is_positive, *probability >= threshold) {
                (true, true) => &mut tp,
                (false, true) => &mut fp,
                (false, false) => &mut tn,
                (true, false) => &mut fn_,
            }) += weight(weights, row);
        }
        Self {
            threshold,
            true_positives: tp,
            false_positives: fp,
            true_negatives: tn,
            false_negatives: fn_,
            sensitivity: quotient(tp, tp + fn_),
            specificity: quotient(tn, tn + fp),
            positive_predictive_value: quotient(tp, tp + fp),
            negative_predictive_value: quotient(tn, tn + fn_),
        }
    }
}

/// The default thresholds: 0.05 to 0.95 by 0.05.
pub fn default_thresholds() -> Vec<f64> {
    // Divided, not added up, so that each is the double nearest to its decimal.
    (1..20).map(|twentieth| f64::from(twentieth) / 20.0).collect()
}

/// The decisions at each of `thresholds`, in their order. Other arguments as for [`ThresholdRow::new`].
pub fn threshold_table(
    is_positive: &[bool],
    probabilities: &[f64],
    weights: &[f64],
    thresholds: &[f64],
) -> Vec<ThresholdRow> {
    thresholds.iter().map(|threshold| ThresholdRow::new(is_positive, probabilities, weights, *threshold)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example::{IS_POSITIVE, SCORES};
    use super::*;

    #[test]
    fn the_default_thresholds_are_the_decimals_they_say() {
        let expected =
            [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
        assert_eq!(default_thresholds(), expected);
    }

    #[test]
    fn a_probability_equal_to_the_threshold_is_flagged() {
        let row = ThresholdRow::new(&IS_POSITIVE, &SCORES, &[], 0.5);
        let counts = (row.true_positives, row.false_positives, row.true_negatives, row.false_negatives);
        assert_eq!(counts, (4.0, 2.0, 4.0, 2.0));
        assert_eq!((row.sensitivity, row.specificity), (Some(4.0 / 6.0), Some(4.0 / 6.0)));
        assert_eq!(row.positive_predictive_value, Some(4.0 / 6.0));
        assert_eq!(ThresholdRow::new(&IS_POSITIVE, &SCORES, &[], 0.51).false_negatives, 3.0);
    }

    #[test]
    fn counts_add_up_and_sensitivity_falls_as_the_threshold_rises() {
        let table = threshold_table(&IS_POSITIVE, &SCORES, &[], &default_thresholds());
        for row in &table {
            assert_eq!(
                (row.true_positives + row.false_negatives, row.false_positives + row.true_negatives),
                (6.0, 6.0)
            );
        }
        assert!(table.windows(2).all(|pair| pair[0].sensitivity >= pair[1].sensitivity));
        assert!(table.windows(2).all(|pair| pair[0].specificity <= pair[1].specificity));
    }

    #[test]
    fn a_share_of_no_rows_is_undefined() {
        let row = ThresholdRow::new(&[true], &[0.3], &[], 0.5);
        assert_eq!((row.sensitivity, row.specificity), (Some(0.0), None));
        assert_eq!((row.positive_predictive_value, row.negative_predictive_value), (None, Some(0.0)));
    }
}
