//! Calibration: curves from the scores of a model to probabilities, see [`crate::model::calibration`].

mod check;
mod isotonic;
mod platt;

pub use platt::fit_platt;

#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::model::{Calibration, Isotonic};
use crate::numeric::logistic;
use check::check;

/// The method of calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
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

impl Calibration {
    /// Fits a curve to the log-odds of the positive class.
    ///
    /// # Errors
    /// Those of [`Calibration::platt`] and [`Calibration::isotonic`].
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
    pub fn platt(log_odds: &[f64], is_positive: &[bool]) -> Result<Self> {
        let (slope, intercept) = fit_platt(log_odds, is_positive)?;
        Ok(Self::Platt { slope, intercept })
    }

    /// Fits isotonic regression to the probabilities of rows, see [`Isotonic::fit`].
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::NotFinite`] for such a probability,
    /// [`ErrorKind::ConstantTarget`] when either class has no row.
    pub fn isotonic(probabilities: &[f64], is_positive: &[bool]) -> Result<Self> {
        check(probabilities, is_positive)?;
        let targets: Vec<f64> = is_positive.iter().map(|is_positive| f64::from(u8::from(*is_positive))).collect();
        Isotonic::fit(probabilities, &targets).map(Self::Isotonic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

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
