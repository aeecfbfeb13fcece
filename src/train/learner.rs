//! What is fitted, and how.

use super::linear;
use crate::error::Result;
use crate::preprocess::Encoding;

/// What is fitted, and how. Each family of models has options of its own.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Learner {
    /// A linear regression for a number, a logistic one for two classes, a multinomial one for more.
    Linear(linear::Options),
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

impl Learner {
    /// Whether what is fitted has a constant of its own.
    pub fn has_intercept(&self) -> bool {
        match self {
            Self::Linear(options) => options.intercept,
        }
    }

    /// Whether the position of a category among the others means something to it.
    pub(crate) fn sees_positions(&self) -> bool {
        match self {
            Self::Linear(options) => options.preprocess.encode == Encoding::Ordinal,
        }
    }

    /// Checks every option.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::InvalidOption`] naming the option, what was found and what is allowed.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Linear(options) => options.check(),
        }
    }
}
