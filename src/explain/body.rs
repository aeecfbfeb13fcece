//! What each feature adds to a score, as it crosses the edges.

use super::Explanation;
use crate::model::Model;
use crate::model::record::Value;
use crate::table::Label;
use serde::{Serialize, Serializer};

/// The parts of one score of a row, to be written as JSON or as a JavaScript object: see [`Explanation`].
///
/// `class` (null for a regression), `score`, `baseline`, and `contributions`, each a `feature` and its `contribution`.
#[derive(Debug)]
pub struct ExplanationBody<'m> {
    class: Option<Label<'m>>,
    score: f64,
    baseline: f64,
    contributions: Vec<ContributionBody<'m>>,
}

#[derive(Debug)]
struct ContributionBody<'m> {
    feature: &'m str,
    contribution: f64,
}

impl<'m> ExplanationBody<'m> {
    /// The parts by the features' names.
    pub fn of(model: &'m Model, explanation: Explanation<'m>) -> Self {
        let Explanation { class, score, baseline, contributions } = explanation;
        let names = model.schema().features.iter().map(|feature| feature.name.as_str());
        let body = |(feature, contribution)| ContributionBody { feature, contribution };
        Self { class, score, baseline, contributions: names.zip(contributions).map(body).collect() }
    }

    /// The same as a value without a type.
    pub(crate) fn value(&self) -> Value {
        let contributions = self.contributions.iter().map(|ContributionBody { feature, contribution }| {
            Value::fields([("feature", (*feature).into()), ("contribution", (*contribution).into())])
        });
        Value::fields([
            ("class", self.class.into()),
            ("score", self.score.into()),
            ("baseline", self.baseline.into()),
            ("contributions", Value::list(contributions)),
        ])
    }
}

impl Serialize for ExplanationBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}
