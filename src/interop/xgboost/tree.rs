//! A tree of XGBoost in tepal's terms.

use super::categories::Categories;
use super::raw::RawTree;
use crate::error::Result;
use crate::interop::document::wrong;
use crate::interop::single::last_below;
use crate::interop::tree::in_levels;
use crate::model::{Node, Rule, Tree};

/// The tree. A weight multiplies its leaves, in 32 bits.
pub(super) fn tree(raw: &RawTree<'_>, categories: &Categories, weight: Option<f32>) -> Result<Tree> {
    in_levels(&raw.children, |at| {
        let condition = raw.conditions[at] as f32;
        // A node about categories has no use for one.
        if condition.is_nan() && raw.right_sets[at].is_none() {
            return Err(wrong(format!("the number of node {at} is not known")));
        }
        if raw.children[at].is_none() {
            let value = weight.map_or(condition, |weight| condition * weight);
            return Ok(Node::Leaf { values: vec![f64::from(value)], weight: raw.weights[at] });
        }
        let (column, missing_left) = (raw.features[at], raw.default_left[at] != 0.0);
        let rule = match &raw.right_sets[at] {
            None => Rule::AtMost(last_below(condition)),
            Some(set) => categories.rule(column, set),
        };
        Ok(Node::Split { column, rule, missing_left })
    })
}
