//! Scaling of one numeric feature.

#[cfg(feature = "train")]
use crate::error::{Error, ErrorKind, Result};

/// How one feature becomes a number of the design matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "train", derive(bincode::Encode, bincode::Decode))]
pub enum Scaling {
    /// (value - mean) / deviation, with the training rows' mean and population standard deviation.
    Standard {
        /// The mean of the training rows; 0 for a model without an intercept.
        mean: f64,
        /// Their standard deviation with divisor n, from 0 for a model without an intercept; positive.
        deviation: f64,
    },
    /// The feature had one value in training: it is checked when a row comes in and has no influence.
    Constant,
}

impl Scaling {
    /// The scaling of a feature with this mean and population variance over `n_rows` rows, or none when it is constant.
    /// `centred` is for a fit with an intercept; without one the mean stays, and the deviation is that from 0, the root
    /// of the mean square.
    ///
    /// A feature counts as constant when its variance is within the rounding error of computing it,
    /// n eps var + (n mean eps)^2 (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
    /// equation 1.8 for two passes), as scikit-learn's `StandardScaler` decides.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when mean or variance overflowed.
    #[cfg(feature = "train")]
    pub(super) fn fit(mean: f64, variance: f64, n_rows: usize, centred: bool) -> Result<Self> {
        let n = n_rows as f64;
        let square = variance + mean * mean;
        if !mean.is_finite() || !variance.is_finite() || !(centred || square.is_finite()) {
            let message = "the values are too large to standardize; rescale the column";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        if !centred {
            let deviation = square.sqrt();
            return Ok(if deviation > 0.0 { Self::Standard { mean: 0.0, deviation } } else { Self::Constant });
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
    fn rounding_does_not_make_a_constant_feature_vary() {
        // What summing 0.1 ten times leaves.
        assert_eq!(Scaling::fit(0.1, 2e-34, 10, true).unwrap(), Scaling::Constant);
        assert_eq!(
            Scaling::fit(1e9 + 2.0, 1.0, 2, true).unwrap(),
            Scaling::Standard { mean: 1e9 + 2.0, deviation: 1.0 }
        );
    }

    #[test]
    fn without_an_intercept_the_distance_from_zero_is_the_scale() {
        assert_eq!(Scaling::fit(3.0, 16.0, 9, false).unwrap(), Scaling::Standard { mean: 0.0, deviation: 5.0 });
        assert_eq!(Scaling::fit(3.0, 0.0, 9, false).unwrap(), Scaling::Standard { mean: 0.0, deviation: 3.0 });
        assert_eq!(Scaling::fit(0.0, 0.0, 9, false).unwrap(), Scaling::Constant);
    }

    #[test]
    fn overflow_is_refused() {
        assert_eq!(Scaling::fit(0.0, f64::INFINITY, 2, true).unwrap_err().kind(), ErrorKind::NotFinite);
    }
}
