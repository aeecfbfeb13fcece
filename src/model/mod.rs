//! A fitted model: schema, preprocessing, estimator and where they come from. There is no way to score raw inputs
//! without the preprocessing that was fitted with the estimator.

mod codec;
mod estimator;
mod proof;
mod provenance;

pub(crate) use codec::hexadecimal;
pub use estimator::{Estimator, Linear, Logistic, Multinomial};
pub use provenance::{Fitting, Metrics, Provenance, Split};

use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::{Preprocessor, Scaling};
#[cfg(feature = "train")]
use crate::table::NameIndex;
use crate::table::{Schema, Task};

#[cfg(feature = "train")]
use crate::train::{Fit, Start};

/// A model that can predict. Made by a fit or read from a file; every model has replayed its proof rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    schema: Schema,
    preprocessor: Preprocessor,
    estimator: Estimator,
    provenance: Provenance,
    /// The outputs on the rows of [`proof::rows`], one row after the other.
    proof: Vec<f64>,
    /// The SHA-256 of the file's payload.
    digest: [u8; 32],
}

/// The coefficients of one output.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputCoefficients {
    /// What is added when every standardized feature is 0, that is, every feature at its training mean.
    pub intercept: f64,
    /// What is added when every raw feature is 0.
    pub original_intercept: f64,
    /// Per feature the change of the score for one standard deviation; 0 for a feature that was constant.
    pub standardized: Vec<f64>,
    /// Per feature the change of the score for one unit of the feature; 0 for a feature that was constant.
    pub original: Vec<f64>,
}

const COEFFICIENTS_OVERFLOW: &str = "the coefficients overflow on the original scale; rescale the columns";

impl Model {
    /// A model from a fit. `name` is for people; `created` is in seconds since 1970 and comes from the caller, since
    /// the library reads no clock.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when its coefficients overflow on the original scale, or the model itself on a row
    /// within the range of its own training data; those of [`Model::encode`].
    #[cfg(feature = "train")]
    pub fn new(fit: Fit, name: impl Into<String>, created: Option<u64>) -> Result<Self> {
        let estimator = Estimator::from_fit(&fit.schema.target, &fit.coefficients, &fit.intercepts);
        let provenance = Provenance {
            name: name.into(),
            created,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            n_rows: fit.n_rows,
            table_digest: fit.table_digest,
            split: None,
            l2: fit.l2,
            fitting: Fitting {
                standardize: fit.options.standardize,
                intercept: fit.options.intercept,
                class_weight: fit.options.class_weight,
                weights: fit.weights,
                rounds: fit.rounds,
                warnings: fit.warnings,
            },
            solver: fit.solver,
            certificate: fit.certificate,
            metrics: None,
        };
        let (schema, preprocessor) = (fit.schema, fit.preprocessor);
        let mut model = Self { schema, preprocessor, estimator, provenance, proof: Vec::new(), digest: [0; 32] };
        if !model.has_finite_coefficients() {
            return Err(Error::new(ErrorKind::NotFinite, COEFFICIENTS_OVERFLOW));
        }
        model.proof = proof::replay(&model)?;
        model.sealed()
    }

    /// The same model with what it achieved on rows it was not fitted on, and how those were chosen.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when a metric overflowed; those of [`Model::encode`].
    #[cfg(feature = "train")]
    pub fn with_metrics(mut self, metrics: Metrics, split: Split) -> Result<Self> {
        if !metrics.is_finite() {
            let message = "the held-out rows are so far off that their error overflows; rescale the target";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        self.provenance.metrics = Some(metrics);
        self.provenance.split = Some(split);
        self.sealed()
    }

    /// Where a fit to other rows of the same columns can [begin](crate::train::Trainer::start_from).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] unless `schema` has the model's features, in any order, and its classes.
    #[cfg(feature = "train")]
    pub fn start(&self, schema: &Schema) -> Result<Start> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        if schema.target.classes() != self.schema.target.classes() {
            return refuse("the model to start from predicts other classes than the table has".into());
        }
        let own = NameIndex::new(self.schema.features.iter().map(|feature| feature.name.as_str()));
        let mut positions = Vec::with_capacity(schema.features.len());
        for feature in &schema.features {
            match own.position(&feature.name) {
                Some(position) => positions.push(position),
                None => return refuse(format!("the model to start from has no feature \"{}\"", feature.name)),
            }
        }
        if positions.len() != self.n_features() {
            let (theirs, own) = (positions.len(), self.n_features());
            return refuse(format!("the model to start from has {own} features, the table {theirs}"));
        }
        let outputs = self.coefficients();
        Ok(Start {
            coefficients: outputs
                .iter()
                .map(|output| positions.iter().map(|at| output.original[*at]).collect())
                .collect(),
            intercepts: outputs.iter().map(|output| output.original_intercept).collect(),
        })
    }

