//! Where a model comes from and what it achieved.

use super::{CrossValidation, Evaluation};
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
    /// The strength of the penalty: see [`crate::train::Options::l2`].
    pub l2: f64,
    /// How the fit was made beside that.
    pub fitting: Fitting,
    /// Who fitted: see [`crate::train::Solver`].
    pub solver: String,
    /// The proof that the fit is at its optimum, or the figure by which it is not.
    pub certificate: Certificate,
    /// What the model achieved on rows held out; `None` when all rows were fitted on.
    pub evaluation: Option<Evaluation>,
    /// What fits like it achieved over folds of the training rows.
    pub cross_validation: Option<CrossValidation>,
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
