//! A column as bins: what a split can tell apart.

use crate::model::Rule;
use crate::numeric::order::{sort_pairs, sorted_positions};

/// The most bins of a column, the one of missing values aside.
const MOST_BINS: usize = 255;

/// The bins of a column, counted from 0. Behind the last stands the one of missing values.
#[derive(Debug)]
pub(super) enum Bins {
    /// Per bin the largest number that is in it. The last has no end.
    Numbers(Vec<f64>),
    /// Of categories.
    Categories {
        /// Per bin the position of its category. Those that other bins of the column tell apart are together in one more.
        positions: Vec<usize>,
        has_rest: bool,
        /// Per category its bin. Those without a row of the fit have the one of missing values.
        bins: Vec<u8>,
    },
}

impl Bins {
    /// Of numbers, NaN where one is missing: each value a bin, or as many as there may be of about the same weight.
    pub(super) fn of_numbers(values: &[f64], weights: &[f64]) -> Self {
        let mut pairs: Vec<(f64, f64)> = values
            .iter()
            .zip(weights)
            .filter(|(value, _)| !value.is_nan())
            .map(|(value, w)| (value + 0.0, *w))
            .collect();
        sort_pairs(&mut pairs);
        let different: Vec<(f64, f64)> = pairs
            .chunk_by(|a, b| a.0 == b.0)
            .map(|equal| (equal[0].0, equal.iter().map(|(_, weight)| weight).sum()))
            .collect();
        let total: f64 = different.iter().map(|(_, weight)| weight).sum();
        let is_each = different.len() <= MOST_BINS;
        let (mut ends, mut sum, mut rest) = (Vec::new(), 0.0, total);
        for pair in different.windows(2) {
            let ((value, weight), (next, _)) = (pair[0], pair[1]);
            sum += weight;
            // Those that are left share what is left, so that one heavy value takes one bin.
            let n_left = MOST_BINS - ends.len();
            if is_each || n_left > 1 && sum >= rest / n_left as f64 {
                rest -= sum;
                sum = 0.0;
                ends.push(between(value, next));
            }
        }
        ends.push(f64::MAX);
        Self::Numbers(ends)
    }

    /// Of positions of so many categories, NaN where one is missing. Where there are too many, each of the answers tells some
    /// apart, and takes the others for one: the heaviest are together in the first.
    pub(super) fn of_categories(values: &[f64], weights: &[f64], n_categories: usize) -> Vec<Self> {
        let mut of_category = vec![0.0; n_categories];
        let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
        // In an order of their own, so that the sums do not depend on that of the rows.
        sort_pairs(&mut pairs);
        for (position, weight) in pairs.into_iter().filter(|(position, _)| !position.is_nan()) {
            of_category[position as usize] += weight;
        }
        let mut positions = sorted_positions(n_categories, &|a, b| of_category[b].total_cmp(&of_category[a]));
        positions.retain(|position| of_category[*position] > 0.0);
        let has_rest = positions.len() > MOST_BINS;
        let of_bins = |positions: &[usize]| {
            let mut positions = positions.to_vec();
            positions.sort_unstable();
            let (rest, missing) = (positions.len(), positions.len() + usize::from(has_rest));
            let usual = |position: usize| if of_category[position] > 0.0 { rest } else { missing } as u8;
            let mut bins: Vec<u8> = (0..n_categories).map(usual).collect();
            positions.iter().enumerate().for_each(|(bin, position)| bins[*position] = bin as u8);
            Self::Categories { positions, has_rest, bins }
        };
        match has_rest {
            false => vec![of_bins(&positions)],
            true => positions.chunks(MOST_BINS - 1).map(of_bins).collect(),
        }
    }

    /// The bin of a value, NaN where it is missing.
    #[inline]
    pub(super) fn bin(&self, value: f64) -> u8 {
        match self {
            _ if value.is_nan() => self.n_bins() as u8,
            Self::Numbers(ends) => ends.partition_point(|end| *end < value) as u8,
            Self::Categories { bins, .. } => bins[value as usize],
        }
    }

    /// The number of bins, the one of missing values aside.
    pub(super) fn n_bins(&self) -> usize {
        match self {
            Self::Numbers(ends) => ends.len(),
            Self::Categories { positions, has_rest, .. } => positions.len() + usize::from(*has_rest),
        }
    }

    /// How many bins have an order of their own to be found; `None` for numbers, which have theirs.
    pub(super) fn n_categories(&self) -> Option<usize> {
        match self {
            Self::Numbers(_) => None,
            Self::Categories { positions, .. } => Some(positions.len()),
        }
    }

