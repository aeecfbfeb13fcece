//! What each feature adds to a score, as it crosses the edges.

use super::Explanation;
use crate::model::record::Value;
use crate::model::{HAS_GRAPHS, Model};
use serde::{Serialize, Serializer};

/// The parts of one score of a row, to be written as JSON or as a JavaScript object: see [`Explanation`].
///
/// `class` (null for a regression), `score`, `baseline`, and `contributions`, each a `feature` and its `contribution`, with
/// `standardError` where it is estimated.
#[derive(Debug)]
pub struct ExplanationBody<'m> {
    model: &'m Model,
    explanation: Explanation<'m>,
}

impl<'m> ExplanationBody<'m> {
    /// The parts by the features' names.
    pub fn of(model: &'m Model, explanation: Explanation<'m>) -> Self {
        Self { model, explanation }
    }

    pub(crate) fn value(&self) -> Value {
        let Explanation { class, score, baseline, contributions, standard_errors } = &self.explanation;
        let contributions = self.model.schema().features.iter().zip(contributions).enumerate();
        let contributions = contributions.map(|(at, (feature, contribution))| {
            let part =
                Value::fields([("feature", feature.name.as_str().into()), ("contribution", (*contribution).into())]);
            match standard_errors.get(at) {
                Some(error) if HAS_GRAPHS => part.with("standardError", (*error).into()),
                _ => part,
            }
        });
        Value::fields([
            ("class", (*class).into()),
            ("score", (*score).into()),
            ("baseline", (*baseline).into()),
            ("contributions", Value::list(contributions)),
        ])
    }
}

impl Serialize for ExplanationBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}
