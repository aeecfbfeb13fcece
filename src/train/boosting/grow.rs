//! One tree: the leaf that gains most is split next.

use super::bins::BinnedColumn;
use super::fixed_point::FixedPoint;
use super::histogram::{self, Histogram, Sums};
use super::split::{Judge, Split};
use crate::dataset::map_blocks;
use crate::error::Result;
use crate::model::{Node, Tree};
use std::ops::Range;

/// The most sums that are kept for later subtraction: 24 bytes each. With more, both children are summed.
const KEPT_SUMS: usize = 8 << 20;

/// How large a tree may become, and what its leaves are worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) leaves: usize,
    pub(super) depth: usize,
    pub(super) learning_rate: f64,
    /// The unit of weights.
    pub(super) weight_unit: FixedPoint,
}

/// A leaf that may be split.
struct Leaf {
    rows: Range<usize>,
    sums: Sums,
    depth: usize,
    /// Its place among the nodes that were made.
    node: usize,
    histograms: Vec<Histogram>,
    split: Option<Split>,
}

/// A node that was made: its split and its two children, or nothing.
type Made = Option<(Split, [usize; 2])>;

/// A tree, and which rows are in which of its leaves: ranges of `rows` with their values.
pub(super) struct Grown {
    pub(super) tree: Tree,
    pub(super) leaves: Vec<(Range<usize>, f64)>,
}

/// Grows a tree on rows with these sums. `rows` are their positions, and are left in the order of the leaves.
///
/// # Errors
/// None that a caller could cause.
pub(super) fn grow(
    columns: &[BinnedColumn],
    rows: &mut [u32],
    gradients: &[Sums],
    judge: &Judge,
    shape: &Shape,
) -> Result<Grown> {
    let n_sums: usize = columns.iter().map(|column| column.n_bins() + 1).sum();
    let keeps = n_sums.saturating_mul(shape.leaves) <= KEPT_SUMS;
    let sums_of = |rows: &[u32]| {
        let mut all = Sums::default();
        rows.iter().for_each(|row| all += gradients[*row as usize]);
        all
    };
    let histograms_of = |rows: &[u32]| {
        let sums: Vec<Sums> = rows.iter().map(|row| gradients[*row as usize]).collect();
        map_blocks(columns.len(), |at| Ok(histogram::of_rows(&columns[at].bins, columns[at].n_bins(), rows, &sums)))
    };
    let best = |histograms: &[Histogram], sums: Sums, depth: usize| {
        if depth >= shape.depth {
            return None;
        }
        let splits = columns.iter().zip(histograms).enumerate();
        let splits = splits.filter_map(|(at, (column, histogram))| judge.best(at, column, histogram, sums));
        // Of equal ones the first.
        splits.reduce(|best, other| if other.gain > best.gain { other } else { best })
    };
    let leaf = |rows: Range<usize>, sums: Sums, depth: usize, node: usize, histograms: Vec<Histogram>| {
        let split = best(&histograms, sums, depth);
        let histograms = if split.is_some() && keeps { histograms } else { Vec::new() };
        Leaf { rows, sums, depth, node, histograms, split }
    };

    let mut made: Vec<Made> = vec![None];
    let root = leaf(0..rows.len(), sums_of(rows), 0, 0, histograms_of(rows)?);
    let mut leaves = vec![root];
    while leaves.len() < shape.leaves {
        let gain = |at: usize| leaves[at].split.as_ref().map(|split: &Split| split.gain);
        // Of equal gains the one that comes first here: the order does not depend on the rows.
        let next =
            (0..leaves.len()).filter(|at| gain(*at).is_some()).reduce(|a, b| if gain(b) > gain(a) { b } else { a });
        let Some(next) = next else { break };
        let Leaf { rows: range, sums, depth, node, histograms, split } = leaves.swap_remove(next);
        let Some(split) = split else { break };
        let middle = range.start + part(&mut rows[range.clone()], &columns[split.column], &split);
        let (left, right) = (range.start..middle, middle..range.end);
        let (of_left, of_right) = (split.sums, sums - split.sums);
        let is_left_smaller = left.len() <= right.len();
        let smaller = histograms_of(&rows[if is_left_smaller { left.clone() } else { right.clone() }])?;
        let larger = if keeps {
            histograms.into_iter().zip(&smaller).map(|(all, part)| histogram::without(all, part)).collect()
        } else {
            histograms_of(&rows[if is_left_smaller { right.clone() } else { left.clone() }])?
        };
        let (left_histograms, right_histograms) = if is_left_smaller { (smaller, larger) } else { (larger, smaller) };
        let children = [made.len(), made.len() + 1];
        made.extend([None, None]);
        made[node] = Some((split, children));
        leaves.push(leaf(left, of_left, depth + 1, children[0], left_histograms));
        leaves.push(leaf(right, of_right, depth + 1, children[1], right_histograms));
    }

    let value = |leaf: &Leaf| shape.learning_rate * judge.value(leaf.sums);
    let mut nodes = Vec::with_capacity(made.len());
    let mut level = vec![0];
    while !level.is_empty() {
        let mut below = Vec::new();
        for node in level {
            nodes.push(match &made[node] {
                Some((split, children)) => {
                    below.extend(children);
                    let rule = columns[split.column].rule(&split.left, split.missing_left);
                    Node::Split { column: split.column, rule, missing_left: split.missing_left }
                }
                None => {
                    let leaf = leaves.iter().find(|leaf| leaf.node == node).map(|leaf| (value(leaf), leaf.sums.weight));
                    let (value, weight) = leaf.unwrap_or((0.0, 0));
                    Node::Leaf { value, weight: shape.weight_unit.number(weight) }
                }
            });
        }
        level = below;
    }
    let leaves = leaves.iter().map(|leaf| (leaf.rows.clone(), value(leaf))).collect();
    Ok(Grown { tree: Tree::new(nodes)?, leaves })
}

/// Puts the rows that go left before the others, each in their order; answers how many they are.
fn part(rows: &mut [u32], column: &BinnedColumn, split: &Split) -> usize {
    let mut goes_left = [false; 256];
    split.left.iter().for_each(|bin| goes_left[usize::from(*bin)] = true);
    goes_left[column.n_bins()] = split.missing_left;
    let (mut n_left, mut right) = (0, Vec::new());
    for at in 0..rows.len() {
        let row = rows[at];
        if goes_left[usize::from(column.bins[row as usize])] {
            rows[n_left] = row;
            n_left += 1;
        } else {
            right.push(row);
        }
    }
    rows[n_left..].copy_from_slice(&right);
    n_left
}
