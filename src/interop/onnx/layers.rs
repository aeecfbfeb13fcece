//! Operators over all numbers of a row: weighted sums, normalization, softmax, and what makes one number of many.

use super::builder::Builder;
use super::file::Node;
use super::tensor::{Kind, Tensor};
use super::value::{Rows, Value};
use crate::error::Result;
use crate::interop::document::wrong;
use crate::model::{Arithmetic, Function, Operation, Reduction};

pub(super) const OPERATORS: [&str; 21] = [
    "ArgMax",
    "ArgMin",
    "BatchNormalization",
    "Clip",
    "Gemm",
    "LayerNormalization",
    "LogSoftmax",
    "LpNormalization",
    "MatMul",
    "ReduceL1",
    "ReduceL2",
    "ReduceLogSum",
    "ReduceLogSumExp",
    "ReduceMax",
    "ReduceMean",
    "ReduceMin",
    "ReduceProd",
    "ReduceSum",
    "ReduceSumSquare",
    "Softmax",
    "Where",
];

/// What the operator makes of its inputs. Operators have this version.
pub(super) fn translate(node: &Node, version: i64, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    match node.operator.as_str() {
        "MatMul" => product(inputs, builder),
        "Gemm" => gemm(node, inputs, builder),
        "BatchNormalization" => batch_normalization(node, inputs, builder),
        "LayerNormalization" => layer_normalization(node, inputs, builder),
        "LpNormalization" => lp_normalization(node, inputs, builder),
        "Clip" => clip(node, inputs, builder),
        "Where" => choose(inputs, builder),
        "Softmax" | "LogSoftmax" => softmax(node, version, inputs, builder),
        _ => reduced(node, inputs, builder),
    }
}

fn input(inputs: &[Value], at: usize) -> Result<&Value> {
    inputs.get(at).ok_or_else(|| wrong(format!("expected an input {at}")))
}

/// Rows with a dimension of their own.
fn matrix(value: &Value) -> Result<Rows> {
    let rows = value.rows()?;
    match rows.is_matrix {
        true => Ok(rows),
        false => Err(wrong("the input has no dimension beside the one of the rows")),
    }
}

/// The weighted sums of rows, with weights in dimensions of inputs and outputs.
fn dense(rows: Rows, weights: &Tensor, bias: Vec<f64>, builder: &mut Builder) -> Result<Value> {
    let [n_in, n_out] = *weights.dims else {
        return Err(wrong(format!("expected weights in two dimensions, found {:?}", weights.dims)));
    };
    if n_in != rows.width {
        return Err(wrong(format!("weights for {n_in} numbers meet rows of {}", rows.width)));
    }
    let bias = if bias.is_empty() { vec![0.0; n_out] } else { bias };
    let weights = weights.transposed()?.numbers;
    let vector = builder.push(Operation::Dense { weights, bias }, &[rows.vector], rows.kind)?;
    Ok(Value::Rows(builder.rows(vector, rows.kind, true)))
}

fn product(inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let (rows, weights) = (matrix(input(inputs, 0)?)?, input(inputs, 1)?.known()?);
    match *weights.dims {
        // A column: the product has no dimension beside the one of the rows.
        [n] => {
            let product = dense(rows, &weights.reshaped(vec![n, 1])?, Vec::new(), builder)?.rows()?;
            Ok(Value::Rows(Rows { is_matrix: false, ..product }))
        }
        _ => dense(rows, weights, Vec::new(), builder),
    }
}

