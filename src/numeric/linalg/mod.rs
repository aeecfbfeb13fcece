//! Factors of matrices, and what is solved with them.

mod cholesky;
mod least_squares;
mod nearest;
mod pivoted;

pub(crate) use cholesky::Cholesky;
pub(crate) use least_squares::least_squares;
pub(crate) use nearest::Nearest;
pub(crate) use pivoted::PivotedFactor;
