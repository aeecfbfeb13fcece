//! Operators that move numbers and compute none.

use super::builder::Builder;
use super::file::Node;
use super::layers::check_axis;
use super::reshape::{dims, reshape};
use super::tensor::{Kind, Tensor};
use super::value::{Classes, Rows, Value};
use crate::error::Result;
use crate::interop::document::{unsupported, wrong};
use crate::interop::tool::ONNX;
use crate::model::{Arithmetic, Function, Operation};

pub(super) const OPERATORS: [&str; 14] = [
    "Cast",
    "Concat",
    "Constant",
    "ConstantOfShape",
    "Dropout",
    "Flatten",
    "Gather",
    "Identity",
    "Reshape",
    "Shape",
    "Slice",
    "Squeeze",
    "Transpose",
    "Unsqueeze",
];

/// What the operator makes of its inputs.
pub(super) fn translate(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let input = |at: usize| inputs.get(at).ok_or_else(|| wrong(format!("expected an input {at}")));
    match node.operator.as_str() {
        "Identity" => Ok(input(0)?.clone()),
        "Dropout" => match inputs.get(2) {
            Some(Value::Known(mode)) if mode.single()? != 0.0 => {
                Err(wrong("it drops numbers by chance, as in training"))
            }
            _ => Ok(input(0)?.clone()),
        },
        "Constant" => constant(node),
        "ConstantOfShape" => {
            let (shape, value) = (input(0)?.known()?, node.tensor("value").map_or(Ok(0.0), Tensor::single)?);
            let kind = node.tensor("value").map_or(Kind::Float, |tensor| tensor.kind);
            let asked = shape.wholes()?;
            if let (true, [-1, rest @ ..]) = (shape.counts_rows, asked.as_slice()) {
                return constant_rows(rest, value, kind, builder);
            }
            let dims = dims(&asked)?;
            let n = dims.iter().try_fold(1_usize, |n, dim| n.checked_mul(*dim)).unwrap_or(usize::MAX);
            crate::limits::check("numbers of a tensor", n, crate::limits::PARAMETERS)?;
            Ok(Value::Known(Tensor::numbers(dims, kind, vec![value; n])))
        }
        "Cast" => cast(node, input(0)?, builder),
        "Concat" => concat(node, inputs, builder),
        "Gather" => gather(node, input(0)?, input(1)?, builder),
        "Slice" => slice(node, inputs, builder),
        "Shape" => match input(0)? {
            Value::Known(tensor) => {
                Ok(Builder::known(tensor.dims.iter().map(|dim| *dim as f64).collect(), Kind::Whole))
            }
            other => {
                let rows = other.rows()?;
                let dims = if rows.is_matrix { vec![-1.0, rows.width as f64] } else { vec![-1.0] };
                let mut tensor = Tensor::numbers(vec![dims.len()], Kind::Whole, dims);
                tensor.counts_rows = true;
                Ok(Value::Known(tensor))
            }
        },
        _ => reshape(node, inputs),
    }
}

/// The same number in each row, as often as the other dimensions say.
fn constant_rows(dims_of_row: &[i64], value: f64, kind: Kind, builder: &mut Builder) -> Result<Value> {
    let width = match dims(dims_of_row)?.as_slice() {
        [] => 1,
        [width] => *width,
        _ => return Err(wrong("rows would have more than one dimension")),
    };
    crate::limits::check("numbers of a tensor", width, crate::limits::PARAMETERS)?;
    let vector = builder.constant(&vec![value; width])?;
    Ok(Value::Rows(builder.rows(vector, kind, !dims_of_row.is_empty())))
}

fn constant(node: &Node) -> Result<Value> {
    if let Some(tensor) = node.tensor("value") {
        return Ok(Value::Known(tensor.clone()));
    }
    let single = |kind: Kind, number: f64| Value::Known(Tensor::numbers(Vec::new(), kind, vec![number]));
    Ok(if node.has("value_float") {
        single(Kind::Float, node.float("value_float", 0.0)?)
    } else if node.has("value_int") {
        single(Kind::Whole, node.whole("value_int", 0)? as f64)
    } else if node.has("value_floats") {
        Builder::known(node.numbers("value_floats")?.to_vec(), Kind::Float)
    } else if node.has("value_ints") {
        Builder::known(node.numbers("value_ints")?.to_vec(), Kind::Whole)
    } else {
        return Err(wrong("a constant of texts, or a sparse one"));
    })
}

