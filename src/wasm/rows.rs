//! Many rows at once: copied in and out block by block, or in memory that the page fills itself.

use super::row;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::model::{Model, RowsPredictor};
use js_sys::{Array, ArrayBuffer, Float64Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// How many blocks are copied at a time. A copy takes a call to the page, and should stay in the cache.
const BLOCKS: usize = 4;

/// What a loaded model keeps for many rows.
pub(super) struct ModelRows {
    predictor: RowsPredictor,
    input: Vec<f64>,
    output: Vec<f64>,
    /// The pages of memory when a view of the input was last given away. Views end when memory grows: one of the output is
    /// then empty, but what is written to one of the input is lost.
    pages: Option<usize>,
}

impl ModelRows {
    pub(super) fn new(model: &Model) -> Self {
        Self { predictor: RowsPredictor::new(model), input: Vec::new(), output: Vec::new(), pages: None }
    }

    /// `values` are those of [`numbers`]: from here on no code of the page runs.
    pub(super) fn predict(&mut self, model: &Model, values: &Float64Array) -> Result<Float64Array> {
        let n_values = values.length() as usize;
        let (n_rows, width, n_outputs) = (model.n_rows_of(n_values)?, model.n_features(), model.n_outputs());
        let at_once = (self.predictor.block_rows() * BLOCKS).min(n_rows);
        let (mut raw, mut outputs) = (vec![0.0; at_once * width], vec![0.0; at_once * n_outputs]);
        self.predictor.reserve(model);
        let answers = Float64Array::new_with_length((n_rows * n_outputs) as u32);
        // From here on nothing takes memory.
        if values.length() as usize != n_values {
            return Err(moved("the values lay in the engine's memory, which has grown"));
        }
        for first in (0..n_rows).step_by(at_once.max(1)) {
            let last = (first + at_once).min(n_rows);
            let (raw, outputs) = (&mut raw[..(last - first) * width], &mut outputs[..(last - first) * n_outputs]);
            values.subarray((first * width) as u32, (last * width) as u32).copy_to(raw);
            self.predictor.write(model, raw, first as u64, outputs)?;
            answers.subarray((first * n_outputs) as u32, (last * n_outputs) as u32).copy_from(outputs);
        }
        Ok(answers)
    }

    pub(super) fn input(&mut self, model: &Model, n_rows: usize) -> Result<Float64Array> {
        let n_values = n_rows.saturating_mul(model.n_features());
        limits::check("values in the input", n_values, limits::CELLS)?;
        model.n_rows_of(n_values)?;
        let n_outputs = n_rows * model.n_outputs();
        if self.pages.is_some() && (n_values > self.input.capacity() || n_outputs > self.output.capacity()) {
            end_views()?;
        }
        // A view of more rows than there will be has no old answers behind them.
        self.output.fill(f64::NAN);
        self.input.resize(n_values, f64::NAN);
        self.output.resize(n_outputs, f64::NAN);
        self.predictor.reserve(model);
        self.pages = Some(pages());
        Ok(view(&self.input))
    }

    pub(super) fn output(&self) -> Float64Array {
        view(&self.output)
    }

    pub(super) fn predict_input(&mut self, model: &Model) -> Result<()> {
        if self.pages.is_some_and(|then| then != pages()) {
            return Err(moved("the engine's memory has grown since, and what was written to the input is lost"));
        }
        let outcome = self.predictor.write(model, &self.input, 0, &mut self.output);
        if outcome.is_err() {
            self.output.fill(f64::NAN);
        }
        outcome
    }
}

impl Drop for ModelRows {
    fn drop(&mut self) {
        if self.pages.is_some() {
            // Where memory cannot grow, views outlive it: nothing else ends them.
            let _ = end_views();
        }
    }
}

/// Ends every view that was given away, before the memory behind one is put to another use: growing the memory does. Writing to
/// a view that outlived its numbers would write to whatever lies there.
fn end_views() -> Result<()> {
    match core::arch::wasm32::memory_grow(0, 1) {
        usize::MAX => Err(Error::new(ErrorKind::LimitExceeded, "the engine has no more memory")),
        _ => Ok(()),
    }
}

fn moved(what: &str) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("{what}; ask for input and output again"))
}

#[wasm_bindgen(module = "/src/wasm/rows.js")]
extern "C" {
    /// The numbers, or the position of an item that is none, and the item; undefined for what is no list of numbers.
    #[wasm_bindgen(catch, js_name = numbers)]
    fn plain_numbers(values: &JsValue) -> std::result::Result<JsValue, JsValue>;
}

/// An array of numbers. Code of the page may run here, so nothing of a model may be borrowed.
pub(super) fn numbers(values: &JsValue) -> Result<Float64Array> {
    let found = plain_numbers(values).map_err(|thrown| row::unreadable("the values", &thrown))?;
    if found.is_undefined() {
        let message = format!("expected a Float64Array, found {}", row::describe(values));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    if let Some(item) = found.dyn_ref::<Array>() {
        let position = item.get(0).as_f64().unwrap_or_default();
        let message =
            format!("expected a number at position {}, found {}", Decimal(position), row::describe(&item.get(1)));
        return Err(Error::new(ErrorKind::NotANumber, message));
    }
    Ok(found.unchecked_into())
}

fn pages() -> usize {
    core::arch::wasm32::memory_size(0)
}

/// These numbers where they stand.
fn view(numbers: &[f64]) -> Float64Array {
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let buffer: ArrayBuffer = memory.buffer().unchecked_into();
    Float64Array::new_with_byte_offset_and_length(&buffer, numbers.as_ptr() as u32, numbers.len() as u32)
}
