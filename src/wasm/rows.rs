//! Many rows at once: copied in and out block by block, or in memory that the page fills itself.

use super::row;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::{Model, RowsPredictor};
use js_sys::{Array, ArrayBuffer, Float64Array};
use wasm_bindgen::{JsCast, JsValue};

/// How many blocks are copied at a time. A copy takes a call to the page, and should stay in the cache.
const BLOCKS: usize = 4;

/// What a loaded model keeps for many rows.
pub(super) struct ModelRows {
    predictor: RowsPredictor,
    input: Vec<f64>,
    output: Vec<f64>,
    /// The pages of memory when a view of the input, and of the output, was last given away. Views end when memory grows.
    pages: [Option<usize>; 2],
}

impl ModelRows {
    pub(super) fn new(model: &Model) -> Self {
        Self { predictor: RowsPredictor::new(model), input: Vec::new(), output: Vec::new(), pages: [None; 2] }
    }

    pub(super) fn predict(&mut self, model: &Model, values: &JsValue) -> Result<Float64Array> {
        let values = numbers(values)?;
        let n_values = values.length() as usize;
        let (n_rows, width, n_outputs) = (model.n_rows_of(n_values)?, model.n_features(), model.n_outputs());
        let at_once = (self.predictor.block_rows() * BLOCKS).min(n_rows);
        let (mut raw, mut outputs) = (vec![0.0; at_once * width], Vec::with_capacity(at_once * n_outputs));
        self.predictor.reserve(model);
        let answers = Float64Array::new_with_length((n_rows * n_outputs) as u32);
        // From here on nothing takes memory.
        if values.length() as usize != n_values {
            return Err(moved("the values lay in the engine's memory, which has grown"));
        }
        for first in (0..n_rows).step_by(at_once.max(1)) {
            let last = (first + at_once).min(n_rows);
            let raw = &mut raw[..(last - first) * width];
            values.subarray((first * width) as u32, (last * width) as u32).copy_to(raw);
            outputs.clear();
            self.predictor.add(model, raw, first as u64, &mut outputs)?;
            answers.subarray((first * n_outputs) as u32, (last * n_outputs) as u32).copy_from(&outputs);
        }
        Ok(answers)
    }

    pub(super) fn input(&mut self, model: &Model, n_rows: usize) -> Result<Float64Array> {
        let n_values = n_rows.saturating_mul(model.n_features());
        limits::check("values in the input", n_values, limits::CELLS)?;
        model.n_rows_of(n_values)?;
        self.input.resize(n_values, f64::NAN);
        self.output.resize(n_rows * model.n_outputs(), f64::NAN);
        self.predictor.reserve(model);
        self.pages[0] = Some(pages());
        Ok(view(&self.input))
    }

    pub(super) fn output(&mut self) -> Float64Array {
        self.pages[1] = Some(pages());
        view(&self.output)
    }

    pub(super) fn predict_input(&mut self, model: &Model) -> Result<()> {
        self.check_views()?;
        let n_outputs = self.output.len();
        self.output.clear();
        let outcome = self.predictor.add(model, &self.input, 0, &mut self.output);
        self.output.resize(n_outputs, f64::NAN);
        outcome?;
        self.check_views()
    }

    fn check_views(&self) -> Result<()> {
        match self.pages.iter().flatten().all(|then| *then == pages()) {
            true => Ok(()),
            false => Err(moved("the engine's memory has grown since, and what was written to the input is lost")),
        }
    }
}

fn moved(what: &str) -> Error {
    Error::new(ErrorKind::InvalidRequest, format!("{what}; ask for input and output again"))
}

/// An array of numbers. A plain one is copied once more.
fn numbers(values: &JsValue) -> Result<Float64Array> {
    if let Some(values) = values.dyn_ref::<Float64Array>() {
        return Ok(values.clone());
    }
    if !Array::is_array(values) {
        let message = format!("expected a Float64Array, found {}", row::describe(values));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let array = Array::from(values);
    let numbers = Float64Array::new_with_length(array.length());
    for at in 0..array.length() {
        let value = array.get(at);
        let number = value.as_f64().ok_or_else(|| {
            let message = format!("expected a number at position {at}, found {}", row::describe(&value));
            Error::new(ErrorKind::NotANumber, message)
        })?;
        numbers.set_index(at, number);
    }
    Ok(numbers)
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
