//! What a model is put together from.

use super::{Calibration, Conformal, Decision, Estimator, Link, Origin, Record};
use crate::preprocess::Preprocessor;
use crate::table::Schema;

/// What a model is put together from, by a fit, by a file or by an import.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ModelParts {
    /// What the model expects and predicts.
    pub schema: Schema,
    /// How raw values are prepared.
    pub preprocessor: Preprocessor,
    /// The fitted function of prepared values.
    pub estimator: Estimator,
    /// How its scores become predictions.
    pub link: Link,
    /// The calibration of the probability of the positive class, of two classes.
    pub calibration: Option<Calibration>,
    /// How one of two classes is predicted; by default the more probable one is.
    pub decision: Option<Decision>,
    /// How far predictions may be off.
    pub conformal: Option<Conformal>,
    /// The model's name, for people; may be empty.
    pub name: String,
    /// Where the model comes from.
    pub record: Record,
    /// The outputs that the proof rows must have, one row after the other; `None` to compute them, also after another part
    /// was changed.
    pub proof: Option<Vec<f64>>,
}

impl ModelParts {
    /// Parts without calibration, decision, conformal bounds and recorded proof.
    pub fn new(
        name: String,
        schema: Schema,
        preprocessor: Preprocessor,
        estimator: Estimator,
        link: Link,
        origin: &Origin,
    ) -> Self {
        let record = Record::new(match origin {
            Origin::Fitted(provenance) => provenance.to_record(),
            Origin::Imported(import) => import.to_record(),
        });
        let (calibration, decision, conformal, proof) = (None, None, None, None);
        Self { schema, preprocessor, estimator, link, calibration, decision, conformal, name, record, proof }
    }
}