    /// What the model expects and predicts.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// How raw values are prepared.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    /// The fitted function of prepared values.
    pub fn estimator(&self) -> &Estimator {
        &self.estimator
    }

    /// Where the model comes from.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Whether the model predicts classes or numbers.
    pub fn task(&self) -> Task {
        self.schema.target.task()
    }

    /// How many raw values a row has.
    pub fn n_features(&self) -> usize {
        self.schema.features.len()
    }

    /// How many numbers a prediction has: 1 for a regression, the number of classes for a classification.
    pub fn n_outputs(&self) -> usize {
        self.schema.target.classes().map_or(1, crate::table::Labels::len)
    }

    /// How many proof rows the model carries, all of which it reproduces.
    pub fn n_proof_rows(&self) -> usize {
        self.proof.len() / self.n_outputs()
    }

    /// The coefficients of each output: one output for a regression and for a binary classification (the log-odds of
    /// the second class), one per class for a multinomial classification.
    ///
    /// On the original scale a coefficient is the standardized one over the feature's deviation, and the intercept
    /// gives up the sum of coefficient times mean.
    pub fn coefficients(&self) -> Vec<OutputCoefficients> {
        self.estimator
            .outputs()
            .into_iter()
            .map(|(fitted, intercept)| {
                let mut fitted = fitted.iter().copied();
                let mut output = OutputCoefficients {
                    intercept,
                    original_intercept: intercept,
                    standardized: Vec::with_capacity(self.n_features()),
                    original: Vec::with_capacity(self.n_features()),
                };
                for scaling in self.preprocessor.scalings() {
                    let (standardized, original, mean) = match *scaling {
                        Scaling::Constant => (0.0, 0.0, 0.0),
                        Scaling::Standard { mean, deviation } => {
                            let coefficient = fitted.next().unwrap_or(0.0);
                            (coefficient, coefficient / deviation, mean)
                        }
                    };
                    output.standardized.push(standardized);
                    output.original.push(original);
                    output.original_intercept -= original * mean;
                }
                output
            })
            .collect()
    }

    /// Whether the coefficients are finite on the original scale too.
    fn has_finite_coefficients(&self) -> bool {
        let is_finite = |output: &OutputCoefficients| {
            output.original_intercept.is_finite() && output.original.iter().all(|number| number.is_finite())
        };
        self.coefficients().iter().all(is_finite)
    }

    /// Predicts one row of raw values in the order of the schema: one number for a regression, the classes'
    /// probabilities in sorted order for a classification. `out` is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`], and [`ErrorKind::NotFinite`] naming the feature, or none when it is the result that
    /// overflows.
    pub(crate) fn outputs(&self, raw: &[f64], out: &mut Vec<f64>) -> Result<()> {
        if raw.len() != self.n_features() {
            let message = format!("expected {} values, one per feature, found {}", self.n_features(), raw.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        if let Some((value, feature)) = raw.iter().zip(&self.schema.features).find(|(value, _)| !value.is_finite()) {
            return Err(Error::not_finite(*value).in_column(&feature.name));
        }
        let mut prepared = Vec::with_capacity(raw.len());
        self.preprocessor.transform_row(raw, &mut prepared);
        self.estimator.scores(&prepared, out);
        if !out.iter().all(|score| score.is_finite()) {
            return Err(Error::new(ErrorKind::NotFinite, "the values are so large that the prediction overflows"));
        }
        self.estimator.scores_to_outputs(out);
        Ok(())
    }
}
