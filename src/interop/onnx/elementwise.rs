//! Operators that work on each number alone, and on two, paired.

use super::builder::Builder;
use super::file::Node;
use super::tensor::{Kind, Tensor};
use super::value::{Rows, Value};
use crate::error::{Result, quote};
use crate::interop::document::wrong;
use crate::model::{Arithmetic, Function, Operation};

/// Operators of one input that are one function.
fn function(operator: &str) -> Option<Function> {
    Some(match operator {
        "Abs" => Function::Absolute,
        "Ceil" => Function::Ceiling,
        "Erf" => Function::Erf,
        "Exp" => Function::Exp,
        "Floor" => Function::Floor,
        "Log" => Function::Log,
        "Round" => Function::Round,
        "Sigmoid" => Function::Logistic,
        "Sign" => Function::Sign,
        "Sqrt" => Function::SquareRoot,
        "Tanh" => Function::Tanh,
        _ => return None,
    })
}

/// Operators of two or more inputs that are one operation on pairs, from the left on.
fn arithmetic(operator: &str) -> Option<Arithmetic> {
    Some(match operator {
        "Add" | "Sum" | "Mean" => Arithmetic::Add,
        "Sub" => Arithmetic::Subtract,
        "Mul" | "And" => Arithmetic::Multiply,
        "Div" => Arithmetic::Divide,
        "Max" | "Or" => Arithmetic::Maximum,
        "Min" => Arithmetic::Minimum,
        "Pow" => Arithmetic::Power,
        "Less" | "Greater" => Arithmetic::Less,
        "LessOrEqual" | "GreaterOrEqual" => Arithmetic::AtMost,
        "Equal" | "Xor" => Arithmetic::Equal,
        _ => return None,
    })
}

/// Whether it is an operator of this kind: it has one output.
pub(super) fn is_one(operator: &str) -> bool {
    function(operator).is_some() || arithmetic(operator).is_some() || ACTIVATIONS.contains(&operator)
}

/// Operators of one input that are made of several operations.
const ACTIVATIONS: [&str; 19] = [
    "Celu",
    "Elu",
    "Gelu",
    "HardSigmoid",
    "HardSwish",
    "IsNaN",
    "LeakyRelu",
    "Mish",
    "Neg",
    "Not",
    "PRelu",
    "Reciprocal",
    "Relu",
    "Selu",
    "Shrink",
    "Softplus",
    "Softsign",
    "Swish",
    "ThresholdedRelu",
];

/// What the operator makes of its inputs.
pub(super) fn translate(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let operator = node.operator.as_str();
    let first = inputs.first().ok_or_else(|| wrong("expected an input"))?;
    if let Some(arithmetic) = arithmetic(operator) {
        return paired(operator, arithmetic, inputs, builder);
    }
    if let Value::Known(tensor) = first {
        return folded(operator, tensor);
    }
    let rows = first.rows()?;
    let vector = match function(operator) {
        Some(function) => builder.push(Operation::Function(function), &[rows.vector], rows.kind)?,
        None => {
            let made = activation(node, inputs, rows, builder)?;
            builder.kept(made, rows.kind)?
        }
    };
    let kind = if ["IsNaN", "Not"].contains(&operator) { Kind::Flag } else { rows.kind };
    Ok(Value::Rows(Rows { vector, kind, ..rows }))
}

/// Operators whose value is known, since that of their input is.
fn folded(operator: &str, tensor: &Tensor) -> Result<Value> {
    let of: fn(f64) -> f64 = match operator {
        "Neg" => |x| -x,
        "Sqrt" => f64::sqrt,
        "Abs" => f64::abs,
        "Reciprocal" => |x| 1.0 / x,
        _ => return Err(wrong("it computes with numbers of the file alone, which tepal does not")),
    };
    if tensor.counts_rows {
        return Err(wrong("it computes with the number of rows"));
    }
    let numbers = tensor.numbers.iter().map(|x| kept(of(*x), tensor.kind)).collect();
    Ok(Value::Known(Tensor { numbers, ..tensor.clone() }))
}

