//! Node by node through the file, from the inputs on.

use super::builder::Builder;
use super::file::{File, Input, Node};
use super::tensor::{Kind, Tensor};
use super::value::{Classes, Value};
use super::{classifiers, elementwise, layers, ml, shape, svm, trees};
use crate::error::{Error, Result, quote};
use crate::interop::document::{unsupported, within, wrong};
use crate::interop::tool::ONNX;
use crate::limits;
use crate::model::{Arithmetic, Function, Lookup, Operation};
use std::collections::HashMap;

/// The domain of the operators for tables.
const ML: &str = "ai.onnx.ml";

/// What a file computes.
pub(super) struct Translated {
    pub(super) builder: Builder,
    /// The names of the features; `None` for one of several numbers of an input.
    pub(super) features: Vec<Option<String>>,
    /// Whether a row may lack numbers: an operator looks whether they are there.
    pub(super) accepts_missing: bool,
    /// What each output is.
    pub(super) outputs: Vec<Value>,
    /// The labels of the classes, if an operator has them.
    pub(super) classes: Option<Classes>,
}

/// Goes through all nodes of a file of so many bytes.
pub(super) fn translate(file: &mut File, n_bytes: usize) -> Result<Translated> {
    let tensors = std::mem::take(&mut file.tensors);
    let file = &*file;
    let widths = file.inputs.iter().map(width_of).collect::<Result<Vec<_>>>()?;
    let n_features = widths.iter().fold(0_usize, |total, width| total.saturating_add(*width));
    limits::check("features", n_features, limits::COLUMNS)?;
    check_rows(&file.inputs)?;
    let mut builder = Builder::new(n_features.max(1), n_bytes)?;
    let (mut values, mut features): (HashMap<String, Value>, Vec<Option<String>>) = (HashMap::new(), Vec::new());
    if n_features == 0 {
        return Err(unsupported(ONNX, "no input"));
    }
    for (name, tensor) in tensors {
        builder.hold(tensor.len())?;
        if values.contains_key(&name) {
            return Err(twice(&name));
        }
        values.insert(name, Value::Known(tensor));
    }
    for (input, width) in file.inputs.iter().zip(widths) {
        let own: Vec<usize> = (features.len()..features.len() + width).collect();
        features.extend(own.iter().map(|_| (width == 1).then(|| input.name.clone())));
        let value = if input.kind == Kind::Text {
            Value::Texts(own)
        } else {
            // Rounds numbers of 64 bits to those of 32 that the file takes.
            let vector = builder.pick(0, own.clone(), input.kind)?;
            let vector = of_kind(vector, input, &mut builder)?;
            builder.remember(vector, own);
            Value::Rows(builder.rows(vector, input.kind, input.dims.len() > 1))
        };
        if values.insert(input.name.clone(), value).is_some() {
            return Err(twice(&input.name));
        }
    }
    let mut classes = None;
    for node in &file.nodes {
        let at = |error: Error| {
            let error = within(&node.described(), &error);
            // Its converter makes graphs of many small operators.
            let remedy = if file.producer == "skl2onnx" {
                "; tepal.export of the Python package carries most models of scikit-learn"
            } else {
                ""
            };
            Error::new(error.kind(), format!("{error}{remedy}"))
        };
        let made = made(node, file, &values, &mut builder).map_err(at)?;
        for value in &made {
            match value {
                Value::Class(found, _) => classes = Some(found.clone()),
                Value::Known(tensor) => builder.hold(tensor.len())?,
                _ => {}
            }
        }
        for (name, value) in node.outputs.iter().zip(made) {
            if !name.is_empty() && values.insert(name.clone(), value).is_some() {
                return Err(twice(name));
            }
        }
    }
    let output = |name: &String| {
        let value = values.get(name.as_str()).cloned();
        value.ok_or_else(|| wrong(format!("no node makes the output {}", quote(name))))
    };
    let outputs = file.outputs.iter().map(output).collect::<Result<_>>()?;
    let looks = ["Imputer", "IsNaN", "TreeEnsemble", "TreeEnsembleClassifier", "TreeEnsembleRegressor"];
    let accepts_missing = file.nodes.iter().any(|node| looks.contains(&node.operator.as_str()));
    Ok(Translated { builder, features, accepts_missing, outputs, classes })
}

fn twice(name: &str) -> Error {
    wrong(format!("two inputs, tensors or nodes have the name {}", quote(name)))
}

/// How many features an input is.
fn width_of(input: &Input) -> Result<usize> {
    match *input.dims {
        [_] => Ok(1),
        [_, Some(width)] => Ok(width),
        [_, None] => {
            let name = quote(&input.name);
            let remedy = "export it with a fixed second dimension";
            Err(wrong(format!("the input {name} does not say how many numbers a row has; {remedy}")))
        }
        _ => {
            let what = format!(
                "the input {}, which has {} dimensions where rows of a table have two",
                quote(&input.name),
                input.dims.len()
            );
            Err(unsupported(ONNX, &what))
        }
    }
}

