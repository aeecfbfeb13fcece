//! Where a minimizer stands.

use crate::train::linear::derivatives::Derivatives;

/// Parameters and what is known there.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) parameters: Vec<f64>,
    pub(crate) evaluation: Derivatives,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    /// No step helps any more, which is how far rounding lets it come.
    Stalled,
}
