//! Sums and means of decision trees: gradient boosting, forests, and single trees.

mod node;
mod shap;

pub use node::{Node, Rule, Tree};

use super::link::Link;
use super::precision::Precision;
use super::score_parts::ScoreParts;
use crate::error::Result;
use crate::limits;
use crate::model::invalid::invalid;
use crate::preprocess::Preprocessor;
use std::sync::Arc;
use tepal_kernels::{TreeNode, TreeSums};

/// How trees make scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// Leaves have one value. With K scores that of tree t, counted from 0, is added to score t mod K. Of classes scores become
    /// probabilities by the link of the target.
    Sum,
    /// Leaves have a value for each score, and scores are means over the trees. Of classes they are probabilities: of two that of
    /// the second.
    Mean,
}

/// Trees whose leaves are added up, in their order.
#[derive(Debug, Clone)]
pub struct Trees {
    combination: Combination,
    precision: Precision,
    base: Vec<f64>,
    trees: Vec<Tree>,
    /// The same trees as they are walked down.
    sums: Arc<TreeSums>,
}

impl PartialEq for Trees {
    fn eq(&self, other: &Self) -> bool {
        let of = |trees: &Self| (trees.combination, trees.precision);
        of(self) == of(other) && self.base == other.base && self.trees == other.trees
    }
}

impl Trees {
    /// The sum of trees and of `base`, which has what each score begins with. A row has so many columns.
    pub fn sum(precision: Precision, base: Vec<f64>, trees: Vec<Tree>, n_columns: usize) -> Self {
        let sums = TreeSums::new(&base, n_columns);
        let sums = if precision == Precision::Single { sums.in_single_precision() } else { sums };
        Self::new(Combination::Sum, precision, base, trees, sums)
    }

    /// The mean of trees for so many scores. A row has so many columns.
    pub fn mean(n_scores: usize, trees: Vec<Tree>, n_columns: usize) -> Self {
        let sums = TreeSums::mean(n_scores, n_columns);
        Self::new(Combination::Mean, Precision::Double, vec![0.0; n_scores], trees, sums)
    }

    fn new(
        combination: Combination,
        precision: Precision,
        base: Vec<f64>,
        trees: Vec<Tree>,
        mut sums: TreeSums,
    ) -> Self {
        for tree in &trees {
            let nodes = tree.nodes().iter().map(|node| match node {
                Node::Leaf { values, .. } => TreeNode::Leaf(values),
                Node::Split { column, rule, missing_left } => match rule {
                    Rule::AtMost(threshold) => {
                        TreeNode::AtMost { column: *column, threshold: *threshold, missing_left: *missing_left }
                    }
                    Rule::OneOf { n_categories, set } => {
                        TreeNode::OneOf { column: *column, n: *n_categories, set, missing_left: *missing_left }
                    }
                },
            });
            sums.push(nodes, tree.depth());
        }
        Self { combination, precision, base, trees, sums: Arc::new(sums) }
    }

    /// How the trees make scores.
    pub fn combination(&self) -> Combination {
        self.combination
    }

    /// In which numbers they are added up.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What each score begins with.
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// The trees in the order of their sum.
    pub fn trees(&self) -> &[Tree] {
        &self.trees
    }

    /// Each tree with the first score that it adds to.
    pub(super) fn by_score(&self) -> impl Iterator<Item = (usize, &Tree)> {
        let n_turns = if self.combination == Combination::Sum { self.base.len() } else { 1 };
        (0..n_turns).cycle().zip(&self.trees)
    }

    /// How many nodes they have together.
    pub(in crate::model) fn n_nodes(&self) -> usize {
        self.trees.iter().map(|tree| tree.nodes().len()).sum()
    }

    /// What a tree counts.
    fn weight(&self) -> f64 {
        if self.combination == Combination::Sum { 1.0 } else { 1.0 / self.trees.len() as f64 }
    }