fn gemm(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let (rows, weights) = (matrix(input(inputs, 0)?)?, input(inputs, 1)?.known()?);
    if node.whole("transA", 0)? != 0 {
        return Err(wrong("transA turns rows into columns"));
    }
    let weights = if node.whole("transB", 0)? != 0 { weights.transposed()? } else { weights.clone() };
    let (alpha, beta) = (node.float("alpha", 1.0)?, node.float("beta", 1.0)?);
    let weights = Tensor { numbers: weights.numbers.iter().map(|weight| weight * alpha).collect(), ..weights };
    let n_out = weights.dims.get(1).copied().unwrap_or(0);
    let bias = match inputs.get(2) {
        None => Vec::new(),
        Some(Value::Known(bias))
            if bias.kind != Kind::Text
                && bias.len() == bias.dims.last().copied().unwrap_or(1)
                && [1, n_out].contains(&bias.len()) =>
        {
            (0..n_out).map(|at| beta * bias.numbers[if bias.len() == 1 { 0 } else { at }]).collect()
        }
        Some(_) => return Err(wrong("expected a number to add for each output")),
    };
    dense(rows, &weights, bias, builder)
}

/// scale (x - mean) / sqrt(variance + epsilon) + bias, as one factor and one number to add.
fn batch_normalization(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = matrix(input(inputs, 0)?)?;
    if node.whole("training_mode", 0)? != 0 || node.outputs.iter().skip(1).any(|output| !output.is_empty()) {
        return Err(wrong("it normalizes by the rows at hand, as in training"));
    }
    let known = |at: usize| input(inputs, at)?.known().map(|tensor| tensor.numbers.as_slice());
    let (scale, bias, mean, variance) = (known(1)?, known(2)?, known(3)?, known(4)?);
    if [scale, bias, mean, variance].iter().any(|numbers| numbers.len() != rows.width) {
        return Err(wrong("expected a scale, a bias, a mean and a variance for each number"));
    }
    let epsilon = node.float("epsilon", f64::from(1e-5_f32))?;
    let deviation: Vec<f64> = variance.iter().map(|variance| (variance + epsilon).sqrt()).collect();
    for (place, (mean, deviation)) in mean.iter().zip(&deviation).enumerate() {
        builder.hint(rows.vector, place, &[mean - 2.0 * deviation, *mean, mean + 2.0 * deviation]);
    }
    let (mean, deviation, scale, bias) =
        (builder.constant(mean)?, builder.constant(&deviation)?, builder.constant(scale)?, builder.constant(bias)?);
    let centred = builder.arithmetic(Arithmetic::Subtract, rows.vector, mean)?;
    let scaled = builder.arithmetic(Arithmetic::Divide, centred, deviation)?;
    let scaled = builder.arithmetic(Arithmetic::Multiply, scaled, scale)?;
    let vector = builder.push(Operation::Arithmetic(Arithmetic::Add), &[scaled, bias], rows.kind)?;
    Ok(Value::Rows(Rows { vector, ..rows }))
}

fn layer_normalization(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = matrix(input(inputs, 0)?)?;
    if ![-1, 1].contains(&node.whole("axis", -1)?) || node.outputs.iter().skip(1).any(|output| !output.is_empty()) {
        return Err(wrong("it is done over the numbers of a row, with one output, or not at all"));
    }
    let mean = builder.reduce(Reduction::Mean, rows.vector)?;
    let centred = builder.arithmetic(Arithmetic::Subtract, rows.vector, mean)?;
    let squares = builder.arithmetic(Arithmetic::Multiply, centred, centred)?;
    let variance = builder.reduce(Reduction::Mean, squares)?;
    let variance = builder.with(Arithmetic::Add, variance, node.float("epsilon", f64::from(1e-5_f32))?)?;
    let deviation = builder.function(Function::SquareRoot, variance)?;
    let mut made = builder.arithmetic(Arithmetic::Divide, centred, deviation)?;
    for (at, arithmetic) in [(1, Arithmetic::Multiply), (2, Arithmetic::Add)] {
        if let Some(value) = inputs.get(at) {
            let numbers = builder.vector(value)?;
            made = builder.arithmetic(arithmetic, made, numbers)?;
        }
    }
    let vector = builder.kept(made, rows.kind)?;
    Ok(Value::Rows(Rows { vector, ..rows }))
}

