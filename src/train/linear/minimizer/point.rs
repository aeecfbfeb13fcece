//! The point of a minimizer.

use crate::train::linear::derivatives::Derivatives;

/// Parameters, and the derivatives of the objective there.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) parameters: Vec<f64>,
    pub(crate) derivatives: Derivatives,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    /// No step decreases the objective any further: this is the accuracy that rounding allows.
    Stalled,
}
