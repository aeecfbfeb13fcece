//! What a model has to beat: answers that look at no feature, fitted on the training rows.

use super::probability::{brier_score, log_loss};
use super::regression::RegressionFigures;
use super::weighted::{mean, serialize_count, total_of};
use crate::numeric::sum;

/// A classification without features: of the class it takes the one with most training rows, of the probabilities the
/// classes' shares of the training rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassBaseline {
    /// The class with most training rows: the first of them on a tie.
    pub majority_class: usize,
    /// Rows to test on that are of that class.
    #[serde(serialize_with = "serialize_count")]
    pub correct: f64,
    /// Their share.
    pub accuracy: f64,
    /// The log loss of the shares, see [`log_loss`].
    pub log_loss: f64,
    /// The Brier score of the shares, see [`brier_score`].
    pub brier_score: f64,
}

impl ClassBaseline {
    /// Tests on `codes`, one class per row, what is learnt from `training_counts`, the training rows of each class.
    /// `None` without rows, to train or to test on.
    pub fn new(training_counts: &[f64], codes: &[usize], weights: &[f64]) -> Option<Self> {
        let total = sum(training_counts);
        let counts = training_counts.iter().copied().enumerate();
        let (majority_class, most) = counts.rev().max_by(|(_, one), (_, other)| one.total_cmp(other))?;
        if most <= 0.0 || codes.is_empty() {
            return None;
        }
        let shares: Vec<f64> = training_counts.iter().map(|count| count / total).collect();
        let probabilities = shares.repeat(codes.len());
        let is_correct: Vec<f64> = codes.iter().map(|code| f64::from(u8::from(*code == majority_class))).collect();
        Some(Self {
            majority_class,
            correct: total_of(&is_correct, weights),
            accuracy: mean(&is_correct, weights)?,
            log_loss: log_loss(shares.len(), codes, &probabilities, weights)?,
            brier_score: brier_score(shares.len(), codes, &probabilities, weights)?,
        })
    }
}

/// The figures of always answering `training_mean`, the target's mean over the training rows. `None` without rows. R²
/// is at most 0, but for rounding, as it compares with the mean over the rows to test on.
pub fn mean_baseline(targets: &[f64], weights: &[f64], training_mean: f64) -> Option<RegressionFigures> {
    RegressionFigures::new(targets, &vec![training_mean; targets.len()], weights)
}

#[cfg(test)]
mod tests {
    use super::super::example::CODES;
    use super::*;

    #[test]
    fn the_shares_figures_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: accuracy_score, log_loss and brier_score_loss of the shares 5, 9 and 6 of 20, see
        // tests/golden/figures.py.
        let baseline = ClassBaseline::new(&[5.0, 9.0, 6.0], &CODES, &[]).unwrap();
        assert_eq!((baseline.majority_class, baseline.correct, baseline.accuracy), (1, 4.0, 0.5));
        assert!((baseline.log_loss - 1.0468206394703423).abs() < 1e-15);
        assert!((baseline.brier_score - 0.63).abs() < 1e-15);
    }

    #[test]
    fn the_means_figures_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: r2_score, mean_absolute_error and root_mean_squared_error of 2.0, see tests/golden/figures.py.
        let figures = mean_baseline(&[3.0, -0.5, 2.0, 7.0, 4.2, 1.1, 0.3], &[], 2.0).unwrap();
        assert!((figures.r_squared.unwrap() + 0.03482893592345615).abs() < 1e-15);
        assert!((figures.mean_absolute_error - 1.9).abs() < 1e-15);
        assert!((figures.root_mean_squared_error - 2.4139475671900703).abs() < 1e-15);
    }

    #[test]
    fn the_first_of_two_largest_classes_is_taken() {
        assert_eq!(ClassBaseline::new(&[1.0, 3.0, 3.0], &[2], &[]).unwrap().majority_class, 1);
    }

    #[test]
    fn without_rows_there_is_no_baseline() {
        assert_eq!(ClassBaseline::new(&[1.0, 2.0], &[], &[]), None);
        assert_eq!(ClassBaseline::new(&[0.0, 0.0], &[0], &[]), None);
        assert_eq!(ClassBaseline::new(&[], &[0], &[]), None);
    }
}
