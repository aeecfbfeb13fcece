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
}

impl Certificate {
    /// Whether the relative gradient is within the tolerance.
    pub fn converged(&self) -> bool {
        self.relative_gradient <= self.tolerance
    }
}
