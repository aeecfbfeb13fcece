//! The result of a fit.

use crate::dataset::{Dataset, Moments, Surveyed};
use crate::error::Result;
use crate::model::{Estimator, FitRecord, Link, Model, ModelParts, Origin, Provenance};
use crate::note::Note;
use crate::preprocess::{self, Preprocessor};
use crate::table::Schema;

/// The result of a fit: everything that a model needs except its name and date.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fit {
    /// The schema of the training rows.
    pub schema: Schema,
    /// The preprocessing fitted on them.
    pub preprocessor: Preprocessor,
    /// The options by which raw values became columns.
    pub preprocess: preprocess::Options,
    /// The fitted function of prepared values.
    pub estimator: Estimator,
    /// How its scores become predictions.
    pub link: Link,
    /// The learner's record of the fit.
    pub record: FitRecord,
    /// The column of sample weights, if there was one.
    pub weights: Option<String>,
    /// What the weights make of the target: see [`Provenance::weighted_target`].
    pub weighted_target: Vec<f64>,
    /// Warnings about the fit, in sentences.
    pub warnings: Vec<Note>,
    /// The number of rows that were fitted on.
    pub n_rows: u64,
    /// The digest of the table they come from.
    pub table_digest: [u8; 32],
}

impl Fit {
    /// Makes the model. `name` is for display. `created` is in seconds since 1970. The caller gives it, since the
    /// library reads no clock.
    ///
    /// # Errors
    /// Those of [`Model::assemble`].
    pub fn into_model(self, name: impl Into<String>, created: Option<u64>) -> Result<Model> {
        let origin = Origin::Fitted(Box::new(Provenance {
            created,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            preprocess: self.preprocess,
            weights: self.weights,
            weighted_target: self.weighted_target,
            warnings: self.warnings,
            fit: self.record,
            evaluation: None,
            cross_validation: None,
        }));
        let Self { schema, preprocessor, estimator, link, .. } = self;
        Model::assemble(ModelParts::new(name.into(), schema, preprocessor, estimator, link, &origin))
    }
}

/// What a model records of its training rows.
#[derive(Debug)]
pub(super) struct TrainingSummary {
    pub(super) schema: Schema,
    pub(super) n_rows: usize,
    pub(super) weights: Option<String>,
    pub(super) weighted_target: Vec<f64>,
    pub(super) table_digest: [u8; 32],
    /// Notes about the rows, in sentences.
    pub(super) notes: Vec<Note>,
}

impl TrainingSummary {
    pub(super) fn of_dataset(dataset: &Dataset) -> Self {
        Self {
            schema: dataset.schema().clone(),
            n_rows: dataset.n_rows(),
            weights: dataset.weights_name().map(str::to_owned),
            weighted_target: Vec::new(),
            table_digest: dataset.digest(),
            notes: dataset.notes().to_vec(),
        }
    }

    pub(super) fn of_stream(rows: &Surveyed, n_rows: usize, notes: &[Note]) -> Self {
        Self {
            schema: rows.schema.clone(),
            n_rows,
            weights: rows.weights_name().map(str::to_owned),
            weighted_target: Vec::new(),
            table_digest: rows.digest,
            notes: notes.to_vec(),
        }
    }

    /// With what the weights make of the target, if there are weights.
    pub(super) fn weighted(mut self, moments: &Moments) -> Self {
        if self.weights.is_some() {
            let classes = &moments.class_weights;
            self.weighted_target = if classes.is_empty() { vec![moments.target_mean] } else { classes.clone() };
        }
        self
    }
}