    pub(super) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        out.resize(self.base.len(), 0.0);
        self.sums.write(prepared, out);
    }

    /// The sums alone, for many rows.
    pub(in crate::model) fn sums(&self) -> &Arc<TreeSums> {
        &self.sums
    }

    /// The baseline is the mean of the score over the training rows, by the weights of the leaves. A feature adds the sum of
    /// the Shapley values of its columns.
    pub(super) fn score_parts(&self, preprocessor: &Preprocessor, prepared: &[f64]) -> Vec<ScoreParts> {
        let feature_of: Vec<usize> = preprocessor.columns().map(|(feature, _)| feature).collect();
        let n_features = preprocessor.features().len();
        let empty = |base: &f64| ScoreParts {
            baseline: *base,
            contributions: vec![0.0; n_features],
            standard_errors: Vec::new(),
        };
        let mut parts: Vec<ScoreParts> = self.base.iter().map(empty).collect();
        let weight = self.weight();
        for (first, tree) in self.by_score() {
            let parts = &mut parts[first..][..tree.width()];
            parts.iter_mut().zip(tree.means()).for_each(|(part, mean)| part.baseline += weight * mean);
            shap::add(tree, prepared, &mut |column, share, values| {
                let feature = feature_of[column];
                let parts = parts.iter_mut().zip(values);
                parts.for_each(|(part, value)| part.contributions[feature] += weight * share * value);
            });
        }
        parts
    }

    /// Per feature the root of the summed variances that its splits explain, over the training rows, and of a mean of trees the
    /// mean of them; of several scores the largest.
    pub(super) fn importance(&self, preprocessor: &Preprocessor) -> Vec<f64> {
        let feature_of: Vec<usize> = preprocessor.columns().map(|(feature, _)| feature).collect();
        let n_features = preprocessor.features().len();
        let mut explained = vec![0.0; n_features * self.base.len()];
        let weight = self.weight();
        for (first, tree) in self.by_score() {
            tree.each_explained(|column, value, variance| {
                explained[(first + value) * n_features + feature_of[column]] += weight * variance;
            });
        }
        let largest = |feature| explained.iter().skip(feature).step_by(n_features).copied().fold(0.0, f64::max);
        (0..n_features).map(|feature| largest(feature).sqrt()).collect()
    }

    pub(super) fn cost(&self) -> usize {
        self.trees.iter().map(Tree::depth).sum::<usize>() + self.base.len()
    }

    pub(super) fn check(&self, preprocessor: &Preprocessor, link: Link) -> Result<()> {
        let n_scores = self.base.len();
        let is_link_of_it = match self.combination {
            Combination::Sum => match link {
                Link::Shares { .. } => false,
                Link::OneVsRest { .. } => self.precision == Precision::Double,
                _ => true,
            },
            Combination::Mean => true,
        };
        if !is_link_of_it || n_scores != link.n_scores() {
            return Err(invalid("the trees do not fit the target"));
        }
        let n_features = preprocessor.features().len();
        limits::check_product("contributions (features times classes)", n_features, n_scores, limits::PARAMETERS)?;
        let steps = self.trees.iter().fold(0_usize, |steps, tree| steps.saturating_add(tree.explaining_steps()));
        limits::check("steps to explain a row by trees", steps, limits::EXPLAINING)?;
        self.check_nodes(preprocessor.n_columns())?;
        match !matches!(link, Link::Shares { .. }) || self.trees.iter().all(Tree::has_shares_of_classes) {
            true => Ok(()),
            false => Err(invalid("a tree has an impossible number, or is too deep")),
        }
    }

    /// Refuses trees that do not fit together, or so many columns.
    pub(super) fn check_nodes(&self, n_columns: usize) -> Result<()> {
        let n_scores = self.base.len();
        let (width, n_rounds) = match self.combination {
            Combination::Sum => (1, self.trees.len().checked_rem(n_scores)),
            Combination::Mean => (n_scores, if self.trees.is_empty() { None } else { Some(0) }),
        };
        if n_rounds != Some(0) || !self.trees.iter().all(|tree| tree.width() == width) {
            return Err(invalid("the trees do not fit the target"));
        }
        limits::check("trees", self.trees.len(), limits::TREES)?;
        limits::check("nodes of trees", self.n_nodes(), limits::NODES)?;
        limits::check_product("values of leaves (nodes times classes)", self.n_nodes(), width, limits::PARAMETERS)?;
        if n_columns == 0 {
            return Err(invalid("trees have no column to look at"));
        }
        let is_single = |number: f64| f64::from(number as f32).to_bits() == number.to_bits();
        let are_singles = |tree: &Tree| tree.leaf_numbers().all(is_single);
        if self.precision == Precision::Single
            && !(self.base.iter().copied().all(is_single) && self.trees.iter().all(are_singles))
        {
            return Err(invalid("a number of 32 bits has more digits"));
        }
        let is_possible = self.base.iter().all(|base| base.is_finite())
            && self.trees.iter().all(|tree| tree.depth() <= limits::DEPTH && tree.has_shares())
            && self.trees.iter().flat_map(Tree::nodes).all(|node| node.is_possible(n_columns));
        if is_possible { Ok(()) } else { Err(invalid("a tree has an impossible number, or is too deep")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(column: usize, threshold: f64, missing_left: bool) -> Node {
        Node::Split { column, rule: Rule::AtMost(threshold), missing_left }
    }

    fn leaf(value: f64, weight: f64) -> Node {
        Node::Leaf { values: vec![value], weight }
    }

    /// x0 <= 1 ? (x1 <= 5 ? 1 : 2) : (x0 in {2, 3} ? 3 : 4)
    fn tree() -> Tree {
        let set = Rule::OneOf { n_categories: 40, set: vec![0b1100, 0] };
        Tree::new(vec![
            split(0, 1.0, false),
            split(1, 5.0, true),
            Node::Split { column: 0, rule: set, missing_left: false },
            leaf(1.0, 10.0),
            leaf(2.0, 30.0),
            leaf(3.0, 5.0),
            leaf(4.0, 15.0),
        ])
        .unwrap()
    }

    #[test]
    fn a_row_comes_to_its_leaf() {
        let cases = [
            ([0.0, 5.0], 1.0),
            ([1.0, 6.0], 2.0),
            ([1.0, f64::NAN], 1.0),
            ([2.0, 0.0], 3.0),
            ([4.0, 0.0], 4.0),
            ([40.0, 0.0], 4.0),
            ([f64::NAN, 0.0], 4.0),
        ];
        for (row, value) in cases {
            assert_eq!(tree().leaf_of(&row), [value], "{row:?}");
        }
        assert_eq!(tree().depth(), 2);
        assert!((tree().means()[0] - (10.0 + 60.0 + 15.0 + 60.0) / 60.0).abs() < 1e-15);
    }

    #[test]
    fn contributions_are_the_shapley_values() {
        for row in [[0.0, 5.0], [1.0, 6.0], [2.0, 0.0], [f64::NAN, 9.0], [9.0, f64::NAN]] {
            let mut found = [0.0; 2];
            shap::add(&tree(), &row, &mut |column, share, values| found[column] += share * values[0]);
            // The value of a set of known columns: both sides of a split on another column, by their weights.
            let v = |known: [bool; 2]| tree().mean_where(&row, &known);
            let of = |own: usize| {
                let (mut alone, mut last) = ([false; 2], [true; 2]);
                alone[own] = true;
                last[own] = false;
                ((v(alone) - v([false; 2])) + (v([true; 2]) - v(last))) / 2.0
            };
            assert!((found[0] - of(0)).abs() < 1e-14 && (found[1] - of(1)).abs() < 1e-14, "{row:?}: {found:?}");
            assert!((tree().means()[0] + found[0] + found[1] - tree().leaf_of(&row)[0]).abs() < 1e-14);
        }
    }

    #[test]
    fn nodes_that_make_no_tree_are_refused() {
        let cases = [
            vec![],
            vec![split(0, 1.0, true)],
            vec![split(0, 1.0, true), leaf(1.0, 1.0)],
            vec![leaf(1.0, 1.0), leaf(2.0, 1.0)],
            vec![split(0, 1.0, true), leaf(1.0, 1.0), leaf(1.0, 1.0), leaf(1.0, 1.0)],
        ];
        assert!(cases.into_iter().all(|nodes| Tree::new(nodes).is_err()));
    }

    #[test]
    fn trees_over_no_column_are_refused() {
        let trees = Trees::sum(Precision::Double, vec![0.0], vec![Tree::new(vec![leaf(1.0, 1.0)]).unwrap()], 0);
        assert!(trees.check(&Preprocessor::new(Vec::new()), Link::Identity).is_err());
    }
}
