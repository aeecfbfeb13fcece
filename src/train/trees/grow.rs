//! One tree: the leaf that gains most is split next.

use super::histogram::{ColumnGroup, Histogram, without};
use super::matrix::BinMatrix;
use super::open::Open;
use super::split::{Bounds, Judge, Split};
use super::sums::Sums;
use super::together::{GroupsLeft, Together};
use crate::dataset::map_blocks;
use crate::error::Result;
use crate::model::{Node, Tree};
use std::collections::BinaryHeap;
use std::ops::Range;

/// The most sums that are kept for later subtraction: 16 bytes each. With more, both children are summed.
const KEPT_SUMS: usize = 8 << 20;

/// Fewer values of rows than this are not worth a second thread.
const WORTH_SHARING: usize = 1 << 14;

/// How large a tree may become.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) leaves: usize,
    pub(super) depth: usize,
}

/// A leaf that may be split.
#[derive(Debug)]
struct Part {
    leaf: Leaf,
    sums: Sums,
    depth: usize,
    histograms: Vec<Histogram>,
    /// What a child of it may be split by.
    groups_left: GroupsLeft,
    split: Split,
}

/// A leaf of a tree: which rows came to it, by their positions in the order that the tree leaves them in.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    pub(super) rows: Range<usize>,
    /// Its place among the nodes in the order in which they were made.
    node: usize,
    pub(super) bounds: Bounds,
}

/// A tree before its leaves have values.
pub(super) struct Grown {
    /// Per node that was made its split and its left child, which the right one follows.
    made: Vec<Option<(Split, usize)>>,
    pub(super) leaves: Vec<Leaf>,
}

/// A tree that is growing.
struct Growth<'a> {
    matrix: &'a BinMatrix,
    /// Per row what it adds.
    sums: &'a [Sums],
    judge: &'a Judge<'a>,
    together: &'a Together,
    shape: Shape,
    groups: Vec<ColumnGroup>,
    /// Whether histograms are kept for subtraction.
    keeps: bool,
    open: BinaryHeap<Open<Part>>,
    grown: Grown,
}

/// What a node is before it is known whether it can be split.
struct Child {
    leaf: Leaf,
    sums: Sums,
    depth: usize,
    groups_left: GroupsLeft,
}

/// What a group of columns says of a node: its histogram, and the best split by one of them.
type Answer = (Histogram, Option<Split>);

/// Grows a tree by these columns. `rows` are positions in `sums`, and are left in the order of the leaves.
///
/// # Errors
/// None that a caller could cause.
pub(super) fn grow(
    matrix: &BinMatrix,
    columns: &[usize],
    rows: &mut [u32],
    sums: &[Sums],
    judge: &Judge<'_>,
    together: &Together,
    shape: Shape,
) -> Result<Grown> {
    let groups = ColumnGroup::divide(columns, matrix.columns(), n_groups());
    let n_sums: usize = groups.iter().map(ColumnGroup::n_sums).sum();
    let keeps = n_sums.saturating_mul(shape.leaves) <= KEPT_SUMS;
    let grown = Grown { made: vec![None], leaves: Vec::new() };
    let mut growth = Growth { matrix, sums, judge, together, shape, groups, keeps, open: BinaryHeap::new(), grown };
    let mut all = Sums::default();
    rows.iter().for_each(|row| all += sums[*row as usize]);
    let leaf = Leaf { rows: 0..rows.len(), node: 0, bounds: Bounds::NONE };
    let root = Child { leaf, sums: all, depth: 0, groups_left: None };
    let answers = growth.ask(rows.len(), |at, group| {
        let histogram = group.histogram(matrix, rows, sums);
        let split = growth.best(at, &histogram, &root);
        Ok([(histogram, split)])
    })?;
    growth.add(root, answers.into_iter().map(|[answer]| answer).collect());
    while growth.open.len() + growth.grown.leaves.len() < shape.leaves {
        let Some(next) = growth.open.pop() else { break };
        growth.split(next.what, rows)?;
    }
    let Growth { open, mut grown, .. } = growth;
    grown.leaves.extend(open.into_sorted_vec().into_iter().map(|open| open.what.leaf));
    Ok(grown)
}

