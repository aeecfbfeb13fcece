//! A tree of LightGBM.

use super::features::Features;
use crate::error::Result;
use crate::interop::document::wrong;
use crate::interop::tree::{Children, in_levels, positive_weights};
use crate::model::{Node, Tree};

/// What LightGBM takes for missing at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MissingKind {
    /// Nothing: NaN is 0.
    None,
    /// Zero, and NaN.
    Zero,
    /// NaN.
    NaN,
}

/// What a node asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Question {
    /// Whether a number is at most a threshold.
    AtMost { threshold: f64, default_left: bool, missing: MissingKind },
    /// Whether a category is one of these.
    OneOf(Vec<usize>),
}

/// A split: the feature, and what is asked of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawSplit {
    pub(super) feature: usize,
    pub(super) question: Question,
}

/// The nodes of a tree: its splits, and behind them its leaves. The first one is the root.
#[derive(Debug, Clone, Default)]
pub(super) struct RawTree {
    pub(super) splits: Vec<RawSplit>,
    /// Of each split the left and the right child.
    pub(super) children: Vec<[usize; 2]>,
    pub(super) values: Vec<f64>,
    /// The training rows of each leaf; 0 where they are not known.
    pub(super) counts: Vec<f64>,
}

impl RawTree {
    pub(super) fn tree(&self, features: &Features) -> Result<Tree> {
        let n_splits = self.splits.len();
        let leaves = self.values.iter().map(|_| None);
        let children: Vec<Children> = self.children.iter().map(|children| Some(*children)).chain(leaves).collect();
        let weights = positive_weights(&self.counts);
        in_levels(&children, |at| match self.splits.get(at) {
            Some(RawSplit { feature, question }) => {
                let (rule, missing_left) = features.rule(*feature, question)?;
                Ok(Node::Split { column: *feature, rule, missing_left })
            }
            None => match self.values[at - n_splits] {
                value if value.is_finite() => Ok(Node::Leaf { values: vec![value], weight: weights[at - n_splits] }),
                _ => Err(wrong(format!("the value of leaf {} is no finite number", at - n_splits))),
            },
        })
    }
}
