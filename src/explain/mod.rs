//! Why a model says what it says of a row: what each feature adds to the score.

mod body;

pub use body::ExplanationBody;

use crate::error::Result;
use crate::model::{Model, ScoreParts};
use crate::table::{Label, TargetSchema};

/// The parts of one score of a row.
///
/// Baseline and contributions add up to the score. For a linear model the baseline is the score where every column is at
/// its training mean. A category's columns and a missing indicator count for their feature.
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
        let parts = self.estimator().score_parts(self.preprocessor(), &prepared).into_iter().zip(scores);
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
            Explanation { class, score: of(score), baseline: of(parts.baseline), contributions }
        };
        Ok(parts.enumerate().map(explanation).collect())
    }
}

#[cfg(feature = "train")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;
    use crate::table::Table;
    use crate::train::Learner;

    fn model(target: &str, positive: Option<&str>) -> Model {
        let row = |i: usize| {
            let x = if i % 7 == 2 { String::new() } else { (i * 37 % 23).to_string() };
            format!("{x},{},{},{}\n", ["u", "v", "w"][i * 7 % 11 % 3], i * 11 % 17, ["a", "b"][i * 5 % 7 % 2])
        };
        let csv = format!("x,c,n,y\n{}", (0..80).map(row).collect::<String>());
        let mut pipeline = Pipeline::new(target);
        let Learner::Linear(options) = &mut pipeline.learner else { unreachable!() };
        options.preprocess.indicators = true;
        options.preprocess.impute_always = true;
        pipeline.roles.positive = positive.map(str::to_owned);
        pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn the_parts_add_up_to_the_score() {
        for (target, n_outputs) in [("y", 1), ("n", 1), ("c", 3)] {
            let model = model(target, None);
            assert_eq!(model.estimator().n_scores(), n_outputs);
            for row in [[1.0, 1.0, 1.0], [f64::NAN, 0.0, 1.0], [1.0, f64::NAN, f64::NAN]] {
                for explanation in model.explain(&row).unwrap() {
                    let total = explanation.baseline + explanation.contributions.iter().sum::<f64>();
                    assert!((total - explanation.score).abs() < 1e-12, "{explanation:?}");
                }
            }
        }
    }

    #[test]
    fn a_feature_that_becomes_unknown_moves_its_own_part_only() {
        let model = model("y", None);
        let known = &model.explain(&[20.0, 2.0, 9.0]).unwrap()[0];
        let unknown = &model.explain(&[f64::NAN, 2.0, 9.0]).unwrap()[0];
        assert_ne!(known.contributions[0], unknown.contributions[0]);
        assert_eq!(known.contributions[1..], unknown.contributions[1..]);
        assert_eq!(known.baseline, unknown.baseline);
    }

    #[test]
    fn the_positive_class_is_the_one_explained() {
        let (last, first) = (model("y", None), model("y", Some("a")));
        let row = [3.0, 1.0, 5.0];
        let (b, a) = (&last.explain(&row).unwrap()[0], &first.explain(&row).unwrap()[0]);
        assert_eq!((b.class, a.class), (Some(Label::Text("b")), Some(Label::Text("a"))));
        assert_eq!((b.score, b.contributions[0]), (-a.score, -a.contributions[0]));
    }
}
