//! The search for the best split of a node.

use super::purity::{Item, Purity};
use crate::numeric::order::sorted_positions;
use crate::train::trees::bins::Bins;
use crate::train::trees::random::Stream;
use std::cmp::Ordering;

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The most leaves: those that gain most are split first. `None` for any number.
    pub(super) leaves: Option<usize>,
    pub(super) depth: usize,
    /// The least weight of a leaf, in units.
    pub(super) least_weight: i64,
    /// How many columns a node looks at. It looks at more where none of them can be split.
    pub(super) n_columns: usize,
    /// Whether a column is split anywhere, and not where that is best.
    pub(super) is_random: bool,
}

/// Bins of a column: a bit for each.
pub(super) type BinSet = [u64; 4];

/// A split of a node.
#[derive(Debug, Clone)]
pub(super) struct Split {
    pub(super) column: usize,
    /// The bins that go left, the one of missing values among them.
    pub(super) left: BinSet,
}

/// The search for the best split of a node.
pub(super) struct Search<P> {
    purity: P,
    shape: Shape,
    all: Vec<i64>,
    /// Of a column: per bin its sums. Zeros in between.
    histogram: Vec<i64>,
    left: Vec<i64>,
    right: Vec<i64>,
    /// What all rows explain, and the best split.
    pub(super) before: f64,
    pub(super) best: f64,
    pub(super) found: Option<Split>,
}

impl<P: Purity> Search<P> {
    pub(super) fn new(purity: P, shape: Shape) -> Self {
        let zeros = || vec![0; purity.width()];
        Self {
            purity,
            shape,
            all: zeros(),
            histogram: vec![0; 256 * purity.width()],
            left: zeros(),
            right: zeros(),
            before: 0.0,
            best: 0.0,
            found: None,
        }
    }

    /// Begins with a node of these sums.
    pub(super) fn begin(&mut self, all: &[i64]) {
        self.all.copy_from_slice(all);
        self.before = self.purity.explained(all);
        (self.best, self.found) = (f64::NEG_INFINITY, None);
    }

    /// Considers the splits by a column.
    pub(super) fn consider(
        &mut self,
        column: usize,
        bins: &Bins,
        bin_of: impl Fn(u32) -> u8,
        rows: &[u32],
        items: &[Item],
        stream: Stream,
    ) {
        let width = self.purity.width();
        let mut there = BinSet::default();
        for (row, item) in rows.iter().zip(items) {
            let bin = usize::from(bin_of(*row));
            there[bin / 64] |= 1 << (bin % 64);
            self.purity.add(&mut self.histogram[bin * width..][..width], *item);
        }
        let missing = bins.n_bins();
        let has_missing = has(&there, missing as u8);
        let mut present = [0; 256];
        let n_present = positions(&there, &mut present) - usize::from(has_missing);
        let present = &present[..n_present];
        if n_present + usize::from(has_missing) > 1 {
            match bins.n_categories() {
                None if self.shape.is_random => self.at_a_random_place(column, present, missing, has_missing, stream),
                None => self.along(present, missing, has_missing, |count| (column, up_to(present, count))),
                Some(_) if self.shape.is_random => self.a_random_set(column, present, missing, has_missing, stream),
                Some(_) => {
                    for order in 0..self.purity.n_orders() {
                        let mean = |at: usize| {
                            self.purity.mean(&self.histogram[usize::from(present[at]) * width..][..width], order)
                        };
                        let order = sorted_positions(n_present, &|a, b| mean(a).total_cmp(&mean(b)));
                        let order: Vec<u8> = order.into_iter().map(|at| present[at]).collect();
                        self.along(&order, missing, has_missing, |count| (column, set(&order[..count])));
                    }
                }
            }
        }
        for bin in present.iter().map(|bin| usize::from(*bin)).chain([missing]) {
            self.histogram[bin * width..][..width].fill(0);
        }
    }

    /// The splits between bins of an order. `split` makes one with so many of them to the left.
    fn along(&mut self, order: &[u8], missing: usize, has_missing: bool, split: impl Fn(usize) -> (usize, BinSet)) {
        let width = self.purity.width();
        self.left.fill(0);
        for (at, bin) in order.iter().enumerate() {
            let of_bin = &self.histogram[usize::from(*bin) * width..][..width];
            self.left[..width].iter_mut().zip(of_bin).for_each(|(left, more)| *left += more);
            self.judge(missing, has_missing, || split(at + 1));
        }
    }

