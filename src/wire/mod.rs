//! What crosses the edges: the shapes of errors, predictions and descriptions, the same to JavaScript and over HTTP.
//!
//! Probabilities go out as a list of pairs in class order, not as an object keyed by class name: a class may be called
//! `__proto__`, and objects put names that look like numbers first.

mod cell;
#[cfg(feature = "train")]
mod csv_lines;
mod description;
mod explanation;
#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
mod predictions;

pub use cell::Cell;
#[cfg(feature = "train")]
pub use csv_lines::CsvLines;
pub use description::Description;
pub use explanation::ExplanationBody;
#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
pub use predictions::{Format, PredictionLines};

use crate::error::Error;
use crate::predict::Prediction;
use crate::table::Label;
use serde::{Serialize, Serializer};

impl Serialize for Label<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
        }
    }
}

/// An error: `{"error": message with its place, "kind": word}` and `row`, `column`, `byte` where there is one.
#[derive(Debug, Serialize)]
pub struct ErrorBody<'a> {
    error: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<u64>,
}

impl<'a> From<&'a Error> for ErrorBody<'a> {
    fn from(error: &'a Error) -> Self {
        let place = error.place();
        Self {
            error: error.to_string(),
            kind: error.kind().as_str(),
            row: place.row,
            column: place.column.as_deref(),
            byte: place.byte,
        }
    }
}

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
