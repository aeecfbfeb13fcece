//! From scores to what is predicted.

use crate::numeric::{logistic, softmax};
use crate::table::{Labels, TargetSchema};

/// How scores become outputs. The target decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The score is the predicted number.
    Identity,
    /// The score is the log-odds of the second of two classes.
    Logistic,
    /// The probabilities of the classes are the softmax of their scores.
    Softmax {
        /// The number of classes, at least 3.
        n_classes: usize,
    },
}

impl Link {
    /// The link of a target.
    pub fn of(target: &TargetSchema) -> Self {
        match target.classes().map(Labels::len) {
            None => Self::Identity,
            Some(2) => Self::Logistic,
            Some(n_classes) => Self::Softmax { n_classes },
        }
    }

    /// The number of scores that it takes.
    pub fn n_scores(self) -> usize {
        match self {
            Self::Identity | Self::Logistic => 1,
            Self::Softmax { n_classes } => n_classes,
        }
    }

    /// Turns scores into outputs: the number, or one probability per class.
    pub(crate) fn apply(self, scores: &mut Vec<f64>) {
        match self {
            Self::Identity => {}
            // Each from the score itself, not from the other, so that a small probability keeps all its digits.
            Self::Logistic => {
                let score = scores[0];
                scores.clear();
                scores.extend([logistic(-score), logistic(score)]);
            }
            Self::Softmax { .. } => softmax(scores),
        }
    }
}
