//! Everything said of a model of numbers on rows it was not fitted on.

use super::baseline::mean_baseline;
use super::coverage::Coverage;
use super::notes;
use super::regression::RegressionFigures;
use super::weighted;
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, codes};

/// The figures of a regression, as data that any edge can draw.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegressionReport {
    /// The model's figures.
    pub model: RegressionFigures,
    /// Those of always answering the mean of the training rows.
    pub baseline: RegressionFigures,
    /// How often the model's conformal answers hold; none where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<Coverage>,
    /// What to know before believing the figures, in sentences.
    pub notes: Vec<Note>,
}

impl RegressionReport {
    /// Compares `targets` with `predictions`, one of each per row, and with `training_mean`, the target's mean over the
    /// training rows; all in the target's unit. `weights` say how often each row counts; empty: once.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::TooFewRows`] without rows that weigh something,
    /// [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite.
    pub fn new(targets: &[f64], predictions: &[f64], weights: &[f64], training_mean: f64) -> Result<Self> {
        if targets.len() != predictions.len() {
            let message = format!("expected {} predictions, found {}", targets.len(), predictions.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        if !targets.is_empty() {
            weighted::check(weights, targets.len())?;
        }
        let figures = RegressionFigures::new(targets, predictions, weights);
        let figures = figures.zip(mean_baseline(targets, weights, training_mean));
        let Some((model, baseline)) = figures else {
            return Err(Error::new(ErrorKind::TooFewRows, "a report needs rows to test on, found none"));
        };
        let mut notes: Vec<Note> = notes::few_rows_of_numbers(model.rows).into_iter().collect();
        if model.root_mean_squared_error >= baseline.root_mean_squared_error {
            notes.push(Note::new(codes::NOT_BETTER_THAN_MEAN, []));
        }
        Ok(Self { model, baseline, coverage: Vec::new(), notes })
    }

    /// The figures that are worth a mean over folds, by the names they have in JSON.
    pub fn figures(&self) -> Vec<(&'static str, Option<f64>)> {
        vec![
            ("rSquared", self.model.r_squared),
            ("meanAbsoluteError", Some(self.model.mean_absolute_error)),
            ("rootMeanSquaredError", Some(self.model.root_mean_squared_error)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_no_better_than_the_mean_is_told_so() {
        let targets: Vec<f64> = (0..100).map(f64::from).collect();
        let good: Vec<f64> = targets.iter().map(|target| target + 1.0).collect();
        let report = RegressionReport::new(&targets, &good, &[], 49.5).unwrap();
        assert_eq!((report.model.root_mean_squared_error, report.notes.len()), (1.0, 0));
        let report = RegressionReport::new(&targets, &[49.5; 100], &[], 49.5).unwrap();
        assert_eq!(report.notes.len(), 1);
        assert!(report.notes[0].to_string().starts_with("not better than"));
        assert_eq!(report.model, report.baseline);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(RegressionReport::new(&[1.0], &[], &[], 0.0).unwrap_err().kind(), ErrorKind::WrongLength);
        assert_eq!(RegressionReport::new(&[], &[], &[], 0.0).unwrap_err().kind(), ErrorKind::TooFewRows);
    }
}
