//! Many rows at once: copied in and out block by block, or in memory that the page fills itself.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Model, RowsPredictor};
use js_sys::{ArrayBuffer, Float64Array};
use wasm_bindgen::{JsCast, JsValue};

/// How many blocks are copied at a time. A copy takes a call to the page, and should stay in the cache.
const BLOCKS: usize = 4;

/// What a loaded model keeps for many rows.
pub(super) struct ModelRows {
    predictor: RowsPredictor,
    input: Vec<f64>,
    output: Vec<f64>,
    /// The pages of memory when a view of it was last given away. Views end when it grows.
    pages: usize,
}

impl ModelRows {
    pub(super) fn new(model: &Model) -> Self {
        Self { predictor: RowsPredictor::new(model), input: Vec::new(), output: Vec::new(), pages: 0 }
    }

    pub(super) fn predict(&mut self, model: &Model, values: &JsValue) -> Result<Float64Array> {
        // Other numbers in a row are copied once more.
        let copied;
        let values = match values.dyn_ref::<Float64Array>() {
            Some(values) => values,
            None => {
                copied = Float64Array::new(values);
                &copied
            }
        };
        let (n_rows, width, n_outputs) =
            (model.n_rows_of(values.length() as usize)?, model.n_features(), model.n_outputs());
        let answers = Float64Array::new_with_length((n_rows * n_outputs) as u32);
        let at_once = self.predictor.block_rows() * BLOCKS;
        let (mut raw, mut outputs) = (vec![0.0; at_once.min(n_rows) * width], Vec::new());
        for first in (0..n_rows).step_by(at_once) {
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
        crate::limits::check("values in the input", n_values, crate::limits::CELLS)?;
        model.n_rows_of(n_values)?;
        self.input.resize(n_values, f64::NAN);
        self.output.clear();
        self.output.resize(n_rows * model.n_outputs(), f64::NAN);
        Ok(self.view_of_input())
    }

    pub(super) fn output(&mut self) -> Float64Array {
        self.pages = pages();
        view(&self.output)
    }

    fn view_of_input(&mut self) -> Float64Array {
        self.pages = pages();
        view(&self.input)
    }

    pub(super) fn predict_input(&mut self, model: &Model) -> Result<()> {
        if self.pages != pages() {
            let message = "the engine's memory has grown since, and what was written to the input is lost; ask for input and \
                           output again";
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        self.output.clear();
        self.predictor.add(model, &self.input, 0, &mut self.output)
    }
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
