//! What each feature adds to a score.

use super::Explanation;
use crate::model::Model;
use crate::table::Label;
use serde::Serialize;

/// The parts of one score of a row: see [`Explanation`].
#[derive(Debug, Serialize)]
pub struct ExplanationBody<'m> {
    /// The class whose score it is; null for a regression.
    class: Option<Label<'m>>,
    score: f64,
    baseline: f64,
    contributions: Vec<ContributionBody<'m>>,
}

#[derive(Debug, Serialize)]
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
