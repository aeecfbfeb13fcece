//! Training in JavaScript.

use super::{options, to_js};
use crate::dataset::{Dataset, Roles, TableProfile};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::pipeline::Training;
use crate::table::{self, Column, ReadOptions, Table, Values};
use crate::wasm::model::JsModel;
use crate::wasm::row::describe;
use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../train.d.ts");

/// Fits a model to a table.
#[wasm_bindgen]
pub fn train(
    #[wasm_bindgen(unchecked_param_type = "TableInput")] table: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: &JsValue,
) -> std::result::Result<JsModel, JsValue> {
    options::check_names(options, true, true)?;
    let roles = options::roles(options)?;
    let dataset = Dataset::new(&read_table(table, &options::read_options(options)?)?, &roles)?;
    let mut training = training(&dataset, options, roles)?;
    while !training.progress().done {
        training.step()?;
    }
    JsModel::of_outcome(training.finish()?)
}

/// A table whose columns have their roles: what can be fitted to, more than once. Free it with `free()`.
#[wasm_bindgen(js_name = Dataset)]
pub struct JsDataset {
    dataset: Dataset,
    roles: Roles,
}

#[wasm_bindgen(js_class = Dataset)]
impl JsDataset {
    /// Gives columns their roles.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "TableInput")] table: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Roles")] options: &JsValue,
    ) -> std::result::Result<JsDataset, JsValue> {
        options::check_names(options, true, false)?;
        let roles = options::roles(options)?;
        let table = read_table(table, &options::read_options(options)?)?;
        Ok(Self { dataset: Dataset::new(&table, &roles)?, roles })
    }

    /// Some of the rows, for a plot: at most so many, spread over the table.
    #[wasm_bindgen(unchecked_return_type = "DatasetSample")]
    pub fn sample(&self, rows: usize) -> std::result::Result<JsValue, JsValue> {
        let rows = self.dataset.spread(rows);
        let features: Vec<f64> = rows.iter().flat_map(|row| self.dataset.features().row(*row).to_vec()).collect();
        let target: Vec<f64> = rows.iter().map(|row| self.dataset.target().value(*row)).collect();
        let sample = Object::new();
        for (name, values) in [("features", features), ("target", target)] {
            Reflect::set(&sample, &name.into(), &Float64Array::from(&values[..]))?;
        }
        Ok(sample.into())
    }
}

/// A fit under way. `step()` does one round, so that a worker can report progress between rounds and hear whether it is to
/// stop; `free()` drops it and leaves nothing behind.
#[wasm_bindgen(js_name = Trainer)]
pub struct JsTrainer {
    training: Training,
}

#[wasm_bindgen(js_class = Trainer)]
impl JsTrainer {
    /// Splits and prepares the rows. The dataset is not needed any more afterwards.
    #[wasm_bindgen(constructor)]
    pub fn new(
        dataset: &JsDataset,
        #[wasm_bindgen(unchecked_param_type = "FitOptions")] options: &JsValue,
    ) -> std::result::Result<JsTrainer, JsValue> {
        options::check_names(options, false, true)?;
        Ok(Self { training: training(&dataset.dataset, options, dataset.roles.clone())? })
    }

    /// Does as many rounds, one if not said, and says how far the fit is. Does nothing once it is done.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn step(&mut self, rounds: Option<u32>) -> std::result::Result<JsValue, JsValue> {
        for _ in 0..rounds.unwrap_or(1) {
            if self.training.step()?.done {
                break;
            }
        }
        to_js(&self.training.progress())
    }

    /// The model. The trainer is used up.
    pub fn finish(self) -> std::result::Result<JsModel, JsValue> {
        JsModel::of_outcome(self.training.finish()?)
    }
}

fn training(dataset: &Dataset, options: &JsValue, roles: Roles) -> Result<Training> {
    let mut training = Training::new(dataset, &options::pipeline(options, roles)?)?;
    if let Some(file) = options::start(options)? {
        training.start_from(&Model::decode(&file)?)?;
    }
    Ok(training)
}

/// Says what a table's columns hold, before their roles are chosen.
#[wasm_bindgen(unchecked_return_type = "TableProfile")]
pub fn profile(
    #[wasm_bindgen(unchecked_param_type = "TableInput")] table: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
) -> std::result::Result<JsValue, JsValue> {
    to_js(&TableProfile::of(&read_table(table, &options::only_read_options(options)?)?))
}

fn read_table(table: &JsValue, options: &ReadOptions) -> Result<Table> {
    if let Some(text) = table.as_string() {
        return Table::read(text.as_bytes(), options);
    }
    if let Some(bytes) = table.dyn_ref::<Uint8Array>() {
        return Table::read(&bytes.to_vec(), options);
    }
    if !table.is_object() || Array::is_array(table) {
        let message = format!("expected a table as text, bytes or an object of columns, found {}", describe(table));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let keys = Object::keys(table.unchecked_ref::<Object>());
    let columns = keys.iter().map(|key| {
        let cells = Reflect::get(table, &key).unwrap_or(JsValue::UNDEFINED);
        let name = key.as_string().unwrap_or_default();
        let values = read_values(&cells, options).map_err(|error| error.in_column(&name))?;
        Ok(Column { name, values })
    });
    Table::from_columns(columns.collect::<Result<_>>()?, options)
}

/// A column of numbers or of text.
fn read_values(cells: &JsValue, options: &ReadOptions) -> Result<Values> {
    if let Some(numbers) = cells.dyn_ref::<Float64Array>() {
        return Ok(Values::Numbers(numbers.to_vec()));
    }
    if !Array::is_array(cells) {
        let message = format!("expected an array of numbers or of text, found {}", describe(cells));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let cells: &Array = cells.unchecked_ref();
    let is_missing = |cell: &JsValue| cell.is_null() || cell.is_undefined();
    let number = |cell: JsValue| if is_missing(&cell) { Some(f64::NAN) } else { cell.as_f64() };
    if let Some(numbers) = cells.iter().map(number).collect() {
        return Ok(Values::Numbers(numbers));
    }
    let text = cells.iter().enumerate().map(|(index, cell)| match cell.as_string() {
        None if !is_missing(&cell) => {
            let message = format!("expected all numbers or all text, found {}", describe(&cell));
            Err(Error::new(ErrorKind::InvalidRequest, message).at_row(index as u64 + 1))
        }
        text => Ok(text),
    });
    let text: Vec<Option<String>> = text.collect::<Result<_>>()?;
    Ok(Values::from_text(text.iter().map(Option::as_deref), options))
}

/// How many bytes of whole rows a piece of a CSV file begins with; 0 when not even one row is whole. `isAll` says that the
/// file ends with the piece.
#[wasm_bindgen(js_name = headLength)]
pub fn head_length(
    piece: &[u8],
    #[wasm_bindgen(js_name = isAll)] is_all: bool,
    #[wasm_bindgen(unchecked_optional_param_type = "ReadOptions")] options: &JsValue,
) -> std::result::Result<usize, JsValue> {
    Ok(table::whole_rows(piece, is_all, &options::only_read_options(options)?)?)
}
