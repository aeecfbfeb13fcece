//! What is known of an objective at one point.

use crate::error::Result;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// How much of an objective is wanted at a point. The loss and its gradient always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Order {
    Gradient,
    /// The second derivatives within each output.
    BlockHessian,
    /// All second derivatives.
    Hessian,
}

impl Order {
    /// The pairs of outputs that a curvature has a square for, in their order.
    pub(crate) fn squares(self, n_outputs: usize) -> impl Iterator<Item = (usize, usize)> {
        let is_wanted = move |(first, second): &(usize, usize)| match self {
            Self::Gradient => false,
            Self::BlockHessian => first == second,
            Self::Hessian => true,
        };
        (0..n_outputs).flat_map(|first| (0..=first).map(move |second| (first, second))).filter(is_wanted)
    }

    /// Those of them that are summed over rows. Of several outputs' second derivatives each row of squares sums to 0, so
    /// those within one output are what the others lack.
    pub(crate) fn summed_squares(self, n_outputs: usize) -> impl Iterator<Item = (usize, usize)> {
        let follows = move |(first, second): &(usize, usize)| self == Self::Hessian && n_outputs > 1 && first == second;
        self.squares(n_outputs).filter(move |pair| !follows(pair))
    }
}

/// Loss, gradient and curvature at one point, summed over rows. Sums over parts of the rows are merged by adding them.
///
/// Parameters lie output by output: the coefficients over the design's columns, and last the intercept if there is one.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Derivatives {
    pub(crate) loss: f64,
    pub(crate) gradient: Vec<f64>,
    /// Squares of the parameters of one output by those of another, row by row, of which the lower triangle is valid (each
    /// is symmetric, also between two outputs): none, one per output, or one for each pair of outputs (1,1), (2,1), (2,2),
    /// (3,1) and so on.
    pub(crate) hessian: Vec<f64>,
}

impl Merge for Derivatives {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.loss += later.loss;
        self.gradient.merge(later.gradient)?;
        self.hessian.merge(later.hessian)
    }
}
