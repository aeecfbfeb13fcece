//! The proof that a fit is at its optimum.

/// How near a fit is to its optimum: at the optimum of a smooth convex objective the gradient is zero.
///
/// The gradient is summed over rows and has units, so it is made relative to the data. For output k and a column of the
/// design (standardized features, and the intercept's column of ones) it is divided by the largest value it could have at
/// the model that knows only the intercept, by the Cauchy-Schwarz inequality: |x| * |y_k - mean(y_k)| in Euclidean norms
/// over the rows, weighted as the rows are. |x| is the root of the sum of the weights, which is what every standardized
/// column has; y is the target (for classes, 1 in rows of class k and 0 elsewhere). The relative gradient is the largest
/// of these quotients: 1 is as far off as not having begun, 0 is the optimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// The relative gradient at the answer, at least 0, computed by tepal for every solver.
    pub relative_gradient: f64,
    /// The relative gradient that was asked for.
    pub tolerance: f64,
    /// The objective at the answer: the loss summed over rows, plus the penalty.
    pub objective: f64,
    /// A bound of how far the objective is above its optimum, as a share of itself: by the penalty, or half the square of the
    /// Newton decrement. `None` for files of earlier builds, and for fits of so many parameters that no Hessian was computed.
    pub gap: Option<f64>,
}

impl Certificate {
    /// The largest gap, in units of the tolerance.
    pub(crate) const GAP: f64 = 10.0;

    /// In the same units the gap that is enough whatever the gradient: 1e-12 of the objective by default.
    const SMALL_GAP: f64 = 1e-2;

    /// Whether the relative gradient is within the tolerance, and the gap within ten times as much: 1e-9 of the objective by
    /// default. A gap of a hundredth of the tolerance is enough: rounding may leave a gradient there.
    pub fn converged(&self) -> bool {
        let is_within = self.relative_gradient <= self.tolerance;
        match self.gap {
            Some(gap) => gap <= Self::SMALL_GAP * self.tolerance || is_within && gap <= Self::GAP * self.tolerance,
            None => is_within,
        }
    }
}
