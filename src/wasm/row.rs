//! Rows as JavaScript objects.

use crate::error::{Error, ErrorKind, Result};
use crate::predict::Cell;
use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    /// A getter or a proxy may throw: caught, or what the call had borrowed would stay so.
    #[wasm_bindgen(js_namespace = Object, js_name = entries, catch)]
    fn entries(row: &JsValue) -> std::result::Result<Array, JsValue>;
}

/// A number, text, a flag, which is called `true` or `false`, or null.
fn cell(value: &JsValue) -> Option<Cell> {
    if value.is_null() {
        return Some(Cell::Missing);
    }
    if let Some(number) = value.as_f64() {
        return Some(Cell::Number(number));
    }
    match value.as_bool() {
        Some(flag) => Some(Cell::Text(flag.to_string())),
        None => value.as_string().map(Cell::Text),
    }
}

/// The name and the value of each of the object's own properties.
///
/// # Errors
/// [`ErrorKind::InvalidRequest`] when it is not a plain object, [`ErrorKind::NotANumber`] naming the feature.
pub(super) fn pairs(row: &JsValue) -> Result<Vec<(String, Cell)>> {
    if !row.is_object() || Array::is_array(row) {
        let message = format!("expected a row as an object of feature names and values, found {}", describe(row));
        return Err(Error::new(ErrorKind::InvalidRequest, message));
    }
    let entries = entries(row).map_err(|thrown| unreadable("the row", &thrown))?;
    entries
        .iter()
        .map(|entry| {
            let entry = Array::from(&entry);
            let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            let cell = cell(&value).ok_or_else(|| {
                let message = format!("expected a number, text or null, found {}", describe(&value));
                Error::new(ErrorKind::NotANumber, message).in_column(&name)
            })?;
            Ok((name, cell))
        })
        .collect()
}

/// The error about an object whose own code threw.
pub(super) fn unreadable(what: &str, thrown: &JsValue) -> Error {
    let said = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    let message = format!("{what} cannot be read: {}", said.as_deref().unwrap_or("its own code threw"));
    Error::new(ErrorKind::InvalidRequest, message)
}

/// What a value is, in a few words of JavaScript.
pub(super) fn describe(value: &JsValue) -> String {
    if value.is_null() {
        return "null".into();
    }
    if Array::is_array(value) {
        return "an array".into();
    }
    match value.as_string() {
        Some(text) => format!("the text \"{text}\""),
        None => value.js_typeof().as_string().unwrap_or_default(),
    }
}
