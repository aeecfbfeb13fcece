//! Scaling of one numeric feature.

#[cfg(feature = "train")]
use crate::{
    arithmetic::sum,
    error::{Error, ErrorKind, Result},
};

/// How one feature becomes a number of the design matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scaling {
    /// (value - mean) / deviation, with the training rows' mean and population standard deviation.
    Standard {
        /// The mean of the training rows.
        mean: f64,
        /// Their standard deviation with divisor n; positive.
        deviation: f64,
    },
    /// The feature had one value in training: it is checked when a row comes in and has no influence.
    Constant,
}

impl Scaling {
    /// Fits a standard scaling, or finds the feature constant.
    ///
    /// A feature counts as constant when its variance is within the rounding error of computing it,
    /// n eps var + (n mean eps)^2 (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
    /// equation 1.8 for two passes), as scikit-learn's `StandardScaler` decides.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when mean or variance overflow.
    #[cfg(feature = "train")]
    pub(super) fn fit(values: &[f64]) -> Result<Self> {
        let n = values.len() as f64;
        let mean = sum(values) / n;
        let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let squares: Vec<f64> = deviations.iter().map(|deviation| deviation * deviation).collect();
        // The second term is zero but for the rounding of the mean, which it corrects.
        let variance = (sum(&squares) - sum(&deviations) * sum(&deviations) / n) / n;
        if !mean.is_finite() || !variance.is_finite() {
            return Err(Error::new(
                ErrorKind::NotFinite,
                "the values are too large to standardize; rescale the column",
            ));
        }
        let rounding = n * f64::EPSILON * variance + (n * mean * f64::EPSILON) * (n * mean * f64::EPSILON);
        if variance <= rounding {
            return Ok(Self::Constant);
        }
        Ok(Self::Standard { mean, deviation: variance.sqrt() })
    }

    /// The scaled value, or `None` for a feature that is left out.
    pub(super) fn apply(self, value: f64) -> Option<f64> {
        match self {
            Self::Standard { mean, deviation } => Some((value - mean) / deviation),
            Self::Constant => None,
        }
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn the_deviation_is_the_population_one() {
        assert_eq!(Scaling::fit(&[1.0, 3.0]).unwrap(), Scaling::Standard { mean: 2.0, deviation: 1.0 });
        let Scaling::Standard { deviation, .. } = Scaling::fit(&[1e9 + 1.0, 1e9 + 3.0]).unwrap() else { panic!() };
        assert_eq!(deviation, 1.0);
    }

    #[test]
    fn rounding_does_not_make_a_constant_feature_vary() {
        // Ten times 0.1 does not sum to exactly 1, so the computed variance is not exactly 0.
        assert_eq!(Scaling::fit(&[0.1; 10]).unwrap(), Scaling::Constant);
        assert_eq!(Scaling::fit(&[1.7e9 + 0.3; 7]).unwrap(), Scaling::Constant);
    }

    #[test]
    fn overflow_is_refused() {
        assert_eq!(Scaling::fit(&[1e200, -1e200]).unwrap_err().kind(), ErrorKind::NotFinite);
    }
}
