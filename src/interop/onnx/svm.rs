//! Support vector machines of ONNX-ML, in the layout of libsvm.

use super::builder::Builder;
use super::file::Node;
use super::ml::transformed;
use super::tensor::Kind;
use super::value::{Classes, Rows};
use crate::error::Result;
use crate::interop::document::wrong;
use crate::model::{Arithmetic, Function, Kernel, KernelVectors, Operation};

/// The number that a machine predicts.
pub(super) fn regressor(node: &Node, rows: Rows, builder: &mut Builder) -> Result<usize> {
    let weights = node.numbers("coefficients")?.to_vec();
    let rho = node.numbers("rho")?.first().copied().unwrap_or(0.0);
    let n = usize::try_from(node.whole("n_supports", 0)?).unwrap_or(0);
    let likeness = if n > 0 { likeness(node, rows, n, builder)? } else { rows.vector };
    if weights.len() != builder.graph.width(likeness) {
        return Err(wrong(format!("{} coefficients do not fit", weights.len())));
    }
    let sum = builder.push(Operation::Dense { weights, bias: vec![rho] }, &[likeness], Kind::Float)?;
    if node.whole("one_class", 0)? != 0 {
        return Err(wrong("a machine of one class, which tells outliers"));
    }
    transformed(node, sum, builder)
}

/// How alike a row and each support vector are.
fn likeness(node: &Node, rows: Rows, n: usize, builder: &mut Builder) -> Result<usize> {
    let vectors = node.numbers("support_vectors")?.to_vec();
    if n.checked_mul(rows.width) != Some(vectors.len()) {
        return Err(wrong(format!("{} numbers are not {n} support vectors of {}", vectors.len(), rows.width)));
    }
    builder.n_training_rows += n;
    let parameters = node.numbers("kernel_params")?;
    let parameter = |at: usize, default: f64| parameters.get(at).copied().unwrap_or(default);
    let (gamma, constant, degree) = (parameter(0, 0.0), parameter(1, 0.0), parameter(2, 0.0));
    let kernel = match node.text("kernel_type", "LINEAR")? {
        "LINEAR" => return builder.exact(Operation::Dense { weights: vectors, bias: vec![0.0; n] }, &[rows.vector]),
        "POLY" => Kernel::Polynomial { gamma, constant, degree },
        "RBF" => Kernel::Gaussian { gamma },
        "SIGMOID" => Kernel::Sigmoid { gamma, constant },
        other => return Err(wrong(format!("kernel_type: {other:?} is none"))),
    };
    builder.exact(Operation::Kernel(KernelVectors { kernel, width: rows.width, vectors }), &[rows.vector])
}

/// The probabilities of two classes. Of more classes, and without probabilities, a machine counts votes.
pub(super) fn classifier(node: &Node, rows: Rows, classes: &Classes, builder: &mut Builder) -> Result<usize> {
    let of_classes = node.numbers("vectors_per_class")?;
    let n = of_classes.iter().sum::<f64>() as usize;
    let (a, b) = (node.numbers("prob_a")?, node.numbers("prob_b")?);
    if n == 0 {
        // One weighted sum for each class.
        let scores = super::ml::linear_without_intercepts(node, rows, classes.len(), builder)?;
        return transformed(node, scores, builder);
    }
    let (2, [a], [b]) = (classes.len(), a, b) else {
        return Err(wrong(
            "a support vector machine of more than two classes, or without probabilities: it counts votes; wrap it in \
             CalibratedClassifierCV and export it by tepal.export",
        ));
    };
    let (a, b) = (*a, *b);
    let weights = node.numbers("coefficients")?.to_vec();
    let rho = node.numbers("rho")?.first().copied().unwrap_or(0.0);
    if weights.len() != n {
        return Err(wrong(format!("{} coefficients for {n} support vectors", weights.len())));
    }
    let likeness = likeness(node, rows, n, builder)?;
    let decision = builder.push(Operation::Dense { weights, bias: vec![rho] }, &[likeness], Kind::Float)?;
    // libsvm: the first class has 1 / (1 + e^(a d + b)).
    let inner = builder.with(Arithmetic::Multiply, decision, a)?;
    let second = builder.with(Arithmetic::Add, inner, b)?;
    let first = builder.with(Arithmetic::Multiply, second, -1.0)?;
    let both = builder.join(&[first, second])?;
    builder.push(Operation::Function(Function::Logistic), &[both], Kind::Float)
}
