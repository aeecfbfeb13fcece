//! The JavaScript edge of the build that reads models of other tools, and has nothing else.

use crate::error::{Error, ErrorKind, Result, did_you_mean};
use crate::interop::{ImportOptions, import};
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

/// A quarter of the default's code.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm_import.d.ts");

const OPTIONS: [&str; 12] = [
    "name",
    "names",
    "classes",
    "target",
    "units",
    "descriptions",
    "ranges",
    "categories",
    "missing",
    "allTrees",
    "allowRows",
    "created",
];

/// Reads a model of XGBoost (JSON, UBJSON), LightGBM (text, JSON), CatBoost (JSON), or what the Python package exports of
/// scikit-learn, and gives a model file.
#[wasm_bindgen(js_name = importModel)]
pub fn import_model(
    bytes: &[u8],
    #[wasm_bindgen(unchecked_param_type = "ImportOptions | undefined")] options: &JsValue,
) -> std::result::Result<Vec<u8>, JsValue> {
    Ok(import(bytes, &import_options(options)?)?.encode()?)
}

fn import_options(options: &JsValue) -> Result<ImportOptions> {
    let mut read = ImportOptions::default();
    if options.is_undefined() {
        return Ok(read);
    }
    for (name, value) in fields(options, "options")? {
        match name.as_str() {
            _ if value.is_undefined() => {}
            "name" => read.name = text(&name, &value)?,
            "names" => read.features = texts(&name, &value)?,
            "classes" => read.classes = texts(&name, &value)?,
            "target" => read.target = Some(text(&name, &value)?),
            "units" => read.units = texts_by_name(&name, &value)?,
            "descriptions" => read.descriptions = texts_by_name(&name, &value)?,
            "ranges" => read.ranges = ranges(&name, &value)?,
            "categories" => {
                let of = |(key, value): (String, JsValue)| Ok((key, texts(&name, &value)?));
                read.categories = fields(&value, &name)?.into_iter().map(of).collect::<Result<_>>()?;
            }
            "missing" => read.missing = texts(&name, &value)?,
            "allTrees" => read.all_trees = flag(&name, &value)?,
            "allowRows" => read.allow_rows = flag(&name, &value)?,
            "created" => {
                let seconds = value.as_f64().filter(|seconds| seconds.fract() == 0.0 && *seconds >= 0.0);
                read.created = Some(seconds.ok_or_else(|| wrong(&name, "a whole number of seconds"))? as u64);
            }
            _ => {
                let message = format!("there is no option {name}{}", did_you_mean(&name, OPTIONS));
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
    }
    Ok(read)
}

fn wrong(name: &str, expected: &str) -> Error {
    Error::new(ErrorKind::InvalidOption, format!("{name}: expected {expected}"))
}

fn flag(name: &str, value: &JsValue) -> Result<bool> {
    value.as_bool().ok_or_else(|| wrong(name, "true or false"))
}

fn text(name: &str, value: &JsValue) -> Result<String> {
    value.as_string().ok_or_else(|| wrong(name, "a text"))
}

fn texts(name: &str, value: &JsValue) -> Result<Vec<String>> {
    if !Array::is_array(value) {
        return Err(wrong(name, "an array of texts"));
    }
    Array::from(value).iter().map(|item| text(name, &item)).collect()
}

fn texts_by_name(name: &str, value: &JsValue) -> Result<Vec<(String, String)>> {
    fields(value, name)?.into_iter().map(|(key, value)| Ok((key, text(name, &value)?))).collect()
}

fn ranges(name: &str, value: &JsValue) -> Result<Vec<(String, [f64; 2])>> {
    let range = |value: &JsValue| {
        let pair = value.dyn_ref::<Array>().filter(|pair| pair.length() == 2)?;
        Some([pair.get(0).as_f64()?, pair.get(1).as_f64()?])
    };
    let of = |(key, value): (String, JsValue)| {
        Ok((key, range(&value).ok_or_else(|| wrong(name, "two numbers for each feature"))?))
    };
    fields(value, name)?.into_iter().map(of).collect()
}

/// The own fields of an object.
fn fields(value: &JsValue, name: &str) -> Result<Vec<(String, JsValue)>> {
    let object = value.dyn_ref::<Object>().ok_or_else(|| wrong(name, "an object"))?;
    let entry = |entry: JsValue| {
        let pair = Array::from(&entry);
        Some((pair.get(0).as_string()?, pair.get(1)))
    };
    Ok(Object::entries(object).iter().filter_map(entry).collect())
}