/// A number as its kind keeps it.
fn kept(number: f64, kind: Kind) -> f64 {
    if kind == Kind::Float { f64::from(number as f32) } else { number }
}

fn paired(operator: &str, arithmetic: Arithmetic, inputs: &[Value], builder: &mut Builder) -> Result<Value> {
    let is_comparison = matches!(arithmetic, Arithmetic::Less | Arithmetic::AtMost | Arithmetic::Equal);
    let mut all = inputs.to_vec();
    if ["Greater", "GreaterOrEqual"].contains(&operator) {
        all.reverse();
    }
    let (mut made, rest) = match all.split_first() {
        Some((first, rest)) => (first.clone(), rest),
        None => return Err(wrong("expected an input")),
    };
    for next in rest {
        made = pair(arithmetic, &made, next, builder)?;
    }
    if let Value::Rows(rows) = made {
        let kind = if is_comparison { Kind::Flag } else { rows.kind };
        let vector = match operator {
            "Mean" => {
                let mean = builder.with(Arithmetic::Divide, rows.vector, inputs.len() as f64)?;
                builder.kept(mean, rows.kind)?
            }
            "Xor" => {
                let one = builder.constant(&[1.0])?;
                builder.arithmetic(Arithmetic::Subtract, one, rows.vector)?
            }
            _ => rows.vector,
        };
        return Ok(Value::Rows(Rows { vector, kind, ..rows }));
    }
    match operator {
        "Mean" | "Xor" => Err(wrong("it computes with numbers of the file alone, which tepal does not")),
        _ => Ok(made),
    }
}

/// What two values make, number by number.
fn pair(arithmetic: Arithmetic, a: &Value, b: &Value, builder: &mut Builder) -> Result<Value> {
    if let (Value::Known(a), Value::Known(b)) = (a, b) {
        let is_sum =
            matches!(arithmetic, Arithmetic::Add | Arithmetic::Subtract | Arithmetic::Multiply | Arithmetic::Divide);
        let is_division_of_wholes = arithmetic == Arithmetic::Divide && a.kind == Kind::Whole;
        if !is_sum || is_division_of_wholes || a.counts_rows || b.counts_rows || a.kind == Kind::Text {
            return Err(wrong("it computes with numbers of the file alone, which tepal does not"));
        }
        return a.with(b, |x, y| kept(arithmetic.of(x, y), a.kind)).map(Value::Known);
    }
    let (of_a, of_b) = (shape(a)?, shape(b)?);
    let kind = of_a.or(of_b).map_or(Kind::Double, |rows| rows.kind);
    if kind == Kind::Whole && arithmetic == Arithmetic::Divide {
        return Err(wrong("whole numbers are divided, and what is left over is lost"));
    }
    if kind == Kind::Whole && matches!(arithmetic, Arithmetic::Multiply | Arithmetic::Power) {
        return Err(wrong("products of whole numbers wrap around"));
    }
    if kind == Kind::Narrow && !matches!(arithmetic, Arithmetic::Less | Arithmetic::AtMost | Arithmetic::Equal) {
        return Err(wrong("whole numbers of 8 or 16 bits, or without a sign, wrap around"));
    }
    let known = |value: &Value| match value {
        Value::Known(tensor) => Some(tensor.clone()),
        _ => None,
    };
    let is_matrix = match (of_a, of_b, known(a).or(known(b))) {
        (Some(a), Some(b), _) if a.is_matrix != b.is_matrix => {
            return Err(wrong("one input has a dimension more than the other, so rows would be paired with columns"));
        }
        (Some(rows), None, Some(tensor)) | (None, Some(rows), Some(tensor)) => {
            // Numbers without a dimension of rows, [n], stand for a row's numbers, which rows of one number do not have.
            if !rows.is_matrix && tensor.len() > 1 {
                return Err(wrong("numbers of the file would be paired with rows"));
            }
            rows.is_matrix || tensor.dims.len() > 1
        }
        (of_a, of_b, _) => of_a.or(of_b).is_some_and(|rows| rows.is_matrix),
    };
    let (x, y) = (builder.vector(a)?, builder.vector(b)?);
    hint(arithmetic, (x, a), (y, b), builder);
    let vector = builder.push(Operation::Arithmetic(arithmetic), &[x, y], kind)?;
    if let Some(tensor) = known(b) {
        match arithmetic {
            Arithmetic::Subtract => builder.centre(vector, x, tensor.numbers),
            Arithmetic::Divide => builder.hint_scales(x, &tensor.numbers),
            Arithmetic::Multiply => {
                let scales: Vec<f64> = tensor.numbers.iter().map(|factor| 1.0 / factor).collect();
                builder.hint_scales(x, &scales);
            }
            _ => {}
        }
    }
    Ok(Value::Rows(builder.rows(vector, kind, is_matrix)))
}