    /// Anywhere between the first and the last bin.
    fn at_a_random_place(&mut self, column: usize, present: &[u8], missing: usize, has_missing: bool, stream: Stream) {
        let (first, last) = (present.first().copied().unwrap_or(0), present.last().copied().unwrap_or(0));
        let chance = stream.of(column as u64).uniform(0);
        let cut = first + (chance * f64::from(last - first)) as u8;
        let count = present.partition_point(|bin| *bin <= cut);
        self.sum(&present[..count]);
        self.judge(missing, has_missing, || (column, set_up_to(cut)));
    }

    /// Each category to any side, but not all of them to one.
    fn a_random_set(&mut self, column: usize, present: &[u8], missing: usize, has_missing: bool, stream: Stream) {
        let stream = stream.of(column as u64);
        let mut left: Vec<u8> = present.iter().copied().filter(|bin| stream.uniform(u64::from(*bin)) < 0.5).collect();
        if present.len() > 1 && (left.is_empty() || left.len() == present.len()) {
            let one = (stream.uniform(256) * present.len() as f64) as usize;
            left = vec![present[one]];
        }
        self.sum(&left);
        self.judge(missing, has_missing, || (column, set(&left)));
    }

    fn sum(&mut self, bins: &[u8]) {
        let width = self.purity.width();
        self.left.fill(0);
        for bin in bins {
            let of_bin = &self.histogram[usize::from(*bin) * width..][..width];
            self.left.iter_mut().zip(of_bin).for_each(|(left, more)| *left += more);
        }
    }

    /// Judges the split whose left sums are given, with missing values on either side.
    #[inline(always)]
    fn judge(&mut self, missing: usize, has_missing: bool, split: impl Fn() -> (usize, BinSet)) {
        self.judge_one(missing, &split);
        if has_missing {
            let width = self.purity.width();
            let of_missing = &self.histogram[missing * width..][..width];
            self.left.iter_mut().zip(of_missing).for_each(|(left, more)| *left += more);
            self.judge_one(missing, &|| {
                let (column, mut left) = split();
                left[missing / 64] |= 1 << (missing % 64);
                (column, left)
            });
            let of_missing = &self.histogram[missing * width..][..width];
            self.left.iter_mut().zip(of_missing).for_each(|(left, more)| *left -= more);
        }
    }

    #[inline(always)]
    fn judge_one(&mut self, missing: usize, split: &impl Fn() -> (usize, BinSet)) {
        // Of a length that is known where there are two sums.
        let width = self.purity.width();
        let (all, left, right) = (&self.all[..width], &self.left[..width], &mut self.right[..width]);
        right.iter_mut().zip(all.iter().zip(left)).for_each(|(right, (all, left))| *right = all - left);
        let weights = [self.purity.weight(left), self.purity.weight(right)];
        if weights[0] < self.shape.least_weight || weights[1] < self.shape.least_weight {
            return;
        }
        // Divided only where it is the best.
        let [of_left, of_right] = weights.map(|weight| weight as f64);
        let numerator = self.purity.squares(left) * of_right + self.purity.squares(right) * of_left;
        let denominator = of_left * of_right;
        if numerator > self.best * denominator {
            let (column, mut set) = split();
            // Without missing values they go with the heavier side.
            if self.histogram[missing * width..][..width].iter().all(|sum| *sum == 0) && weights[0] > weights[1] {
                set[missing / 64] |= 1 << (missing % 64);
            }
            self.best = numerator / denominator;
            self.found = Some(Split { column, left: set });
        }
    }
}

/// Whether a bin is in a set.
#[inline(always)]
pub(super) fn has(set: &BinSet, bin: u8) -> bool {
    set[usize::from(bin / 64)] >> (bin % 64) & 1 == 1
}

/// Writes the bins of a set in their order; answers how many they are.
fn positions(set: &BinSet, out: &mut [u8; 256]) -> usize {
    let mut n = 0;
    for (word, base) in set.iter().zip((0..).step_by(64)) {
        let mut word = *word;
        while word > 0 {
            out[n] = (base + word.trailing_zeros()) as u8;
            n += 1;
            word &= word - 1;
        }
    }
    n
}

fn set(bins: &[u8]) -> BinSet {
    let mut set = BinSet::default();
    bins.iter().for_each(|bin| set[usize::from(bin / 64)] |= 1 << (bin % 64));
    set
}

fn set_up_to(last: u8) -> BinSet {
    let (word, bit) = (usize::from(last / 64), last % 64);
    std::array::from_fn(|at| match at.cmp(&word) {
        Ordering::Less => u64::MAX,
        Ordering::Equal => u64::MAX >> (63 - bit),
        Ordering::Greater => 0,
    })
}

/// Those up to the middle between the last of so many bins and the next one.
fn up_to(present: &[u8], count: usize) -> BinSet {
    let last = usize::from(present[count - 1]);
    let next = present.get(count).map_or(last, |next| usize::from(*next) - 1);
    set_up_to(((last + next) / 2) as u8)
}