fn lp_normalization(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = matrix(input(inputs, 0)?)?;
    check_axis(node.whole("axis", -1)?)?;
    let norm = match node.whole("p", 2)? {
        1 => Norm::Sum,
        2 => Norm::Root,
        other => return Err(wrong(format!("p: expected 1 or 2, found {other}"))),
    };
    normalized(norm, rows, builder)
}

/// What rows are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Norm {
    /// The sum of the sizes of their numbers.
    Sum,
    /// The root of the sum of their squares.
    Root,
    /// The largest size of a number.
    Largest,
}

/// Rows over their norm; rows whose norm is 0 stay as they are.
pub(super) fn normalized(norm: Norm, rows: Rows, builder: &mut Builder) -> Result<Value> {
    let x = rows.vector;
    let norm = match norm {
        Norm::Sum => {
            let sizes = builder.function(Function::Absolute, x)?;
            builder.reduce(Reduction::Sum, sizes)?
        }
        Norm::Root => {
            let squares = builder.arithmetic(Arithmetic::Multiply, x, x)?;
            let sum = builder.reduce(Reduction::Sum, squares)?;
            builder.function(Function::SquareRoot, sum)?
        }
        Norm::Largest => {
            let sizes = builder.function(Function::Absolute, x)?;
            builder.reduce(Reduction::Maximum, sizes)?
        }
    };
    let one = builder.constant(&[1.0])?;
    let norm = builder.exact(Operation::Choose, &[norm, norm, one])?;
    let vector = builder.push(Operation::Arithmetic(Arithmetic::Divide), &[x, norm], rows.kind)?;
    Ok(Value::Rows(Rows { vector, ..rows }))
}

/// Whether it is less than the largest number of 32 bits, which stands for no bound.
fn is_bound(number: f64) -> bool {
    number.abs() < f64::from(f32::MAX)
}

/// Numbers below the lower bound become the lower one, those above the upper one the upper one.
fn clip(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = input(inputs, 0)?.rows()?;
    let bound = |at: usize, name: &str, default: f64| match inputs.get(at) {
        Some(Value::Known(tensor)) if tensor.len() == 1 => tensor.single(),
        Some(Value::Known(tensor)) if tensor.kind == Kind::Text => Ok(default),
        Some(other) => Err(other.wrong("a bound that is in the file")),
        None => node.float(name, default),
    };
    let (low, high) = (bound(1, "min", f64::MIN)?, bound(2, "max", f64::MAX)?);
    if low.is_nan() || high.is_nan() {
        return Err(wrong("a bound is not known"));
    }
    let mut vector = rows.vector;
    for (arithmetic, bound) in [(Arithmetic::Maximum, low), (Arithmetic::Minimum, high)] {
        if is_bound(bound) {
            (0..rows.width).for_each(|place| builder.hint(rows.vector, place, &[bound]));
            let bound = builder.constant(&[bound])?;
            vector = builder.push(Operation::Arithmetic(arithmetic), &[vector, bound], rows.kind)?;
        }
    }
    Ok(Value::Rows(Rows { vector, ..rows }))
}

fn choose(inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let all = [input(inputs, 0)?, input(inputs, 1)?, input(inputs, 2)?];
    let rows: Vec<Rows> = all.iter().filter_map(|value| value.rows().ok()).collect();
    let is_matrix = rows.first().is_some_and(|rows| rows.is_matrix);
    if rows.is_empty() || rows.iter().any(|rows| rows.is_matrix != is_matrix) {
        return Err(wrong("its inputs are not all rows of one shape"));
    }
    let kind = all[1..].iter().map(|value| match value {
        Value::Known(tensor) => tensor.kind,
        other => other.rows().map_or(Kind::Double, |rows| rows.kind),
    });
    let kind = kind.max_by_key(|kind| *kind == Kind::Double).unwrap_or(Kind::Double);
    let vectors = all.iter().map(|value| builder.vector(value)).collect::<Result<Vec<_>>>()?;
    let vector = builder.push(Operation::Choose, &vectors, kind)?;
    if !is_matrix && builder.graph.width(vector) > 1 {
        return Err(wrong("numbers of the file would be paired with rows"));
    }
    Ok(Value::Rows(builder.rows(vector, kind, is_matrix)))
}

