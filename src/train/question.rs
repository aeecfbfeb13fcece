//! What a fit asks about its rows, and what a block of them answers.

use super::design::{DesignBlock, DesignRows};
use super::evaluation::{Evaluation, Want};
use super::objective::Objective;
use super::sample::Sampling;
use super::separation::Leads;
use crate::arithmetic::Merge;
use bincode::{Decode, Encode};

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum FitQuestion {
    /// The sums of products of columns.
    Gram,
    Sample(Sampling),
    /// All rows.
    Rows,
    Evaluate {
        parameters: Vec<f64>,
        want: Want,
    },
    /// How far a direction of the parameters puts rows' own classes ahead.
    Leads {
        direction: Vec<f64>,
    },
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum FitAnswer {
    Gram(Vec<f64>),
    Rows(DesignRows),
    Evaluation(Evaluation),
    Leads(Leads),
}

impl FitQuestion {
    /// The answer for one block.
    pub(crate) fn answer(&self, objective: &Objective, block: &DesignBlock) -> FitAnswer {
        match self {
            Self::Gram => FitAnswer::Gram(objective.gram(block)),
            Self::Sample(sampling) => FitAnswer::Rows(sampling.take(block)),
            Self::Rows => FitAnswer::Rows(block.to_rows()),
            Self::Evaluate { parameters, want } => {
                FitAnswer::Evaluation(objective.evaluate_block(block, parameters, *want))
            }
            Self::Leads { direction } => FitAnswer::Leads(objective.leads(block, direction)),
        }
    }
}

impl Merge for FitAnswer {
    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Gram(sum), Self::Gram(later)) => sum.merge(later),
            (Self::Rows(rows), Self::Rows(later)) => rows.merge(later),
            (Self::Evaluation(sum), Self::Evaluation(later)) => sum.merge(later),
            (Self::Leads(sum), Self::Leads(later)) => sum.merge(later),
            // One question has answers of one kind.
            _ => {}
        }
    }
}
