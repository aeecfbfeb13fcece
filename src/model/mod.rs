//! A fitted model: schema, preprocessing, estimator and where they come from. There is no way to score raw inputs
//! without the preprocessing that was fitted with the estimator.

mod codec;
mod decision;
mod estimator;
mod evaluation;
mod proof;
mod provenance;

pub(crate) use codec::hexadecimal;
pub use decision::Decision;
pub use estimator::{Estimator, Linear, Logistic, Multinomial};
pub use evaluation::{CrossValidation, Decided, Evaluation, Figure, FoldFigure, MOST_CONFUSED, Metrics, Split};
pub use provenance::{Fitting, Provenance};

use crate::calibrate::Calibration;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::preprocess::{PreparedColumn, Preprocessor};
#[cfg(feature = "train")]
use crate::table::NameIndex;
use crate::table::{Domain, Label, Schema, TargetSchema, Task, unseen};

use crate::train::Inference;
#[cfg(feature = "train")]
use crate::train::{Fit, Start};

/// A model that can predict. Made by a fit or read from a file; every model has replayed its proof rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    schema: Schema,
    preprocessor: Preprocessor,
    estimator: Estimator,
    /// What is made of the probability of the positive class, of two classes.
    calibration: Option<Calibration>,
    /// How one of two classes is predicted; by default the more probable one is.
    decision: Option<Decision>,
    inference: Inference,
    provenance: Provenance,
    /// The outputs on the rows of [`proof::rows`], one row after the other.
    proof: Vec<f64>,
    /// The SHA-256 of the file's payload.
    digest: [u8; 32],
}

