//! Calibration: curves from the scores of a model to probabilities, see [`crate::model::calibration`].

mod check;
mod isotonic;
mod platt;

pub use platt::fit_platt;

#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::model::{Calibration, Isotonic, Link};
use check::checked_weights;

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
    /// Fits a curve to the scores of the positive class by a link. `weights` says how much each row counts, or is empty where every
    /// row counts once.
    ///
    /// # Errors
    /// Those of [`Calibration::platt`] and [`Calibration::isotonic`].
    pub fn fit(
        method: CalibrationMethod,
        link: Link,
        scores: &[f64],
        is_positive: &[bool],
        weights: &[f64],
    ) -> Result<Self> {
        match method {
            CalibrationMethod::Platt => Self::platt(scores, is_positive, weights),
            CalibrationMethod::Isotonic => {
                let probabilities: Vec<f64> = scores.iter().map(|score| link.probability(*score)).collect();
                Self::isotonic(&probabilities, is_positive, weights)
            }
        }
    }

    /// Fits Platt's curve to the scores of rows, see [`fit_platt`].
    ///
    /// # Errors
    /// Those of [`fit_platt`].
    pub fn platt(scores: &[f64], is_positive: &[bool], weights: &[f64]) -> Result<Self> {
        let (slope, intercept) = fit_platt(scores, is_positive, weights)?;
        Ok(Self::Platt { slope, intercept })
    }

    /// Fits isotonic regression to the probabilities of rows, see [`Isotonic::fit`].
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::NotFinite`] for such a probability,
    /// [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite, [`ErrorKind::ConstantTarget`] when either class has
    /// no row.
    pub fn isotonic(probabilities: &[f64], is_positive: &[bool], weights: &[f64]) -> Result<Self> {
        let weights = checked_weights(probabilities, is_positive, weights)?;
        let targets: Vec<f64> = is_positive.iter().map(|is_positive| f64::from(u8::from(*is_positive))).collect();
        Isotonic::fit(probabilities, &targets, &weights).map(Self::Isotonic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;
    use crate::numeric::logistic;

    #[test]
    fn both_curves_keep_the_order_and_stay_between_0_and_1() {
        let log_odds: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 60) / 5.0 - 6.0).collect();
        let probabilities: Vec<f64> = log_odds.iter().map(|score| logistic(*score)).collect();
        let is_positive: Vec<bool> = (0..60).map(|i| log_odds[i] > 0.5 || i % 7 == 0).collect();
        let curves = [
            (Calibration::platt(&log_odds, &is_positive, &[]).unwrap(), log_odds),
            (Calibration::isotonic(&probabilities, &is_positive, &[]).unwrap(), probabilities),
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
        let curve = Calibration::isotonic(&probabilities, &is_positive, &[]).unwrap();
        let mean = probabilities.iter().map(|p| curve.apply(*p)).sum::<f64>() / 50.0;
        assert!((mean - 17.0 / 50.0).abs() < 1e-15);
    }

    #[test]
    fn a_row_of_weight_3_is_three_rows() {
        let log_odds: Vec<f64> = (0..40).map(|i| f64::from(i * 37 % 40) / 5.0 - 4.0).collect();
        let is_positive: Vec<bool> = (0..40).map(|i| log_odds[i] > 0.5 || i % 7 == 0).collect();
        let weights: Vec<f64> = (0..40).map(|i| f64::from(i * 11 % 4)).collect();
        let rows: Vec<usize> = (0..40).flat_map(|row| std::iter::repeat_n(row, weights[row] as usize)).collect();
        let repeated: Vec<f64> = rows.iter().map(|row| log_odds[*row]).collect();
        let are_positive: Vec<bool> = rows.iter().map(|row| is_positive[*row]).collect();
        for (_, method) in CalibrationMethod::NAMES {
            let weighted = Calibration::fit(method, Link::Logistic, &log_odds, &is_positive, &weights).unwrap();
            let expected = Calibration::fit(method, Link::Logistic, &repeated, &are_positive, &[]).unwrap();
            for score in log_odds.iter().chain(&[-9.0, 9.0]) {
                assert!((weighted.apply(*score) - expected.apply(*score)).abs() < 1e-14, "{method:?} at {score}");
            }
        }
    }

    #[test]
    fn weights_that_are_none_are_refused() {
        let kind = |weights: &[f64]| Calibration::platt(&[0.1, 0.2], &[true, false], weights).unwrap_err().kind();
        assert_eq!(kind(&[1.0]), ErrorKind::WrongLength);
        assert_eq!(kind(&[1.0, -1.0]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[1.0, f64::NAN]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[1.0, 0.0]), ErrorKind::ConstantTarget);
    }

    #[test]
    fn a_missing_class_is_refused() {
        for curve in [Calibration::platt(&[0.1], &[true], &[]), Calibration::isotonic(&[0.1], &[false], &[])] {
            assert_eq!(curve.unwrap_err().kind(), ErrorKind::ConstantTarget);
        }
    }
}