    /// The rule by which the values in these bins go left, and missing ones or not.
    pub(super) fn rule(&self, left: &[u8], missing_left: bool) -> Rule {
        match self {
            Self::Numbers(ends) => Rule::AtMost(left.iter().max().map_or(f64::MIN, |bin| ends[usize::from(*bin)])),
            Self::Categories { bins, .. } => {
                let mut goes_left = [false; 256];
                left.iter().for_each(|bin| goes_left[usize::from(*bin)] = true);
                goes_left[self.n_bins()] = missing_left;
                let mut set = vec![0_u32; bins.len().div_ceil(32)];
                let in_set = bins.iter().enumerate().filter(|(_, bin)| goes_left[usize::from(**bin)]);
                in_set.for_each(|(position, _)| set[position / 32] |= 1 << (position % 32));
                Rule::OneOf { n_categories: bins.len(), set }
            }
        }
    }
}

/// A number from one up to before the next: their middle, where there is one.
fn between(low: f64, high: f64) -> f64 {
    // Each half by itself, so that large ones do not overflow.
    let middle = low / 2.0 + high / 2.0;
    if middle >= low && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_a_bin_where_there_are_few() {
        let column = Bins::of_numbers(&[3.0, f64::NAN, -1.0, 3.0, 0.0, -0.0], &[1.0; 6]);
        assert_eq!(
            [3.0, f64::NAN, -1.0, 0.0, -0.0, 1.5, 1.6, 1e300].map(|value| column.bin(value)),
            [2, 3, 0, 1, 1, 1, 2, 2]
        );
        assert_eq!(column.n_bins(), 3);
        assert_eq!(column.rule(&[0, 1], false), Rule::AtMost(1.5));
        assert_eq!(column.rule(&[0, 1, 2], true), Rule::AtMost(f64::MAX));
    }

    #[test]
    fn many_values_share_bins_of_equal_weight() {
        let values: Vec<f64> = (0..10_000).map(|i| f64::from(i * 7919 % 10_007)).collect();
        let column = Bins::of_numbers(&values, &vec![1.0; values.len()]);
        assert_eq!(column.n_bins(), MOST_BINS);
        let mut counts = vec![0; MOST_BINS];
        values.iter().for_each(|value| counts[usize::from(column.bin(*value))] += 1);
        assert!(counts.iter().all(|count| (38..=41).contains(count)), "{counts:?}");
        // A rule sends the same values left as their bins.
        for value in &values {
            let Rule::AtMost(end) = column.rule(&[100], false) else { panic!("expected a number") };
            assert_eq!(*value <= end, column.bin(*value) <= 100);
        }
        // Twice the weight is the row twice.
        let (mut weights, mut twice) = (vec![1.0; values.len()], values.clone());
        (0..500).for_each(|row| weights[row] = 2.0);
        twice.extend_from_slice(&values[..500]);
        let weighted = Bins::of_numbers(&values, &weights);
        let repeated = Bins::of_numbers(&twice, &vec![1.0; twice.len()]);
        assert!(values.iter().all(|value| weighted.bin(*value) == repeated.bin(*value)));
    }

    #[test]
    fn neighbours_are_told_apart() {
        for (low, high) in [(1.0, f64::from_bits(1.0_f64.to_bits() + 1)), (-f64::MAX, f64::MAX), (0.0, 5e-324)] {
            let middle = between(low, high);
            assert!(low <= middle && middle < high, "{low} {high}");
        }
    }

    #[test]
    fn categories_beyond_the_bins_are_told_apart_by_others() {
        let values: Vec<f64> = (0..600).map(|i| f64::from(i % 300)).chain((0..40).map(f64::from)).collect();
        let columns = Bins::of_categories(&values, &vec![1.0; values.len()], 301);
        let sizes: Vec<_> = columns.iter().map(|column| (column.n_categories(), column.n_bins())).collect();
        assert_eq!(sizes, [(Some(254), 255), (Some(46), 47)]);
        // A heavy one is in the first, a light one in the second; no row has the last.
        assert_eq!([0.0, 299.0, 300.0].map(|value| columns[0].bin(value)), [0, 254, 255]);
        assert_eq!([0.0, 299.0, 300.0].map(|value| columns[1].bin(value)), [46, 45, 47]);
        let Rule::OneOf { n_categories, set } = columns[0].rule(&[0, 33], true) else { panic!("expected categories") };
        assert_eq!((n_categories, set[0], set[1], set.len()), (301, 1, 2, 10));
        assert_eq!(set[9], 1 << 12);
    }
}
