//! Everything said of a model of numbers on rows it was not fitted on.

use super::baseline::mean_baseline;
use super::coverage::Coverage;
use super::loss::LossFigures;
use super::notes;
use super::regression::RegressionFigures;
use super::weighted;
use crate::error::{Error, ErrorKind, Result};
use crate::model::RegressionLoss;
use crate::note::{Note, codes};

/// The figures of a regression, as data that any edge can draw.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RegressionReport {
    /// The model's figures.
    pub model: RegressionFigures,
    /// Those of always answering the mean of the training rows; `None` where that is not known.
    pub baseline: Option<RegressionFigures>,
    /// Its loss, where it was fitted by another than the squared error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loss: Option<LossFigures>,
    /// How often the model's conformal answers hold; none where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<Coverage>,
    /// What to know before believing the figures, in sentences.
    pub notes: Vec<Note>,
}

impl RegressionReport {
    /// Compares `targets` with `predictions`, one of each per row, and with `training_mean`, the target's mean over the
    /// training rows, if that is known; all in the target's unit. `weights` say how often each row counts; empty: once. `loss` is what the model was
    /// fitted by, with the level of a quantile, if that is another loss than the squared error.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::TooFewRows`] without rows that weigh something,
    /// [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite.
    pub fn new(
        targets: &[f64],
        predictions: &[f64],
        weights: &[f64],
        training_mean: impl Into<Option<f64>>,
        loss: Option<(RegressionLoss, Option<f64>)>,
    ) -> Result<Self> {
        if targets.len() != predictions.len() {
            let message = format!("expected {} predictions, found {}", targets.len(), predictions.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        if !targets.is_empty() {
            weighted::check(weights, targets.len())?;
        }
        let baseline = training_mean.into().and_then(|mean| mean_baseline(targets, weights, mean));
        let Some(model) = RegressionFigures::new(targets, predictions, weights) else {
            return Err(Error::new(ErrorKind::TooFewRows, "a report needs rows to test on, found none"));
        };
        let mut notes: Vec<Note> = notes::few_rows_of_numbers(model.rows).into_iter().collect();
        let fitted = loss.map(|(loss, _)| loss.name());
        let loss = loss.and_then(|loss| LossFigures::new(loss, [targets, predictions, weights]));
        if let Some(name) = fitted.filter(|_| loss.is_none()) {
            notes.push(Note::new(codes::LOSS_NOT_DEFINED, [name.into()]));
        }
        match loss {
            // A constant that is right for all of these rows is known afterwards only.
            Some(found) if found.d_squared.is_some_and(|explained| explained <= 0.0) => {
                notes.push(Note::new(codes::NOT_BETTER_THAN_CONSTANT, [found.name.into()]));
            }
            None if fitted.is_none()
                && baseline
                    .as_ref()
                    .is_some_and(|mean| model.root_mean_squared_error >= mean.root_mean_squared_error) =>
            {
                notes.push(Note::new(codes::NOT_BETTER_THAN_MEAN, []));
            }
            _ => {}
        }
        Ok(Self { model, baseline, loss, coverage: Vec::new(), notes })
    }

    /// The figures that are worth a mean over folds, by the names they have in JSON.
    pub fn figures(&self) -> Vec<(&'static str, Option<f64>)> {
        let by_loss = self.loss.map(|loss| {
            let mut figures = vec![(loss.figure, Some(loss.mean)), ("dSquared", loss.d_squared)];
            // Others predict no quantile.
            figures.extend(loss.at_or_below.map(|share| ("atOrBelow", Some(share))));
            figures
        });
        let is_new = |name: &str| self.loss.is_none_or(|loss| loss.figure != name);
        let of_every_model = [
            ("rSquared", self.model.r_squared),
            ("meanAbsoluteError", Some(self.model.mean_absolute_error)),
            ("rootMeanSquaredError", Some(self.model.root_mean_squared_error)),
        ];
        by_loss.into_iter().flatten().chain(of_every_model.into_iter().filter(|(name, _)| is_new(name))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_no_better_than_the_mean_is_told_so() {
        let targets: Vec<f64> = (0..100).map(f64::from).collect();
        let good: Vec<f64> = targets.iter().map(|target| target + 1.0).collect();
        let report = RegressionReport::new(&targets, &good, &[], 49.5, None).unwrap();
        assert_eq!((report.model.root_mean_squared_error, report.notes.len()), (1.0, 0));
        let report = RegressionReport::new(&targets, &[49.5; 100], &[], 49.5, None).unwrap();
        assert_eq!(report.notes.len(), 1);
        assert!(report.notes[0].to_string().starts_with("not better than"));
        assert_eq!(Some(report.model), report.baseline);
        assert_eq!(RegressionReport::new(&targets, &good, &[], None, None).unwrap().baseline, None);
    }

    #[test]
    fn the_losses_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: mean_absolute_error, mean_pinball_loss, half of mean_poisson_deviance and mean_gamma_deviance, and
        // d2_absolute_error_score, d2_pinball_score, d2_tweedie_score. See tests/golden/figures.py.
        let targets = [3.0, 0.0, 2.0, 7.0, 4.2, 1.1, 0.3];
        let predictions = [2.5, 0.4, 2.1, 7.8, 4.0, 1.0, 0.9];
        let cases = [
            (RegressionLoss::AbsoluteError, None, 0.0, 0.38571428571428573, 0.7890625),
            (RegressionLoss::Quantile, Some(0.9), 0.0, 0.13000000000000003, 0.7101910828025476),
            (RegressionLoss::Poisson, None, 0.0, 0.11029506432247274, 0.9016164384070716),
            (RegressionLoss::Gamma, None, 1.0, 0.17976334232740004, 0.20385506646066975),
        ];
        for (loss, level, more, mean, d_squared) in cases {
            let targets = targets.map(|target| target + more);
            let report = RegressionReport::new(&targets, &predictions, &[], 2.0, Some((loss, level))).unwrap();
            let found = report.loss.unwrap();
            assert!((found.mean - mean).abs() < 1e-14, "{loss:?}: {}", found.mean);
            assert!((found.d_squared.unwrap() - d_squared).abs() < 1e-14, "{loss:?}: {:?}", found.d_squared);
            let n_figures = if loss == RegressionLoss::Quantile { 6 } else { 5 };
            assert_eq!(report.figures().len(), n_figures, "{loss:?}");
            assert_eq!(found.at_or_below.is_some(), found.quantile.is_some() || loss == RegressionLoss::AbsoluteError);
        }
        // High quantiles are far from the targets, and are not told so.
        let high = targets.map(|target| target + 3.0);
        let of_loss =
            |level| RegressionReport::new(&targets, &high, &[], 2.0, Some((RegressionLoss::Quantile, Some(level))));
        let is_note =
            |report: RegressionReport| report.notes.iter().any(|note| note.to_string().contains("same number"));
        assert!(!is_note(of_loss(0.97).unwrap()) && is_note(of_loss(0.5).unwrap()));
        // No deviance is defined for what the loss is not for.
        let report = RegressionReport::new(&[-1.0, 2.0], &[1.0, 2.0], &[], 0.5, Some((RegressionLoss::Poisson, None)));
        let report = report.unwrap();
        assert!(report.loss.is_none() && report.notes.iter().any(|note| note.code() == "loss_not_defined"));
        // Of one row a constant is always right.
        let one = RegressionReport::new(&[3.0], &[3.1], &[], 2.0, Some((RegressionLoss::Quantile, Some(0.9)))).unwrap();
        assert!(!is_note(one));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(RegressionReport::new(&[1.0], &[], &[], 0.0, None).unwrap_err().kind(), ErrorKind::WrongLength);
        assert_eq!(RegressionReport::new(&[], &[], &[], 0.0, None).unwrap_err().kind(), ErrorKind::TooFewRows);
    }
}
