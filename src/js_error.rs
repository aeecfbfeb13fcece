//! Errors as real `Error` objects.

use crate::error::Error;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// Sets a property of an object that was just made, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A JavaScript `Error` with `name`, `kind`, `message` and, where there is one, `row`, `column` and `byte`.
fn to_js(error: &Error) -> JsValue {
    let object = js_sys::Error::new(&error.to_string());
    object.set_name("TepalError");
    let set = |name, value: JsValue| set(&object, name, &value);
    let place = error.place();
    set("kind", error.kind().as_str().into());
    if let Some(row) = place.row {
        set("row", (row as f64).into());
    }
    if let Some(column) = &place.column {
        set("column", column.into());
    }
    if let Some(byte) = place.byte {
        set("byte", (byte as f64).into());
    }
    object.into()
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        to_js(&error)
    }
}
