//! What forests and single trees record.

use super::ClassWeight;

/// How the trees of a mean differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ForestKind {
    /// There is one, fitted to all rows.
    Tree,
    /// Each sees other rows, and each node looks at other columns.
    #[default]
    Forest,
    /// Each node looks at other columns, and splits them anywhere.
    ExtraTrees,
}

impl ForestKind {
    /// Every kind by its name.
    pub const NAMES: [(&'static str, Self); 3] =
        [("tree", Self::Tree), ("forest", Self::Forest), ("extra-trees", Self::ExtraTrees)];
}

/// The options of a forest or of a single tree, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ForestRecord {
    /// How the trees differ.
    pub kind: ForestKind,
    /// How many there are.
    pub trees: u64,
    /// The most leaves of a tree.
    pub leaves: u64,
    /// The most splits on the way to a leaf; `None` for any number.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf.
    pub min_rows: f64,
    /// Which part of the columns each node looked at; `None` for the default of the kind.
    pub max_features: Option<f64>,
    /// Which part of the rows each tree saw.
    pub subsample: f64,
    /// What a leaf cost.
    pub pruning: f64,
    /// How much the classes counted.
    pub class_weight: ClassWeight,
    /// What decided everything that was taken by chance.
    pub seed: u64,
    /// After each tree the mean squared error over the rows that some tree did not see, each predicted by those trees; over all rows
    /// where every tree saw all. Of classes it is that of their probabilities, of two classes that of the second.
    pub losses: Vec<f64>,
    /// What the trees achieve on rows that they did not see; `None` where every tree saw all.
    pub out_of_bag: Option<OutOfBag>,
}

/// What trees achieve on rows that they did not see, each predicted by the trees that did not see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfBag {
    /// How many rows there are that some tree did not see, each counted as often as it weighs.
    pub rows: f64,
    /// As in [`ForestRecord::losses`].
    pub mean_squared_error: f64,
    /// Of classes the share of rows whose most probable class is the right one.
    pub accuracy: Option<f64>,
    /// Of a number the coefficient of determination; `None` where it does not vary.
    pub r_squared: Option<f64>,
}
