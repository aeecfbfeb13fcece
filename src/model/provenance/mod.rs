//! Where a model comes from, what it achieved, and what its fit recorded.

mod boosting;
mod certificate;
mod forest;
mod import;
mod import_record;
mod linear;
mod record;
mod trees_record;

pub use boosting::{BoostingRecord, Interactions, RegressionLoss};
pub use certificate::Certificate;
pub use forest::{ForestKind, ForestRecord, OutOfBag};
pub use import::Import;
pub use linear::{ClassWeight, LinearRecord, StandardErrors};

use super::{CrossValidation, Evaluation};
use crate::note::Note;
use crate::preprocess;

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// It was fitted by tepal.
    Fitted(Box<Provenance>),
    /// It was read from the file of another tool.
    Imported(Import),
}

/// How a model was fitted. Nothing here is read from a clock or a machine: the caller gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Seconds since 1970-01-01 UTC, if the caller said.
    pub created: Option<u64>,
    /// The version of tepal that fitted.
    pub tool_version: String,
    /// The number of rows that were fitted on.
    pub n_rows: u64,
    /// The digest of the table the rows come from: docs/format.md has the bytes.
    pub table_digest: [u8; 32],
    /// How raw values became columns.
    pub preprocess: preprocess::Options,
    /// The column of sample weights.
    pub weights: Option<String>,
    /// With weights the training rows of each class, each counted as often as it weighs, or of a number its weighted mean;
    /// empty without them.
    pub weighted_target: Vec<f64>,
    /// What a person should know of the fit.
    pub warnings: Vec<Note>,
    /// What the learner recorded.
    pub fit: FitRecord,
    /// What the model achieved on rows held out; `None` when all rows were fitted on.
    pub evaluation: Option<Evaluation>,
    /// What fits with the same options achieved over folds of the training rows.
    pub cross_validation: Option<CrossValidation>,
}

/// What a learner records of a fit. Each family of models has a record of its own.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum FitRecord {
    /// Of a linear, logistic or multinomial regression.
    Linear(LinearRecord),
    /// Of gradient boosting.
    Boosting(BoostingRecord),
    /// Of a forest or a single tree.
    Forest(ForestRecord),
}

impl FitRecord {
    /// The record of a linear fit; `None` for other families.
    pub fn as_linear(&self) -> Option<&LinearRecord> {
        match self {
            Self::Linear(record) => Some(record),
            Self::Boosting(_) | Self::Forest(_) => None,
        }
    }

    /// The record of gradient boosting; `None` for other families.
    pub fn as_boosting(&self) -> Option<&BoostingRecord> {
        match self {
            Self::Boosting(record) => Some(record),
            Self::Linear(_) | Self::Forest(_) => None,
        }
    }

    /// The record of a forest or a single tree; `None` for other families.
    pub fn as_forest(&self) -> Option<&ForestRecord> {
        match self {
            Self::Forest(record) => Some(record),
            Self::Linear(_) | Self::Boosting(_) => None,
        }
    }
}