/// Rows of an input, without an answer where a number is none of its kind.
fn of_kind(vector: usize, input: &Input, builder: &mut Builder) -> Result<usize> {
    let width = builder.graph.width(vector);
    let lookups = |keys: Vec<f64>| {
        let values = if keys.len() == 1 { vec![0.0] } else { keys.clone() };
        Operation::Lookups(vec![Lookup { keys, values, other: f64::NAN, missing: f64::NAN }; width])
    };
    match input.kind {
        Kind::Narrow => {
            let what = format!("the input {}, whose whole numbers have 8 or 16 bits, or no sign", quote(&input.name));
            Err(unsupported(ONNX, &what))
        }
        Kind::Flag => builder.exact(lookups(vec![0.0, 1.0]), &[vector]),
        Kind::Whole => {
            let floor = builder.function(Function::Floor, vector)?;
            let is_whole = builder.arithmetic(Arithmetic::Equal, vector, floor)?;
            // Beyond 2^53 not every whole number is there.
            let size = builder.function(Function::Absolute, vector)?;
            let is_known = builder.with(Arithmetic::Less, size, 9_007_199_254_740_992.0)?;
            let is_whole = builder.arithmetic(Arithmetic::Minimum, is_whole, is_known)?;
            let zero = builder.exact(lookups(vec![1.0]), &[is_whole])?;
            builder.arithmetic(Arithmetic::Add, vector, zero)
        }
        Kind::Float | Kind::Double | Kind::Text => Ok(vector),
    }
}

/// Inputs of fixed numbers of rows must have the same.
fn check_rows(inputs: &[Input]) -> Result<()> {
    let mut fixed = inputs.iter().filter_map(|input| input.dims.first().copied().flatten());
    let first = fixed.next();
    match fixed.all(|rows| Some(rows) == first) {
        true => Ok(()),
        false => Err(unsupported(ONNX, "inputs of different numbers of rows")),
    }
}

/// What a node makes, one value for each of its outputs.
fn made(node: &Node, file: &File, values: &HashMap<String, Value>, builder: &mut Builder) -> Result<Vec<Value>> {
    let input = |name: &String| {
        // An input that is left out.
        if name.is_empty() {
            return Ok(Value::Known(Tensor::numbers(vec![0], Kind::Text, Vec::new())));
        }
        let value = values.get(name.as_str()).cloned();
        value.ok_or_else(|| wrong(format!("no node before it makes {}", quote(name))))
    };
    let is_named = |name: &&String| !name.is_empty();
    let n_inputs = node.inputs.iter().rposition(|name| is_named(&name)).map_or(0, |last| last + 1);
    let inputs = node.inputs[..n_inputs].iter().map(input).collect::<Result<Vec<_>>>()?;
    let operator = node.operator.as_str();
    let first_rows = || inputs.first().ok_or_else(|| wrong("expected an input"))?.rows();
    let is_ml = node.domain == ML;
    let version = if is_ml { file.version(ML) } else { file.version("").max(file.version("ai.onnx")) };
    // Up to version 6 vectors were paired by an axis.
    if version == 0 || !is_ml && version < 7 {
        return Err(unsupported(
            ONNX,
            "operators of a version below 7, or of none; convert it by onnx.version_converter",
        ));
    }
    let one = match operator {
        _ if !["", "ai.onnx", ML].contains(&node.domain.as_str()) => {
            return Err(unsupported(ONNX, &format!("operators of the domain {}", quote(&node.domain))));
        }
        "Split" if !is_ml => return shape::split(node, &inputs, builder),
        operator if is_ml && classifiers::OPERATORS.contains(&operator) => {
            return classifiers::translate(node, &inputs, builder).map(Vec::from);
        }
        // The classes and their scores, as a map for each row.
        "ZipMap" if is_ml => {
            let rows = first_rows()?;
            return Ok(vec![Value::Rows(rows)]);
        }
        "TreeEnsemble" | "TreeEnsembleRegressor" if is_ml => trees::regressor(node, first_rows()?, builder)?,
        "SVMRegressor" if is_ml => {
            let vector = svm::regressor(node, first_rows()?, builder)?;
            Value::Rows(builder.rows(vector, Kind::Float, true))
        }
        operator if is_ml && ml::OPERATORS.contains(&operator) => ml::translate(node, &inputs, builder)?,
        operator if !is_ml && shape::OPERATORS.contains(&operator) => shape::translate(node, &inputs, builder)?,
        operator if !is_ml && layers::OPERATORS.contains(&operator) => {
            layers::translate(node, version, &inputs, builder)?
        }
        operator if !is_ml && elementwise::is_one(operator) => elementwise::translate(node, &inputs, builder)?,
        operator => return Err(unsupported(ONNX, &format!("the operator {operator}"))),
    };
    Ok(vec![one])
}
