//! Trees whose leaves are weighted sums of the row.

use crate::model::estimator::trees::{Combination, Node, Tree, Trees};

/// Trees that are added up, with a weighted sum for each leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearTrees {
    trees: Trees,
    leaves: Vec<LinearLeaf>,
    /// Of each tree, and of each of its nodes, which leaf of all it is; of a split the one that comes next.
    places: Vec<Vec<usize>>,
}

/// What a leaf adds: a constant and the terms, added in their order. Where one of its numbers is missing (NaN), it adds the value
/// that it has in its tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinearLeaf {
    /// What the sum begins with.
    pub constant: f64,
    /// The columns that are looked at, each with its coefficient.
    pub terms: Vec<(usize, f64)>,
}

impl LinearTrees {
    /// Trees, and a sum for each of their leaves: tree after tree, in the order of the nodes.
    pub fn new(trees: Trees, leaves: Vec<LinearLeaf>) -> Self {
        let mut n_before = 0;
        let mut places = |tree: &Tree| {
            let place = |node: &Node| {
                let place = n_before;
                n_before += usize::from(matches!(node, Node::Leaf { .. }));
                place
            };
            tree.nodes().iter().map(place).collect()
        };
        let places = trees.trees().iter().map(&mut places).collect();
        Self { trees, leaves, places }
    }

    /// The trees.
    pub fn trees(&self) -> &Trees {
        &self.trees
    }

    /// The sums of their leaves.
    pub fn leaves(&self) -> &[LinearLeaf] {
        &self.leaves
    }

    /// How many numbers its sums have.
    pub(crate) fn n_numbers(&self) -> usize {
        self.leaves.iter().map(|leaf| 1 + leaf.terms.len()).sum()
    }

    /// Whether they fit together, and rows of so many numbers.
    pub(super) fn is_possible(&self, n_columns: usize) -> bool {
        let is_leaf = |node: &&Node| matches!(node, Node::Leaf { .. });
        let n_leaves: usize = self.trees.trees().iter().map(|tree| tree.nodes().iter().filter(is_leaf).count()).sum();
        let is_possible = |leaf: &LinearLeaf| {
            let are_possible = |(column, coefficient): &(usize, f64)| *column < n_columns && coefficient.is_finite();
            leaf.constant.is_finite() && leaf.terms.iter().all(are_possible)
        };
        self.trees.combination() == Combination::Sum
            && n_leaves == self.leaves.len()
            && self.leaves.iter().all(is_possible)
    }

    pub(super) fn write(&self, a: &[f64], out: &mut [f64]) {
        out.copy_from_slice(self.trees.base());
        for ((score, tree), places) in self.trees.by_score().zip(&self.places) {
            let mut at = 0;
            while let Some((_, [(child, _), _])) = tree.ways(at, a) {
                at = child;
            }
            let leaf = &self.leaves[places[at]];
            let mut sum = leaf.constant;
            leaf.terms.iter().for_each(|(column, coefficient)| sum += coefficient * a[*column]);
            let is_missing = leaf.terms.iter().any(|(column, _)| a[*column].is_nan());
            out[score] += if is_missing { tree.values(at)[0] } else { sum };
        }
    }
}
