//! How much each feature matters.

use super::proof::Values;
use super::{HAS_GRAPHS, Model};

impl Model {
    /// Per feature how much it matters: at least 0, in the units of a score, comparable within one model. Of a linear model it is
    /// the largest change of a score for one standard deviation of a column, of trees the root of the variance that splits
    /// explain, of a graph half of how far a score goes as the feature alone takes its values.
    pub fn importance(&self) -> Vec<f64> {
        match self.estimator.importance(&self.preprocessor) {
            None if HAS_GRAPHS => reach(self),
            importance => importance.unwrap_or_default(),
        }
    }
}

/// Per feature half the distance between the least and the largest of a score, of several scores the largest one, where the
/// feature takes the values of the proof rows and all others are typical.
fn reach(model: &Model) -> Vec<f64> {
    let all: Vec<Values> = model.schema.features.iter().map(Values::of).collect();
    let mut row: Vec<f64> = all.iter().map(|values| values.typical).collect();
    let mut scores = Vec::new();
    let mut reach_of = |(feature, values): (usize, &Values)| {
        let mut bounds = vec![(f64::INFINITY, f64::NEG_INFINITY); model.estimator.n_scores()];
        for value in values.varied.iter().chain([&values.typical]) {
            row[feature] = *value;
            // A value that the model refuses is none that it can tell apart.
            if model.scores(&row, &mut scores).is_ok() {
                for ((least, largest), score) in bounds.iter_mut().zip(&scores) {
                    (*least, *largest) = (score.min(*least), score.max(*largest));
                }
            }
        }
        row[feature] = values.typical;
        bounds.iter().map(|(least, largest)| (largest - least) / 2.0).fold(0.0, f64::max)
    };
    all.iter().enumerate().map(&mut reach_of).collect()
}
