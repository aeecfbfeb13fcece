//! The options of a linear fit.

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::model::ClassWeight;
use crate::preprocess;
use crate::train::penalty::check_l2;

/// The options of a linear fit. [`Options::default`] suits most tables.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// The strength of the penalty l2/2 * (sum of squared coefficients, intercepts not counted) that is added to the
    /// summed loss: 1/C of scikit-learn's `LogisticRegression`, alpha of its `Ridge`. At least 0. By default 1 for
    /// classification and 0 for regression.
    pub l2: Option<f64>,
    /// How raw values become columns. The penalty applies to the coefficients of these columns. Numbers are
    /// standardized by default, so that units do not matter.
    pub preprocess: preprocess::Options,
    /// Whether there is an intercept. Without one the score of a row of zeros is 0, unless numbers are scaled by their range
    /// or their quartiles. By default there is.
    pub intercept: bool,
    /// The weights of the classes. By default only the sample weights count.
    pub class_weight: ClassWeight,
    /// The solver. By default [`Solver::Auto`].
    pub solver: Solver,
    /// The largest relative gradient that counts as converged: see [`crate::model::Certificate`]. Between 0 and 1, by
    /// default [`Options::TOLERANCE`].
    pub tolerance: f64,
    /// The maximum number of iterations, at least 1, by default 1000. An iteration evaluates the loss on every row
    /// once.
    pub max_iterations: u64,
    /// Whether a fit short of its optimum is returned, with a certificate that shows this, instead of an error.
    pub accept_unconverged: bool,
}

/// The solver. The answer of each is certified by the same rule. tepal's own solver finishes an answer that falls
/// short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Solver {
    /// [`Solver::Newton`] or [`Solver::Lbfgs`], by the estimated cost of each.
    #[default]
    Auto,
    /// Newton's method: few iterations, each of which sums the full Hessian.
    Newton,
    /// The limited-memory BFGS method, for many features or many classes. The preconditioner is the block-diagonal
    /// Hessian with one block per class, or the full Hessian where many iterations remain.
    Lbfgs,
    /// linfa-logistic and linfa-linear. Takes no weights; not in every build.
    Linfa,
}

impl Solver {
    /// Every solver by its name.
    pub const NAMES: [(&'static str, Self); 4] =
        [("auto", Self::Auto), ("newton", Self::Newton), ("lbfgs", Self::Lbfgs), ("linfa", Self::Linfa)];
}

impl Default for Options {
    fn default() -> Self {
        Self {
            l2: None,
            preprocess: preprocess::Options::default(),
            intercept: true,
            class_weight: ClassWeight::Equal,
            solver: Solver::Auto,
            tolerance: Self::TOLERANCE,
            max_iterations: 1000,
            accept_unconverged: false,
        }
    }
}

impl Options {
    /// The error of the objective is proportional to the square of the gradient. At this tolerance it is below the last
    /// digit of the objective, and coefficients have about ten correct digits. Rounding limits the relative gradient to
    /// about 1e-15.
    pub const TOLERANCE: f64 = 1e-10;

    /// Checks every range.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        self.l2.map_or(Ok(()), check_l2)?;
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return refuse(format!("expected the tolerance to be between 0 and 1, found {}", Decimal(self.tolerance)));
        }
        if self.max_iterations == 0 {
            return refuse("expected at least 1 iteration, found 0".into());
        }
        self.preprocess.check()
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