/// The axis is that of the numbers of a row.
pub(super) fn check_axis(axis: i64) -> Result<()> {
    match axis {
        -1 | 1 => Ok(()),
        other => Err(wrong(format!("axis {other} goes over rows, and a model predicts each row alone"))),
    }
}

fn softmax(node: &Node, version: i64, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = matrix(input(inputs, 0)?)?;
    check_axis(node.whole("axis", if version < 13 { 1 } else { -1 })?)?;
    let operation = if node.operator == "Softmax" { Operation::Softmax } else { Operation::LogSoftmax };
    let vector = builder.push(operation, &[rows.vector], rows.kind)?;
    Ok(Value::Rows(Rows { vector, ..rows }))
}

/// One number of each row.
fn reduced(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let rows = matrix(input(inputs, 0)?)?;
    let operator = node.operator.as_str();
    let is_place = operator.starts_with("Arg");
    if is_place {
        check_axis(node.whole("axis", 0)?)?;
        if node.whole("select_last_index", 0)? != 0 {
            return Err(wrong("of equal numbers it takes the last"));
        }
    } else {
        let axes = match inputs.get(1) {
            Some(axes) => axes.known()?.wholes()?,
            None => node.numbers("axes")?.iter().map(|axis| *axis as i64).collect(),
        };
        match *axes {
            [axis] => check_axis(axis)?,
            _ => return Err(wrong("it goes over rows, and a model predicts each row alone")),
        }
    }
    let x = rows.vector;
    let square = |builder: &mut Builder| builder.arithmetic(Arithmetic::Multiply, x, x);
    let made = match operator {
        "ArgMax" => builder.reduce(Reduction::PlaceOfMaximum, x)?,
        "ArgMin" => {
            let negative = builder.with(Arithmetic::Multiply, x, -1.0)?;
            builder.reduce(Reduction::PlaceOfMaximum, negative)?
        }
        "ReduceSum" => builder.reduce(Reduction::Sum, x)?,
        "ReduceMean" => builder.reduce(Reduction::Mean, x)?,
        "ReduceMax" => builder.reduce(Reduction::Maximum, x)?,
        "ReduceMin" => builder.reduce(Reduction::Minimum, x)?,
        "ReduceProd" => builder.reduce(Reduction::Product, x)?,
        "ReduceL1" => {
            let sizes = builder.function(Function::Absolute, x)?;
            builder.reduce(Reduction::Sum, sizes)?
        }
        "ReduceL2" => {
            let squares = square(builder)?;
            let sum = builder.reduce(Reduction::Sum, squares)?;
            builder.function(Function::SquareRoot, sum)?
        }
        "ReduceSumSquare" => {
            let squares = square(builder)?;
            builder.reduce(Reduction::Sum, squares)?
        }
        "ReduceLogSum" => {
            let sum = builder.reduce(Reduction::Sum, x)?;
            builder.function(Function::Log, sum)?
        }
        _ => {
            // ReduceLogSumExp, with the largest taken out first.
            let largest = builder.reduce(Reduction::Maximum, x)?;
            let rest = builder.arithmetic(Arithmetic::Subtract, x, largest)?;
            let powers = builder.function(Function::Exp, rest)?;
            let sum = builder.reduce(Reduction::Sum, powers)?;
            let logarithm = builder.function(Function::Log, sum)?;
            builder.arithmetic(Arithmetic::Add, largest, logarithm)?
        }
    };
    let kind = if is_place { Kind::Whole } else { rows.kind };
    let vector = builder.kept(made, kind)?;
    Ok(Value::Rows(Rows { vector, width: 1, kind, is_matrix: node.whole("keepdims", 1)? != 0 }))
}
