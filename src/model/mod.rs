//! A fitted model: schema, preprocessing, estimator and where they come from. There is no way to score raw inputs
//! without the preprocessing that was fitted with the estimator.

mod assemble;
pub mod calibration;
mod checks;
mod codec;
mod conformal;
mod decision;
mod estimator;
mod evaluation;
mod importance;
mod invalid;
mod parts;
mod proof;
mod provenance;
pub(crate) mod record;
mod rows;

pub use calibration::{Calibration, Isotonic};
pub(crate) use codec::hexadecimal;
pub use conformal::{Conformal, ConformalBound};
pub use decision::Decision;
pub(crate) use estimator::ScoreParts;
pub use estimator::*;
pub use evaluation::{CrossValidation, Evaluation, FoldMetric, MOST_CONFUSED, Metric, Metrics, Split, ThresholdCounts};
pub use parts::ModelParts;
pub use provenance::{
    BoostingRecord, Certificate, ClassWeight, FitRecord, ForestKind, ForestRecord, Import, Interactions, LinearRecord,
    Origin, OutOfBag, Provenance, RegressionLoss, StandardErrors,
};
pub use record::Record;
pub(crate) use rows::RowsPredictor;

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::preprocess::{Missing, Preprocessor};
use crate::table::{Domain, Labels, Schema, TargetSchema, Task, unseen};

/// A model that can predict. Every model has passed [`Model::assemble`] and reproduces its proof rows.
///
/// ```
/// use tepal::{Model, Prediction};
///
/// # fn main() -> tepal::Result<()> {
/// # let table = tepal::Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n")?;
/// # let file: Vec<u8> = tepal::Pipeline::new("y").train(&table)?.encode()?;
/// // `file` holds the bytes of a model file.
/// let model = Model::decode(&file)?;
/// assert_eq!(model.schema().features[0].name, "x");
/// assert_eq!(model.predict(&[6.0])?, Prediction::Value(15.0));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    schema: Schema,
    preprocessor: Preprocessor,
    estimator: Estimator,
    link: Link,
    calibration: Option<Calibration>,
    decision: Option<Decision>,
    conformal: Option<Conformal>,
    name: String,
    record: Record,
    /// The outputs on the rows of [`proof::rows`], one row after the other.
    proof: Vec<f64>,
    /// The SHA-256 of the first part of its file.
    digest: [u8; 32],
}

impl Model {
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

    /// How far predictions may be off, if that was measured.
    pub fn conformal(&self) -> Option<&Conformal> {
        self.conformal.as_ref()
    }

    /// Of two classes the position of the one that is looked for.
    pub fn positive(&self) -> Option<usize> {
        match self.schema.target {
            TargetSchema::Classes { positive, .. } => positive,
            TargetSchema::Number { .. } => None,
        }
    }

    /// The model's name, for people; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the model comes from.
    ///
    /// # Errors
    /// Why that cannot be read, for a file that is damaged beside all that predicting needs.
    pub fn origin(&self) -> Result<Origin> {
        self.record.origin()
    }

    /// The file of another tool that the model was read from, if it was.
    pub fn imported(&self) -> Option<Import> {
        self.record.value().ok().and_then(Import::of_record)
    }

    /// How the model was fitted and what it achieved.
    ///
    /// # Errors
    /// Those of [`Model::origin`]; [`ErrorKind::NotFound`] for a model that was fitted elsewhere.
    pub fn provenance(&self) -> Result<Provenance> {
        match self.origin()? {
            Origin::Fitted(provenance) => Ok(*provenance),
            Origin::Imported(Import { source, .. }) => {
                let message = format!("the model was fitted by {source}, so there is no record of its fit");
                Err(Error::new(ErrorKind::NotFound, message))
            }
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
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
        self.schema.target.classes().map_or(1, Labels::len)
    }

    /// How many proof rows the model carries, all of which it reproduces.
    pub fn n_proof_rows(&self) -> usize {
        self.proof.len() / self.n_outputs()
    }

    /// How scores become outputs.
    pub fn link(&self) -> Link {
        self.link
    }

    /// The family's name in the field's terms, and of a mean of trees that of its learner.
    pub fn family(&self) -> &'static str {
        let learner =
            self.record.get("training").and_then(|training| training.get("solver")).and_then(record::Value::text);
        match (self.estimator.family(self.link()), learner) {
            ("random forest" | "decision tree", Some("extra-trees")) => "extra-trees",
            ("decision tree", Some("forest")) => "random forest",
            (family, _) => family,
        }
    }

