//! What gradient boosting records.

use super::ClassWeight;

/// What the boosting of a number reduces. The names are scikit-learn's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RegressionLoss {
    /// Half the squared error: predictions are means.
    #[default]
    SquaredError,
    /// The absolute error: predictions are medians.
    AbsoluteError,
    /// The pinball loss: predictions are a quantile.
    Quantile,
    /// Half the Poisson deviance, for counts and other numbers of at least 0: predictions are means above 0.
    Poisson,
    /// Half the gamma deviance, for numbers above 0 whose spread grows with their mean.
    Gamma,
}

impl RegressionLoss {
    /// Every loss by its name.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("squared-error", Self::SquaredError),
        ("absolute-error", Self::AbsoluteError),
        ("quantile", Self::Quantile),
        ("poisson", Self::Poisson),
        ("gamma", Self::Gamma),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, other)| *other == self).map_or("", |(name, _)| name)
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, loss)| *loss)
    }
}

/// Which features may stand together on a way to a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Interactions {
    /// All of them.
    #[default]
    All,
    /// None: the score is a sum of functions of one feature each.
    None,
    /// Those of one group. A feature may be in several groups; those that are in none are a group too.
    Groups(Vec<Vec<String>>),
}

/// The options of gradient boosting, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostingRecord {
    /// What was reduced; `None` for the log loss of classes.
    pub loss: Option<RegressionLoss>,
    /// The level of a quantile.
    pub quantile: Option<f64>,
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
    /// Which features stand together on a way to a leaf.
    pub interactions: Interactions,
    /// After each round the mean loss of the rows that were fitted to, by their weights.
    pub losses: Vec<f64>,
    /// Likewise of the rows held out; empty where none were.
    pub held_out_losses: Vec<f64>,
}
