//! A tree of LightGBM in tepal's terms.

use super::features::Features;
use super::file::{RawSplit, RawTree};
use crate::error::Result;
use crate::interop::document::wrong;
use crate::interop::tree::{Children, in_levels, positive_weights};
use crate::model::{LinearLeaf, Node, Tree};

/// The tree. The weighted sums of its leaves are put behind those of the trees before it, in the order of its nodes.
pub(super) fn tree(raw: &RawTree, features: &Features, sums: &mut Vec<LinearLeaf>) -> Result<Tree> {
    let n_splits = raw.splits.len();
    let leaves = raw.values.iter().map(|_| None);
    let children: Vec<Children> = raw.children.iter().map(|children| Some(*children)).chain(leaves).collect();
    let weights = positive_weights(&raw.counts);
    in_levels(&children, |at| match raw.splits.get(at) {
        Some(RawSplit { feature, question }) => {
            let (rule, missing_left) = features.rule(*feature, question)?;
            Ok(Node::Split { column: *feature, rule, missing_left })
        }
        None => {
            let (leaf, value) = (at - n_splits, raw.values[at - n_splits]);
            if !value.is_finite() {
                return Err(wrong(format!("the value of leaf {leaf} is no finite number")));
            }
            if let Some(sum) = raw.sums.get(leaf) {
                if !(sum.constant.is_finite() && sum.terms.iter().all(|(_, coefficient)| coefficient.is_finite())) {
                    return Err(wrong(format!("leaf_const or leaf_coeff of leaf {leaf} is no finite number")));
                }
                sum.terms.iter().try_for_each(|(feature, _)| features.check_term(*feature))?;
                sums.push(sum.clone());
            }
            Ok(Node::Leaf { values: vec![value], weight: weights[leaf] })
        }
    })
}
