//! Models that other tools fitted, read so that they keep the bits of their scores.
//!
//! ```text
//! bytes --json, ubjson, text--> document --xgboost, lightgbm, catboost--> Foreign --model--> Model
//!                                          --exported--------------------------------> Model
//!       --onnx----------------------------------------------------> Foreign
//! ```
//!
//! Each tool has rules of its own: which side of a split a threshold belongs to, whether inputs are rounded to 32 bits, where a
//! missing value goes, in which numbers leaves are added. A reader turns them into the one rule of [`crate::model::Tree`]. What
//! cannot be turned exactly is refused by its name.

mod catboost;
mod document;
mod exported;
mod format;
mod json;
mod labels;
mod lightgbm;
mod model;
mod onnx;
mod options;
mod single;
mod steps;
mod tool;
mod tree;
mod ubjson;
mod xgboost;

pub use options::ImportOptions;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Import, Model};
use crate::table::TargetSchema;
use document::Data;
use format::Format;
use sha2::{Digest, Sha256};

/// Reads a model that another tool wrote: XGBoost's JSON or UBJSON, LightGBM's text or JSON, CatBoost's JSON, or
/// what the Python package `tepal` exports of scikit-learn. The first bytes tell which one it is.
///
/// The scores have the bits of the tool's own raw scores. Predictions of XGBoost are made in 32 bits, as it does.
///
/// # Errors
/// [`crate::error::ErrorKind::NotAModel`] for bytes of no known format; [`crate::error::ErrorKind::Truncated`] where they end too
/// early; [`crate::error::ErrorKind::UnsupportedModel`] for what tepal does not carry;
/// [`crate::error::ErrorKind::InvalidModel`] for contents that are impossible; [`crate::error::ErrorKind::InvalidOption`] for
/// names that do not fit; [`crate::error::ErrorKind::UnknownColumn`] for units and descriptions of no feature; those of
/// [`Model::assemble`].
///
/// ```
/// use tepal::interop::{ImportOptions, import};
/// # fn main() -> tepal::Result<()> {
/// let file = r#"{"version": [3, 2, 0], "learner": {
///     "attributes": {}, "feature_names": ["age"], "feature_types": ["float"],
///     "learner_model_param": {"base_score": "[2E0]", "num_class": "0", "num_feature": "1", "num_target": "1"},
///     "objective": {"name": "reg:squarederror"},
///     "gradient_booster": {"name": "gbtree", "model": {"tree_info": [0], "trees": [{
///         "left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0],
///         "split_conditions": [38.5, 1.0, -1.0], "default_left": [1, 0, 0], "split_type": [0, 0, 0],
///         "sum_hessian": [9, 5, 4]}]}}}}"#;
/// let model = import(file.as_bytes(), &ImportOptions::default())?;
/// assert_eq!(model.predict_named([("age", 38.4)])?, tepal::Prediction::Value(3.0));
/// assert_eq!(model.predict_named([("age", 38.5)])?, tepal::Prediction::Value(1.0));
/// # Ok(())
/// # }
/// ```
pub fn import(bytes: &[u8], options: &ImportOptions) -> Result<Model> {
    read(bytes, options).map_err(of_model_file)
}

/// What a table of rows may have, a model file must not.
fn of_model_file(error: Error) -> Error {
    match error.kind().exit_code() {
        3 if error.kind() != ErrorKind::UnknownColumn => Error::new(ErrorKind::InvalidModel, error.to_string()),
        _ => error,
    }
}

fn read(bytes: &[u8], options: &ImportOptions) -> Result<Model> {
    let import = Import {
        source: String::new(),
        source_version: None,
        objective: None,
        source_digest: Sha256::digest(bytes).into(),
        created: options.created,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        notes: Vec::new(),
    };
    let foreign = match Format::of(bytes)? {
        Format::Json => match json::read(bytes)? {
            document if exported::is_one(&document) => return exported_model(&document, import, options),
            document if xgboost::is_one(&document) => xgboost::read(&document, options)?,
            document if catboost::is_one(&document) => catboost::read(&document)?,
            document => lightgbm::read_json(&document, options)?,
        },
        Format::Ubjson => xgboost::read(&ubjson::read(bytes)?, options)?,
        Format::LightGbmText => lightgbm::read_text(bytes, options)?,
        Format::Onnx => onnx::read(bytes, options)?,
    };
    if options.all_trees && foreign.source != tool::XGBOOST {
        let message = "only files of XGBoost say which iteration was best; leave --all-trees out";
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    Model::assemble(foreign.into_parts(options, import)?)
}

/// The model of a document of the Python package, which names everything itself.
fn exported_model(document: &Data<'_>, import: Import, options: &ImportOptions) -> Result<Model> {
    let names = [options.features.is_empty(), options.classes.is_empty(), !options.all_trees];
    if names.contains(&false) {
        let message = "the file names its features and classes itself, as the model was fitted; for other names fit it on a frame with these columns, and on texts as classes";
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    let (mut parts, proof) = exported::read(document, import, options)?;
    options.describe(&mut parts.schema, &[])?;
    parts.schema.missing.clone_from(&options.missing);
    if !options.name.is_empty() {
        parts.name.clone_from(&options.name);
    }
    if let (Some(name), TargetSchema::Classes { name: own, .. } | TargetSchema::Number { name: own, .. }) =
        (&options.target, &mut parts.schema.target)
    {
        own.clone_from(name);
    }
    let model = Model::assemble(parts)?;
    proof.check(&model)?;
    Ok(model)
}
