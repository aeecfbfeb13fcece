//! Where a model comes from and what it achieved.

use crate::train::Certificate;

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
    /// The solver that fitted.
    pub solver: String,
    /// The proof that the fit is at its optimum, or the figure by which it is not.
    pub certificate: Certificate,
    /// What the model achieved on the held-out rows.
    pub metrics: Option<Metrics>,
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
