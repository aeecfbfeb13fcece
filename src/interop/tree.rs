//! Nodes in any order to a tree, level by level.

use super::document::wrong;
use crate::error::Result;
use crate::limits;
use crate::model::{Node, Tree};

/// Where a node leads.
pub(super) type Children = Option<[usize; 2]>;

/// The tree whose root is node 0. `children` has the left and the right child of each of its nodes, none of a leaf. `node` makes
/// them. Nodes that no way leads to are left out.
///
/// # Errors
/// [`crate::error::ErrorKind::InvalidModel`] where two ways lead to a node, or one to no node; those of `node`.
pub(super) fn in_levels(children: &[Children], node: impl FnMut(usize) -> Result<Node>) -> Result<Tree> {
    limits::check("nodes of a tree", children.len(), limits::NODES)?;
    if children.is_empty() {
        return Err(wrong("a tree has no node"));
    }
    let mut is_known = vec![false; children.len()];
    is_known[0] = true;
    let (mut order, mut next) = (vec![0], 0);
    while let Some(at) = order.get(next).copied() {
        next += 1;
        for child in children[at].into_iter().flatten() {
            match is_known.get_mut(child) {
                Some(is_known) if !*is_known => *is_known = true,
                Some(_) => return Err(wrong(format!("two ways lead to node {child}, from node {at} too"))),
                None => return Err(wrong(format!("node {at} leads to node {child}, which there is not"))),
            }
            order.push(child);
        }
    }
    Tree::new(order.into_iter().map(node).collect::<Result<_>>()?)
}

/// Weights of leaves that are all above 0, as [`Tree`] wants them for its explanations. In the place of a weight that is 0 or not
/// known stands one that no sum notices.
pub(super) fn positive_weights(weights: &[f64]) -> Vec<f64> {
    let is_positive = |weight: &f64| *weight > 0.0 && weight.is_finite();
    let least = weights.iter().copied().filter(is_positive).fold(f64::INFINITY, f64::min);
    // It has 32 bits, as all numbers of some tools have.
    let little = if least.is_finite() { f64::from((least * 1e-15) as f32) } else { 1.0 };
    let little = if little > 0.0 { little } else { least };
    weights.iter().map(|weight| if is_positive(weight) { *weight } else { little }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Rule;

    #[test]
    fn nodes_come_level_by_level() {
        // 0 -> (3, 1), 1 -> (4, 2), 5 is not led to.
        let children = [Some([3, 1]), Some([4, 2]), None, None, None, None];
        let node = |at: usize| {
            Ok(match children[at] {
                Some(_) => Node::Split { column: at, rule: Rule::AtMost(0.0), missing_left: true },
                None => Node::Leaf { values: vec![at as f64], weight: 1.0 },
            })
        };
        let tree = in_levels(&children, node).unwrap();
        let leaves = tree.nodes().iter().filter_map(|node| match node {
            Node::Leaf { values, .. } => Some(values[0]),
            Node::Split { .. } => None,
        });
        assert_eq!(leaves.collect::<Vec<_>>(), [3.0, 4.0, 2.0]);
        for bad in [vec![], vec![Some([0, 1]), None], vec![Some([1, 1]), None], vec![Some([1, 7]), None]] {
            assert!(in_levels(&bad, |_| Ok(Node::Leaf { values: vec![0.0], weight: 1.0 })).is_err());
        }
    }

    #[test]
    fn weights_are_positive() {
        assert_eq!(positive_weights(&[2.0, 0.0, 3.0])[0], 2.0);
        assert!(positive_weights(&[2.0, 0.0, f64::NAN]).iter().all(|weight| *weight > 0.0));
        assert_eq!(positive_weights(&[0.0, 0.0]), [1.0, 1.0]);
    }
}
