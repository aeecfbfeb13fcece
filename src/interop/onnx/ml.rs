//! Operators of ONNX-ML that prepare numbers, and linear models.

use super::builder::Builder;
use super::file::Node;
use super::layers::{Norm, normalized};
use super::shape::{joined, labels, picked};
use super::tensor::Kind;
use super::value::{Classes, Rows, Value};
use crate::error::{Result, quote};
use crate::interop::document::{decimals, unsupported, wrong};
use crate::interop::labels::NumberedLabels;
use crate::interop::tool::ONNX;
use crate::limits;
use crate::model::{Arithmetic, Function, Lookup, Operation};
use crate::numeric::order::sort_pairs;

pub(super) const OPERATORS: [&str; 9] = [
    "ArrayFeatureExtractor",
    "Binarizer",
    "FeatureVectorizer",
    "Imputer",
    "LabelEncoder",
    "LinearRegressor",
    "Normalizer",
    "OneHotEncoder",
    "Scaler",
];

/// What the operator makes of its inputs.
pub(super) fn translate(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let first = inputs.first().ok_or_else(|| wrong("expected an input"))?;
    match node.operator.as_str() {
        "ArrayFeatureExtractor" => extract(first, inputs.get(1).ok_or_else(|| wrong("expected places"))?, builder),
        "LabelEncoder" => encode_labels(node, first, builder),
        "OneHotEncoder" => encode_one_hot(node, first, builder),
        operator => {
            let rows =
                if operator == "FeatureVectorizer" { vectorized(node, inputs, builder)? } else { first.rows()? };
            numbers(node, rows, builder)
        }
    }
}

fn numbers(node: &Node, rows: Rows, builder: &mut Builder) -> Result<Value> {
    let of = |vector: usize, kind: Kind| Value::Rows(Rows { vector, kind, ..rows });
    match node.operator.as_str() {
        "Binarizer" => {
            let threshold = node.float("threshold", 0.0)?;
            (0..rows.width).for_each(|place| builder.hint(rows.vector, place, &[threshold]));
            let threshold = builder.constant(&[threshold])?;
            Ok(of(builder.arithmetic(Arithmetic::Less, threshold, rows.vector)?, rows.kind))
        }
        "Imputer" => impute(node, rows, builder).map(|vector| of(vector, rows.kind)),
        "Normalizer" => {
            let norm = match node.text("norm", "MAX")? {
                "L1" => Norm::Sum,
                "L2" => Norm::Root,
                "MAX" => Norm::Largest,
                other => return Err(wrong(format!("norm: {} is none", quote(other)))),
            };
            normalized(norm, Rows { kind: Kind::Float, ..rows }, builder)
        }
        "Scaler" => scale(node, rows, builder).map(|vector| of(vector, Kind::Float)),
        "FeatureVectorizer" => Ok(Value::Rows(rows)),
        _ => {
            // LinearRegressor.
            let n = usize::try_from(node.whole("targets", 1)?).unwrap_or(0);
            check_untransformed(node)?;
            let scores = linear(node, rows, n, builder)?;
            Ok(Value::Rows(builder.rows(scores, Kind::Float, true)))
        }
    }
}

