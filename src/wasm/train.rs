//! Training in JavaScript.

use super::model::JsModel;
use super::options;
use super::row::describe;
use crate::error::{Error, ErrorKind, Result};
use crate::table::{Column, Table, Values};
use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("train.d.ts");

/// Fits a model to a table.
#[wasm_bindgen]
pub fn train(
    #[wasm_bindgen(unchecked_param_type = "TableInput")] table: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrainOptions")] options: &JsValue,
) -> std::result::Result<JsModel, JsValue> {
    let recipe = options::recipe(options)?;
    Ok(JsModel { model: recipe.train(&read_table(table)?)? })
}

/// The names of a table's columns, in order.
#[wasm_bindgen]
pub fn columns(
    #[wasm_bindgen(unchecked_param_type = "TableInput")] table: &JsValue,
) -> std::result::Result<Vec<String>, JsValue> {
    Ok(read_table(table)?.columns().iter().map(|column| column.name.clone()).collect())
}

fn read_table(table: &JsValue) -> Result<Table> {
    if let Some(text) = table.as_string() {
        return Table::parse(text.as_bytes());
    }
    if let Some(bytes) = table.dyn_ref::<Uint8Array>() {
        return Table::parse(&bytes.to_vec());
    }
    if !table.is_object() || Array::is_array(table) {
        let message = format!("expected a table as text, bytes or an object of columns, found {}", describe(table));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let keys = Object::keys(table.unchecked_ref::<Object>());
    let columns = keys.iter().map(|key| {
        let cells = Reflect::get(table, &key).unwrap_or(JsValue::UNDEFINED);
        let name = key.as_string().unwrap_or_default();
        let values = read_values(&cells).map_err(|error| error.in_column(&name))?;
        Ok(Column { name, values })
    });
    Table::from_columns(columns.collect::<Result<_>>()?)
}

/// A column of numbers or of text.
fn read_values(cells: &JsValue) -> Result<Values> {
    if let Some(numbers) = cells.dyn_ref::<Float64Array>() {
        return Ok(Values::Numbers(numbers.to_vec()));
    }
    if !Array::is_array(cells) {
        let message = format!("expected an array of numbers or of text, found {}", describe(cells));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let cells: &Array = cells.unchecked_ref();
    if let Some(numbers) = cells.iter().map(|cell| cell.as_f64()).collect() {
        return Ok(Values::Numbers(numbers));
    }
    let text = cells.iter().enumerate().map(|(index, cell)| {
        cell.as_string().ok_or_else(|| {
            let message = format!("expected all numbers or all text, found {}", describe(&cell));
            Error::new(ErrorKind::InvalidRequest, message).at_row(index as u64 + 1)
        })
    });
    Ok(Values::Text(text.collect::<Result<_>>()?))
}
