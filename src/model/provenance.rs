//! Where a model comes from and what it achieved.

use crate::preprocess;
use crate::train::{Certificate, ClassWeight};

/// Where a model comes from. Nothing here is read from a clock or a machine: the caller gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The model's name, for people; may be empty.
    pub name: String,
    /// Seconds since 1970-01-01 UTC, if the caller said.
    pub created: Option<u64>,
    /// The version of tepal that fitted.
    pub tool_version: String,
    /// How many rows were fitted on.
    pub n_rows: u64,
    /// [`crate::table`]'s digest of the table the rows come from.
    pub table_digest: [u8; 32],
    /// How the held-out rows were chosen; `None` when all rows were fitted on.
    pub split: Option<Split>,
    /// The strength of the penalty: see [`crate::train::Options::l2`].
    pub l2: f64,
    /// How the fit was made beside that.
    pub fitting: Fitting,
    /// Who fitted: see [`crate::train::Solver`].
    pub solver: String,
    /// The proof that the fit is at its optimum, or the figure by which it is not.
    pub certificate: Certificate,
    /// What the model achieved on the held-out rows.
    pub metrics: Option<Metrics>,
}

/// The options of a fit, and what it has to say: see [`crate::train::Options`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fitting {
    /// How raw values became columns.
    pub preprocess: preprocess::Options,
    /// Whether there is an intercept.
    pub intercept: bool,
    /// How much the classes counted.
    pub class_weight: ClassWeight,
    /// The column of sample weights.
    pub weights: Option<String>,
    /// How many rounds the engine took; 0 where that was not recorded.
    pub rounds: u64,
    /// What a person should know of the answer, in sentences.
    pub warnings: Vec<String>,
}

/// What fits were made with before files of version 2 said so.
impl Default for Fitting {
    fn default() -> Self {
        Self {
            preprocess: preprocess::Options {
                impute: preprocess::Impute::Refuse,
                impute_category: preprocess::ImputeCategory::Refuse,
                ..preprocess::Options::default()
            },
            intercept: true,
            class_weight: ClassWeight::Equal,
            weights: None,
            rounds: 0,
            warnings: Vec::new(),
        }
    }
}

/// How rows were held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The fraction of rows held out, between 0 and 1.
    pub fraction: f64,
    /// The seed of the shuffle.
    pub seed: u64,
}

impl Metrics {
    /// Whether every figure is finite.
    pub(super) fn is_finite(&self) -> bool {
        match *self {
            Self::Classification { accuracy, log_loss, .. } => accuracy.is_finite() && log_loss.is_finite(),
            Self::Regression { r_squared, root_mean_squared_error, .. } => {
                r_squared.unwrap_or(0.0).is_finite() && root_mean_squared_error.is_finite()
            }
        }
    }
}

/// What a model achieves on rows it was not fitted on.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase", tag = "task")]
pub enum Metrics {
    /// Of a classification.
    #[serde(rename_all = "camelCase")]
    Classification {
        /// How many rows were scored.
        rows: u64,
        /// On how many of them the most probable class was the right one.
        correct: u64,
        /// correct / rows.
        accuracy: f64,
        /// The mean of -ln(probability of the right class); a probability of 0 counts as the smallest positive number.
        log_loss: f64,
    },
    /// Of a regression.
    #[serde(rename_all = "camelCase")]
    Regression {
        /// How many rows were scored.
        rows: u64,
        /// The coefficient of determination, 1 - (sum of squared errors) / (sum of squares about the mean of these
        /// rows); `None` when the target does not vary in them.
        r_squared: Option<f64>,
        /// The root of the mean squared error, in the target's unit.
        root_mean_squared_error: f64,
    },
}
