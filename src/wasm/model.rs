//! Models in JavaScript: a class that stays loaded and a function that does not.

use super::{row, to_js};
use crate::describe::ModelDescription;
use crate::error::{Error, ErrorKind, Result};
use crate::explain::ExplanationBody;
use crate::model::Model;
use crate::predict::{Cell, PredictionBody};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// A model that stays loaded. Free it with `free()` when it is not needed any more.
#[wasm_bindgen(js_name = Model)]
pub struct JsModel {
    pub(super) model: Model,
    /// What a training leaves beside the model's file; null for a model that was opened.
    #[cfg(feature = "train")]
    pub(super) report: JsValue,
}

#[wasm_bindgen(js_class = Model)]
impl JsModel {
    /// Opens a model file and replays its proof rows. Any bytes are safe to pass in.
    pub fn decode(bytes: &[u8]) -> std::result::Result<JsModel, JsValue> {
        Ok(Self {
            model: open(bytes)?,
            #[cfg(feature = "train")]
            report: JsValue::NULL,
        })
    }

    /// What the model expects, what it predicts and where it comes from.
    #[wasm_bindgen(unchecked_return_type = "ModelDescription")]
    pub fn describe(&self) -> std::result::Result<JsValue, JsValue> {
        to_js(&ModelDescription::of(&self.model))
    }

    /// Says what each feature adds to the scores of one row given by feature names: one score for a regression and for two
    /// classes, one per class for more. Baseline and contributions add up to the score.
    #[wasm_bindgen(unchecked_return_type = "Explanation[]")]
    pub fn explain(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Row")] row: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let pairs = row::pairs(row)?;
        let values = row_of(&self.model, &pairs)?;
        let parts = self.model.explain(&values)?.into_iter();
        to_js(&parts.map(|part| ExplanationBody::of(&self.model, part)).collect::<Vec<_>>())
    }

    /// Predicts one row given by feature names.
    #[wasm_bindgen(unchecked_return_type = "Prediction")]
    pub fn predict(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Row")] row: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        predict_row(&self.model, &row::pairs(row)?)
    }

    /// Predicts many rows: the values of one row after the other, in the order of the described features: a number, the
    /// position of a category among the described ones (their number for one that training did not have), or NaN for a
    /// missing value. Answers one
    /// number per row for a regression, one probability per row and class, in class order, for a classification.
    #[wasm_bindgen(js_name = predictMany)]
    pub fn predict_many(&self, values: &[f64]) -> std::result::Result<Vec<f64>, JsValue> {
        Ok(self.model.predict_many(values)?)
    }
}

/// Opens a model file and predicts rows given by feature names, one answer per row.
#[wasm_bindgen(unchecked_return_type = "Prediction[]")]
pub fn predict(
    #[wasm_bindgen(js_name = modelBytes)] model_bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "readonly Row[]")] rows: &JsValue,
) -> std::result::Result<Array, JsValue> {
    let model = open(model_bytes)?;
    if !Array::is_array(rows) {
        let message = format!("expected an array of rows, found {}", row::describe(rows));
        return Err(Error::new(ErrorKind::InvalidRequest, message).into());
    }
    let answers = Array::new();
    for (index, row) in Array::from(rows).iter().enumerate() {
        let at_row = |error: Error| error.at_row(index as u64 + 1);
        let pairs = row::pairs(&row).map_err(at_row)?;
        let prediction = named(&model, &pairs).map_err(at_row)?;
        answers.push(&to_js(&PredictionBody::from(&prediction))?);
    }
    Ok(answers)
}

/// Earlier versions are for the builds that train: see [`Model::decode_last_version`].
fn open(bytes: &[u8]) -> Result<Model> {
    if cfg!(feature = "train") { Model::decode(bytes) } else { Model::decode_last_version(bytes) }
}

fn predict_row(model: &Model, pairs: &[(String, Cell)]) -> std::result::Result<JsValue, JsValue> {
    to_js(&PredictionBody::from(&named(model, pairs)?))
}

fn named<'m>(model: &'m Model, pairs: &[(String, Cell)]) -> Result<crate::predict::Prediction<'m>> {
    model.predict(&row_of(model, pairs)?)
}

fn row_of(model: &Model, pairs: &[(String, Cell)]) -> Result<Vec<f64>> {
    model.row(pairs.iter().map(|(name, cell)| (name.as_str(), cell)))
}
