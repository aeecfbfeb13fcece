//! One tree: its nodes by level, the root first.

use crate::error::Result;
use crate::model::invalid::invalid;

/// What stands at a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// The way ends.
    Leaf {
        /// What the tree adds: one number, or one to each score.
        values: Vec<f64>,
        /// The weight of the training rows that came here.
        weight: f64,
    },
    /// The way goes on to the left or to the right.
    Split {
        /// The prepared column that is looked at.
        column: usize,
        /// Which values go left.
        rule: Rule,
        /// Whether a missing value goes left, and a category that the rule does not know.
        missing_left: bool,
    },
}

/// Which values go left.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Numbers up to this one, itself included.
    AtMost(f64),
    /// Categories by their positions below `n_categories`: a bit for each, the lowest of the first word for position 0.
    OneOf {
        /// How many categories the rule knows.
        n_categories: usize,
        /// Words of 32 bits.
        set: Vec<u32>,
    },
}

/// A binary tree. The children of the k-th split, counted from 0, are nodes 1 + 2 k and 2 + 2 k: left and right.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Per node its left child; 0 for a leaf.
    left: Vec<u32>,
    /// Per node the weight of the training rows that came to it, and the means of the tree's values over them.
    weights: Vec<f64>,
    means: Vec<f64>,
    /// How many values a leaf has.
    width: usize,
    depth: usize,
}

impl Rule {
    /// Whether a value goes left; `None` for one that is missing or not known.
    #[inline]
    pub(crate) fn takes(&self, value: f64) -> Option<bool> {
        match self {
            _ if value.is_nan() => None,
            Self::AtMost(threshold) => Some(value <= *threshold),
            Self::OneOf { n_categories, set } => {
                let position = value as usize;
                let is_in = |word: &u32| word >> (position % 32) & 1 == 1;
                if position < *n_categories { set.get(position / 32).map(is_in) } else { None }
            }
        }
    }
}

impl Node {
    /// Whether it can be a node of a tree over so many columns.
    pub(super) fn is_possible(&self, n_columns: usize) -> bool {
        match self {
            Self::Leaf { values, weight } => {
                values.iter().all(|value| value.is_finite()) && weight.is_finite() && *weight > 0.0
            }
            Self::Split { column, rule, .. } => {
                *column < n_columns
                    && match rule {
                        Rule::AtMost(threshold) => threshold.is_finite(),
                        Rule::OneOf { n_categories, set } => set.len() == n_categories.div_ceil(32),
                    }
            }
        }
    }
}

impl Tree {
    /// A tree of nodes level by level, from left to right.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::InvalidModel`] where a split lacks a child, or a node a parent, or where leaves do not have equally
    /// many values.
    pub fn new(nodes: Vec<Node>) -> Result<Self> {
        let (mut left, mut n_known) = (vec![0; nodes.len()], 1);
        for (at, node) in nodes.iter().enumerate() {
            if at >= n_known {
                return Err(invalid("a node of a tree has no parent"));
            }
            if matches!(node, Node::Split { .. }) {
                left[at] = n_known as u32;
                n_known += 2;
            }
        }
        if n_known != nodes.len() {
            return Err(invalid("a split of a tree lacks a child"));
        }
        let mut widths = nodes.iter().filter_map(|node| match node {
            Node::Leaf { values, .. } => Some(values.len()),
            Node::Split { .. } => None,
        });
        let width = widths.next().unwrap_or(0);
        if width == 0 || widths.any(|other| other != width) {
            return Err(invalid("the leaves of a tree do not have equally many values"));
        }
        let (mut weights, mut means) = (vec![0.0; nodes.len()], vec![0.0; nodes.len() * width]);
        let mut depths = vec![0_usize; nodes.len()];
        for (at, node) in nodes.iter().enumerate().rev() {
            match node {
                Node::Leaf { values, weight } => {
                    weights[at] = *weight;
                    means[at * width..][..width].copy_from_slice(values);
                }
                Node::Split { .. } => {
                    let child = left[at] as usize;
                    depths[at] = 1 + depths[child].max(depths[child + 1]);
                    weights[at] = weights[child] + weights[child + 1];
                    let share = weights[child] / weights[at];
                    for value in 0..width {
                        let of = |node: usize| means[node * width + value];
                        means[at * width + value] = of(child) * share + of(child + 1) * (1.0 - share);
                    }
                }
            }
        }
        let depth = depths.first().copied().unwrap_or(0);
        Ok(Self { nodes, left, weights, means, width, depth })
    }

    /// How many values a leaf has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// About how many steps it takes to part its value among the columns.
    pub(super) fn explaining_steps(&self) -> usize {
        (self.nodes.len() / 2 + 1).saturating_mul((self.depth + 1).saturating_mul(self.depth + 1))
    }

