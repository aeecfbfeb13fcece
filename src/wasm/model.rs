//! Models in JavaScript: a class that stays loaded and a function that does not.

use super::named::RowNames;
use super::rows::{self, ModelRows};
use super::{row, value};
use crate::describe::ModelDescription;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::explain::ExplanationBody;
use crate::model::Model;
use js_sys::{Array, Float64Array};
use std::cell::{OnceCell, RefCell};
use wasm_bindgen::prelude::*;

/// A model that stays loaded. Free it with `free()` when it is not needed any more.
#[wasm_bindgen(js_name = Model)]
pub struct JsModel {
    pub(super) model: Model,
    names: OnceCell<RowNames>,
    rows: RefCell<ModelRows>,
    /// What a training leaves beside the model's file; null for a model that was opened.
    #[cfg(feature = "train")]
    pub(super) report: JsValue,
}

#[wasm_bindgen(js_class = Model)]
impl JsModel {
    /// Opens a model file and replays its proof rows. Any bytes are safe to pass in.
    pub fn decode(bytes: &[u8]) -> std::result::Result<JsModel, JsValue> {
        Ok(Self::of(open(bytes)?))
    }

    /// What the model expects, what it predicts and where it comes from.
    #[wasm_bindgen(unchecked_return_type = "ModelDescription")]
    pub fn describe(&self) -> JsValue {
        value::description(&ModelDescription::of(&self.model))
    }

    /// Says what each feature adds to the scores of one row given by feature names: one score for a regression and for two
    /// classes, one per class for more. Baseline and contributions add up to the score.
    #[wasm_bindgen(unchecked_return_type = "Explanation[]")]
    pub fn explain(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Row")] row: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let values = self.names().row(&self.model, row)?;
        let parts = self.model.explain(&values)?.into_iter();
        let parts = parts.map(|part| value::to_js(&ExplanationBody::of(&self.model, part).value()));
        Ok(parts.collect::<Array>().into())
    }

    /// Predicts one row given by feature names.
    #[wasm_bindgen(unchecked_return_type = "Prediction")]
    pub fn predict(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Row")] row: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        Ok(self.names().predict(&self.model, row)?)
    }

    /// Predicts many rows: the values of one row after the other, in the order of the described features: a number, the
    /// position of a category among the described ones (their number for one that training did not have), or NaN for a
    /// missing value. Answers one number per row for a regression, one probability per row and class, in class order, for a
    /// classification.
    #[wasm_bindgen(js_name = predictMany)]
    pub fn predict_many(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array")] values: &JsValue,
    ) -> std::result::Result<Float64Array, JsValue> {
        let values = rows::numbers(values)?;
        Ok(self.rows.borrow_mut().predict(&self.model, &values)?)
    }

    /// Room for so many rows in the engine's own memory, as `predictMany` takes them. Fill it, then call `predictInput`: nothing
    /// is copied then. Ask again where `predictInput` says that the memory has moved.
    pub fn input(&self, rows: f64) -> std::result::Result<Float64Array, JsValue> {
        if rows < 0.0 || rows.trunc() != rows || rows > f64::from(u32::MAX) {
            let message = format!("expected a whole number of rows, found {}", Decimal(rows));
            return Err(Error::new(ErrorKind::InvalidRequest, message).into());
        }
        Ok(self.rows.borrow_mut().input(&self.model, rows as usize)?)
    }

    /// The predictions of the rows in `input`, as `predictMany` answers them. It stays in the engine's own memory, and
    /// `predictInput` writes to it.
    pub fn output(&self) -> Float64Array {
        self.rows.borrow().output()
    }

    /// Predicts the rows in `input`, and writes to `output`.
    #[wasm_bindgen(js_name = predictInput)]
    pub fn predict_input(&self) -> std::result::Result<(), JsValue> {
        Ok(self.rows.borrow_mut().predict_input(&self.model)?)
    }
}

impl JsModel {
    fn names(&self) -> &RowNames {
        self.names.get_or_init(|| RowNames::of(&self.model))
    }

    /// A model without a report.
    pub(super) fn of(model: Model) -> Self {
        Self {
            names: OnceCell::new(),
            rows: RefCell::new(ModelRows::new(&model)),
            model,
            #[cfg(feature = "train")]
            report: JsValue::NULL,
        }
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
    let (names, answers) = (RowNames::of(&model), Array::new());
    for (index, row) in Array::from(rows).iter().enumerate() {
        answers.push(&names.predict(&model, &row).map_err(|error| error.at_row(index as u64 + 1))?);
    }
    Ok(answers)
}

/// Earlier versions are for the builds that train: see [`Model::decode_last_version`].
fn open(bytes: &[u8]) -> Result<Model> {
    if cfg!(feature = "train") { Model::decode(bytes) } else { Model::decode_last_version(bytes) }
}
