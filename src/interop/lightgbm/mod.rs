//! LightGBM's text, and the JSON of its `dump_model`, as versions 2 to 4 write them.
//!
//! The rules are those of its `include/LightGBM/tree.h`: all numbers have 64 bits, a number up to a threshold goes left, categories
//! in a node's set go left and all others right, leaves are added in the order of the file.

mod dump;
mod features;
mod file;
mod objective;
mod text;
mod tree;

use super::document::{Data, unsupported, within};
use super::model::{Foreign, ForeignFeature, ForeignTrees};
use super::options::ImportOptions;
use super::steps::{self, Step};
use super::tool::LIGHTGBM;
use crate::error::Result;
use crate::limits;
use crate::model::{Arithmetic, Link, Precision, Tree};
use crate::note::{Note, codes};
use features::Features;
use file::{File, RawTree};
use objective::Objective;
use tree::tree;

/// The last version of the format that was compared with LightGBM's own predictions.
const NEWEST: u64 = 4;

/// The model of a text.
pub(super) fn read_text(bytes: &[u8], options: &ImportOptions) -> Result<Foreign> {
    foreign(text::read(bytes)?, options)
}

/// The model of a document.
pub(super) fn read_json(document: &Data<'_>, options: &ImportOptions) -> Result<Foreign> {
    foreign(dump::read(document)?, options)
}

fn foreign(mut file: File, options: &ImportOptions) -> Result<Foreign> {
    let mut notes = Vec::new();
    let number = file.version.trim_start_matches('v').parse::<u64>().unwrap_or(u64::MAX);
    if number > NEWEST {
        notes.push(Note::new(codes::NEWER_SOURCE, [LIGHTGBM.into(), file.version.as_str().into(), "v4".into()]));
    }
    limits::check("scores (num_tree_per_iteration)", file.n_trees_a_round, limits::CLASSES)?;
    limits::check("trees", file.trees.len(), limits::TREES)?;
    let objective = Objective::of(&file.objective, file.n_trees_a_round)?;
    if number < 3 && file.is_mean && objective.link != Link::Identity {
        // Up to 2.2.2 leaves were probabilities, in 2.2.3 scores. The files look alike.
        return Err(unsupported(LIGHTGBM, "a random forest of format v2 whose leaves may be scores or probabilities"));
    }
    let n_scores = file.n_trees_a_round;
    let are_linear = file.trees.iter().any(|tree| !tree.sums.is_empty());
    if are_linear {
        file.trees.iter_mut().for_each(RawTree::make_linear);
    }
    let mut steps = Vec::new();
    // In a mean of trees each has a value for every score, and no sums.
    let is_mean = file.is_mean && n_scores == 1 && !are_linear;
    if file.is_mean && !is_mean {
        let n_rounds = file.trees.len().checked_div(n_scores).unwrap_or(0);
        steps.push(Step::With(Arithmetic::Divide, vec![n_rounds as f64]));
    }
    steps.extend(objective.steps);
    let features = Features::of(&file, options)?;
    let mut sums = Vec::new();
    let numbered = |(at, raw): (usize, &RawTree)| {
        tree(raw, &features, &mut sums).map_err(|error| within(&format!("tree {at}"), &error))
    };
    let trees: Vec<Tree> = file.trees.iter().enumerate().map(numbered).collect::<Result<_>>()?;
    let trees = ForeignTrees { precision: Precision::Double, is_mean, base: vec![0.0; n_scores], trees };
    let estimator = steps::estimator(trees, sums, &steps, file.names.len())?;
    if objective.is_one_vs_rest {
        notes.push(Note::new(codes::SHARES_OF_CLASSES, [LIGHTGBM.into()]));
    }
    let values = features.into_values(&mut notes);
    let names = file.names.into_iter().map(Some);
    Ok(Foreign {
        source: LIGHTGBM,
        version: Some(file.version),
        objective: Some(file.objective),
        features: names.zip(values).map(|(name, values)| ForeignFeature { name, values }).collect(),
        n_classes: objective.n_classes,
        classes: None,
        link: objective.link,
        slope: objective.slope,
        estimator,
        notes,
    })
}