fn cast(node: &Node, value: &Value, builder: &mut Builder) -> Result<Value> {
    let kind = Kind::of(node.whole("to", 0)?)?;
    match value {
        Value::Class(..) => Ok(value.clone()),
        _ if kind == Kind::Text => Err(wrong("numbers become texts")),
        Value::Known(tensor) => {
            let number = |number: &f64| match kind {
                Kind::Float => f64::from(*number as f32),
                Kind::Whole => number.trunc(),
                Kind::Flag => f64::from(u8::from(*number != 0.0)),
                Kind::Narrow | Kind::Double | Kind::Text => *number,
            };
            Ok(Value::Known(Tensor { kind, numbers: tensor.numbers.iter().map(number).collect(), ..tensor.clone() }))
        }
        other => {
            let rows = other.rows()?;
            let x = rows.vector;
            let vector = match (rows.kind, kind) {
                (_, Kind::Narrow) => {
                    return Err(wrong("whole numbers of 8 or 16 bits, or without a sign, wrap around"));
                }
                (Kind::Flag | Kind::Whole | Kind::Narrow, Kind::Whole)
                | (_, Kind::Double | Kind::Text)
                | (Kind::Float, Kind::Float) => x,
                (_, Kind::Float) => builder.pick(x, (0..rows.width).collect(), kind)?,
                (_, Kind::Flag) => {
                    let is_zero = builder.with(Arithmetic::Equal, x, 0.0)?;
                    let one = builder.constant(&[1.0])?;
                    builder.arithmetic(Arithmetic::Subtract, one, is_zero)?
                }
                (_, Kind::Whole) => {
                    // What is left over is lost, on both sides of 0.
                    let size = builder.function(Function::Absolute, x)?;
                    let whole = builder.function(Function::Floor, size)?;
                    let sign = builder.function(Function::Sign, x)?;
                    builder.arithmetic(Arithmetic::Multiply, sign, whole)?
                }
            };
            Ok(Value::Rows(Rows { vector, kind, ..rows }))
        }
    }
}

fn concat(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let axis = node.whole("axis", 1)?;
    let known: Option<Vec<&Tensor>> = inputs
        .iter()
        .map(|value| match value {
            Value::Known(tensor) => Some(tensor),
            _ => None,
        })
        .collect();
    if let Some(tensors) = known {
        if axis != 0 && axis != -1 || tensors.iter().any(|tensor| tensor.dims.len() > 1 || tensor.kind == Kind::Text) {
            return Err(wrong("numbers of the file are joined in more than one dimension"));
        }
        let numbers: Vec<f64> = tensors.iter().flat_map(|tensor| tensor.numbers.iter().copied()).collect();
        let mut tensor =
            Tensor::numbers(vec![numbers.len()], tensors.first().map_or(Kind::Float, |tensor| tensor.kind), numbers);
        tensor.counts_rows = tensors.iter().any(|tensor| tensor.counts_rows);
        return Ok(Value::Known(tensor));
    }
    check_axis(axis)?;
    let texts: Option<Vec<&[usize]>> = inputs
        .iter()
        .map(|value| match value {
            Value::Texts(features) => Some(features.as_slice()),
            _ => None,
        })
        .collect();
    if let Some(features) = texts {
        return Ok(Value::Texts(features.concat()));
    }
    let rows = inputs.iter().map(Value::rows).collect::<Result<Vec<_>>>()?;
    if rows.iter().any(|rows| !rows.is_matrix) {
        return Err(wrong("rows are joined behind each other, and a model predicts each row alone"));
    }
    let vector = builder.join(&rows.iter().map(|rows| rows.vector).collect::<Vec<_>>())?;
    let kind = rows.first().map_or(Kind::Float, |rows| rows.kind);
    Ok(Value::Rows(builder.rows(vector, kind, true)))
}

/// Places counted from the end where they are below 0.
fn places(wholes: &[i64], width: usize) -> Result<Vec<usize>> {
    let place = |at: &i64| {
        let at = if *at < 0 { at.checked_add_unsigned(width as u64) } else { Some(*at) };
        let place = at.and_then(|at| usize::try_from(at).ok()).filter(|at| *at < width);
        place.ok_or_else(|| wrong(format!("there is no such place among {width}")))
    };
    wholes.iter().map(place).collect()
}

fn gather(node: &Node, data: &Value, places_of: &Value, builder: &mut Builder) -> Result<Value> {
    match (data, places_of) {
        (Value::Known(data), Value::Rows(place)) => Ok(Value::Class(labels(data)?, place.vector)),
        (Value::Known(data), Value::Known(at)) => {
            if data.dims.len() != 1 || data.kind == Kind::Text {
                return Err(wrong("numbers of the file are picked in more than one dimension"));
            }
            let numbers = places(&at.wholes()?, data.len())?.into_iter().map(|at| data.numbers[at]).collect();
            let picked = Tensor { dims: at.dims.clone(), numbers, ..data.clone() };
            Ok(Value::Known(picked))
        }
        (data, at) => {
            let at = at.known()?;
            check_axis(node.whole("axis", 0)?)?;
            picked(data, &places(&at.wholes()?, width(data)?)?, at.dims.len() == 1, builder)
        }
    }
}

