//! What each feature adds to a score, as it crosses the edges.

use super::Explanation;
use crate::model::Model;
use crate::table::Label;
use serde::ser::SerializeMap;
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
}

// As maps: for structs the serializer to JavaScript keeps a table of names, which is 1 KB of the predict build.
impl Serialize for ExplanationBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("class", &self.class)?;
        map.serialize_entry("score", &self.score)?;
        map.serialize_entry("baseline", &self.baseline)?;
        map.serialize_entry("contributions", &self.contributions)?;
        map.end()
    }
}

impl Serialize for ContributionBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("feature", self.feature)?;
        map.serialize_entry("contribution", &self.contribution)?;
        map.end()
    }
}
