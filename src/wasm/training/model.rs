//! What models that were trained here have beside those that were opened.

use super::to_js;
use crate::error::{Error, ErrorKind};
use crate::model::Model;
use crate::pipeline::Outcome;
use crate::wasm::model::JsModel;
use wasm_bindgen::prelude::*;

impl JsModel {
    /// A model with its report.
    pub(super) fn of_outcome(outcome: Outcome) -> Result<Self, JsValue> {
        let report = to_js(&outcome.report)?;
        let mut model = Self::of(outcome.model);
        model.report = report;
        Ok(model)
    }
}

/// A model file in the last version, with the same predictions to the bit. One of that version stays as it is.
#[wasm_bindgen]
pub fn upgrade(bytes: &[u8]) -> std::result::Result<Vec<u8>, JsValue> {
    Ok(Model::upgrade(bytes)?)
}

/// A tree of a model file by its number, from 1.
#[wasm_bindgen(unchecked_return_type = "TreeDescription")]
pub fn tree(bytes: &[u8], number: usize) -> Result<JsValue, JsValue> {
    let model = Model::decode(bytes)?;
    match model.tree(number) {
        Some(tree) => to_js(&tree),
        None => {
            let message = format!("expected the number of a tree, from 1 to {}, found {number}", model.n_trees());
            Err(Error::new(ErrorKind::InvalidOption, message).into())
        }
    }
}

#[wasm_bindgen(js_class = Model)]
impl JsModel {
    /// The model file: the same bytes on every machine.
    pub fn encode(&self) -> std::result::Result<Vec<u8>, JsValue> {
        Ok(self.model.encode()?)
    }

    /// What a model that was just trained achieved on the rows held out, curves and all; null where none were. The model
    /// file has the figures without the curves.
    #[wasm_bindgen(unchecked_return_type = "Report | null")]
    pub fn report(&self) -> JsValue {
        self.report.clone()
    }
}
