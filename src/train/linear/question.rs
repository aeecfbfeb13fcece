//! The questions of a fit about its rows, and the answers of blocks.

use super::derivatives::{Derivatives, Order};
use super::design::{DesignBlock, DesignRows};
use super::objective::Objective;
use super::sample::Sampling;
use super::separation::MarginRange;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Question {
    /// The Gram matrix: the sums of products of columns.
    Gram,
    Sample(Sampling),
    /// All rows.
    Rows,
    Derivatives {
        parameters: Vec<f64>,
        order: Order,
    },
    /// The range of the rows' margins along a direction of the parameters.
    Margins {
        direction: Vec<f64>,
    },
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Answer {
    Gram(Vec<f64>),
    Rows(DesignRows),
    Derivatives(Derivatives),
    Margins(MarginRange),
}

impl Question {
    /// The answer for one block.
    pub(crate) fn answer(&self, objective: &Objective, block: &DesignBlock) -> Answer {
        match self {
            Self::Gram => Answer::Gram(objective.gram(block)),
            Self::Sample(sampling) => Answer::Rows(sampling.take(block)),
            Self::Rows => Answer::Rows(block.to_rows()),
            Self::Derivatives { parameters, order } => {
                Answer::Derivatives(objective.evaluate_block(block, parameters, *order))
            }
            Self::Margins { direction } => Answer::Margins(objective.margins(block, direction)),
        }
    }
}

impl Answer {
    /// Refuses an answer that is not one to a question, wherever it came from.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for an answer of another kind, for sums or rows of another length, and for a target that is
    /// no class.
    pub(crate) fn check(&self, question: &Question, objective: &Objective) -> Result<()> {
        let width = objective.width();
        let fits = match (self, question) {
            (Self::Gram(gram), Question::Gram) => gram.len() == width * width,
            (Self::Rows(DesignRows { rows, targets, weights }), Question::Sample(_) | Question::Rows) => {
                rows.len() == targets.len() * width
                    && (weights.is_empty() || weights.len() == targets.len())
                    && targets.iter().all(|target| objective.accepts_target(*target))
            }
            (Self::Derivatives(sum), Question::Derivatives { parameters, order }) => {
                sum.gradient.len() == parameters.len()
                    && sum.hessian.len() == objective.summed_hessian(parameters, *order).0
            }
            (Self::Margins(_), Question::Margins { .. }) => true,
            _ => false,
        };
        if fits { Ok(()) } else { Err(Error::new(ErrorKind::Internal, "an answer came to another question")) }
    }
}

impl Merge for Answer {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Gram(sum), Self::Gram(later)) => sum.merge(later),
            (Self::Rows(rows), Self::Rows(later)) => rows.merge(later),
            (Self::Derivatives(sum), Self::Derivatives(later)) => sum.merge(later),
            (Self::Margins(sum), Self::Margins(later)) => sum.merge(later),
            _ => Err(Error::new(ErrorKind::Internal, "answers to two different questions cannot be merged")),
        }
    }
}
