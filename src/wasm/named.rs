//! One row by names, to and from JavaScript: names and classes cross the boundary once for a loaded model.

use super::{row, value};
use crate::error::Result;
use crate::js_error::set;
use crate::model::Model;
use crate::predict::Value;
use crate::table::{Domain, Label, Labels};
use js_sys::{Array, Map, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/wasm/rows.js")]
extern "C" {
    /// What a loaded model keeps for rows by names.
    pub(super) type RowNames;

    #[wasm_bindgen(constructor)]
    fn new(features: Array, positions: Array, classes: JsValue) -> RowNames;

    #[wasm_bindgen(method, catch)]
    fn read(this: &RowNames, row: &JsValue, values: &mut [f64]) -> std::result::Result<bool, JsValue>;

    #[wasm_bindgen(method)]
    fn prediction(this: &RowNames, outputs: &[f64], predicted: usize) -> Object;
}

impl RowNames {
    /// The names of a model, and each category with its position as [`Model::value`] reads it.
    pub(super) fn of(model: &Model) -> Self {
        let schema = model.schema();
        let features = schema.features.iter().map(|feature| JsValue::from_str(&feature.name));
        // Where a number stands for a missing value, each is read by the model, as for a category without names.
        let is_plain = !schema.missing.iter().any(|text| text.contains(|sign: char| sign.is_ascii_digit()));
        let positions = schema.features.iter().enumerate().map(|(at, feature)| match &feature.domain {
            Domain::Number(_) if is_plain => JsValue::NULL,
            Domain::Number(_) => Map::new().into(),
            Domain::Category { categories, .. } => positions(model, at, categories).into(),
        });
        let classes = |classes: &Labels| classes.iter().map(label).collect::<Array>().into();
        let classes = schema.target.classes().map_or(JsValue::NULL, classes);
        Self::new(features.collect(), positions.collect(), classes)
    }

    /// The row as [`Model::predict`] takes it.
    ///
    /// # Errors
    /// Those of [`Model::row`].
    pub(super) fn row(&self, model: &Model, row: &JsValue) -> Result<Vec<f64>> {
        // Errors about names say more than those about positions.
        if let Some(values) = self.plain(model, row).filter(|values| model.check_row(values).is_ok()) {
            return Ok(values);
        }
        let pairs = row::pairs(row)?;
        model.row(pairs.iter().map(|(name, cell)| (name.as_str(), cell)))
    }

    /// The prediction of a row, as an object in the shape of [`crate::predict::PredictionBody`].
    ///
    /// # Errors
    /// Those of [`Model::predict_named`].
    pub(super) fn predict(&self, model: &Model, row: &JsValue) -> Result<JsValue> {
        let (values, mut outputs) = (self.row(model, row)?, Vec::with_capacity(model.n_outputs()));
        model.outputs(&values, &mut outputs)?;
        Ok(self.answer(model, &values, &outputs))
    }

    /// The prediction of a row of values with these outputs.
    pub(super) fn answer(&self, model: &Model, values: &[f64], outputs: &[f64]) -> JsValue {
        let prediction = self.prediction(outputs, model.decide(outputs));
        for (name, value) in model.beside(values, outputs) {
            set(&prediction, name, &value::to_js(&value));
        }
        prediction.into()
    }

    /// The values, where the names are the features and the values plain.
    fn plain(&self, model: &Model, row: &JsValue) -> Option<Vec<f64>> {
        let mut values = vec![0.0; model.n_features()];
        // What a getter threw is said where rows are read pair by pair.
        matches!(self.read(row, &mut values), Ok(true)).then_some(values)
    }
}

/// The categories that a row may call by name.
fn positions(model: &Model, feature: usize, categories: &Labels) -> Map {
    let positions = Map::new();
    for name in categories.iter() {
        let value = match name {
            Label::Text(text) => Value::Text(text),
            Label::Number(number) => Value::Number(number),
        };
        if let Ok(position) = model.value(feature, value) {
            positions.set(&label(name), &position.into());
        }
    }
    positions
}

fn label(label: Label<'_>) -> JsValue {
    match label {
        Label::Text(text) => text.into(),
        Label::Number(number) => number.into(),
    }
}
