//! A tree of LightGBM in tepal's terms.

use super::features::Features;
use super::file::{RawSplit, RawTree};
use crate::error::Result;
use crate::interop::document::wrong;
use crate::interop::tree::{Children, in_levels, positive_weights};
use crate::model::{Node, Tree};

/// The tree.
pub(super) fn tree(raw: &RawTree, features: &Features) -> Result<Tree> {
    let n_splits = raw.splits.len();
    let leaves = raw.values.iter().map(|_| None);
    let children: Vec<Children> = raw.children.iter().map(|children| Some(*children)).chain(leaves).collect();
    let weights = positive_weights(&raw.counts);
    in_levels(&children, |at| match raw.splits.get(at) {
        Some(RawSplit { feature, question }) => {
            let (rule, missing_left) = features.rule(*feature, question)?;
            Ok(Node::Split { column: *feature, rule, missing_left })
        }
        None => match raw.values[at - n_splits] {
            value if value.is_finite() => Ok(Node::Leaf { values: vec![value], weight: weights[at - n_splits] }),
            _ => Err(wrong(format!("the value of leaf {} is no finite number", at - n_splits))),
        },
    })
}
