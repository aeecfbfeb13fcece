//! Support vector machines of ONNX-ML, in the layout of libsvm.

use super::builder::Builder;
use super::file::Node;
use super::ml::{check_untransformed, transformed};
use super::tensor::Kind;
use super::value::{Classes, Rows};
use crate::error::{Result, quote};
use crate::interop::document::{unsupported, wrong};
use crate::interop::tool::ONNX;
use crate::model::{Kernel, KernelVectors, Operation};

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
    check_untransformed(node)?;
    Ok(sum)
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
        other => return Err(wrong(format!("kernel_type: {} is none", quote(other)))),
    };
    builder.exact(Operation::Kernel(KernelVectors { kernel, width: rows.width, vectors }), &[rows.vector])
}

/// The scores of the classes, of a machine without support vectors: one weighted sum for each.
///
/// With support vectors libsvm finds probabilities by steps that end before they are exact, and the class by votes: onnxruntime
/// and scikit-learn differ from the formula by up to 3e-3.
pub(super) fn classifier(node: &Node, rows: Rows, classes: &Classes, builder: &mut Builder) -> Result<usize> {
    if node.numbers("vectors_per_class")?.iter().any(|n| *n > 0.0) {
        let what = "a classifier with support vectors, whose probabilities libsvm only approaches; wrap it in \
                    CalibratedClassifierCV, and export that by tepal.export";
        return Err(unsupported(ONNX, what));
    }
    let scores = super::ml::linear_without_intercepts(node, rows, classes.len(), builder)?;
    transformed(node, scores, builder)
}
