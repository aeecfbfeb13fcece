//! Operators that move numbers and compute none.

use super::builder::Builder;
use super::file::Node;
use super::layers::check_axis;
use super::tensor::{Kind, Tensor};
use super::value::{Classes, Rows, Value};
use crate::error::Result;
use crate::interop::document::wrong;
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

fn dims(wholes: &[i64]) -> Result<Vec<usize>> {
    wholes.iter().map(|dim| usize::try_from(*dim).map_err(|_| wrong("a dimension is below 0"))).collect()
}

fn cast(node: &Node, value: &Value, builder: &mut Builder) -> Result<Value> {
    let kind = Kind::of(node.whole("to", 0)?)?;
    match value {
        Value::Class(_) => Ok(value.clone()),
        _ if kind == Kind::Text => Err(wrong("numbers become texts")),
        Value::Known(tensor) => {
            let number = |number: &f64| match kind {
                Kind::Float => f64::from(*number as f32),
                Kind::Whole => number.trunc(),
                Kind::Flag => f64::from(u8::from(*number != 0.0)),
                Kind::Double | Kind::Text => *number,
            };
            Ok(Value::Known(Tensor { kind, numbers: tensor.numbers.iter().map(number).collect(), ..tensor.clone() }))
        }
        other => {
            let rows = other.rows()?;
            let x = rows.vector;
            let vector = match (rows.kind, kind) {
                (Kind::Flag | Kind::Whole, Kind::Whole)
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
        (Value::Known(data), Value::Rows(_)) => Ok(Value::Class(labels(data)?)),
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

/// Flatten, Reshape, Squeeze, Transpose, Unsqueeze: rows stay rows, with or without a dimension for their numbers.
fn reshape(node: &Node, inputs: &[Value]) -> Result<Value> {
    let operator = node.operator.as_str();
    let first = inputs.first().ok_or_else(|| wrong("expected an input"))?;
    let asked = match inputs.get(1) {
        Some(value) => {
            let (tensor, mut wholes) = (value.known()?, value.known()?.wholes()?);
            if let (true, Some(rows)) = (tensor.counts_rows, wholes.first_mut()) {
                // As many rows as there are.
                *rows = 0;
            }
            Some(wholes)
        }
        None if node.has("axes") => Some(node.numbers("axes")?.iter().map(|axis| *axis as i64).collect()),
        None if node.has("shape") => Some(node.numbers("shape")?.iter().map(|dim| *dim as i64).collect()),
        None => None,
    };
    match first {
        Value::Known(tensor) => known(operator, node, tensor, asked).map(Value::Known),
        // Classes and texts have no numbers to move.
        Value::Class(_) => Ok(first.clone()),
        Value::Texts(_) if operator == "Reshape" || operator == "Flatten" => Ok(first.clone()),
        other => {
            let rows = other.rows()?;
            let width = rows.width as i64;
            let is_matrix = match (operator, asked.as_deref()) {
                ("Flatten", _) if node.whole("axis", 1)? == 1 => true,
                ("Unsqueeze", Some([1 | -1])) if !rows.is_matrix => true,
                ("Squeeze", Some([1 | -1]) | None) if rows.is_matrix && width == 1 => false,
                ("Reshape", Some([-1 | 0, last])) if *last == width || *last == 0 && rows.is_matrix => true,
                ("Reshape", Some([0, -1])) => true,
                ("Reshape", Some([-1])) if width == 1 => false,
                ("Reshape", Some([0])) if !rows.is_matrix => false,
                ("Transpose", _) if node.numbers("perm")? == [0.0, 1.0] => rows.is_matrix,
                _ => return Err(wrong("rows would become something else, and a model predicts each row alone")),
            };
            Ok(Value::Rows(Rows { is_matrix, ..rows }))
        }
    }
}

/// The same for numbers of the file.
fn known(operator: &str, node: &Node, tensor: &Tensor, asked: Option<Vec<i64>>) -> Result<Tensor> {
    let n = tensor.len();
    let rank = tensor.dims.len() as i64;
    match (operator, asked) {
        ("Transpose", _) => match node.numbers("perm")? {
            [] | [1.0, 0.0] => tensor.transposed(),
            [0.0, 1.0] => Ok(tensor.clone()),
            _ => Err(wrong("numbers of the file are turned around in more than two dimensions")),
        },
        ("Unsqueeze", Some(axes)) => {
            let mut dims = tensor.dims.clone();
            let full = rank + axes.len() as i64;
            let mut axes: Vec<i64> = axes.iter().map(|axis| if *axis < 0 { axis + full } else { *axis }).collect();
            axes.sort_unstable();
            for axis in axes {
                let at = usize::try_from(axis).ok().filter(|at| *at <= dims.len());
                dims.insert(at.ok_or_else(|| wrong("there is no such axis"))?, 1);
            }
            tensor.reshaped(dims)
        }
        ("Squeeze", axes) => {
            let is_asked = |at: i64| axes.as_ref().is_none_or(|axes| axes.contains(&at) || axes.contains(&(at - rank)));
            let kept = tensor.dims.iter().zip(0..).filter(|(dim, at)| **dim != 1 || !is_asked(*at));
            tensor.reshaped(kept.map(|(dim, _)| *dim).collect())
        }
        ("Reshape", Some(shape)) => {
            let at = |at: usize| tensor.dims.get(at).copied().unwrap_or(1) as i64;
            let shape: Vec<i64> =
                shape.iter().enumerate().map(|(place, dim)| if *dim == 0 { at(place) } else { *dim }).collect();
            let others: i64 = shape.iter().filter(|dim| **dim > 0).fold(1, |product, dim| product.saturating_mul(*dim));
            let dim = |dim: &i64| if *dim == -1 { n as i64 / others.max(1) } else { *dim };
            tensor.reshaped(dims(&shape.iter().map(dim).collect::<Vec<_>>())?)
        }
        ("Flatten", _) => {
            let axis = node.whole("axis", 1)?;
            let axis = usize::try_from(if axis < 0 { axis + rank } else { axis }).unwrap_or(0).min(tensor.dims.len());
            let rows: usize = tensor.dims[..axis].iter().product();
            tensor.reshaped(vec![rows, n.checked_div(rows).unwrap_or(0)])
        }
        _ => Err(wrong("expected axes or a shape")),
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
