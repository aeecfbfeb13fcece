//! What `tepal import --describe FILE` adds: all that a file of another tool lacks, as JSON.

use serde_json::{Map, Value};
use std::path::Path;
use tepal::error::{Error, ErrorKind, Result};
use tepal::files;
use tepal::interop::ImportOptions;
use tepal::limits;

/// The keys of the file, and of a feature in it.
const KEYS: [&str; 6] = ["name", "names", "classes", "target", "missing", "features"];
const OF_FEATURE: [&str; 4] = ["unit", "description", "range", "categories"];

/// Adds what a file says. What a flag says too is refused.
pub(crate) fn add(path: &Path, options: &mut ImportOptions) -> Result<()> {
    let bytes = files::read(path, limits::FOREIGN_BYTES)?;
    let document = serde_json::from_slice(&bytes).map_err(|error| wrong(&format!("not JSON: {error}")));
    document.and_then(|document: Value| add_document(&document, options)).map_err(|error| files::name(path, &error))
}

fn add_document(document: &Value, options: &mut ImportOptions) -> Result<()> {
    let fields = object(document, "the file", &KEYS)?;
    for (key, value) in fields {
        let is_free = match key.as_str() {
            "name" => options.name.is_empty(),
            "names" => options.features.is_empty(),
            "classes" => options.classes.is_empty(),
            "target" => options.target.is_none(),
            "missing" => options.missing.is_empty(),
            _ => true,
        };
        if !is_free {
            return Err(wrong(&format!("{key}: a flag says it too; leave one out")));
        }
        match key.as_str() {
            "name" => options.name = text(value, key)?,
            "names" => options.features = texts(value, key)?,
            "classes" => options.classes = texts(value, key)?,
            "target" => options.target = Some(text(value, key)?),
            "missing" => options.missing = texts(value, key)?,
            _ => {
                let features = value
                    .as_object()
                    .ok_or_else(|| wrong("features: expected an object, with the names of features as its keys"))?;
                features.iter().try_for_each(|(name, feature)| add_feature(name, feature, options))?;
            }
        }
    }
    Ok(())
}

fn add_feature(name: &str, feature: &Value, options: &mut ImportOptions) -> Result<()> {
    for (key, value) in object(feature, name, &OF_FEATURE)? {
        let place = format!("{name}: {key}");
        match key.as_str() {
            "unit" => options.units.push((name.to_owned(), text(value, &place)?)),
            "description" => options.descriptions.push((name.to_owned(), text(value, &place)?)),
            "range" => options.ranges.push((name.to_owned(), range(value, &place)?)),
            _ => options.categories.push((name.to_owned(), texts(value, &place)?)),
        }
    }
    Ok(())
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::InvalidOption, format!("--describe: {message}"))
}

/// An object that has no other keys than these.
fn object<'v>(value: &'v Value, place: &str, keys: &[&str]) -> Result<&'v Map<String, Value>> {
    let known = keys.join(", ");
    let object =
        value.as_object().ok_or_else(|| wrong(&format!("{place}: expected an object with the keys {known}")))?;
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        None => Ok(object),
        Some(key) => Err(wrong(&format!("{place}: there is no key {key:?}; it may have {known}"))),
    }
}

fn text(value: &Value, place: &str) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| wrong(&format!("{place}: expected a text, found {value}")))
}

fn texts(value: &Value, place: &str) -> Result<Vec<String>> {
    let items = value.as_array().ok_or_else(|| wrong(&format!("{place}: expected a list of texts, found {value}")))?;
    items.iter().map(|item| text(item, place)).collect()
}

fn range(value: &Value, place: &str) -> Result<[f64; 2]> {
    match value.as_array().map(Vec::as_slice) {
        Some([low, high]) => low.as_f64().zip(high.as_f64()).map(|(low, high)| [low, high]),
        _ => None,
    }
    .ok_or_else(|| wrong(&format!("{place}: expected two numbers, found {value}")))
}
