//! Fits to a `File`, by several workers.

use super::file::{JsBlob, JsFile};
use super::model::JsModel;
use super::{options, to_js};
use crate::error::{Error, ErrorKind};
use crate::share::{Coordinator, Share};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Leads a fit to a `File` that workers read in shares: see `Share`. Works in a worker.
#[wasm_bindgen(js_name = Coordinator)]
pub struct JsCoordinator {
    coordinator: Coordinator,
    roles: crate::dataset::Roles,
}

#[wasm_bindgen(js_class = Coordinator)]
impl JsCoordinator {
    /// Reads the file once, for its rows and its classes.
    #[wasm_bindgen(constructor)]
    pub fn new(
        file: JsBlob,
        #[wasm_bindgen(unchecked_param_type = "Roles")] roles: &JsValue,
    ) -> Result<JsCoordinator, JsValue> {
        options::check_names(roles, true, false)?;
        let roles = options::roles(roles)?;
        Ok(Self { coordinator: Coordinator::new(Box::new(JsFile::new(file)), &roles)?, roles })
    }

    /// What each share is made with.
    pub fn layout(&self) -> Vec<u8> {
        self.coordinator.layout().to_vec()
    }

    /// The most shares there can be.
    #[wasm_bindgen(getter)]
    pub fn blocks(&self) -> u32 {
        self.coordinator.n_blocks() as u32
    }

    /// The next question to every share; `undefined` when it is time for `fit()`, or after it for `finish()`.
    pub fn ask(&self) -> Result<Option<Vec<u8>>, JsValue> {
        Ok(self.coordinator.ask()?)
    }

    /// Takes in the shares' answers, in their order.
    pub fn tell(&mut self, answers: Vec<Uint8Array>) -> Result<(), JsValue> {
        let answers: Vec<Vec<u8>> = answers.iter().map(Uint8Array::to_vec).collect();
        Ok(self.coordinator.tell(&answers)?)
    }

    /// Begins the fit.
    pub fn fit(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "FitOptions")] options: &JsValue,
    ) -> Result<(), JsValue> {
        options::check_names(options, false, true)?;
        if options::start(options)?.is_some() {
            let message = "a fit to a file cannot begin at a model; leave out the option \"start\"";
            return Err(Error::new(ErrorKind::InvalidOption, message).into());
        }
        Ok(self.coordinator.fit(&options::recipe(options, self.roles.clone())?)?)
    }

    /// How far the fit is; `null` before it has begun.
    #[wasm_bindgen(unchecked_return_type = "Progress | null")]
    pub fn progress(&self) -> Result<JsValue, JsValue> {
        to_js(&self.coordinator.progress())
    }

    /// The model. The coordinator is used up.
    pub fn finish(self) -> Result<JsModel, JsValue> {
        Ok(JsModel { model: self.coordinator.finish()? })
    }
}

/// Reads a share of a file's rows and answers a coordinator's questions about them. Works in a worker.
#[wasm_bindgen(js_name = Share)]
pub struct JsShare {
    share: Share,
}

#[wasm_bindgen(js_class = Share)]
impl JsShare {
    /// Share `index` of `shares`, from 0 on. Rows are kept where they take up at most `memory` bytes, and read again for
    /// each question where they do not.
    #[wasm_bindgen(constructor)]
    pub fn new(file: JsBlob, layout: &[u8], index: u32, shares: u32, memory: f64) -> Result<JsShare, JsValue> {
        let source = Box::new(JsFile::new(file));
        Ok(Self { share: Share::new(source, layout, index as usize, shares as usize, memory as u64)? })
    }

    /// Answers a question.
    pub fn answer(&mut self, question: &[u8]) -> Result<Vec<u8>, JsValue> {
        Ok(self.share.answer(question)?)
    }
}
