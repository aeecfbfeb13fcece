//! CatBoost's JSON, as versions 1.0 to 1.2 write it.
//!
//! Inputs are rounded to 32 bits, and a number above a border goes right. Leaves are added in 64 bits in the order of the file; the sum
//! is then scaled, and the bias is added last.

mod features;
mod loss;
mod tree;

use super::document::{Data, within, wrong};
use super::model::{Foreign, ForeignFeature, ForeignTrees};
use super::steps::{self, Step};
use super::tool::CATBOOST;
use crate::error::Result;
use crate::limits;
use crate::model::{Arithmetic, Node, Precision, Tree};
use crate::note::{Note, codes};
use features::Features;
use loss::{Loss, ONE_VS_ALL};

/// Whether a document is a model of CatBoost.
pub(super) fn is_one(document: &Data<'_>) -> bool {
    document.get("features_info").is_some()
}

/// The model of a document.
pub(super) fn read(document: &Data<'_>) -> Result<Foreign> {
    let (scale, biases) = scale_and_bias(document)?;
    // A power of two may multiply the leaves as well.
    let is_power_of_two = scale.to_bits() << 12 == 0;
    let of_leaves = if is_power_of_two { scale } else { 1.0 };
    let n_scores = biases.len();
    let loss = Loss::of(document.field("model_info")?, n_scores)?;
    let trees = match document.get("oblivious_trees") {
        Some(_) => document.list("oblivious_trees")?,
        None => document.list("trees")?,
    };
    limits::check("trees", trees.len().saturating_mul(n_scores), limits::TREES)?;
    let features = Features::of(document.field("features_info")?)?;
    let mut all: Vec<Tree> = Vec::new();
    let mut n_nodes = 0;
    for (at, of_file) in trees.iter().enumerate() {
        let trees = tree::trees(of_file, &features, n_scores, of_leaves);
        let trees = trees.map_err(|error| within(&format!("tree {at}"), &error))?;
        n_nodes += trees.iter().map(|tree| tree.nodes().len()).sum::<usize>();
        limits::check("nodes of trees", n_nodes, limits::NODES)?;
        all.extend(trees);
    }
    let mut steps = Vec::new();
    if !is_power_of_two {
        steps.push(Step::With(Arithmetic::Multiply, vec![scale]));
        steps.push(Step::With(Arithmetic::Add, biases));
    } else if biases.iter().any(|bias| *bias != 0.0) {
        // Trees of one leaf add it last.
        let leaf = |bias: &f64| Tree::new(vec![Node::Leaf { values: vec![*bias], weight: 1.0 }]);
        all.extend(biases.iter().map(leaf).collect::<Result<Vec<_>>>()?);
    }
    steps.extend(loss.step);
    let notes = match loss.name.as_str() {
        ONE_VS_ALL => vec![Note::new(codes::SHARES_OF_CLASSES, [CATBOOST.into()])],
        _ => Vec::new(),
    };
    let values = features.into_values();
    let trees = ForeignTrees { precision: Precision::Double, is_mean: false, base: vec![0.0; n_scores], trees: all };
    let estimator = steps::estimator(trees, Vec::new(), &steps, values.len())?;
    let feature = |(name, values)| ForeignFeature { name, values };
    Ok(Foreign {
        source: CATBOOST,
        version: version(document),
        objective: Some(loss.name),
        features: values.into_iter().map(feature).collect(),
        n_classes: loss.n_classes,
        classes: loss.classes,
        link: loss.link,
        slope: None,
        estimator,
        notes,
    })
}

/// What sums are multiplied by, and what is added to each.
fn scale_and_bias(document: &Data<'_>) -> Result<(f64, Vec<f64>)> {
    let message = "scale_and_bias: expected a number and a list of numbers";
    let [Data::Number(scale), biases] = document.list("scale_and_bias")? else { return Err(wrong(message)) };
    let biases = match biases {
        Data::Numbers(biases) => biases.clone(),
        Data::Number(bias) => vec![*bias],
        _ => return Err(wrong(message)),
    };
    if !scale.is_normal() || biases.is_empty() || !biases.iter().all(|bias| bias.is_finite()) {
        return Err(wrong(message));
    }
    Ok((*scale, biases))
}

/// Such as `1.2.10`, from a text of several lines.
fn version(document: &Data<'_>) -> Option<String> {
    let info = document.get("model_info")?;
    let text =
        ["catboost_version_info", "model0:catboost_version_info"].iter().find_map(|name| info.text(name).ok())?;
    let line = text.lines().find_map(|line| line.trim().strip_prefix("Branch: tags/v"))?;
    Some(line.trim().to_owned())
}
