//! What rows hold, summed over blocks: counts, ranges, weighted sums and a digest.

use super::Block;
use super::quantile::{Ticks, is_whole};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use crate::table::{DATE_PARTS, date_parts_of};
use bincode::{Decode, Encode};
use sha2::{Digest, Sha256};

/// The most decimals that a step is looked for with.
const MOST_DECIMALS: u8 = 6;

/// About how many numbers are digested together, and the most rows and the fewest: docs/format.md has them.
const DIGEST_CELLS: usize = 1 << 15;
const DIGEST_ROWS: (usize, usize) = (8, 1024);

/// What of rows is counted one by one.
#[derive(Debug)]
pub(super) struct Counted {
    /// How many categories each feature has; 0 for numbers.
    pub(super) n_categories: Vec<usize>,
    /// Whether the numbers of each feature are dates.
    pub(super) are_dates: Vec<bool>,
    /// 0 for numbers.
    pub(super) n_classes: usize,
}

/// A sum over rows of everything that one look at each of them gives. What is said of a feature's numbers is without
/// meaning for categories.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Summary {
    pub(crate) n_rows: u64,
    /// The sum of the sample weights.
    pub(crate) weight: f64,
    /// How many rows weigh something, and whether every weight is whole.
    n_weighed: u64,
    has_parts: bool,
    /// Per feature the rows that have it and weigh nothing.
    weightless_values: Vec<u64>,
    /// Per feature the rows in which it is missing, and the sum of their weights.
    pub(crate) missing_rows: Vec<u64>,
    pub(crate) missing_weights: Vec<f64>,
    /// Per feature the rows of each category, and the sums of their weights; empty for numbers.
    pub(crate) category_rows: Vec<Vec<u64>>,
    pub(crate) category_weights: Vec<Vec<f64>>,
    /// Per feature the sums of the weights of the dates in each month, then on each day of the week; empty for others.
    pub(crate) date_weights: Vec<Vec<f64>>,
    /// Per feature the weighted sum.
    pub(crate) sums: Vec<f64>,
    /// Per feature the smallest and the largest value in a row that weighs something.
    pub(crate) ranges: Vec<Range>,
    decimals: Vec<Decimals>,
    /// Per class its rows, and the sum of their weights; empty for numbers.
    pub(crate) class_rows: Vec<u64>,
    pub(crate) class_weights: Vec<f64>,
    /// The target's weighted sum, and its smallest and largest value in a row that weighs something; without meaning for classes.
    pub(crate) target_weighted: f64,
    pub(crate) target_range: Range,
    /// The SHA-256 of each part of the rows, one after the other; empty when it was not asked for.
    digests: Vec<u8>,
}

/// The smallest and the largest of some numbers.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(crate) struct Range {
    pub(crate) smallest: f64,
    pub(crate) largest: f64,
}

/// The fewest decimals that some numbers can be written with; more than [`MOST_DECIMALS`] for more.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
struct Decimals(u8);

impl Summary {
    pub(super) fn of_block(block: &Block<'_>, counted: &Counted, with_digest: bool) -> Self {
        let Counted { n_categories, are_dates, n_classes } = counted;
        let (n_features, n_classes) = (n_categories.len(), *n_classes);
        let mut summary = Self {
            n_rows: block.targets.len() as u64,
            weight: 0.0,
            n_weighed: 0,
            has_parts: false,
            weightless_values: vec![0; n_features],
            missing_rows: vec![0; n_features],
            missing_weights: vec![0.0; n_features],
            category_rows: n_categories.iter().map(|n| vec![0; *n]).collect(),
            category_weights: n_categories.iter().map(|n| vec![0.0; *n]).collect(),
            date_weights: are_dates
                .iter()
                .map(|is_date| vec![0.0; if *is_date { DATE_PARTS.len() } else { 0 }])
                .collect(),
            sums: vec![0.0; n_features],
            ranges: vec![Range::NOTHING; n_features],
            decimals: vec![Decimals(0); n_features],
            class_rows: vec![0; n_classes],
            class_weights: vec![0.0; n_classes],
            target_weighted: 0.0,
            target_range: Range::NOTHING,
            digests: if with_digest { block.digests(n_features) } else { Vec::new() },
        };
        let categorical: Vec<usize> = (0..n_features).filter(|feature| n_categories[*feature] > 0).collect();
        let dates: Vec<usize> = (0..n_features).filter(|feature| are_dates[*feature]).collect();
        for (row, (features, target)) in block.features.chunks_exact(n_features).zip(block.targets.iter()).enumerate() {
            let weight = block.weight(row);
            summary.weight += weight;
            summary.n_weighed += u64::from(weight > 0.0);
            summary.has_parts |= !is_whole(weight);
            if n_classes > 0 {
                summary.class_rows[*target as usize] += 1;
                summary.class_weights[*target as usize] += weight;
            } else {
                summary.target_weighted += weight * target;
                if weight > 0.0 {
                    summary.target_range.widen(Range::of(*target));
                }
            }
            for (feature, _) in features.iter().enumerate().filter(|(_, value)| value.is_nan()) {
                summary.missing_rows[feature] += 1;
                summary.missing_weights[feature] += weight;
            }
            for feature in &categorical {
                let category = features[*feature];
                if !category.is_nan() {
                    summary.category_rows[*feature][category as usize] += 1;
                    summary.category_weights[*feature][category as usize] += weight;
                }
            }
            for feature in &dates {
                let days = features[*feature];
                if !days.is_nan() {
                    date_parts_of(days).into_iter().for_each(|part| summary.date_weights[*feature][part] += weight);
                }
            }
            for (sum, value) in summary.sums.iter_mut().zip(features) {
                *sum += if value.is_nan() { 0.0 } else { weight * value };
            }
            if weight > 0.0 {
                for (range, value) in summary.ranges.iter_mut().zip(features) {
                    range.widen(Range::of(*value));
                }
            } else {
                for (n_values, value) in summary.weightless_values.iter_mut().zip(features) {
                    *n_values += u64::from(!value.is_nan());
                }
            }
            for (Decimals(decimals), value) in summary.decimals.iter_mut().zip(features) {
                while *decimals <= MOST_DECIMALS && !value.is_nan() && !has_decimals(*value, *decimals) {
                    *decimals += 1;
                }
            }
        }
        summary
    }

