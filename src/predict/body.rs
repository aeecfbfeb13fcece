//! Predictions as they cross the edges: one shape to JavaScript and over HTTP.
//!
//! Probabilities go out as a list of pairs in class order, not as an object keyed by class name: a class may be called
//! `__proto__`, and objects put names that look like numbers first.

use super::Prediction;
use crate::model::Model;
use crate::model::record::Value;
use crate::table::Label;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The prediction of a row, to be written as JSON.
///
/// `prediction` is the class or the number. A classification has `probability`, that of the predicted class, and
/// `probabilities`, those of all in sorted class order. A model with [conformal bounds](Model::conformal) adds `intervals`, each
/// with `level`, `lower` and `upper`, or `sets`, each with `level` and `classes`. A row with missing values adds `imputed`, the
/// features that the model imputed.
#[derive(Debug)]
pub struct PredictionBody<'m> {
    prediction: Prediction<'m>,
    beside: Vec<(&'static str, Value)>,
}

#[derive(Serialize)]
struct ClassProbability<'m> {
    class: Label<'m>,
    probability: f64,
}

impl<'m> PredictionBody<'m> {
    /// What a model says of a row: its values as [`Model::predict`] takes them, and its outputs as
    /// [`Model::predict_many`] gives them.
    pub fn of(model: &'m Model, row: &[f64], outputs: &[f64]) -> Self {
        Self { prediction: model.prediction(outputs), beside: model.beside(row, outputs) }
    }
}

impl Serialize for PredictionBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.prediction {
            Prediction::Value(value) => map.serialize_entry("prediction", value)?,
            Prediction::Class { classes, probabilities, predicted } => {
                let pairs = classes.iter().zip(probabilities);
                let pairs = pairs.map(|(class, probability)| ClassProbability { class, probability: *probability });
                map.serialize_entry("prediction", &classes.get(*predicted))?;
                map.serialize_entry("probability", &probabilities[*predicted])?;
                map.serialize_entry("probabilities", &pairs.collect::<Vec<_>>())?;
            }
        }
        self.beside.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}
