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
    /// Which part of the rows each round saw.
    pub subsample: f64,
    /// Which part of the columns each tree saw.
    pub max_features: f64,
    /// So many rounds without a better prediction of rows held out ended the fit; `None` where none were held out.
    pub patience: Option<u64>,
    /// Which part of the rows was held out for that.
    pub validation: f64,
    /// What decided which rows and columns were taken by chance.
    pub seed: u64,
    /// The features with which the prediction only grows.
    pub increasing: Vec<String>,
    /// Those with which it only falls.
    pub decreasing: Vec<String>,
    /// After each round the mean loss of the rows that were fitted to, by their weights: half the squared error, or the log loss.
    pub losses: Vec<f64>,
    /// Likewise of the rows held out; empty where none were.
    pub held_out_losses: Vec<f64>,
}
