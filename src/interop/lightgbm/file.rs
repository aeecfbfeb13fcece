//! What a file of LightGBM says, whatever its format.

use crate::interop::labels::NumberedLabels;
use crate::model::LinearLeaf;

/// What a file says.
pub(super) struct File {
    /// Such as `v4`.
    pub(super) version: String,
    /// How many trees each round has.
    pub(super) n_trees_a_round: usize,
    /// The objective and its parameters, in words; empty where there is none.
    pub(super) objective: String,
    pub(super) names: Vec<String>,
    /// Of each feature that is a category the numbers that training had.
    pub(super) seen: Vec<Option<Vec<usize>>>,
    /// Of each feature that is a number the range that training had.
    pub(super) ranges: Vec<Option<(f64, f64)>>,
    /// The columns that are categories, if the file says it.
    pub(super) categorical: Option<Vec<usize>>,
    /// The categories of the columns that are categories, in their order.
    pub(super) pandas: Vec<NumberedLabels>,
    /// Whether scores are means over the rounds.
    pub(super) is_mean: bool,
    pub(super) trees: Vec<RawTree>,
}

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
    /// The weighted sums of the leaves, where they have such.
    pub(super) sums: Vec<LinearLeaf>,
}

impl RawTree {
    /// Makes sums of leaves that have none: their values alone.
    pub(super) fn make_linear(&mut self) {
        if self.sums.is_empty() {
            self.sums = self.values.iter().map(|value| LinearLeaf { constant: *value, terms: Vec::new() }).collect();
        }
    }
}
