//! What is fitted, and how.

use super::{boosting, forest, linear};
use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::Encoding;

/// What is fitted, and how. Each family of models has options of its own.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Learner {
    /// A linear regression for a number, a logistic one for two classes, a multinomial one for more.
    Linear(linear::Options),
    /// Gradient boosting: a sum of decision trees.
    Boosting(boosting::Options),
    /// A forest of decision trees, extra-trees, or a single tree.
    Forest(forest::Options),
}

impl Default for Learner {
    fn default() -> Self {
        Self::Linear(linear::Options::default())
    }
}

impl From<linear::Options> for Learner {
    fn from(options: linear::Options) -> Self {
        Self::Linear(options)
    }
}

impl From<boosting::Options> for Learner {
    fn from(options: boosting::Options) -> Self {
        Self::Boosting(options)
    }
}

impl From<forest::Options> for Learner {
    fn from(options: forest::Options) -> Self {
        Self::Forest(options)
    }
}

impl Learner {
    /// Whether what is fitted has a constant of its own.
    pub fn has_intercept(&self) -> bool {
        match self {
            Self::Linear(options) => options.intercept,
            Self::Boosting(_) | Self::Forest(_) => true,
        }
    }

    /// Whether the position of a category among the others means something to it.
    pub(crate) fn sees_positions(&self) -> bool {
        match self {
            Self::Linear(options) => options.preprocess.encode == Encoding::Ordinal,
            // By sets of categories, wherever they stand.
            Self::Boosting(_) | Self::Forest(_) => false,
        }
    }

    /// Whether it can be fitted to rows that are read again at each pass.
    pub(crate) fn takes_streams(&self) -> bool {
        match self {
            Self::Linear(options) => options.solver != linear::Solver::Linfa,
            Self::Boosting(_) | Self::Forest(_) => false,
        }
    }

    /// The options of a linear fit.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for another learner, where rows are not in memory or a model is to begin at.
    pub(super) fn into_linear(self) -> Result<linear::Options> {
        match self {
            Self::Linear(options) => Ok(options),
            Self::Boosting(_) | Self::Forest(_) => {
                let message = "trees need all rows in memory, and begin at no model; leave the stream or the start out, or choose the \
                               linear learner";
                Err(Error::new(ErrorKind::InvalidOption, message))
            }
        }
    }

    /// Checks every option.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Linear(options) => options.check(),
            Self::Boosting(options) => options.check(),
            Self::Forest(options) => options.check(),
        }
    }
}
