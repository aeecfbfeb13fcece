//! A tree as a file of XGBoost has it.

use crate::error::{Decimal, Result};
use crate::interop::document::{Data, unsupported, whole, wrong};
use crate::interop::tool::XGBOOST;
use crate::interop::tree::{Children, positive_weights};
use std::borrow::Cow;

/// The arrays of a tree, a place for each node.
pub(super) struct RawTree<'d> {
    pub(super) children: Vec<Children>,
    pub(super) features: Vec<usize>,
    /// Of a leaf its value.
    pub(super) conditions: Cow<'d, [f64]>,
    pub(super) default_left: Cow<'d, [f64]>,
    pub(super) weights: Vec<f64>,
    /// Of a node that looks at a category: those that go right.
    pub(super) right_sets: Vec<Option<Vec<usize>>>,
}

impl<'d> RawTree<'d> {
    pub(super) fn of((_, tree): (usize, &'d Data<'d>)) -> Result<Self> {
        if let Some(parameters) = tree.get("tree_param")
            && parameters.get("size_leaf_vector").is_some()
            && parameters.whole("size_leaf_vector")? > 1
        {
            return Err(unsupported(XGBOOST, "leaves of several targets"));
        }
        let (left, right) = (tree.numbers("left_children")?, tree.numbers("right_children")?);
        let n = left.len();
        let (features, conditions) = (tree.numbers("split_indices")?, tree.numbers("split_conditions")?);
        let (default_left, weights) = (tree.numbers("default_left")?, tree.numbers("sum_hessian")?);
        let kinds = match tree.get("split_type") {
            Some(_) => tree.numbers("split_type")?,
            None => Cow::Owned(vec![0.0; n]),
        };
        let lengths = [&right, &features, &conditions, &default_left, &weights, &kinds];
        if lengths.iter().any(|list| list.len() != n) {
            return Err(wrong(format!("expected {n} numbers, one for each node, in each list")));
        }
        let position =
            |number: f64| whole(number).ok_or_else(|| wrong(format!("{} is no node and no feature", Decimal(number))));
        let children = left.iter().zip(right.iter()).map(|(left, right)| match (*left, *right) {
            // A leaf.
            (-1.0, -1.0) => Ok(None),
            (left, right) => Ok(Some([position(left)?, position(right)?])),
        });
        let children: Vec<Children> = children.collect::<Result<_>>()?;
        if !default_left.iter().all(|flag| [0.0, 1.0].contains(flag)) {
            return Err(wrong("default_left: expected 0 or 1 for each node"));
        }
        let features: Vec<usize> = features.iter().map(|feature| position(*feature)).collect::<Result<_>>()?;
        let weights = of_leaves(&weights, &children);
        let right_sets = right_sets(tree, &kinds)?;
        Ok(Self { children, features, conditions, default_left, weights, right_sets })
    }

    /// Each feature that it looks at, with the categories that it names, or none for a number.
    pub(super) fn looks(&self) -> impl Iterator<Item = (usize, Option<&[usize]>)> {
        let splits = (0..self.children.len()).filter(|at| self.children[*at].is_some());
        splits.map(|at| (self.features[at], self.right_sets[at].as_deref()))
    }
}

/// The weights of the leaves; those of other nodes are not asked for.
fn of_leaves(weights: &[f64], children: &[Children]) -> Vec<f64> {
    let of_leaf =
        |(weight, children): (&f64, &Children)| if children.is_none() { f64::from(*weight as f32) } else { f64::NAN };
    positive_weights(&weights.iter().zip(children).map(of_leaf).collect::<Vec<_>>())
}

/// The categories of each node that go right.
fn right_sets(tree: &Data<'_>, kinds: &[f64]) -> Result<Vec<Option<Vec<usize>>>> {
    let mut sets = vec![None; kinds.len()];
    if kinds.iter().all(|kind| *kind == 0.0) {
        return Ok(sets);
    }
    let (all, nodes) = (tree.numbers("categories")?, tree.numbers("categories_nodes")?);
    let (begins, sizes) = (tree.numbers("categories_segments")?, tree.numbers("categories_sizes")?);
    if begins.len() != nodes.len() || sizes.len() != nodes.len() {
        return Err(wrong("expected a part of the categories for each of categories_nodes"));
    }
    if sizes.iter().sum::<f64>() > all.len() as f64 {
        return Err(wrong("categories_sizes: expected the parts of categories, each for one node"));
    }
    for (node, (begin, size)) in nodes.iter().zip(begins.iter().zip(sizes.iter())) {
        let part = whole(*begin).zip(whole(*size)).and_then(|(begin, size)| all.get(begin..begin.checked_add(size)?));
        let set: Option<Vec<usize>> = part.and_then(|part| part.iter().map(|category| whole(*category)).collect());
        let place = whole(*node).and_then(|node| sets.get_mut(node));
        let (Some(set), Some(place)) = (set, place) else {
            return Err(wrong(format!("the categories of node {} are not in the file", Decimal(*node))));
        };
        *place = Some(set);
    }
    let is_known = |(kind, set): (&f64, &Option<_>)| (*kind == 1.0) == set.is_some() && (*kind == 0.0 || *kind == 1.0);
    match kinds.iter().zip(&sets).all(is_known) {
        true => Ok(sets),
        false => Err(wrong("split_type: expected 1 for the nodes of categories_nodes, and 0 for others")),
    }
}
