//! One tree of a forest: every node draws the columns that it looks at.

use super::bag::next_column;
use super::purity::{Item, Purity};
use super::search::{Search, Shape, Split, has};
use crate::train::trees::matrix::BinMatrix;
use crate::train::trees::open::Open;
use crate::train::trees::random::Stream;
use std::collections::BinaryHeap;
use std::ops::Range;

/// A tree before its leaves have values: per node its split and its left child, which the right one follows.
#[derive(Debug)]
pub(super) struct Grown {
    pub(super) made: Vec<Option<(Split, usize)>>,
    /// Per node its sums.
    pub(super) sums: Vec<i64>,
    pub(super) width: usize,
    /// The rows in the order of the leaves, and per node those that came to it.
    pub(super) rows: Vec<u32>,
    pub(super) ranges: Vec<Range<usize>>,
}

impl Grown {
    /// The leaves that rows still come to.
    pub(super) fn leaves(&self) -> Vec<usize> {
        let (mut leaves, mut open) = (Vec::new(), vec![0]);
        while let Some(node) = open.pop() {
            match self.made[node] {
                Some((_, left)) => open.extend([left + 1, left]),
                None => leaves.push(node),
            }
        }
        leaves
    }
}

/// A node that can be split.
struct Part {
    rows: Range<usize>,
    depth: usize,
    stream: Stream,
    split: Split,
}

struct Growth<'a, P> {
    matrix: &'a BinMatrix,
    targets: &'a [f64],
    purity: P,
    shape: Shape,
    items: Vec<Item>,
    /// Room for the rows that go right.
    aside: (Vec<u32>, Vec<Item>),
    /// All columns, in the order in which nodes drew them.
    columns: Vec<usize>,
    search: Search<P>,
    open: BinaryHeap<Open<Part>>,
    grown: Grown,
}

/// Grows a tree from rows with what each adds, of a weight above 0. `targets` has those of all rows of the matrix.
pub(super) fn grow<P: Purity>(
    matrix: &BinMatrix,
    targets: &[f64],
    purity: P,
    shape: Shape,
    rows: Vec<u32>,
    items: Vec<Item>,
    stream: Stream,
) -> Grown {
    let width = purity.width();
    let n_rows = rows.len();
    let mut growth = Growth {
        matrix,
        targets,
        purity,
        shape,
        items,
        aside: (Vec::new(), Vec::new()),
        columns: (0..matrix.columns().len()).collect(),
        search: Search::new(purity, shape),
        open: BinaryHeap::new(),
        grown: Grown { made: Vec::new(), sums: Vec::new(), width, rows, ranges: Vec::new() },
    };
    growth.add(0..n_rows, 0, stream);
    while shape.leaves.is_none_or(|leaves| growth.grown.made.len() / 2 + 1 < leaves) {
        let Some(next) = growth.open.pop() else { break };
        growth.split(next);
    }
    growth.grown
}

impl<P: Purity> Growth<'_, P> {
    /// Makes a node, which may be split later.
    fn add(&mut self, rows: Range<usize>, depth: usize, stream: Stream) {
        let node = self.grown.made.len();
        let items = &self.items[rows.clone()];
        let mut sums = vec![0; self.purity.width()];
        items.iter().for_each(|item| self.purity.add(&mut sums, *item));
        self.grown.made.push(None);
        self.grown.sums.extend_from_slice(&sums);
        self.grown.ranges.push(rows.clone());
        let of_node = &self.grown.rows[rows.clone()];
        let target_of = |row: u32| self.targets[row as usize];
        let is_pure = of_node.windows(2).all(|pair| target_of(pair[0]) == target_of(pair[1]));
        let is_small = self.purity.weight(&sums) < self.shape.least_weight.saturating_mul(2);
        if is_pure || is_small || depth >= self.shape.depth {
            return;
        }
        self.search.begin(&sums);
        for place in 0..self.columns.len() {
            if place >= self.shape.n_columns && self.search.found.is_some() {
                break;
            }
            let column = next_column(&mut self.columns, place, stream);
            let bins = &self.matrix.columns()[column];
            let of_row = |row: u32| self.matrix.bin(row, column);
            self.search.consider(column, bins, of_row, of_node, items, stream);
        }
        if let Some(split) = self.search.found.take() {
            // Where any number of leaves is allowed the last is split first: its rows are still near.
            let gain = self.search.best - self.search.before;
            let rank = if self.shape.leaves.is_some() { gain } else { node as f64 };
            self.open.push(Open { rank, node, what: Part { rows, depth, stream, split } });
        }
    }

    fn split(&mut self, open: Open<Part>) {
        let Open { node, what: Part { rows: Range { start, end }, depth, stream, split }, .. } = open;
        let middle = start + self.part(start..end, &split);
        self.grown.made[node] = Some((split, self.grown.made.len()));
        self.add(start..middle, depth + 1, stream.of(0));
        self.add(middle..end, depth + 1, stream.of(1));
    }

    /// Puts the rows that go left before the others, each in their order; answers how many they are.
    fn part(&mut self, range: Range<usize>, split: &Split) -> usize {
        let (rows, items) = (&mut self.grown.rows[range.clone()], &mut self.items[range]);
        let (rows_aside, items_aside) = &mut self.aside;
        rows_aside.clear();
        items_aside.clear();
        let mut n_left = 0;
        for at in 0..rows.len() {
            let (row, item) = (rows[at], items[at]);
            if has(&split.left, self.matrix.bin(row, split.column)) {
                (rows[n_left], items[n_left]) = (row, item);
                n_left += 1;
            } else {
                rows_aside.push(row);
                items_aside.push(item);
            }
        }
        rows[n_left..].copy_from_slice(rows_aside);
        items[n_left..].copy_from_slice(items_aside);
        n_left
    }
}
