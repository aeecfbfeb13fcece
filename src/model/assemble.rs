//! From parts to a model, with every check.

use super::{
    Calibration, Conformal, CrossValidation, Decision, Evaluation, FoldMetric, Model, ModelParts, checks, proof,
};
use crate::error::{Decimal, Error, ErrorKind, Result};

impl Model {
    /// Puts a model together: the only way there is one. Every part is checked, also against the others, and the proof
    /// rows are replayed.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidModel`] for parts that do not fit together; [`ErrorKind::NotFinite`] when coefficients overflow
    /// on the original scale, or an output on a row within the range of the training data;
    /// [`ErrorKind::ProofMismatch`] with the first proof row whose recorded outputs differ in any bit;
    /// [`ErrorKind::LimitExceeded`] when the model file would be too large; those of [`Model::predict`] on a proof row.
    pub fn assemble(parts: ModelParts) -> Result<Self> {
        let mut model = Self::checked(parts)?;
        model.digest = model.first_digest()?;
        Ok(model)
    }

    /// A model before its digest is set: a file brings its own, which may be of an earlier version.
    pub(super) fn checked(parts: ModelParts) -> Result<Self> {
        checks::check(&parts)?;
        let ModelParts { schema, preprocessor, estimator, link, calibration, decision, conformal, name, record, proof } =
            parts;
        let (digest, no_proof) = ([0; 32], Vec::new());
        let mut model = Self {
            schema,
            preprocessor,
            estimator,
            link,
            calibration,
            decision,
            conformal,
            name,
            record,
            proof: no_proof,
            digest,
        };
        let found = proof::replay(&model)?;
        if let Some(expected) = proof {
            proof::compare(&found, &expected, model.n_outputs())?;
        }
        model.proof = found;
        Ok(model)
    }

    /// The parts, with the proof that was recorded.
    pub fn into_parts(self) -> ModelParts {
        let Self {
            schema, preprocessor, estimator, link, calibration, decision, conformal, name, record, proof, ..
        } = self;
        let proof = Some(proof);
        ModelParts { schema, preprocessor, estimator, link, calibration, decision, conformal, name, record, proof }
    }

    /// The same model with what it achieved on rows held out, and over folds.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] when a figure overflowed; those of [`Model::assemble`].
    pub fn with_evaluation(
        self,
        evaluation: Option<Evaluation>,
        cross_validation: Option<CrossValidation>,
    ) -> Result<Self> {
        let is_finite =
            |figure: &FoldMetric| figure.mean.is_finite() && figure.standard_deviation.is_none_or(f64::is_finite);
        if evaluation.as_ref().is_some_and(|evaluation| !evaluation.is_finite())
            || !cross_validation.iter().flat_map(|folds| &folds.figures).all(is_finite)
        {
            let message = "the held-out rows are so far off that their error overflows; rescale the target";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        let mut parts = self.into_parts();
        parts.record.set("heldOut", evaluation.as_ref().map(Evaluation::to_record).into());
        parts.record.set("crossValidation", cross_validation.as_ref().map(CrossValidation::to_record).into());
        Self::assemble(parts)
    }

    /// The same model of two classes with calibrated probabilities, and a way to decide. Conformal bounds of other
    /// probabilities are left out.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a model of more classes, or of numbers, and for a threshold that is not from 0 to
    /// 1; those of [`Model::assemble`].
    pub fn with_decision(self, calibration: Option<Calibration>, decision: Option<Decision>) -> Result<Self> {
        if (calibration.is_some() || decision.is_some()) && self.positive().is_none() {
            let message = "calibration and thresholds are for models of two classes";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        if let Some(decision) = decision.as_ref().filter(|decision| !(0.0..=1.0).contains(&decision.threshold)) {
            let message = format!("expected a threshold from 0 to 1, found {}", Decimal(decision.threshold));
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        Self::assemble(ModelParts { calibration, decision, conformal: None, proof: None, ..self.into_parts() })
    }

    /// The same model with what is known of how far its predictions may be off.
    ///
    /// # Errors
    /// Those of [`Model::assemble`].
    pub fn with_conformal(self, conformal: Conformal) -> Result<Self> {
        Self::assemble(ModelParts { conformal: Some(conformal), ..self.into_parts() })
    }
}