    /// Whether it can be one of such rows, wherever it came from.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for lists of other lengths, and for counts that contradict one another.
    pub(super) fn check(&self, counted: &Counted) -> Result<()> {
        let Counted { n_categories, are_dates, n_classes } = counted;
        let (n_features, n_classes) = (n_categories.len(), *n_classes);
        let sum = |counts: &[u64], first: u64| counts.iter().try_fold(first, |sum, count| sum.checked_add(*count));
        let of_categories = |lengths: Vec<usize>| lengths == *n_categories;
        let lengths = [
            self.missing_rows.len(),
            self.missing_weights.len(),
            self.weightless_values.len(),
            self.sums.len(),
            self.ranges.len(),
            self.decimals.len(),
        ];
        let fits = lengths.iter().all(|length| *length == n_features)
            && of_categories(self.category_rows.iter().map(Vec::len).collect())
            && of_categories(self.category_weights.iter().map(Vec::len).collect())
            && self
                .date_weights
                .iter()
                .map(Vec::len)
                .eq(are_dates.iter().map(|is_date| if *is_date { DATE_PARTS.len() } else { 0 }))
            && [self.class_rows.len(), self.class_weights.len()] == [n_classes; 2]
            && self.n_rows > 0
            && self.n_weighed <= self.n_rows
            && self.weightless_values.iter().zip(&self.missing_rows).all(|(weightless, missing)| {
                weightless.checked_add(*missing).is_some_and(|n_rows| n_rows <= self.n_rows)
            })
            && (n_classes == 0 || sum(&self.class_rows, 0) == Some(self.n_rows))
            && self.missing_rows.iter().zip(&self.category_rows).all(|(missing, rows)| match rows.as_slice() {
                [] => *missing <= self.n_rows,
                rows => sum(rows, *missing) == Some(self.n_rows),
            });
        let message = "a summary is not one of these columns and rows";
        if fits { Ok(()) } else { Err(Error::new(ErrorKind::Internal, message)) }
    }

    /// How many rows have a feature and weigh something.
    pub(super) fn n_values(&self, feature: usize) -> u64 {
        self.n_rows - self.missing_rows[feature] - self.weightless_values[feature]
    }

    /// How the rows count towards quantiles.
    pub(super) fn ticks(&self) -> Ticks {
        Ticks::new(self.weight, self.n_weighed, !self.has_parts)
    }

    /// The weighted mean of a feature's numbers; 0 where none counts.
    pub(crate) fn mean(&self, feature: usize) -> f64 {
        let weight = self.weight - self.missing_weights[feature];
        if weight > 0.0 { self.sums[feature] / weight } else { 0.0 }
    }

    /// The largest power of ten, from 1 down to 1e-6, of which every value of a feature is a multiple.
    pub(crate) fn step(&self, feature: usize) -> Option<f64> {
        let Decimals(decimals) = self.decimals[feature];
        (decimals <= MOST_DECIMALS).then(|| 1.0 / 10f64.powi(i32::from(decimals)))
    }

    /// The digest of all rows: of their number, the header's bytes, and each part's own digest.
    pub(super) fn digest(&self, header: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.n_rows.to_le_bytes());
        hash.update(header);
        hash.update(&self.digests);
        hash.finalize().into()
    }
}

