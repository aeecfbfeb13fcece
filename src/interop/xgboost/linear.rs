//! A linear booster: a bias and weights, added up in 32 bits (`GBLinear::Pred` in XGBoost's `src/gbm/gblinear.cc`).

use crate::error::Result;
use crate::interop::document::{Data, wrong};
use crate::interop::model::{ForeignValues, UNKNOWN_RANGE};
use crate::model::{Function, Graph, GraphNode, Operation, Precision};

/// What values so many features have: numbers. The file does not say which.
pub(super) fn values(n_features: usize) -> Vec<ForeignValues> {
    let number =
        || ForeignValues::Number { zero_is_missing: false, accepts_missing: true, hints: UNKNOWN_RANGE.to_vec() };
    (0..n_features).map(|_| number()).collect()
}

/// The scores over so many features. `base` is what each begins with.
pub(super) fn graph(model: &Data<'_>, base: &[f64], n_features: usize) -> Result<Graph> {
    let (all, n_scores) = (model.numbers("weights")?, base.len());
    if Some(all.len()) != n_features.checked_add(1).and_then(|n| n.checked_mul(n_scores)) {
        let expected = n_features.saturating_add(1).saturating_mul(n_scores);
        return Err(wrong(format!("weights: expected {expected}, with the biases, found {}", all.len())));
    }
    // Feature after feature, and the biases last.
    let (weights, biases) = all.split_at(n_features * n_scores);
    let single = |number: f64| f64::from(number as f32);
    let of_score = |score: usize| weights.iter().skip(score).step_by(n_scores).map(|weight| single(*weight));
    let weights = (0..n_scores).flat_map(of_score).collect();
    // From 3.1 on a file has a base for each class, and all scores begin with the first one (measured with 3.1.3 and 3.2.0).
    let base = base.first().copied().unwrap_or(0.0);
    let bias = biases.iter().map(|bias| single(single(*bias) + base)).collect();
    let mut graph = Graph::over(n_features)?;
    let mut push = |operation, inputs: &[usize]| {
        graph.push(GraphNode { operation, inputs: inputs.to_vec(), precision: Precision::Single })
    };
    let inputs = push(Operation::Pick((0..n_features).collect()), &[0])?;
    // What is missing adds nothing.
    let is_missing = push(Operation::Function(Function::IsMissing), &[inputs])?;
    let nothing = push(Operation::Constant(vec![0.0]), &[])?;
    let present = push(Operation::Choose, &[is_missing, nothing, inputs])?;
    push(Operation::DenseInSingle { weights, bias }, &[present])?;
    Ok(graph)
}
