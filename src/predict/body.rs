//! Predictions as they cross the edges: one shape to JavaScript and over HTTP.
//!
//! Probabilities go out as a list of pairs in class order, not as an object keyed by class name: a class may be called
//! `__proto__`, and objects put names that look like numbers first.

use super::Prediction;
use crate::table::Label;
use serde::Serialize;

/// A prediction: `{"prediction": class or number}`, and for a classification `probability`, that of the predicted
/// class, and `probabilities`, those of all in sorted class order.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum PredictionBody<'m> {
    /// Of a classification.
    Class {
        /// The predicted class: the most probable one, unless the model decides by a threshold.
        prediction: Label<'m>,
        /// Its probability.
        probability: f64,
        /// Every class with its probability.
        probabilities: Vec<ClassProbability<'m>>,
    },
    /// Of a regression.
    Value {
        /// The predicted number.
        prediction: f64,
    },
}

/// One class with its probability.
#[derive(Debug, Serialize)]
pub struct ClassProbability<'m> {
    class: Label<'m>,
    probability: f64,
}

impl<'m> From<&'m Prediction<'m>> for PredictionBody<'m> {
    fn from(prediction: &'m Prediction<'m>) -> Self {
        match prediction {
            Prediction::Value(value) => Self::Value { prediction: *value },
            Prediction::Class { classes, probabilities, predicted } => {
                let probabilities: Vec<_> = classes
                    .iter()
                    .zip(probabilities)
                    .map(|(class, probability)| ClassProbability { class, probability: *probability })
                    .collect();
                let ClassProbability { class, probability } = probabilities[*predicted];
                Self::Class { prediction: class, probability, probabilities }
            }
        }
    }
}