impl Merge for Summary {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.n_rows.merge(later.n_rows)?;
        self.weight.merge(later.weight)?;
        self.n_weighed.merge(later.n_weighed)?;
        self.has_parts |= later.has_parts;
        self.weightless_values.merge(later.weightless_values)?;
        self.missing_rows.merge(later.missing_rows)?;
        self.missing_weights.merge(later.missing_weights)?;
        self.category_rows.merge(later.category_rows)?;
        self.category_weights.merge(later.category_weights)?;
        self.date_weights.merge(later.date_weights)?;
        self.sums.merge(later.sums)?;
        self.ranges.merge(later.ranges)?;
        self.decimals.merge(later.decimals)?;
        self.class_rows.merge(later.class_rows)?;
        self.class_weights.merge(later.class_weights)?;
        self.target_weighted.merge(later.target_weighted)?;
        self.target_range.merge(later.target_range)?;
        self.digests.extend(later.digests);
        Ok(())
    }
}

impl Range {
    pub(super) const NOTHING: Self = Self { smallest: f64::INFINITY, largest: f64::NEG_INFINITY };

    /// Never -0: which of two zeros is the smaller one differs between targets. A NaN changes nothing.
    pub(super) fn widen(&mut self, other: Self) {
        self.smallest = self.smallest.min(other.smallest) + 0.0;
        self.largest = self.largest.max(other.largest) + 0.0;
    }

    pub(super) fn of(value: f64) -> Self {
        Self { smallest: value, largest: value }
    }
}

impl Merge for Range {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.widen(later);
        Ok(())
    }
}

impl Merge for Decimals {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.0 = self.0.max(later.0);
        Ok(())
    }
}

impl Block<'_> {
    /// Of each part of the rows the SHA-256 of the numbers in 8 bytes each, little-endian: features, targets, weights. A
    /// block is a whole number of parts, unless it is the last.
    fn digests(&self, n_features: usize) -> Vec<u8> {
        let most = rows_per_part(n_features);
        let mut bytes = Vec::with_capacity(8 * most * n_features);
        let (mut weights, mut digests) = (self.weights.chunks(most), Vec::new());
        for (features, targets) in self.features.chunks(most * n_features).zip(self.targets.chunks(most)) {
            let mut hash = Sha256::new();
            for numbers in [features, targets, weights.next().unwrap_or_default()] {
                bytes.clear();
                bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
                hash.update(&bytes);
            }
            digests.extend(hash.finalize());
        }
        digests
    }
}

/// How many rows of that many features are digested together.
fn rows_per_part(n_features: usize) -> usize {
    1 << (DIGEST_CELLS / n_features).clamp(DIGEST_ROWS.0, DIGEST_ROWS.1).ilog2()
}

/// Whether a value is a whole number of 1/10^decimals: then rounding it to that many decimals gives it back.
fn has_decimals(value: f64, decimals: u8) -> bool {
    const TENS: [f64; MOST_DECIMALS as usize + 1] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    // Beside this number no double has decimals, and adding it rounds without a call.
    const WHOLE: f64 = 1.5 * (1_u64 << 52) as f64;
    let tens = TENS[usize::from(decimals)];
    let scaled = value * tens;
    let rounded = if scaled.abs() < (1_u64 << 50) as f64 { (scaled + WHOLE) - WHOLE } else { scaled.round() };
    rounded / tens == value
}

#[cfg(test)]
mod tests {
    use super::super::blocks::rows_per_block;
    use super::*;

    #[test]
    fn blocks_are_whole_numbers_of_parts() {
        for n_features in (1..5000).chain([32_767, 32_768, 32_769, 1 << 17, 1_000_000]) {
            assert_eq!(rows_per_block(n_features) % rows_per_part(n_features), 0, "{n_features} features");
        }
    }

    #[test]
    fn parts_of_a_digest_are_shorter_than_blocks_of_wide_rows() {
        let (n_rows, n_features) = (40, 2000);
        let features: Vec<f64> = (0..n_rows * n_features).map(|index| index as f64).collect();
        let targets: Vec<f64> = (0..n_rows).map(|row| row as f64).collect();
        for weights in [vec![], vec![2.0; n_rows]] {
            let [features, targets, weights] = [&features, &targets, &weights].map(|numbers| numbers.as_slice());
            let digests =
                Block { index: 0, features: features.into(), targets: targets.into(), weights: weights.into() }
                    .digests(n_features);
            // 32,768 / 2000 is 16.4.
            let expected = [0..16, 16..32, 32..40].map(|rows| {
                let numbers = [
                    &features[rows.start * n_features..rows.end * n_features],
                    &targets[rows.clone()],
                    weights.get(rows).unwrap_or_default(),
                ];
                Sha256::digest(numbers.concat().into_iter().flat_map(f64::to_le_bytes).collect::<Vec<u8>>())
            });
            assert_eq!(digests, expected.concat());
        }
    }
}
