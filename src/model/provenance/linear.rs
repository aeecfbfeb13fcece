//! What a linear fit records.

use super::Certificate;
use crate::note::Note;

/// The options of a linear fit, and what is known of its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearRecord {
    /// The strength of the penalty l2/2 * (sum of squared coefficients), at least 0.
    pub l2: f64,
    /// Whether there is an intercept.
    pub intercept: bool,
    /// How much the classes counted.
    pub class_weight: ClassWeight,
    /// The solver: `newton`, `lbfgs`, `linfa-logistic` or `linfa-linear`. One may be "finished by" another,
    /// which then has the certificate.
    pub solver: String,
    /// The number of evaluations of the loss on every row; 0 where that was not recorded.
    pub iterations: u64,
    /// The proof that the fit is at its optimum, or the figure by which it is not.
    pub certificate: Certificate,
    /// The standard errors of the coefficients.
    pub standard_errors: StandardErrors,
}

/// How much the classes of a classification count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ClassWeight {
    /// As much as their rows.
    #[default]
    Equal,
    /// Equally: the rows of class k are weighted by n / (K n_k), where n is the sum of all sample weights, n_k that
    /// of the class and K the number of classes (King and Zeng, "Logistic regression in rare events data", 2001;
    /// scikit-learn's `class_weight="balanced"`).
    Balanced,
}

/// Standard errors of a model's coefficients, from the second derivatives of the loss at the fit.
///
/// They are those of maximum likelihood: the roots of the diagonal of the inverse Hessian (for least squares, times the
/// residual variance with divisor n - parameters), on the scale of the table. Where there is a penalty they say how far
/// chance moves the penalized answer. They are withheld where the penalty decides too much.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StandardErrors {
    /// Per prepared column the standard error of its coefficient on the original scale; `None` where it is withheld.
    pub coefficients: Vec<Option<f64>>,
    /// That of the intercept on the original scale.
    pub intercept: Option<f64>,
    /// The half width of a 95 % interval in standard errors: 1.96 for classes; for a regression, whose variance is
    /// estimated too, Student's t at n - parameters degrees of freedom. 0 where there are no errors.
    pub critical_value: f64,
    /// Why errors are withheld, where some are.
    pub withheld: Option<Note>,
}

impl StandardErrors {
    /// No errors, for a reason.
    pub fn withheld(reason: Note) -> Self {
        Self { withheld: Some(reason), ..Self::default() }
    }

    /// The 95 % interval of a coefficient with this standard error.
    pub fn interval(&self, coefficient: f64, error: f64) -> (f64, f64) {
        (coefficient - self.critical_value * error, coefficient + self.critical_value * error)
    }
}
