//! Curves that turn what a model says into probabilities that can be believed: of the rows given 0.8, 80 % should be of
//! the positive class.
//!
//! A curve is fitted on rows that the model was not fitted on. Isotonic regression keeps the order of the rows, but for
//! ties that it makes; Platt's curve keeps it too, unless the model ranks backwards and the slope is negative. So the
//! area under the curve hardly changes: what changes is log loss and Brier score. Platt's curve has two numbers to
//! learn and suits few rows; isotonic regression has any shape that rises and wants a thousand rows or more
//! (Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning", 2005).

mod isotonic;
#[cfg(feature = "train")]
mod platt;

pub use isotonic::Isotonic;
#[cfg(feature = "train")]
pub use platt::fit_platt;

use crate::arithmetic::logistic;
#[cfg(feature = "train")]
use crate::error::{Error, ErrorKind, Result};

/// How a curve is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CalibrationMethod {
    /// Platt's curve: see [`Calibration::Platt`].
    #[default]
    Platt,
    /// Isotonic regression: see [`Calibration::Isotonic`].
    Isotonic,
}

impl CalibrationMethod {
    /// Every method by its name.
    pub const NAMES: [(&'static str, Self); 2] = [("platt", Self::Platt), ("isotonic", Self::Isotonic)];
}

/// A fitted curve for the positive class of a model of two classes.
#[derive(Debug, Clone, PartialEq)]
pub enum Calibration {
    /// 1 / (1 + exp(-(slope s + intercept))) of the log-odds s. Slope 1 and intercept 0 change nothing; a slope below 1
    /// makes a model less sure of itself.
    Platt {
        /// Times the log-odds.
        slope: f64,
        /// Added to that.
        intercept: f64,
    },
    /// A function of the probability that never falls. It can say 0 and 1, which makes the log loss of a row that
    /// proves it wrong as large as it gets.
    Isotonic(Isotonic),
}

impl Calibration {
    /// The calibrated probabilities of the positive class and of the other one, for the model's log-odds of the former.
    pub(crate) fn of_score(&self, log_odds: f64) -> [f64; 2] {
        match self {
            // Each from the score itself, so that a small one keeps all its digits.
            Self::Platt { slope, intercept } => {
                let score = slope * log_odds + intercept;
                [logistic(score), logistic(-score)]
            }
            Self::Isotonic(isotonic) => {
                let share = isotonic.apply(logistic(log_odds));
                [share, 1.0 - share]
            }
        }
    }

    /// Fits a curve to the log-odds of the positive class.
    ///
    /// # Errors
    /// Those of [`Calibration::platt`] and [`Calibration::isotonic`].
    #[cfg(feature = "train")]
    pub fn fit(method: CalibrationMethod, log_odds: &[f64], is_positive: &[bool]) -> Result<Self> {
        match method {
            CalibrationMethod::Platt => Self::platt(log_odds, is_positive),
            CalibrationMethod::Isotonic => {
                Self::isotonic(&log_odds.iter().map(|score| logistic(*score)).collect::<Vec<_>>(), is_positive)
            }
        }
    }

    /// Fits Platt's curve to the log-odds of rows, see [`fit_platt`].
    ///
    /// # Errors
    /// Those of [`fit_platt`].
    #[cfg(feature = "train")]
    pub fn platt(log_odds: &[f64], is_positive: &[bool]) -> Result<Self> {
        let (slope, intercept) = fit_platt(log_odds, is_positive)?;
        Ok(Self::Platt { slope, intercept })
    }

    /// Fits isotonic regression to the probabilities of rows, see [`Isotonic::fit`].
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::NotFinite`] for such a probability,
    /// [`ErrorKind::ConstantTarget`] when either class has no row.
    #[cfg(feature = "train")]
    pub fn isotonic(probabilities: &[f64], is_positive: &[bool]) -> Result<Self> {
        check(probabilities, is_positive)?;
        let targets: Vec<f64> = is_positive.iter().map(|is_positive| f64::from(u8::from(*is_positive))).collect();
        Isotonic::fit(probabilities, &targets).map(Self::Isotonic)
    }

    /// The calibrated probability of the positive class, from 0 to 1. The argument is the model's log-odds of that
    /// class for Platt's curve, and the model's probability of it for isotonic regression.
    pub fn apply(&self, score_or_probability: f64) -> f64 {
        match self {
            Self::Platt { slope, intercept } => logistic(slope * score_or_probability + intercept),
            Self::Isotonic(isotonic) => isotonic.apply(score_or_probability),
        }
    }
}

/// That there is a finite score for each row, and a row of each class.
#[cfg(feature = "train")]
fn check(scores: &[f64], is_positive: &[bool]) -> Result<()> {
    if scores.len() != is_positive.len() {
        let message = format!("expected {} scores to calibrate, found {}", is_positive.len(), scores.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    if let Some(score) = scores.iter().find(|score| !score.is_finite()) {
        return Err(Error::not_finite(*score));
    }
    for (wanted, which) in [(true, "the positive class"), (false, "the other class")] {
        if !is_positive.contains(&wanted) {
            return Err(Error::new(
                ErrorKind::ConstantTarget,
                format!("calibration needs rows of both classes, found none of {which}"),
            ));
        }
    }
    Ok(())
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn both_curves_keep_the_order_and_stay_between_0_and_1() {
        let log_odds: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 60) / 5.0 - 6.0).collect();
        let probabilities: Vec<f64> = log_odds.iter().map(|score| logistic(*score)).collect();
        let is_positive: Vec<bool> = (0..60).map(|i| log_odds[i] > 0.5 || i % 7 == 0).collect();
        let curves = [
            (Calibration::platt(&log_odds, &is_positive).unwrap(), log_odds),
            (Calibration::isotonic(&probabilities, &is_positive).unwrap(), probabilities),
        ];
        for (curve, mut inputs) in curves {
            inputs.sort_by(f64::total_cmp);
            let outputs: Vec<f64> = inputs.iter().map(|input| curve.apply(*input)).collect();
            assert!(outputs.windows(2).all(|pair| 0.0 <= pair[0] && pair[0] <= pair[1] && pair[1] <= 1.0), "{curve:?}");
        }
    }

    #[test]
    fn the_mean_of_isotonic_probabilities_is_the_share_of_the_positive_class() {
        let probabilities: Vec<f64> = (0..50).map(|i| f64::from(i * 13 % 50) / 50.0).collect();
        let is_positive: Vec<bool> = (0..50).map(|i| i % 3 == 0).collect();
        let curve = Calibration::isotonic(&probabilities, &is_positive).unwrap();
        let mean = probabilities.iter().map(|p| curve.apply(*p)).sum::<f64>() / 50.0;
        assert!((mean - 17.0 / 50.0).abs() < 1e-15);
    }

    #[test]
    fn a_missing_class_is_refused() {
        for curve in [Calibration::platt(&[0.1], &[true]), Calibration::isotonic(&[0.1], &[false])] {
            assert_eq!(curve.unwrap_err().kind(), ErrorKind::ConstantTarget);
        }
    }
}
