//! How to fit.

use crate::error::{Decimal, Error, ErrorKind, Result};

/// How to fit. [`Options::default`] is what a newcomer wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The strength of the penalty l2/2 * (sum of squared coefficients, intercepts not counted) that is added to the
    /// summed loss: 1/C of scikit-learn's `LogisticRegression`, alpha of its `Ridge`. At least 0. By default 1 for
    /// classification and 0 for regression.
    pub l2: Option<f64>,
    /// The largest relative gradient that counts as converged: see [`super::Certificate`]. Between 0 and 1, by default
    /// [`Options::TOLERANCE`].
    pub tolerance: f64,
    /// The most iterations each time the solver is started, at least 1, by default 1000.
    pub max_iterations: u64,
    /// Hand out a fit that is short of its optimum, with its certificate saying so, instead of refusing it.
    pub accept_unconverged: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { l2: None, tolerance: Self::TOLERANCE, max_iterations: 1000, accept_unconverged: false }
    }
}

impl Options {
    /// Seven times the square root of the machine epsilon. A solver that compares losses, as linfa's does, cannot come
    /// nearer than about that root: a step whose gain is below the rounding of the loss looks like none. At this
    /// tolerance the objective is off by some 1e-14 of itself.
    pub const TOLERANCE: f64 = 1e-7;

    /// Checks every range.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        match self.l2 {
            Some(l2) if !(l2.is_finite() && l2 >= 0.0) => {
                return refuse(format!("expected l2 to be a number of at least 0, found {}", Decimal(l2)));
            }
            _ => {}
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return refuse(format!("expected the tolerance to be between 0 and 1, found {}", Decimal(self.tolerance)));
        }
        if self.max_iterations == 0 {
            return refuse("expected at least 1 iteration, found 0".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked() {
        let good = Options::default();
        assert!(good.check().is_ok());
        assert!(Options { l2: Some(0.0), ..good.clone() }.check().is_ok());
        let bad = [
            Options { l2: Some(-1.0), ..good.clone() },
            Options { l2: Some(f64::NAN), ..good.clone() },
            Options { tolerance: 0.0, ..good.clone() },
            Options { max_iterations: 0, ..good },
        ];
        for options in bad {
            assert_eq!(options.check().unwrap_err().kind(), ErrorKind::InvalidOption, "{options:?}");
        }
    }
}
