//! Classifiers of ONNX-ML: they hand out a class and a score for each class.

use super::builder::Builder;
use super::file::Node;
use super::ml::{classes, linear, transformed};
use super::svm;
use super::tensor::Kind;
use super::trees;
use super::value::{Classes, Rows, Value};
use crate::error::Result;
use crate::interop::document::{unsupported, wrong};
use crate::interop::tool::ONNX;
use crate::model::{Arithmetic, Operation, Reduction};

pub(super) const OPERATORS: [&str; 3] = ["LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier"];

/// The class and the scores.
pub(super) fn translate(node: &Node, inputs: &[Value], builder: &mut Builder) -> Result<[Value; 2]> {
    let rows = inputs.first().ok_or_else(|| wrong("expected an input"))?.rows()?;
    let classes = classes(node)?;
    let scores = match node.operator.as_str() {
        "LinearClassifier" => of_linear(node, rows, &classes, builder)?,
        "SVMClassifier" => svm::classifier(node, rows, &classes, builder)?,
        _ => of_trees(node, rows, &classes, builder)?,
    };
    if builder.graph.width(scores) != classes.len() {
        return Err(wrong(format!("{} scores for {} classes", builder.graph.width(scores), classes.len())));
    }
    let place = builder.reduce(Reduction::PlaceOfMaximum, scores)?;
    Ok([Value::Class(classes, place), Value::Rows(builder.rows(scores, Kind::Float, true))])
}

fn of_linear(node: &Node, rows: Rows, classes: &Classes, builder: &mut Builder) -> Result<usize> {
    let n = node.numbers("coefficients")?.len() / rows.width.max(1);
    let scores = linear(node, rows, n, builder)?;
    if n == 1 && classes.len() == 2 {
        return both(node, scores, false, builder);
    }
    transformed(node, scores, builder)
}

fn of_trees(node: &Node, rows: Rows, classes: &Classes, builder: &mut Builder) -> Result<usize> {
    let ensemble = trees::ensemble_of_classes(node, classes.len())?;
    let are_votes = ensemble.are_votes();
    let one_score = classes.len() == 2 && ensemble.n_targets() == 1;
    let scores = trees::scores(ensemble, rows, builder)?;
    if one_score { both(node, scores, are_votes, builder) } else { transformed(node, scores, builder) }
}

/// The scores of two classes of the one score of the second.
fn both(node: &Node, score: usize, is_share: bool, builder: &mut Builder) -> Result<usize> {
    let is_plain = match node.text("post_transform", "NONE")? {
        "SOFTMAX" => return Err(unsupported(ONNX, "a softmax of one score, which tools take differently")),
        other => other == "NONE",
    };
    let first = match is_plain && is_share {
        true => {
            let one = builder.constant(&[1.0])?;
            builder.push(Operation::Arithmetic(Arithmetic::Subtract), &[one, score], Kind::Float)?
        }
        false => builder.with(Arithmetic::Multiply, score, -1.0)?,
    };
    let scores = builder.join(&[first, score])?;
    if is_plain { Ok(scores) } else { transformed(node, scores, builder) }
}
