//! Training options as a JavaScript object. Read by hand: serde-wasm-bindgen looks up the names it knows and would
//! pass over a misspelt one in silence.

use super::row::describe;
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names};
use crate::recipe::Recipe;
use crate::table::Task;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

const NAMES: [&str; 10] =
    ["target", "drop", "task", "l2", "test", "seed", "maxIterations", "acceptUnconverged", "name", "created"];

/// # Errors
/// [`ErrorKind::InvalidOption`] naming the option that is missing, unknown or of another type.
pub(super) fn recipe(options: &JsValue) -> Result<Recipe> {
    if !options.is_object() {
        return Err(invalid(format!(
            "expected options as an object with at least a target, found {}",
            describe(options)
        )));
    }
    for key in Object::keys(options.unchecked_ref::<Object>()).iter().filter_map(|key| key.as_string()) {
        if !NAMES.contains(&key.as_str()) {
            let (hint, names) = (did_you_mean(&key, NAMES), list_names(NAMES));
            return Err(invalid(format!("no option is named \"{key}\"{hint}; the options are {names}")));
        }
    }
    let options = Reader(options);
    let Some(target) = options.text("target")? else {
        return Err(invalid("the option \"target\" is missing: the name of the column to predict".into()));
    };
    Ok(Recipe {
        drop: options.texts("drop")?.unwrap_or_default(),
        task: options.task()?,
        l2: options.number("l2")?,
        test: options.number("test")?,
        seed: options.whole_number("seed")?.unwrap_or(0),
        max_iterations: options.whole_number("maxIterations")?,
        accept_unconverged: options.flag("acceptUnconverged")?.unwrap_or(false),
        name: options.text("name")?,
        created: options.whole_number("created")?,
        ..Recipe::new(target)
    })
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOption, message)
}

/// Looks options up: `undefined` and `null` are as good as absent.
struct Reader<'a>(&'a JsValue);

impl Reader<'_> {
    fn read<T>(&self, name: &str, expected: &str, read: impl Fn(&JsValue) -> Option<T>) -> Result<Option<T>> {
        let value = Reflect::get(self.0, &name.into()).unwrap_or(JsValue::UNDEFINED);
        if value.is_undefined() || value.is_null() {
            return Ok(None);
        }
        let refuse = || invalid(format!("expected the option \"{name}\" to be {expected}, found {}", describe(&value)));
        read(&value).map(Some).ok_or_else(refuse)
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        self.read(name, "text", JsValue::as_string)
    }

    fn texts(&self, name: &str) -> Result<Option<Vec<String>>> {
        let read = |value: &JsValue| value.dyn_ref::<Array>()?.iter().map(|item| item.as_string()).collect();
        self.read(name, "an array of text", read)
    }

    fn number(&self, name: &str) -> Result<Option<f64>> {
        self.read(name, "a number", JsValue::as_f64)
    }

    fn whole_number(&self, name: &str) -> Result<Option<u64>> {
        let read = |value: &JsValue| {
            let number = value.as_f64()?;
            let is_whole = (0.0..=js_sys::Number::MAX_SAFE_INTEGER).contains(&number) && number.fract() == 0.0;
            is_whole.then_some(number as u64)
        };
        self.read(name, "a whole number from 0 to 2^53 - 1", read)
    }

    fn flag(&self, name: &str) -> Result<Option<bool>> {
        self.read(name, "true or false", JsValue::as_bool)
    }

    fn task(&self) -> Result<Option<Task>> {
        let read = |value: &JsValue| match value.as_string()?.as_str() {
            "classification" => Some(Task::Classification),
            "regression" => Some(Task::Regression),
            _ => None,
        };
        self.read("task", "\"classification\" or \"regression\"", read)
    }
}
