//! Factors of symmetric matrices, and what is solved with them.

mod cholesky;
mod pivoted;

pub(crate) use cholesky::Cholesky;
pub(crate) use pivoted::PivotedFactor;
