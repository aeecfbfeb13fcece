//! Values without a type as plain JavaScript: fields become objects, lists arrays, and none `null`.

use crate::describe::{Field, ModelDescription};
use crate::js_error::set;
use crate::model::record::Value;
use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

/// A description as an object.
pub(super) fn description(description: &ModelDescription<'_>) -> JsValue {
    let object = Object::new();
    let written: Result<(), std::convert::Infallible> = description.fields(&mut |name, field| {
        let value = match field {
            Field::One(value) => to_js(value),
            Field::Each(length, item) => (0..length).map(|at| to_js(&item(at))).collect::<Array>().into(),
        };
        set(&object, name, &value);
        Ok(())
    });
    match written {
        Ok(()) => object.into(),
    }
}

/// A value as it is in JSON.
pub(super) fn to_js(value: &Value) -> JsValue {
    match value {
        Value::None => JsValue::NULL,
        Value::Flag(flag) => (*flag).into(),
        Value::Whole(number) => (*number as f64).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) => text.into(),
        Value::Note(note) => note.to_string().into(),
        Value::List(items) => items.iter().map(to_js).collect::<Array>().into(),
        Value::Fields(fields) => {
            let object = Object::new();
            fields.iter().for_each(|(name, value)| set(&object, name, &to_js(value)));
            object.into()
        }
    }
}