/// A feature that something is taken from, or that is compared, has values about that.
fn hint(arithmetic: Arithmetic, a: (usize, &Value), b: (usize, &Value), builder: &mut Builder) {
    let is_telling = matches!(
        arithmetic,
        Arithmetic::Subtract | Arithmetic::Less | Arithmetic::AtMost | Arithmetic::Maximum | Arithmetic::Minimum
    );
    for ((vector, _), (_, other)) in [(a, b), (b, a)] {
        if let Value::Known(tensor) = other
            && is_telling
        {
            for place in 0..builder.graph.width(vector) {
                if let Some(number) = tensor.numbers.get(if tensor.len() == 1 { 0 } else { place }) {
                    builder.hint(vector, place, &[*number]);
                }
            }
        }
    }
}

fn shape(value: &Value) -> Result<Option<Rows>> {
    match value {
        Value::Known(_) => Ok(None),
        other => other.rows().map(Some),
    }
}

/// Several operations, rounded once at the end.
fn activation(node: &Node, inputs: &[Value], rows: Rows, builder: &mut Builder) -> Result<usize> {
    let x = rows.vector;
    let zero = builder.constant(&[0.0])?;
    let is_negative = |builder: &mut Builder| builder.arithmetic(Arithmetic::Less, x, zero);
    // `negative` where x is below 0, else x.
    let below = |builder: &mut Builder, negative: usize| {
        let condition = is_negative(builder)?;
        builder.exact(Operation::Choose, &[condition, negative, x])
    };
    let times = |builder: &mut Builder, x: usize, factor: f64| builder.with(Arithmetic::Multiply, x, factor);
    Ok(match node.operator.as_str() {
        "Neg" => builder.arithmetic(Arithmetic::Subtract, zero, x)?,
        "Not" => {
            let one = builder.constant(&[1.0])?;
            builder.arithmetic(Arithmetic::Subtract, one, x)?
        }
        "IsNaN" => builder.function(Function::IsMissing, x)?,
        "Reciprocal" => {
            let one = builder.constant(&[1.0])?;
            builder.arithmetic(Arithmetic::Divide, one, x)?
        }
        "Relu" => builder.arithmetic(Arithmetic::Maximum, x, zero)?,
        "LeakyRelu" => {
            let negative = times(builder, x, node.float("alpha", f64::from(0.01_f32))?)?;
            below(builder, negative)?
        }
        "PRelu" => {
            let slope = inputs.get(1).ok_or_else(|| wrong("expected a slope"))?;
            let slope = builder.vector(slope)?;
            let negative = builder.arithmetic(Arithmetic::Multiply, x, slope)?;
            below(builder, negative)?
        }
        "Elu" => {
            let power = builder.function(Function::ExpMinusOne, x)?;
            let negative = times(builder, power, node.float("alpha", 1.0)?)?;
            below(builder, negative)?
        }
        "Celu" => {
            let alpha = node.float("alpha", 1.0)?;
            let inner = times(builder, x, 1.0 / alpha)?;
            let power = builder.function(Function::ExpMinusOne, inner)?;
            let negative = times(builder, power, alpha)?;
            below(builder, negative)?
        }
        "Selu" => {
            let (alpha, gamma) = (1.673_263_192_176_818_8, 1.050_701_022_148_132_3);
            let power = builder.function(Function::ExpMinusOne, x)?;
            let negative = times(builder, power, node.float("alpha", alpha)?)?;
            let either = below(builder, negative)?;
            times(builder, either, node.float("gamma", gamma)?)?
        }
        "Gelu" => {
            let inner = match node.text("approximate", "none")? {
                "none" => {
                    let inner = times(builder, x, std::f64::consts::FRAC_1_SQRT_2)?;
                    builder.function(Function::Erf, inner)?
                }
                "tanh" => {
                    let cube = builder.with(Arithmetic::Power, x, 3.0)?;
                    let cube = times(builder, cube, 0.044_715)?;
                    let inner = builder.arithmetic(Arithmetic::Add, x, cube)?;
                    let inner = times(builder, inner, (2.0 / std::f64::consts::PI).sqrt())?;
                    builder.function(Function::Tanh, inner)?
                }
                other => return Err(wrong(format!("approximate: {} is none", quote(other)))),
            };
            let inner = builder.with(Arithmetic::Add, inner, 1.0)?;
            let half = times(builder, x, 0.5)?;
            builder.arithmetic(Arithmetic::Multiply, half, inner)?
        }
        "HardSigmoid" => {
            let (alpha, beta) = (node.float("alpha", f64::from(0.2_f32))?, node.float("beta", 0.5)?);
            hard_sigmoid(builder, x, alpha, beta)?
        }
        "HardSwish" => {
            let gate = hard_sigmoid(builder, x, 1.0 / 6.0, 0.5)?;
            builder.arithmetic(Arithmetic::Multiply, x, gate)?
        }
        "Swish" => {
            let inner = times(builder, x, node.float("alpha", 1.0)?)?;
            let gate = builder.function(Function::Logistic, inner)?;
            builder.arithmetic(Arithmetic::Multiply, x, gate)?
        }
        "Softplus" => softplus(builder, x)?,
        "Mish" => {
            let soft = softplus(builder, x)?;
            let gate = builder.function(Function::Tanh, soft)?;
            builder.arithmetic(Arithmetic::Multiply, x, gate)?
        }
        "Softsign" => {
            let size = builder.function(Function::Absolute, x)?;
            let size = builder.with(Arithmetic::Add, size, 1.0)?;
            builder.arithmetic(Arithmetic::Divide, x, size)?
        }
        "ThresholdedRelu" => {
            let alpha = builder.constant(&[node.float("alpha", 1.0)?])?;
            let is_above = builder.arithmetic(Arithmetic::Less, alpha, x)?;
            builder.exact(Operation::Choose, &[is_above, x, zero])?
        }
        _ => {
            // Shrink.
            let (bias, limit) = (node.float("bias", 0.0)?, node.float("lambd", 0.5)?);
            let (low, high) = (builder.constant(&[-limit])?, builder.constant(&[limit])?);
            let (is_low, is_high) =
                (builder.arithmetic(Arithmetic::Less, x, low)?, builder.arithmetic(Arithmetic::Less, high, x)?);
            let (raised, lowered) =
                (builder.with(Arithmetic::Add, x, bias)?, builder.with(Arithmetic::Subtract, x, bias)?);
            let rest = builder.exact(Operation::Choose, &[is_high, lowered, zero])?;
            builder.exact(Operation::Choose, &[is_low, raised, rest])?
        }
    })
}

fn hard_sigmoid(builder: &mut Builder, x: usize, alpha: f64, beta: f64) -> Result<usize> {
    let line = builder.with(Arithmetic::Multiply, x, alpha)?;
    let line = builder.with(Arithmetic::Add, line, beta)?;
    let line = builder.with(Arithmetic::Maximum, line, 0.0)?;
    builder.with(Arithmetic::Minimum, line, 1.0)
}

/// ln(1 + e^x), which is max(x, 0) + ln(1 + e^-|x|).
fn softplus(builder: &mut Builder, x: usize) -> Result<usize> {
    let size = builder.function(Function::Absolute, x)?;
    let power = builder.with(Arithmetic::Multiply, size, -1.0)?;
    let power = builder.function(Function::Exp, power)?;
    let logarithm = builder.function(Function::LogOnePlus, power)?;
    let positive = builder.with(Arithmetic::Maximum, x, 0.0)?;
    builder.arithmetic(Arithmetic::Add, positive, logarithm)
}