pub(super) fn labels(tensor: &Tensor) -> Result<Classes> {
    if tensor.dims.iter().filter(|dim| **dim != 1).count() > 1 {
        return Err(unsupported(ONNX, "an embedding: a table that is looked up by a number of each row"));
    }
    match tensor.kind {
        Kind::Text => Ok(Classes::Texts(tensor.texts.clone())),
        _ => Ok(Classes::Numbers(tensor.numbers.clone())),
    }
}

fn width(value: &Value) -> Result<usize> {
    match value {
        Value::Texts(features) => Ok(features.len()),
        other => Ok(other.rows()?.width),
    }
}

/// The numbers or texts of rows that stand at places.
pub(super) fn picked(value: &Value, places: &[usize], is_matrix: bool, builder: &mut Builder) -> Result<Value> {
    match value {
        Value::Texts(features) => Ok(Value::Texts(places.iter().map(|place| features[*place]).collect())),
        other => {
            let rows = other.rows()?;
            if !rows.is_matrix {
                return Err(wrong("rows are picked, and a model predicts each row alone"));
            }
            let vector = builder.pick(rows.vector, places.to_vec(), rows.kind)?;
            Ok(Value::Rows(builder.rows(vector, rows.kind, is_matrix)))
        }
    }
}

fn slice(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let data = inputs.first().ok_or_else(|| wrong("expected an input"))?;
    let list = |at: usize, name: &str| match inputs.get(at) {
        Some(value) => value.known()?.wholes().map(Some),
        None if node.has(name) => node.numbers(name).map(|all| Some(all.iter().map(|one| *one as i64).collect())),
        None => Ok(None),
    };
    let (starts, ends) = (list(1, "starts")?.unwrap_or_default(), list(2, "ends")?.unwrap_or_default());
    let axes = list(3, "axes")?.unwrap_or_else(|| (0..starts.len() as i64).collect());
    let steps = list(4, "steps")?.unwrap_or_else(|| vec![1; starts.len()]);
    let ([start], [end], [axis], [step]) = (&*starts, &*ends, &*axes, &*steps) else {
        return Err(wrong("it cuts more than one dimension"));
    };
    let (width, is_known) = match data {
        Value::Known(tensor) if tensor.dims.len() == 1 && tensor.kind != Kind::Text => (tensor.len(), true),
        Value::Known(_) => return Err(wrong("numbers of the file are cut in more than one dimension")),
        other => (width(other)?, false),
    };
    if *step != 1 {
        return Err(wrong("it leaves numbers out, or turns them around"));
    }
    let bound =
        |at: i64| (if at < 0 { at.saturating_add_unsigned(width as u64) } else { at }).clamp(0, width as i64) as usize;
    let range = bound(*start)..bound(*end);
    match data {
        Value::Known(tensor) if is_known => {
            let numbers = tensor.numbers.get(range).unwrap_or_default().to_vec();
            Ok(Value::Known(Tensor { dims: vec![numbers.len()], numbers, ..tensor.clone() }))
        }
        other => {
            check_axis(*axis)?;
            picked(other, &range.collect::<Vec<_>>(), true, builder)
        }
    }
}

/// Parts of rows, one for each output.
pub(super) fn split(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Vec<Value>> {
    let data = inputs.first().ok_or_else(|| wrong("expected an input"))?;
    check_axis(node.whole("axis", 0)?)?;
    let (width, n) = (width(data)?, node.outputs.len());
    let sizes = match inputs.get(1) {
        Some(sizes) => dims(&sizes.known()?.wholes()?)?,
        None if node.has("split") => dims(&node.numbers("split")?.iter().map(|size| *size as i64).collect::<Vec<_>>())?,
        None => {
            // The last one is smaller where they cannot be equal.
            let size = width.div_ceil(n.max(1));
            (0..n).map(|at| size.min(width.saturating_sub(at * size))).collect()
        }
    };
    if sizes.len() != n || sizes.iter().try_fold(0_usize, |sum, size| sum.checked_add(*size)) != Some(width) {
        return Err(wrong("the parts are not as large as the whole"));
    }
    let mut start = 0;
    let part = |size: usize| {
        let places: Vec<usize> = (start..start + size).collect();
        start += size;
        picked(data, &places, true, builder)
    };
    sizes.into_iter().map(part).collect()
}

/// Rows of several values as one matrix.
pub(super) fn joined(inputs: &[Value], builder: &mut Builder) -> Result<Rows> {
    let rows = inputs.iter().map(Value::rows).collect::<Result<Vec<_>>>()?;
    let vector = match rows.as_slice() {
        [one] => one.vector,
        _ => builder.exact(Operation::Join, &rows.iter().map(|rows| rows.vector).collect::<Vec<_>>())?,
    };
    Ok(builder.rows(vector, rows.first().map_or(Kind::Float, |rows| rows.kind), true))
}