/// The coefficients of one output, one per prepared column: see [`Preprocessor::columns`].
#[derive(Debug, Clone, PartialEq)]
pub struct OutputCoefficients {
    /// The score where every column is at its mean over the training rows.
    pub intercept: f64,
    /// The score where every column is 0 on the scale of the table.
    pub original_intercept: f64,
    /// The change of the score for one standard deviation of a column.
    pub standardized: Vec<f64>,
    /// The change of the score for one unit of a number, or for a category against none.
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
            l2: fit.l2,
            fitting: Fitting {
                preprocess: fit.options.preprocess,
                intercept: fit.options.intercept,
                class_weight: fit.options.class_weight,
                weights: fit.weights,
                rounds: fit.rounds,
                warnings: fit.warnings,
            },
            solver: fit.solver,
            certificate: fit.certificate,
            evaluation: None,
            cross_validation: None,
        };
        let mut model = Self {
            schema: fit.schema,
            preprocessor: fit.preprocessor,
            estimator,
            calibration: None,
            decision: None,
            inference: fit.inference,
            provenance,
            proof: Vec::new(),
            digest: [0; 32],
        };
        if !model.has_finite_coefficients() {
            return Err(Error::new(ErrorKind::NotFinite, COEFFICIENTS_OVERFLOW));
        }
        model.proof = proof::replay(&model)?;
        model.sealed()
    }

    /// The same model with what it achieved on rows held out, and over folds.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when a figure overflowed; those of [`Model::encode`].
    #[cfg(feature = "train")]
    pub fn with_evaluation(
        mut self,
        evaluation: Option<Evaluation>,
        cross_validation: Option<CrossValidation>,
    ) -> Result<Self> {
        if evaluation.as_ref().is_some_and(|evaluation| !evaluation.is_finite()) {
            let message = "the held-out rows are so far off that their error overflows; rescale the target";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        self.provenance.evaluation = evaluation;
        self.provenance.cross_validation = cross_validation;
        self.sealed()
    }

    /// The same model of two classes with calibrated probabilities, and a way to decide.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a model of more classes, or of numbers, and for a threshold that is not from 0 to
    /// 1; those of [`Model::encode`].
    #[cfg(feature = "train")]
    pub fn with_decision(mut self, calibration: Option<Calibration>, decision: Option<Decision>) -> Result<Self> {
        if (calibration.is_some() || decision.is_some()) && self.positive().is_none() {
            let message = "calibration and thresholds are for models of two classes";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        if let Some(decision) = decision.as_ref().filter(|decision| !(0.0..=1.0).contains(&decision.threshold)) {
            let message = format!("expected a threshold from 0 to 1, found {}", Decimal(decision.threshold));
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        self.calibration = calibration;
        self.decision = decision;
        self.proof = proof::replay(&self)?;
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
        if let Some(feature) = schema.features.iter().find(|feature| own.position(&feature.name).is_none()) {
            return refuse(format!("the model to start from has no feature \"{}\"", feature.name));
        }
        if schema.features.len() != self.n_features() {
            let (theirs, own) = (schema.features.len(), self.n_features());
            return refuse(format!("the model to start from has {own} features, the table {theirs}"));
        }
        let outputs = self.coefficients();
        Ok(Start {
            columns: self.preprocessor.column_names(&self.schema),
            intercepts: outputs.iter().map(|output| output.original_intercept).collect(),
            coefficients: outputs.into_iter().map(|output| output.original).collect(),
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

    /// What is made of the probability of the positive class.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.calibration.as_ref()
    }

    /// How one of two classes is predicted, if not the more probable one is.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    /// How sure the coefficients are.
    pub fn inference(&self) -> &Inference {
        &self.inference
    }

    /// Of two classes the position of the one that is looked for.
    pub fn positive(&self) -> Option<usize> {
        match self.schema.target {
            TargetSchema::Classes { positive, .. } => positive,
            TargetSchema::Number { .. } => None,
        }
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
    /// On the original scale a coefficient is that of the prepared column over its scale, and the intercept gives up the
    /// sum of coefficient times center; on the standardized scale it is that times the deviation.
    pub fn coefficients(&self) -> Vec<OutputCoefficients> {
        let of_output = |(coefficients, intercept): (&[f64], f64)| {
            let mut output = OutputCoefficients {
                intercept,
                original_intercept: intercept,
                standardized: Vec::with_capacity(coefficients.len()),
                original: Vec::with_capacity(coefficients.len()),
            };
            for (coefficient, (_, column)) in coefficients.iter().zip(self.preprocessor.columns()) {
                let PreparedColumn { scaling, mean, deviation, .. } = column;
                output.standardized.push(coefficient * (deviation / scaling.scale));
                output.original.push(coefficient / scaling.scale);
                output.intercept += coefficient * scaling.apply(*mean);
                output.original_intercept -= coefficient / scaling.scale * scaling.center;
            }
            output
        };
        self.estimator.outputs().into_iter().map(of_output).collect()
    }

    /// Whether the coefficients are finite on the original scale too.
    fn has_finite_coefficients(&self) -> bool {
        let is_finite = |output: &OutputCoefficients| {
            let intercepts = [output.intercept, output.original_intercept];
            let coefficients = output.original.iter().chain(&output.standardized);
            intercepts.iter().chain(coefficients).all(|number| number.is_finite())
        };
        self.coefficients().iter().all(is_finite)
    }

    /// Predicts one row of raw values in the order of the schema: one number for a regression, the classes'
    /// probabilities in sorted order for a classification. `out` is replaced.
    ///
    /// # Errors
    /// Those of [`Model::check_row`]; [`ErrorKind::NotFinite`] when the result overflows.
    pub(crate) fn outputs(&self, raw: &[f64], out: &mut Vec<f64>) -> Result<()> {
        self.outputs_by(raw, &mut Vec::with_capacity(self.preprocessor.n_columns()), out)
    }

    /// The same with room for the prepared row, which need not be made for each row anew.
    pub(crate) fn outputs_by(&self, raw: &[f64], prepared: &mut Vec<f64>, out: &mut Vec<f64>) -> Result<()> {
        self.scores_by(raw, prepared, out)?;
        match (&self.calibration, self.positive()) {
            (Some(calibration), Some(positive)) => {
                // The one score is for the second class.
                let score = if positive == 1 { out[0] } else { -out[0] };
                let [positive_share, other_share] = calibration.of_score(score);
                out.clear();
                out.extend(if positive == 1 { [other_share, positive_share] } else { [positive_share, other_share] });
            }
            _ => self.estimator.scores_to_outputs(out),
        }
        Ok(())
    }

    /// The scores of one row, before they become probabilities: the value of a regression, the log-odds of the second of
    /// two classes, or one score per class. `out` is replaced.
    ///
    /// # Errors
    /// Those of [`Model::outputs`].
    pub(crate) fn scores(&self, raw: &[f64], out: &mut Vec<f64>) -> Result<()> {
        self.scores_by(raw, &mut Vec::with_capacity(self.preprocessor.n_columns()), out)
    }

    fn scores_by(&self, raw: &[f64], prepared: &mut Vec<f64>, out: &mut Vec<f64>) -> Result<()> {
        self.check_row(raw)?;
        self.preprocessor.transform_row(raw, prepared);
        self.estimator.scores(prepared, out);
        match out.iter().all(|score| score.is_finite()) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::NotFinite, "the values are so large that the prediction overflows")),
        }
    }

    pub(crate) fn wrong_length(&self, found: usize) -> Error {
        let message = format!("expected {} values, one per feature, found {found}", self.n_features());
        Error::new(ErrorKind::WrongLength, message)
    }

    /// Refuses a row that the model does not take.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`]; naming the feature, [`ErrorKind::NotFinite`] for an infinite number,
    /// [`ErrorKind::MissingValue`] for a missing one that nothing stands for, [`ErrorKind::UnseenCategory`].
    fn check_row(&self, raw: &[f64]) -> Result<()> {
        if raw.len() != self.n_features() {
            return Err(self.wrong_length(raw.len()));
        }
        for ((value, feature), preparation) in raw.iter().zip(&self.schema.features).zip(self.preprocessor.features()) {
            let refuse = |error: Error| Err(error.in_column(&feature.name));
            match &feature.domain {
                _ if value.is_nan() && preparation.fill.is_none() => {
                    let message = "the value is missing, and the model has nothing to stand for it";
                    return refuse(Error::new(ErrorKind::MissingValue, message));
                }
                _ if value.is_nan() => {}
                _ if value.is_infinite() => return refuse(Error::not_finite(*value)),
                Domain::Number(_) => {}
                Domain::Category { categories, counts, .. } => {
                    let position = *value as usize;
                    if position as f64 != *value || position > categories.len() {
                        let message = format!(
                            "expected the position of a category, 0 to {}, found {}",
                            categories.len() - 1,
                            Decimal(*value)
                        );
                        return refuse(Error::new(ErrorKind::UnseenCategory, message));
                    }
                    // A category may have been in rows held out only.
                    let is_seen = counts.get(position).is_some_and(|count| *count > 0);
                    if !is_seen && !preparation.takes_unseen {
                        let label = categories.get(position).unwrap_or(Label::Text("of this row"));
                        return refuse(unseen(label, categories));
                    }
                }
            }
        }
        Ok(())
    }
}
