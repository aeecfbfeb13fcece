//! The derivatives of an objective at one point.

use crate::error::Result;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// The order of the derivatives to compute at a point. The loss and its gradient are always computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Order {
    Gradient,
    /// The diagonal blocks of the Hessian: the second derivatives within each output.
    BlockHessian,
    /// The full Hessian.
    Hessian,
}

impl Order {
    /// The pairs of outputs that have a block in the Hessian, in order. A block is a square of the columns.
    pub(crate) fn squares(self, n_outputs: usize) -> impl Iterator<Item = (usize, usize)> {
        let is_wanted = move |(first, second): &(usize, usize)| match self {
            Self::Gradient => false,
            Self::BlockHessian => first == second,
            Self::Hessian => true,
        };
        (0..n_outputs).flat_map(|first| (0..=first).map(move |second| (first, second))).filter(is_wanted)
    }

    /// The blocks that are summed over rows. With several outputs, each block row of the loss's Hessian sums to 0. The
    /// diagonal blocks then follow from the others.
    pub(crate) fn summed_squares(self, n_outputs: usize) -> impl Iterator<Item = (usize, usize)> {
        let follows = move |(first, second): &(usize, usize)| self == Self::Hessian && n_outputs > 1 && first == second;
        self.squares(n_outputs).filter(move |pair| !follows(pair))
    }
}

/// Loss, gradient and Hessian at one point, summed over rows. Sums over parts of the rows merge by addition.
///
/// Parameters lie output by output: the coefficients over the design's columns, and last the intercept if there is one.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Derivatives {
    pub(crate) loss: f64,
    pub(crate) gradient: Vec<f64>,
    /// The blocks of the Hessian: the parameters of one output by those of another, row by row. Each block is
    /// symmetric, also between two outputs, and its lower triangle is valid. There are none, one per output, or one for
    /// each pair of outputs (1,1), (2,1), (2,2), (3,1) and so on.
    pub(crate) hessian: Vec<f64>,
}

impl Merge for Derivatives {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.loss += later.loss;
        self.gradient.merge(later.gradient)?;
        self.hessian.merge(later.hessian)
    }
}
