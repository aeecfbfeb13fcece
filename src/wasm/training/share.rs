//! Fits to a `File`, by several workers.

use super::{options, to_js};
use crate::distributed::{Coordinator, Worker};
use crate::error::{Error, ErrorKind};
use crate::wasm::model::JsModel;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

/// Leads a fit to a `File` that workers read in shares: see `Share`.
///
/// First it is pushed the file, part by part as it wants them; then it asks, every share answers, and it is told; then
/// `fit()`, and again; then `finish()`.
#[wasm_bindgen(js_name = Coordinator)]
pub struct JsCoordinator {
    coordinator: Coordinator,
    roles: crate::dataset::Roles,
}

#[wasm_bindgen(js_class = Coordinator)]
impl JsCoordinator {
    /// Begins with a file that nothing is known of.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Roles")] options: &JsValue) -> Result<JsCoordinator, JsValue> {
        options::check_names(options, true, false)?;
        let roles = options::roles(options)?;
        Ok(Self { coordinator: Coordinator::new(&roles, &options::read_options(options)?), roles })
    }

    /// The first byte and the length of the part that is to be pushed next of a file of this size; `undefined` when all
    /// of it was looked at.
    pub fn wants(&self, size: f64) -> Option<Vec<f64>> {
        self.coordinator.wants(size as u64).map(|(first, length)| vec![first as f64, length as f64])
    }

    /// Takes in the part that was wanted; `isEnd` says that the file ends with it.
    pub fn push(&mut self, part: &[u8], #[wasm_bindgen(js_name = isEnd)] is_end: bool) -> Result<(), JsValue> {
        Ok(self.coordinator.push(part, is_end)?)
    }

    /// What each share is made with, once all of the file was looked at.
    pub fn layout(&self) -> Result<Vec<u8>, JsValue> {
        Ok(self.coordinator.layout()?)
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
        Ok(self.coordinator.fit(&options::pipeline(options, self.roles.clone())?)?)
    }

    /// How far the fit is; `null` before it has begun.
    #[wasm_bindgen(unchecked_return_type = "Progress | null")]
    pub fn progress(&self) -> Result<JsValue, JsValue> {
        to_js(&self.coordinator.progress())
    }

    /// The model. The coordinator is used up.
    pub fn finish(self) -> Result<JsModel, JsValue> {
        Ok(JsModel::of(self.coordinator.finish()?))
    }
}

/// Answers a coordinator's questions about a share of a file's rows: `begin()`, then `feed()` each `part()` that is
/// wanted, then `answer()`. What reads the file is up to the caller, and need not wait for it.
#[wasm_bindgen(js_name = Share)]
pub struct JsShare {
    share: Worker,
}

#[wasm_bindgen(js_class = Share)]
impl JsShare {
    /// Share `index` of `shares`, from 0 on. Rows are kept in up to `memory` bytes; those beyond are wanted again for each
    /// question.
    #[wasm_bindgen(constructor)]
    pub fn new(layout: &[u8], index: u32, shares: u32, memory: f64) -> Result<JsShare, JsValue> {
        Ok(Self { share: Worker::new(layout, index as usize, shares as usize, memory as u64)? })
    }

    /// Takes a question.
    pub fn begin(&mut self, question: &[u8]) -> Result<(), JsValue> {
        Ok(self.share.begin(question)?)
    }

    /// The first byte and the length of the part of the file that is wanted next; `undefined` when there is the answer.
    pub fn part(&self) -> Result<Option<Vec<f64>>, JsValue> {
        Ok(self.share.part()?.map(|(first, length)| vec![first as f64, length as f64]))
    }

    /// Takes in the part that was wanted.
    pub fn feed(&mut self, part: &[u8]) -> Result<(), JsValue> {
        Ok(self.share.feed(part)?)
    }

    /// The answer, once no part is wanted.
    pub fn answer(&mut self) -> Result<Vec<u8>, JsValue> {
        Ok(self.share.answer()?)
    }
}
