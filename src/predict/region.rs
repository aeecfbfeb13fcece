//! How sure a prediction is: an interval of numbers or a set of classes that holds the truth with a stated probability, and
//! the features whose value is not the row's own.

use super::most_probable;
use crate::model::record::Value;
use crate::model::{Conformal, ConformalBound, Link, Model};
use crate::preprocess::FeatureTransform;
use crate::table::{Domain, Label, NumberDomain, Task};

/// Numbers between which the target lies with some probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// That probability, between 0 and 1.
    pub level: f64,
    /// The smallest of them.
    pub lower: f64,
    /// The largest of them.
    pub upper: f64,
}

/// Classes among which the true one is with some probability.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassSet<'m> {
    /// That probability, between 0 and 1.
    pub level: f64,
    /// The classes in sorted order; the most probable one is among them, whatever the threshold of a decision.
    pub classes: Vec<Label<'m>>,
}

impl Model {
    /// Around a predicted number an interval for each level that the model has [bounds](Model::conformal) of, in ascending
    /// order. A limit that no number reaches is the largest one; where the score is a logarithm none is below 0.
    pub fn intervals(&self, predicted: f64) -> Vec<Interval> {
        self.bounds().iter().map(|bound| self.interval(predicted, bound)).collect()
    }

    /// Of the classes' probabilities, in class order, a set for each level that the model has [bounds](Model::conformal) of,
    /// in ascending order.
    pub fn class_sets(&self, probabilities: &[f64]) -> Vec<ClassSet<'_>> {
        self.bounds().iter().map(|bound| self.class_set(probabilities, bound)).collect()
    }

    fn interval(&self, predicted: f64, bound: &ConformalBound) -> Interval {
        // Where the score is a logarithm, no target is below 0.
        let least = if self.link() == Link::Exp { 0.0 } else { f64::MIN };
        Interval {
            level: bound.level(),
            lower: (predicted - bound.bound).max(least),
            upper: (predicted + bound.bound).min(f64::MAX),
        }
    }

    fn class_set(&self, probabilities: &[f64], bound: &ConformalBound) -> ClassSet<'_> {
        let (mut classes, first) = (Vec::new(), most_probable(probabilities));
        for (at, probability) in probabilities.iter().enumerate() {
            if at == first || *probability >= bound.bound {
                classes.extend(self.schema().target.classes().and_then(|labels| labels.get(at)));
            }
        }
        ClassSet { level: bound.level(), classes }
    }

    /// The features that a row has no value of, so that its prediction rests on an imputed one. Trees impute none.
    pub fn imputed<'m>(&'m self, row: &[f64]) -> impl Iterator<Item = &'m str> {
        let features = self.schema().features.iter().zip(self.preprocessor().features()).zip(row);
        let is_imputed = |transform: &FeatureTransform| transform.imputed_value().is_some();
        features
            .filter(move |((_, transform), value)| value.is_nan() && is_imputed(transform))
            .map(|((feature, _), _)| feature.name.as_str())
    }

    /// The features, by position, of which a row has a number outside the training range. None of a model of another tool, which
    /// does not say what its training rows were.
    pub fn outside<'m>(&'m self, row: &'m [f64]) -> impl Iterator<Item = usize> + 'm {
        let features = self.schema().features.iter().zip(row).enumerate();
        features.filter_map(|(at, (feature, value))| match &feature.domain {
            Domain::Number(NumberDomain { minimum, maximum, are_from_splits: false, .. }) => {
                (value < minimum || value > maximum).then_some(at)
            }
            _ => None,
        })
    }

    /// The conformal bounds, in ascending order of their levels; none for a model without.
    pub(crate) fn bounds(&self) -> &[ConformalBound] {
        self.conformal().map_or(&[], Conformal::bounds)
    }

    /// What stands beside a row's prediction at the edges: `intervals` or `sets` where the model has bounds, and `imputed`
    /// where values were.
    pub(crate) fn beside(&self, row: &[f64], outputs: &[f64]) -> Vec<(&'static str, Value)> {
        // Loops make the predict build 1 KB smaller than iterators of Value.
        let (mut fields, mut regions, mut imputed) = (Vec::new(), Vec::new(), Vec::new());
        for bound in self.bounds() {
            let mut region = Value::fields([("level", bound.level().into())]);
            match self.task() {
                Task::Regression => {
                    let Interval { lower, upper, .. } = self.interval(outputs[0], bound);
                    region.set("lower", lower.into());
                    region.set("upper", upper.into());
                }
                Task::Classification => {
                    let mut classes = Vec::new();
                    for class in self.class_set(outputs, bound).classes {
                        classes.push(class.into());
                    }
                    region.set("classes", Value::List(classes));
                }
            }
            regions.push(region);
        }
        for feature in self.imputed(row) {
            imputed.push(feature.into());
        }
        let name = if self.task() == Task::Regression { "intervals" } else { "sets" };
        for (name, list) in [(name, regions), ("imputed", imputed)] {
            if !list.is_empty() {
                fields.push((name, Value::List(list)));
            }
        }
        fields
    }
}
