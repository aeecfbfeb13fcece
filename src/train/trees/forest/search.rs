//! The search for the best split of a node.

use super::purity::{Item, Purity};
use crate::numeric::order::sorted_positions;
use crate::train::trees::bins::Bins;
use crate::train::trees::random::Stream;
use std::cmp::Ordering;
use std::ops::RangeInclusive;

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
                None if self.shape.is_random => {
                    let count = a_random_place(present, stream.of(column as u64));
                    self.along(Cut::Numbers(present), count..=count, column, missing);
                }
                None => self.along(Cut::Numbers(present), 1..=n_present, column, missing),
                Some(_) if self.shape.is_random => {
                    let left = a_random_set(present, stream.of(column as u64));
                    self.along(Cut::Set(&left), left.len()..=left.len(), column, missing);
                }
                Some(_) => {
                    for order in 0..self.purity.n_orders() {
                        let mean = |at: usize| {
                            self.purity.mean(&self.histogram[usize::from(present[at]) * width..][..width], order)
                        };
                        let order = sorted_positions(n_present, &|a, b| mean(a).total_cmp(&mean(b)));
                        let order: Vec<u8> = order.into_iter().map(|at| present[at]).collect();
                        self.along(Cut::Set(&order), 1..=n_present, column, missing);
                    }
                }
            }
        }
        for bin in present.iter().map(|bin| usize::from(*bin)).chain([missing]) {
            self.histogram[bin * width..][..width].fill(0);
        }
    }

    /// The splits with so many bins of an order to the left, and missing values on either side.
    #[inline(never)]
    fn along(&mut self, cut: Cut<'_>, counts: RangeInclusive<usize>, column: usize, missing: usize) {
        // Of a length that is known where there are two sums.
        let width = self.purity.width();
        let (all, left, right) = (&self.all[..width], &mut self.left[..width], &mut self.right[..width]);
        let of_bin = |bin: usize| &self.histogram[bin * width..][..width];
        let of_missing = of_bin(missing);
        let has_missing = of_missing.iter().any(|sum| *sum != 0);
        left.fill(0);
        for (at, bin) in cut.order()[..*counts.end()].iter().enumerate() {
            left.iter_mut().zip(of_bin(usize::from(*bin))).for_each(|(left, more)| *left += more);
            let count = at + 1;
            if count < *counts.start() {
                continue;
            }
            for missing_left in [false, true] {
                if missing_left && !has_missing {
                    break;
                }
                let more = |of: usize| if missing_left { of_missing[of] } else { 0 };
                left.iter_mut().enumerate().for_each(|(of, left)| *left += more(of));
                right.iter_mut().zip(all.iter().zip(&*left)).for_each(|(right, (all, left))| *right = all - left);
                let weights = [self.purity.weight(left), self.purity.weight(right)];
                // Divided only where it is the best.
                let [of_left, of_right] = weights.map(|weight| weight as f64);
                let numerator = self.purity.squares(left) * of_right + self.purity.squares(right) * of_left;
                let denominator = of_left * of_right;
                left.iter_mut().enumerate().for_each(|(of, left)| *left -= more(of));
                let is_allowed = weights[0] >= self.shape.least_weight && weights[1] >= self.shape.least_weight;
                if is_allowed && numerator > self.best * denominator {
                    let mut set = cut.left(count);
                    // Without missing values they go with the heavier side.
                    if missing_left || !has_missing && weights[0] > weights[1] {
                        set[missing / 64] |= 1 << (missing % 64);
                    }
                    self.best = numerator / denominator;
                    self.found = Some(Split { column, left: set });
                }
            }
        }
    }
}

/// Bins in the order in which they come to the left.
#[derive(Debug, Clone, Copy)]
enum Cut<'a> {
    /// Bins between them come with them.
    Numbers(&'a [u8]),
    Set(&'a [u8]),
}

impl<'a> Cut<'a> {
    fn order(self) -> &'a [u8] {
        match self {
            Self::Numbers(order) | Self::Set(order) => order,
        }
    }

    /// The first of them.
    fn left(self, count: usize) -> BinSet {
        match self {
            Self::Numbers(present) => up_to(present, count),
            Self::Set(order) => set(&order[..count]),
        }
    }
}

/// How many bins go left where a place between the first and the last is taken by chance.
fn a_random_place(present: &[u8], stream: Stream) -> usize {
    let (first, last) = (present.first().copied().unwrap_or(0), present.last().copied().unwrap_or(0));
    let cut = first + (stream.uniform(0) * f64::from(last - first)) as u8;
    present.partition_point(|bin| *bin <= cut)
}

/// Each category to any side, but not all of them to one.
fn a_random_set(present: &[u8], stream: Stream) -> Vec<u8> {
    let left: Vec<u8> = present.iter().copied().filter(|bin| stream.uniform(u64::from(*bin)) < 0.5).collect();
    match left.len() {
        n if present.len() > 1 && (n == 0 || n == present.len()) => {
            vec![present[(stream.uniform(256) * present.len() as f64) as usize]]
        }
        0 => present.to_vec(),
        _ => left,
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
