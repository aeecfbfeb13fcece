//! What gradient boosting records.

use super::ClassWeight;

/// The options of gradient boosting, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostingRecord {
    /// The rounds that were done. Each adds a tree per score.
    pub rounds: u64,
    /// What the value of each new leaf is multiplied by.
    pub learning_rate: f64,
    /// The most leaves of a tree.
    pub leaves: u64,
    /// The most splits on the way to a leaf; `None` for any number.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf.
    pub min_rows: f64,
    /// The strength of the penalty l2/2 * (squared value) of each leaf.
    pub l2: f64,
    /// How much the classes counted.
    pub class_weight: ClassWeight,
    /// The mean loss of the training rows, by their weights: half the squared error, or the log loss.
    pub loss: f64,
}