    /// The coefficients of each score of a linear model; none for other families. A regression and a classification of two
    /// classes (the log-odds of the second) have one score. More classes have one score each.
    pub fn coefficients(&self) -> Vec<OutputCoefficients> {
        self.estimator.as_linear().map(|linear| linear.coefficients(&self.preprocessor)).unwrap_or_default()
    }

    /// Predicts one row of raw values in the order of the schema: one number for a regression, the classes'
    /// probabilities in sorted order for a classification. `out` is replaced.
    ///
    /// # Errors
    /// Those of [`Model::check_row`]; [`ErrorKind::NotFinite`] when the result overflows.
    pub(crate) fn outputs(&self, raw: &[f64], out: &mut Vec<f64>) -> Result<()> {
        self.outputs_by(raw, &mut Vec::with_capacity(self.preprocessor.n_columns()), out)
    }

    /// The same with room for the prepared row, which is reused from row to row.
    pub(crate) fn outputs_by(&self, raw: &[f64], prepared: &mut Vec<f64>, out: &mut Vec<f64>) -> Result<()> {
        self.scores_by(raw, prepared, out)?;
        self.link_scores(out);
        Ok(())
    }

    /// Makes outputs of the scores of a row.
    fn link_scores(&self, out: &mut Vec<f64>) {
        match (&self.calibration, self.positive()) {
            (Some(calibration), Some(positive)) => {
                // The one score is for the second class.
                let link = self.link();
                let score = if positive == 1 { out[0] } else { link.turned(out[0]) };
                let [of_positive, of_other] = calibration.probabilities(link, score);
                out.clear();
                out.extend(if positive == 1 { [of_other, of_positive] } else { [of_positive, of_other] });
            }
            _ => self.link.apply(out, self.estimator.precision()),
        }
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
        let are_possible = !self.estimator.is_partial() || self.link.takes_shares(out);
        match are_possible && out.iter().all(|score| self.link.takes(*score, self.estimator.precision())) {
            true => Ok(()),
            false if self.estimator.is_partial() => {
                let message = "the model has no answer for these values: one is missing, too large, or of another kind than it takes";
                Err(Error::new(ErrorKind::NotFinite, message))
            }
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
    pub(crate) fn check_row(&self, raw: &[f64]) -> Result<()> {
        if raw.len() != self.n_features() {
            return Err(self.wrong_length(raw.len()));
        }
        for ((value, feature), transform) in raw.iter().zip(&self.schema.features).zip(self.preprocessor.features()) {
            let refuse = |error: Error| Err(error.in_column(&feature.name));
            match &feature.domain {
                _ if value.is_nan() && transform.missing == Missing::Refuse => {
                    let message = match self.estimator.accepts_missing() {
                        _ if self.record.get("imported").is_some() => {
                            "the value is missing, and the model takes none here; give one"
                        }
                        true => {
                            "the value is missing, and every training row had one; give one, or train the model with \
                                 --impute-always"
                        }
                        false => {
                            "the value is missing, and every training row had one; give one, or train the model with \
                                  --impute-always and a value to impute"
                        }
                    };
                    return refuse(Error::new(ErrorKind::MissingValue, message));
                }
                _ if value.is_nan() => {}
                _ if value.is_infinite() => return refuse(Error::not_finite(*value)),
                Domain::Number(_) => {}
                Domain::Category { categories, .. } => {
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
                    if !feature.has_seen(position) && !transform.accepts_unseen {
                        let Some(label) = categories.get(position) else {
                            let message = "the position is that of a category which training did not have, and the \
                                           model accepts none";
                            return refuse(Error::new(ErrorKind::UnseenCategory, message));
                        };
                        return refuse(unseen(label, categories));
                    }
                }
            }
        }
        Ok(())
    }
}