/// All inputs as one matrix. Each is taken whole.
fn vectorized(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Rows> {
    let dims = node.numbers("inputdimensions")?;
    let widths = inputs.iter().map(|input| input.rows().map(|rows| rows.width as f64)).collect::<Result<Vec<_>>>()?;
    match dims.is_empty() || dims == widths {
        true => joined(inputs, builder),
        false => {
            let (dims, widths) = (decimals(dims), decimals(&widths));
            Err(wrong(format!("inputdimensions {dims} of inputs of {widths} numbers")))
        }
    }
}

/// One number for all, or one for each.
fn for_each(numbers: &[f64], width: usize, what: &str) -> Result<Vec<f64>> {
    match numbers.len() {
        1 => Ok(vec![numbers[0]; width]),
        n if n == width => Ok(numbers.to_vec()),
        n => Err(wrong(format!("{what}: expected 1 number or {width}, found {n}"))),
    }
}

/// (x - offset) scale
fn scale(node: &Node, rows: Rows, builder: &mut Builder) -> Result<usize> {
    let (offset, scale) = (node.numbers("offset")?, node.numbers("scale")?);
    let offset = for_each(if offset.is_empty() { &[0.0] } else { offset }, rows.width, "offset")?;
    let scale = for_each(if scale.is_empty() { &[1.0] } else { scale }, rows.width, "scale")?;
    for (place, (offset, scale)) in offset.iter().zip(&scale).enumerate() {
        builder.hint(rows.vector, place, &[offset - 2.0 / scale, *offset, offset + 2.0 / scale]);
    }
    let (offset, scale) = (builder.constant(&offset)?, builder.constant(&scale)?);
    let centred = builder.push(Operation::Arithmetic(Arithmetic::Subtract), &[rows.vector, offset], Kind::Float)?;
    builder.push(Operation::Arithmetic(Arithmetic::Multiply), &[centred, scale], Kind::Float)
}

fn impute(node: &Node, rows: Rows, builder: &mut Builder) -> Result<usize> {
    let (floats, wholes) = (node.numbers("imputed_value_floats")?, node.numbers("imputed_value_int64s")?);
    let imputed = for_each(if floats.is_empty() { wholes } else { floats }, rows.width, "imputed values")?;
    let replaced = match floats.is_empty() {
        true => node.whole("replaced_value_int64", 0)? as f64,
        false => node.float("replaced_value_float", 0.0)?,
    };
    for (place, value) in imputed.iter().enumerate() {
        builder.hint(rows.vector, place, &[*value]);
    }
    let is_replaced = match replaced.is_nan() {
        true => builder.function(Function::IsMissing, rows.vector)?,
        false => builder.with(Arithmetic::Equal, rows.vector, replaced)?,
    };
    let imputed = builder.constant(&imputed)?;
    builder.exact(Operation::Choose, &[is_replaced, imputed, rows.vector])
}

fn extract(data: &Value, places: &Value, builder: &mut Builder) -> Result<Value> {
    match (data, places) {
        (Value::Known(data), Value::Rows(place)) => Ok(Value::Class(labels(data)?, place.vector)),
        (data, places) => {
            let width = match data {
                Value::Texts(features) => features.len(),
                other => other.rows()?.width,
            };
            let places = places.known()?.wholes()?;
            let place = |at: &i64| usize::try_from(*at).ok().filter(|at| *at < width);
            let places: Option<Vec<usize>> = places.iter().map(place).collect();
            picked(data, &places.ok_or_else(|| wrong(format!("there is no such place among {width}")))?, true, builder)
        }
    }
}

/// The places of texts among the sorted ones of their feature, which is thereby known to have them.
fn positions(feature: usize, texts: &[String], accepts_others: bool, builder: &mut Builder) -> Result<Vec<f64>> {
    let labels = NumberedLabels::texts(texts)?;
    let place = builder.texts.get_mut(feature).ok_or_else(|| wrong("there is no such feature"))?;
    match place {
        Some((known, _)) if *known != texts => return Err(wrong("a feature has two lists of texts")),
        Some((_, accepts)) => *accepts &= accepts_others,
        None => *place = Some((texts.to_vec(), accepts_others)),
    }
    Ok((0..texts.len()).filter_map(|at| labels.position(at)).map(|position| position as f64).collect())
}

fn encode_one_hot(node: &Node, value: &Value, builder: &mut Builder) -> Result<Value> {
    let accepts_others = node.whole("zeros", 1)? != 0;
    let mut vectors = Vec::new();
    match value {
        Value::Texts(features) => {
            for feature in features {
                let positions = positions(*feature, node.texts("cats_strings")?, accepts_others, builder)?;
                let own = builder.exact(Operation::Pick(vec![*feature]), &[0])?;
                let positions = builder.constant(&positions)?;
                vectors.push(builder.arithmetic(Arithmetic::Equal, own, positions)?);
            }
        }
        other => {
            let rows = other.rows()?;
            if !accepts_others {
                return Err(wrong("it refuses numbers that are no category; only for texts tepal does"));
            }
            let categories = builder.constant(node.numbers("cats_int64s")?)?;
            for place in 0..rows.width {
                let own = builder.pick(rows.vector, vec![place], rows.kind)?;
                builder.hint(own, 0, node.numbers("cats_int64s")?);
                vectors.push(builder.arithmetic(Arithmetic::Equal, own, categories)?);
            }
        }
    }
    let vector = builder.join(&vectors)?;
    Ok(Value::Rows(builder.rows(vector, Kind::Float, true)))
}

fn encode_labels(node: &Node, value: &Value, builder: &mut Builder) -> Result<Value> {
    let numbers = |names: [&str; 3]| -> Result<Option<Vec<f64>>> {
        for name in names {
            if node.has(name) && node.tensor(name).is_none_or(|tensor| tensor.kind != Kind::Text) {
                return node.numbers(name).map(|numbers| Some(numbers.to_vec()));
            }
        }
        Ok(None)
    };
    let texts = |names: [&str; 2]| -> Result<Option<Vec<String>>> {
        for name in names {
            if node.has(name) && node.tensor(name).is_none_or(|tensor| tensor.kind == Kind::Text) {
                return node.texts(name).map(|texts| Some(texts.to_vec()));
            }
        }
        Ok(None)
    };
    let key_numbers = numbers(["keys_int64s", "keys_floats", "keys_tensor"])?;
    let key_texts = texts(["keys_strings", "keys_tensor"])?;
    let value_numbers = numbers(["values_int64s", "values_floats", "values_tensor"])?;
    if let Some(names) = texts(["values_strings", "values_tensor"])? {
        // Places become names: those of classes.
        let is_in_order = key_numbers.is_some_and(|keys| keys.iter().zip(0..).all(|(key, at)| *key == f64::from(at)));
        return match is_in_order {
            true => Ok(Value::Class(Classes::Texts(names), value.rows()?.vector)),
            false => Err(wrong("texts become texts, or numbers texts that are no classes")),
        };
    }
    let values = value_numbers.ok_or_else(|| wrong("expected values of the labels"))?;
    let is_whole = node.has("values_int64s");
    let default = match node.tensor("default_tensor") {
        Some(tensor) => tensor.single()?,
        None if is_whole => node.whole("default_int64", -1)? as f64,
        None => node.float("default_float", -0.0)?,
    };
    let kind = match node.tensor("values_tensor") {
        Some(tensor) => tensor.kind,
        None if is_whole => Kind::Whole,
        None => Kind::Float,
    };
    match (value, key_texts, key_numbers) {
        (Value::Texts(features), Some(keys), _) => {
            builder.check_room(features.len().saturating_mul(2 * keys.len()))?;
            let mut lookups = Vec::new();
            for feature in features {
                let positions = positions(*feature, &keys, true, builder)?;
                lookups.push(lookup(&positions, &values, default, default)?);
            }
            let own = builder.exact(Operation::Pick(features.clone()), &[0])?;
            let vector = builder.push(Operation::Lookups(lookups), &[own], kind)?;
            Ok(Value::Rows(builder.rows(vector, kind, true)))
        }
        (other, _, Some(keys)) => {
            let rows = other.rows()?;
            let of_missing = keys.iter().position(|key| key.is_nan()).and_then(|at| values.get(at).copied());
            builder.check_room(rows.width.saturating_mul(2 * keys.len()))?;
            let lookup = lookup(&keys, &values, default, of_missing.unwrap_or(default))?;
            (0..rows.width).for_each(|place| builder.hint(rows.vector, place, &keys));
            let vector = builder.push(Operation::Lookups(vec![lookup; rows.width]), &[rows.vector], kind)?;
            Ok(Value::Rows(Rows { vector, kind, ..rows }))
        }
        (other, ..) => Err(other.wrong("labels of the same kind as the keys")),
    }
}

/// A lookup of keys in any order. Of equal ones the last one counts.
fn lookup(keys: &[f64], values: &[f64], other: f64, missing: f64) -> Result<Lookup> {
    if keys.len() != values.len() {
        return Err(wrong("expected a value for each key"));
    }
    // With their places: those of equal keys come in order. 0 and -0 are equal.
    let known = keys.iter().enumerate().filter(|(_, key)| !key.is_nan());
    let mut places: Vec<(f64, f64)> = known.map(|(at, key)| (key + 0.0, at as f64)).collect();
    sort_pairs(&mut places);
    let last = places.chunk_by(|a, b| a.0 == b.0).filter_map(<[_]>::last);
    let (keys, values) = last.map(|(key, at)| (*key, values[*at as usize])).unzip();
    Ok(Lookup { keys, values, other, missing })
}

/// The weighted sums of a linear operator, with so many outputs.
pub(super) fn linear(node: &Node, rows: Rows, n: usize, builder: &mut Builder) -> Result<usize> {
    limits::check("scores", n, limits::CLASSES)?;
    let (weights, intercepts) = (node.numbers("coefficients")?.to_vec(), node.numbers("intercepts")?);
    let bias = if intercepts.is_empty() { vec![0.0; n] } else { intercepts.to_vec() };
    let n_weights = n.saturating_mul(rows.width);
    if bias.len() != n || weights.len() != n_weights {
        return Err(wrong(format!("expected {n_weights} coefficients and {n} intercepts")));
    }
    builder.push(Operation::Dense { weights, bias }, &[rows.vector], Kind::Float)
}

/// The same of a support vector machine without support vectors, whose `rho` is added.
pub(super) fn linear_without_intercepts(node: &Node, rows: Rows, n: usize, builder: &mut Builder) -> Result<usize> {
    let (weights, rho) = (node.numbers("coefficients")?.to_vec(), node.numbers("rho")?);
    let rho = rho.first().copied().unwrap_or(0.0);
    if weights.len() != n * rows.width {
        return Err(wrong(format!("expected {} coefficients", n * rows.width)));
    }
    builder.push(Operation::Dense { weights, bias: vec![rho; n] }, &[rows.vector], Kind::Float)
}

/// Refuses a regression whose numbers are transformed: onnxruntime does not transform one number, others do.
pub(super) fn check_untransformed(node: &Node) -> Result<()> {
    match node.text("post_transform", "NONE")? {
        "NONE" => Ok(()),
        other => Err(unsupported(ONNX, &format!("post_transform {other} of a regression, which tools do differently"))),
    }
}

/// Scores as an operator hands them out.
pub(super) fn transformed(node: &Node, scores: usize, builder: &mut Builder) -> Result<usize> {
    match node.text("post_transform", "NONE")? {
        "NONE" => Ok(scores),
        "LOGISTIC" => builder.push(Operation::Function(Function::Logistic), &[scores], Kind::Float),
        "SOFTMAX" => builder.push(Operation::Softmax, &[scores], Kind::Float),
        other => Err(unsupported(ONNX, &format!("post_transform {other}"))),
    }
}

/// The labels of a classifier.
pub(super) fn classes(node: &Node) -> Result<Classes> {
    for name in ["classlabels_strings", "classlabels_int64s", "classlabels_ints"] {
        if !node.has(name) {
            continue;
        }
        return Ok(match name {
            "classlabels_strings" => Classes::Texts(node.texts(name)?.to_vec()),
            _ => Classes::Numbers(node.numbers(name)?.to_vec()),
        });
    }
    Err(wrong("it has no labels of classes"))
}