impl Growth<'_> {
    /// What each group says of so many rows.
    fn ask<T: Send>(&self, n_rows: usize, of: impl Fn(usize, &ColumnGroup) -> Result<T> + Sync) -> Result<Vec<T>> {
        let n_columns: usize = self.matrix.columns().len();
        match n_rows * n_columns {
            0..WORTH_SHARING => self.groups.iter().enumerate().map(|(at, group)| of(at, group)).collect(),
            _ => map_blocks(self.groups.len(), |at| of(at, &self.groups[at])),
        }
    }

    /// The best split by a column of a group.
    fn best(&self, group: usize, histogram: &Histogram, node: &Child) -> Option<Split> {
        if node.depth >= self.shape.depth {
            return None;
        }
        let parts = self.groups[group].parts(histogram);
        let parts = parts.filter(|(column, _)| self.together.allows(*column, &node.groups_left));
        let splits = parts.filter_map(|(column, histogram)| {
            self.judge.best(column, &self.matrix.columns()[column], histogram, node.sums, node.leaf.bounds)
        });
        splits.reduce(better)
    }

    /// Takes a node up, as a leaf or as one that may be split.
    fn add(&mut self, node: Child, answers: Vec<Answer>) {
        let (histograms, splits): (Vec<Histogram>, Vec<Option<Split>>) = answers.into_iter().unzip();
        let Child { leaf, sums, depth, groups_left } = node;
        match splits.into_iter().flatten().reduce(better) {
            Some(split) => {
                let histograms = if self.keeps { histograms } else { Vec::new() };
                let part = Part {
                    leaf,
                    sums,
                    depth,
                    histograms,
                    groups_left: self.together.after(split.column, &groups_left),
                    split,
                };
                self.open.push(Open { rank: part.split.gain, node: part.leaf.node, what: part });
            }
            None => self.grown.leaves.push(leaf),
        }
    }

    fn split(&mut self, parent: Part, rows: &mut [u32]) -> Result<()> {
        let Part { leaf: Leaf { rows: range, node, bounds }, sums, depth, histograms, groups_left, split } = parent;
        let middle = range.start + part(&mut rows[range.clone()], self.matrix, &split)?;
        let ranges = [range.start..middle, middle..range.end];
        let bounds = self.judge.bounds(&split, sums, bounds);
        let first = self.grown.made.len();
        let child = |side: usize| Child {
            leaf: Leaf { rows: ranges[side].clone(), node: first + side, bounds: bounds[side] },
            sums: if side == 0 { split.sums } else { sums - split.sums },
            depth: depth + 1,
            groups_left: groups_left.clone(),
        };
        let children = [child(0), child(1)];
        let smaller = usize::from(ranges[0].len() > ranges[1].len());
        let larger = 1 - smaller;
        let of_side = |side: usize| &rows[ranges[side].clone()];
        let mut answers = self.ask(range.len(), |at, group| {
            let of_smaller = group.histogram(self.matrix, of_side(smaller), self.sums);
            let of_larger = match histograms.get(at) {
                Some(all) => without(all, &of_smaller),
                None => group.histogram(self.matrix, of_side(larger), self.sums),
            };
            let answer = |side: usize, histogram: Histogram| {
                let split = self.best(at, &histogram, &children[side]);
                (histogram, split)
            };
            Ok([answer(smaller, of_smaller), answer(larger, of_larger)])
        })?;
        if smaller == 1 {
            answers.iter_mut().for_each(|pair| pair.swap(0, 1));
        }
        self.grown.made[node] = Some((split, first));
        self.grown.made.extend([None, None]);
        let (of_left, of_right) = answers.into_iter().map(|[left, right]| (left, right)).unzip();
        let [left, right] = children;
        self.add(left, of_left);
        self.add(right, of_right);
        Ok(())
    }
}

/// The split that gains more; of equal ones the first.
fn better(best: Split, other: Split) -> Split {
    if other.gain > best.gain { other } else { best }
}

/// In how many groups columns are shared out. What a tree becomes does not depend on it.
fn n_groups() -> usize {
    #[cfg(target_arch = "wasm32")]
    return 1;
    #[cfg(not(target_arch = "wasm32"))]
    match rayon::current_num_threads() {
        1 => 1,
        n_threads => 2 * n_threads,
    }
}

/// Puts the rows that go left before the others, each in their order; answers how many they are.
fn part(rows: &mut [u32], matrix: &BinMatrix, split: &Split) -> Result<usize> {
    /// So many rows are parted at a time.
    const AT_A_TIME: usize = 1 << 14;
    let mut goes_left = [false; 256];
    split.left.iter().for_each(|bin| goes_left[usize::from(*bin)] = true);
    goes_left[matrix.columns()[split.column].n_bins()] = split.missing_left;
    let parted = map_blocks(rows.len().div_ceil(AT_A_TIME), |block| {
        let rows = &rows[block * AT_A_TIME..((block + 1) * AT_A_TIME).min(rows.len())];
        let (mut left, mut right) = (vec![0; rows.len()], vec![0; rows.len()]);
        let (mut n_left, mut n_right) = (0, 0);
        for row in rows {
            // Both are written and one is counted, since which one cannot be foretold.
            let is_left = goes_left[usize::from(matrix.bin(*row, split.column))];
            left[n_left] = *row;
            right[n_right] = *row;
            n_left += usize::from(is_left);
            n_right += usize::from(!is_left);
        }
        left.truncate(n_left);
        right.truncate(n_right);
        Ok((left, right))
    })?;
    let n_left = parted.iter().map(|(left, _)| left.len()).sum();
    let mut at = 0;
    for part in parted.iter().map(|(left, _)| left).chain(parted.iter().map(|(_, right)| right)) {
        rows[at..at + part.len()].copy_from_slice(part);
        at += part.len();
    }
    Ok(n_left)
}

impl Grown {
    /// The tree, whose leaves have these values and weights, in the order of [`Grown::leaves`].
    ///
    /// # Errors
    /// None that a caller could cause.
    pub(super) fn into_tree(self, matrix: &BinMatrix, values: &[(f64, f64)]) -> Result<Tree> {
        let mut of_node = vec![(0.0, 0.0); self.made.len()];
        self.leaves.iter().zip(values).for_each(|(leaf, value)| of_node[leaf.node] = *value);
        let split = |split: &Split| matrix.split(split.column, &split.left, split.missing_left);
        let leaf = |node: usize| Node::Leaf { values: vec![of_node[node].0], weight: of_node[node].1 };
        by_levels(&self.made, split, leaf)
    }
}

/// A tree of nodes that were made in any order: per node its split and its left child, which the right one follows.
///
/// # Errors
/// None that a caller could cause.
pub(super) fn by_levels<S>(
    made: &[Option<(S, usize)>],
    split: impl Fn(&S) -> Node,
    leaf: impl Fn(usize) -> Node,
) -> Result<Tree> {
    let mut nodes = Vec::with_capacity(made.len());
    let mut level = vec![0];
    while !level.is_empty() {
        let mut below = Vec::new();
        for node in level {
            nodes.push(match &made[node] {
                Some((of_node, left)) => {
                    below.extend([*left, left + 1]);
                    split(of_node)
                }
                None => leaf(node),
            });
        }
        level = below;
    }
    Tree::new(nodes)
}
