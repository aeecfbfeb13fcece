//! One row by names, to and from JavaScript: names and classes cross the boundary once, when the model is opened.

use super::row;
use crate::error::Result;
use crate::model::Model;
use crate::predict::{Cell, Prediction};
use crate::table::{Domain, Label, Labels};
use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What a loaded model keeps for rows by names.
pub(super) struct Names {
    /// The features' names, joined.
    features: JsString,
    classes: Vec<JsValue>,
    class: JsValue,
    prediction: JsValue,
    probability: JsValue,
    probabilities: JsValue,
}

impl Names {
    pub(super) fn new(model: &Model) -> Self {
        let names = model.schema().features.iter().map(|feature| JsValue::from_str(&feature.name));
        let classes = model.schema().target.classes().into_iter().flat_map(Labels::iter);
        Self {
            features: joined(&names.collect()),
            classes: classes.map(label).collect(),
            class: "class".into(),
            prediction: "prediction".into(),
            probability: "probability".into(),
            probabilities: "probabilities".into(),
        }
    }

    /// The row as [`Model::predict`] takes it.
    ///
    /// # Errors
    /// Those of [`Model::row`].
    pub(super) fn row(&self, model: &Model, row: &JsValue) -> Result<Vec<f64>> {
        if let Some(values) = self.numbers(model, row) {
            return Ok(values);
        }
        let pairs = row::pairs(row)?;
        model.row(pairs.iter().map(|(name, cell)| (name.as_str(), cell)))
    }

    /// The values of a row whose names are the features in their order, and whose values are plain: numbers that are not
    /// called missing, and text for categories. `None` for any other row.
    fn numbers(&self, model: &Model, row: &JsValue) -> Option<Vec<f64>> {
        let object: &Object = row.dyn_ref().filter(|_| !Array::is_array(row))?;
        let keys = Object::keys(object);
        if joined(&keys) != self.features || keys.length() as usize != model.n_features() {
            return None;
        }
        let mut values = Vec::with_capacity(model.n_features());
        for (feature, key) in keys.iter().enumerate() {
            // A getter may throw: that is said where rows are read pair by pair.
            let value = Reflect::get(object, &key).ok()?;
            let is_number = matches!(model.schema().features[feature].domain, Domain::Number(_));
            let cell = match (value.as_f64(), is_number) {
                (Some(number), _) => Cell::Number(number),
                (None, false) => Cell::Text(value.as_string()?),
                (None, true) => return None,
            };
            values.push(model.value(feature, (&cell).into()).ok()?);
        }
        Some(values)
    }

    /// The prediction of a row, as an object.
    ///
    /// # Errors
    /// Those of [`Model::predict_named`].
    pub(super) fn predict(&self, model: &Model, row: &JsValue) -> Result<JsValue> {
        Ok(self.object(&model.predict(&self.row(model, row)?)?))
    }

    /// The shape of [`crate::predict::PredictionBody`], by way of texts that JavaScript already has.
    fn object(&self, prediction: &Prediction<'_>) -> JsValue {
        let object = Object::new();
        // Setting a property of an object that was just made cannot fail.
        let set = |object: &Object, name: &JsValue, value: &JsValue| drop(Reflect::set(object, name, value));
        match prediction {
            Prediction::Value(value) => set(&object, &self.prediction, &(*value).into()),
            Prediction::Class { probabilities, predicted, .. } => {
                set(&object, &self.prediction, &self.classes[*predicted]);
                set(&object, &self.probability, &probabilities[*predicted].into());
                let pairs = self.classes.iter().zip(probabilities).map(|(class, probability)| {
                    let pair = Object::new();
                    set(&pair, &self.class, class);
                    set(&pair, &self.probability, &(*probability).into());
                    pair
                });
                set(&object, &self.probabilities, &pairs.collect::<Array>());
            }
        }
        object.into()
    }
}

/// The names in one text. A name may have the characters that stand between them, so the number of names counts too.
fn joined(names: &Array) -> JsString {
    names.join("\u{0}\u{1}")
}

fn label(label: Label<'_>) -> JsValue {
    match label {
        Label::Text(text) => text.into(),
        Label::Number(number) => number.into(),
    }
}
