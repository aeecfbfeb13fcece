//! Why a model says what it says of a row: what each feature adds to the score.

mod body;
mod sampled;

pub use body::ExplanationBody;

use crate::error::Result;
use crate::model::{HAS_GRAPHS, Model, ScoreParts};
use crate::table::{Label, TargetSchema};

/// The parts of one score of a row.
///
/// Baseline and contributions add up to the score. For a linear model the baseline is the score where every column is at
/// its training mean. A category's columns and a missing indicator count for their feature. Of linear models and trees they are
/// exact. Of other families they are Shapley values that are estimated, from rows made of the ranges of the features.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation<'m> {
    /// The class whose score this is; `None` for a regression.
    pub class: Option<Label<'m>>,
    /// The score: the predicted value; of two classes the log-odds of the positive one, before any calibration; of more
    /// classes what the softmax is taken of. Of a mean of trees it is the probability of the class.
    pub score: f64,
    /// The score where every column is at its training mean.
    pub baseline: f64,
    /// What each feature adds, in the order of the schema. Baseline and contributions add up to the score.
    pub contributions: Vec<f64>,
    /// The standard errors of the contributions; none where these are exact.
    pub standard_errors: Vec<f64>,
}

impl Model {
    /// Parts the scores of a row, which is as [`Model::predict`] takes it: one for a regression and for two classes, one per
    /// class for more.
    ///
    /// # Errors
    /// Those of [`Model::predict`].
    pub fn explain(&self, values: &[f64]) -> Result<Vec<Explanation<'_>>> {
        let mut scores = Vec::with_capacity(self.n_outputs());
        self.scores(values, &mut scores)?;
        let mut prepared = Vec::with_capacity(self.preprocessor().n_columns());
        self.preprocessor().transform_row(values, &mut prepared);
        let exact = self.estimator().score_parts(self.preprocessor(), &prepared);
        let parts = match exact {
            None if HAS_GRAPHS => sampled::score_parts(self, values)?,
            exact => exact.unwrap_or_default(),
        };
        let parts = parts.into_iter().zip(scores);
        let link = self.link();
        let explanation = |(output, (parts, score)): (usize, (ScoreParts, f64))| {
            let (class, is_turned) = match &self.schema().target {
                TargetSchema::Number { .. } => (None, false),
                // The one score is for the second class.
                TargetSchema::Classes { classes, positive: Some(positive), .. } => {
                    (classes.get(*positive), *positive != 1)
                }
                TargetSchema::Classes { classes, positive: None, .. } => (classes.get(output), false),
            };
            // Nothing added is 0, not -0.
            let contributions =
                parts.contributions.into_iter().map(|part| if is_turned { -part } else { part } + 0.0).collect();
            let of = |score: f64| if is_turned { link.turned(score) } else { score };
            Explanation {
                class,
                score: of(score),
                baseline: of(parts.baseline),
                contributions,
                standard_errors: parts.standard_errors,
            }
        };
        Ok(parts.enumerate().map(explanation).collect())
    }
}
