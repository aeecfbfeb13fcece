//! The questions of a fit about its rows, and the answers of blocks.

use super::derivatives::{Derivatives, Order};
use super::design::{DesignBlock, DesignRows};
use super::objective::Objective;
use super::sample::Sampling;
use super::separation::Margins;
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
    /// The rows' margins along a direction of the parameters.
    Margins {
        direction: Vec<f64>,
    },
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Answer {
    Gram(Vec<f64>),
    Rows(DesignRows),
    Derivatives(Derivatives),
    Margins(Margins),
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
            (Self::Margins(margins), Question::Margins { direction }) => {
                margins.slopes_of_smallest.len() == direction.len()
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Dataset;
    use crate::train::linear::{LinearProblem, Options};
    use crate::train::prepare::TrainingRows;

    #[test]
    fn answers_of_other_lengths_kinds_and_classes_are_refused() {
        let data = Dataset::of_csv("u,v,y\n1,2,a\n2,5,b\n3,1,c\n4,4,a\n5,0,b\n6,3,c\n", "y").unwrap();
        let rows = TrainingRows::of_dataset(&data).unwrap();
        let objective = LinearProblem::new(&rows, &Options::default()).unwrap().objective;
        let (width, n_parameters) = (objective.width(), objective.start().len());
        let rows = |targets: Vec<f64>| {
            Answer::Rows(DesignRows { rows: vec![0.5; width * targets.len()], targets, weights: Vec::new() })
        };
        let derivatives = |n_gradient, n_hessian| {
            Answer::Derivatives(Derivatives {
                loss: 1.0,
                gradient: vec![0.0; n_gradient],
                hessian: vec![0.0; n_hessian],
            })
        };
        let asked = Question::Derivatives { parameters: objective.start(), order: Order::Gradient };
        let right = [
            (Answer::Gram(vec![1.0; width * width]), &Question::Gram),
            (rows(vec![0.0, 2.0]), &Question::Rows),
            (derivatives(n_parameters, 0), &asked),
        ];
        for (answer, question) in right {
            answer.check(question, &objective).unwrap();
        }
        let wrong = [
            (Answer::Gram(Vec::new()), &Question::Gram),
            (rows(vec![0.0, 3.0]), &Question::Rows),
            (rows(vec![0.5]), &Question::Rows),
            (rows(vec![f64::NAN]), &Question::Rows),
            (derivatives(n_parameters, width), &asked),
            (derivatives(0, 0), &asked),
            (rows(vec![0.0]), &asked),
        ];
        for (answer, question) in wrong {
            assert_eq!(answer.check(question, &objective).unwrap_err().kind(), ErrorKind::Internal, "{answer:?}");
        }
    }
}
