//! Operators that give numbers other dimensions.

use super::file::Node;
use super::tensor::Tensor;
use super::value::{Rows, Value};
use crate::error::Result;
use crate::interop::document::{whole, wrong};
use crate::interop::labels::sorted;

pub(super) fn dims(wholes: &[i64]) -> Result<Vec<usize>> {
    wholes.iter().map(|dim| usize::try_from(*dim).map_err(|_| wrong("a dimension is below 0"))).collect()
}

/// Flatten, Reshape, Squeeze, Transpose, Unsqueeze: rows stay rows, with or without a dimension for their numbers.
pub(super) fn reshape(node: &Node, inputs: &[Value]) -> Result<Value> {
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
        Value::Class(..) => Ok(first.clone()),
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

/// Gives a constant other dimensions.
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
            let places = axes.iter().map(|axis| if *axis < 0 { axis + full } else { *axis });
            let places = sorted(&mut places.map(|axis| axis as f64));
            if places.len() < axes.len() {
                return Err(wrong("an axis is named twice"));
            }
            for axis in places {
                let at = whole(axis).filter(|at| *at <= dims.len());
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