    /// Whether each child has a share of the rows, and each split a variance that it explains, that numbers can hold.
    pub(super) fn has_shares(&self) -> bool {
        let mut are_finite = true;
        self.each_explained(|_, _, variance| are_finite &= variance.is_finite());
        let shares = (0..self.nodes.len()).filter(|at| self.left[*at] > 0).all(|at| {
            let (child, all) = (self.left[at] as usize, self.weights[at]);
            [child, child + 1].iter().all(|child| self.weights[*child] / all > 0.0)
        });
        are_finite && shares && self.weights[0].is_finite() && self.means().iter().all(|mean| mean.is_finite())
    }

    /// Whether the values of leaves are shares of classes, of two the one of the second.
    pub(super) fn has_shares_of_classes(&self) -> bool {
        /// What rounding may leave.
        const LITTLE: f64 = 1e-9;
        self.nodes.iter().all(|node| match node {
            Node::Split { .. } => true,
            Node::Leaf { values, .. } => {
                values.iter().all(|share| (0.0..=1.0).contains(share))
                    && (values.len() == 1 || (values.iter().sum::<f64>() - 1.0).abs() < LITTLE)
            }
        })
    }

    /// The values and the weights of its leaves.
    pub(super) fn leaf_numbers(&self) -> impl Iterator<Item = f64> {
        let leaves = self.nodes.iter().filter_map(|node| match node {
            Node::Leaf { values, weight } => Some(values.iter().chain([weight])),
            Node::Split { .. } => None,
        });
        leaves.flatten().copied()
    }

    /// The nodes level by level, from left to right.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The most splits on the way to a leaf.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The means of its values over the training rows.
    pub(super) fn means(&self) -> &[f64] {
        self.values(0)
    }

    /// What the tree adds for a prepared row.
    #[cfg(test)]
    pub(super) fn leaf_of(&self, prepared: &[f64]) -> &[f64] {
        let mut at = 0;
        while let Some((_, [(child, _), _])) = self.ways(at, prepared) {
            at = child;
        }
        self.values(at)
    }

    /// Of a split: its column, the child that a row goes to, the other child, and the share of the training rows that went
    /// to each.
    pub(in crate::model::estimator) fn ways(&self, at: usize, prepared: &[f64]) -> Option<(usize, [(usize, f64); 2])> {
        let Node::Split { column, rule, missing_left } = &self.nodes[at] else { return None };
        let goes_left = rule.takes(prepared[*column]).unwrap_or(*missing_left);
        let left = self.left[at] as usize;
        let (hot, cold) = if goes_left { (left, left + 1) } else { (left + 1, left) };
        let share = |child: usize| self.weights[child] / self.weights[at];
        Some((*column, [(hot, share(hot)), (cold, share(cold))]))
    }

    /// The weight of the training rows that came to a node.
    pub(crate) fn weight(&self, at: usize) -> f64 {
        self.weights[at]
    }

    /// The left child of a split, which the right one follows; 0 for a leaf.
    pub(crate) fn left(&self, at: usize) -> usize {
        self.left[at] as usize
    }

    /// The values at a leaf; of a split their means over the training rows.
    pub(crate) fn values(&self, at: usize) -> &[f64] {
        &self.means[at * self.width..][..self.width]
    }

    /// Shows each split's column and each value with the variance that it explains: that of the means of its children over the
    /// training rows that came to it, times their share of all.
    pub(super) fn each_explained(&self, mut show: impl FnMut(usize, usize, f64)) {
        let all = self.weights[0];
        for (at, node) in self.nodes.iter().enumerate() {
            if let Node::Split { column, .. } = node {
                let child = self.left[at] as usize;
                let (a, b) = (self.weights[child], self.weights[child + 1]);
                for (value, (of_a, of_b)) in self.values(child).iter().zip(self.values(child + 1)).enumerate() {
                    show(*column, value, a / all * (b / (a + b)) * (of_a - of_b) * (of_a - of_b));
                }
            }
        }
    }

    /// The mean of the value over the training rows where only some columns of a row are known.
    #[cfg(test)]
    pub(super) fn mean_where(&self, prepared: &[f64], known: &[bool]) -> f64 {
        let mut sum = 0.0;
        let mut open = vec![(0, 1.0)];
        while let Some((at, share)) = open.pop() {
            match self.ways(at, prepared) {
                None => sum += share * self.values(at)[0],
                Some((column, [(hot, _), _])) if known[column] => open.push((hot, share)),
                Some((_, ways)) => open.extend(ways.map(|(child, part)| (child, share * part))),
            }
        }
        sum
    }
}
