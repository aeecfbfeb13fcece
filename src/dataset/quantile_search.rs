//! Exact quantiles of columns that are too long to sort, by looking at them again.
//!
//! Each pass counts a column's values in buckets between two bounds, and the next one looks only into the bucket where
//! the quantile is (Munro and Paterson, "Selection and sorting with limited storage", 1980).

use super::Block;
use super::quantile::{Quantiles, Ranks, SHARES, Ticks};
use super::summary::Range;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::order::sort_pairs;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// How many buckets the range of a column is cut into, and the most values of a column that are kept to be sorted. Those of
/// all columns are limited, so that a worker's answer about a wide table is no larger than a message may be.
fn n_buckets(n_features: usize) -> usize {
    ((1 << 18) / n_features.max(1)).clamp(16, 1024)
}

fn n_kept(n_features: usize) -> u64 {
    ((1 << 22) / n_features.max(1) as u64).clamp(1 << 8, 1 << 15)
}

/// Where the quantiles of one column are known to be.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct QuantileSearch([Search; 3]);

impl QuantileSearch {
    /// Of so many values in a range, with this total weight; `None` if there is none.
    pub(super) fn new(range: Range, n_values: u64, weight: f64, ticks: Ticks) -> Option<Self> {
        (n_values > 0)
            .then(|| Self(SHARES.map(|share| Search::new(range, n_values, Ranks::of(share, weight, ticks), ticks))))
    }

    pub(super) fn found(&self) -> Option<Quantiles> {
        let [a, b, c] = &self.0;
        Some([a.found?, b.found?, c.found?].into())
    }

    /// Looks at column `feature` of some rows. Searches between the same bounds share their look.
    pub(super) fn look(&self, block: &Block<'_>, feature: usize, n_features: usize) -> Vec<Histogram> {
        let look = |index: usize| match self.leader(index) == index {
            true => self.0[index].look(block, feature, n_features),
            false => Histogram::Skipped,
        };
        (0..self.0.len()).map(look).collect()
    }

    /// Narrows the bounds, or finds the quantiles.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for histograms that are not of the values that were asked about.
    pub(super) fn narrow(&mut self, histograms: &[Histogram], n_features: usize) -> Result<()> {
        if histograms.len() != self.0.len() {
            return Err(other_values());
        }
        let leaders: Vec<usize> = (0..self.0.len()).map(|index| self.leader(index)).collect();
        let mut searches = self.0.iter_mut().zip(leaders).filter(|(search, _)| search.found.is_none());
        searches.try_for_each(|(search, leader)| search.narrow(&histograms[leader], n_features))
    }

    /// The first search that looks at what a search looks at.
    fn leader(&self, index: usize) -> usize {
        let own = &self.0[index];
        let is_same = |other: &Search| other.found.is_none() && (other.range, other.below) == (own.range, own.below);
        self.0[..index].iter().position(is_same).unwrap_or(index)
    }
}

/// Where one quantile of a column is known to be.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
struct Search {
    /// The smallest and the largest value that come into question.
    range: Range,
    /// The ticks of the values below them; `None` before the first look.
    below: Option<u64>,
    /// How many values come into question.
    inside: u64,
    ranks: Ranks,
    ticks: Ticks,
    found: Option<f64>,
}

/// What one pass finds inside a search's bounds.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) enum Histogram {
    /// Nothing was asked.
    Skipped,
    /// Every value, with its ticks.
    Values(Vec<(f64, f64)>),
    Buckets(Vec<Bucket>),
}

/// The values in one part of a range.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Bucket {
    count: u64,
    ticks: u64,
    /// Without meaning where there is none.
    range: Range,
}

impl Search {
    fn new(range: Range, n_values: u64, ranks: Ranks, ticks: Ticks) -> Self {
        let found = (range.smallest == range.largest).then(|| ranks.between(range.smallest, range.largest));
        Self { range, below: None, inside: n_values, ranks, ticks, found }
    }

    fn look(&self, block: &Block<'_>, feature: usize, n_features: usize) -> Histogram {
        let values = block.features.iter().skip(feature).step_by(n_features).enumerate();
        let inside = values.filter(|(_, value)| self.is_inside(**value));
        // A row that weighs nothing is none.
        let inside = inside
            .map(|(row, value)| (*value, self.ticks.of_weight(block.weight(row))))
            .filter(|(_, ticks)| *ticks > 0);
        match self.found {
            Some(_) => Histogram::Skipped,
            None if self.inside <= n_kept(n_features) => {
                Histogram::Values(inside.map(|(value, ticks)| (value, ticks as f64)).collect())
            }
            None => {
                let n_buckets = n_buckets(n_features);
                let mut buckets = vec![Bucket { count: 0, ticks: 0, range: Range::NOTHING }; n_buckets];
                for (value, own_ticks) in inside {
                    let Bucket { count, ticks, range } = &mut buckets[self.bucket(value, n_buckets)];
                    *count += 1;
                    *ticks += own_ticks;
                    range.widen(Range::of(value));
                }
                Histogram::Buckets(buckets)
            }
        }
    }

    /// The bucket of a value within the bounds. Larger values are in no lower bucket; the smallest value is in the first one
    /// and the largest in the last.
    fn bucket(&self, value: f64, n_buckets: usize) -> usize {
        let Range { smallest, largest } = self.range;
        // Halved where the difference of two large numbers overflows. Half of a subnormal number may be that of another.
        let part = if (largest - smallest).is_finite() { 1.0 } else { 0.5 };
        let share = (part * value - part * smallest) / (part * largest - part * smallest);
        ((share * n_buckets as f64) as usize).min(n_buckets - 1)
    }

    fn is_inside(&self, value: f64) -> bool {
        (self.range.smallest..=self.range.largest).contains(&value)
    }

    fn narrow(&mut self, look: &Histogram, n_features: usize) -> Result<()> {
        match look {
            Histogram::Values(values)
                if values.len() as u64 == self.inside && values.iter().all(|(value, _)| self.is_inside(*value)) =>
            {
                let mut values = values.clone();
                sort_pairs(&mut values);
                self.begin(values.iter().map(|(_, ticks)| *ticks as u64))?;
                let below = self.below.unwrap_or(0);
                let (lower, upper) = self.ranks.values(&values, below).ok_or_else(other_values)?;
                self.found = Some(self.ranks.between(lower, upper));
                Ok(())
            }
            Histogram::Buckets(buckets) if self.are_buckets(buckets, n_features) => {
                self.begin(buckets.iter().map(|bucket| bucket.ticks))?;
                self.narrow_to_bucket(buckets)
            }
            _ => Err(other_values()),
        }
    }

    /// Whether each bucket lies where it belongs, and all of them hold every value. Then the bounds come closer each time.
    fn are_buckets(&self, buckets: &[Bucket], n_features: usize) -> bool {
        let is_in_place = |(index, Bucket { count, range, .. }): (usize, &Bucket)| {
            let is_here = |value: f64| self.is_inside(value) && self.bucket(value, buckets.len()) == index;
            *count == 0 || (range.smallest <= range.largest && is_here(range.smallest) && is_here(range.largest))
        };
        let count = buckets.iter().try_fold(0u64, |sum, bucket| sum.checked_add(bucket.count));
        buckets.len() == n_buckets(n_features)
            && count == Some(self.inside)
            && buckets.iter().enumerate().all(is_in_place)
    }

    /// Counts all ticks at the first look.
    fn begin(&mut self, mut ticks: impl Iterator<Item = u64>) -> Result<()> {
        if self.below.is_none() {
            let n_ticks = ticks.try_fold(0u64, |sum, ticks| sum.checked_add(ticks)).ok_or_else(other_values)?;
            self.ranks = self.ranks.among(n_ticks);
            self.below = Some(0);
        }
        Ok(())
    }

    /// Goes on inside the bucket of the quantile, or finds it between two buckets.
    fn narrow_to_bucket(&mut self, buckets: &[Bucket]) -> Result<()> {
        let Ranks { lower, upper, .. } = self.ranks;
        let mut below = self.below.unwrap_or(0);
        let mut lower_value = None;
        for Bucket { count, ticks, range } in buckets.iter().filter(|bucket| bucket.count > 0) {
            let ranks = below..below.saturating_add(*ticks);
            below = ranks.end;
            if let Some(lower_value) = lower_value {
                self.found = Some(self.ranks.between(lower_value, range.smallest));
                return Ok(());
            }
            if ranks.contains(&lower) && ranks.contains(&upper) {
                (self.range, self.below, self.inside) = (*range, Some(ranks.start), *count);
                let is_one = range.smallest == range.largest;
                self.found = is_one.then(|| self.ranks.between(range.smallest, range.largest));
                return Ok(());
            }
            if ranks.contains(&lower) {
                lower_value = Some(range.largest);
            }
        }
        Err(other_values())
    }
}

fn other_values() -> Error {
    Error::new(ErrorKind::Internal, "a look at a column does not have the values that were counted before")
}

impl Merge for Histogram {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Values(values), Self::Values(later)) => values.extend(later),
            (Self::Buckets(buckets), Self::Buckets(later)) => buckets.merge(later)?,
            (Self::Skipped, Self::Skipped) => {}
            _ => return Err(Error::new(ErrorKind::Internal, "two different looks at a column cannot be merged")),
        }
        Ok(())
    }
}

impl Merge for Bucket {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.count.merge(later.count)?;
        self.ticks.merge(later.ticks)?;
        self.range.merge(later.range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles of a column, and the passes they took.
    fn search(values: &[f64]) -> (Quantiles, usize) {
        weighted_search(values, &[])
    }

    fn weighted_search(values: &[f64], weights: &[f64]) -> (Quantiles, usize) {
        let weight = |row: usize| weights.get(row).copied().unwrap_or(1.0);
        let mut range = Range::NOTHING;
        let counted: Vec<f64> = (0..values.len()).filter(|row| weight(*row) > 0.0).map(|row| values[row]).collect();
        counted.iter().for_each(|value| range.widen(Range::of(*value)));
        let total = (0..values.len()).map(weight).sum();
        let ticks = Ticks::new(total, counted.len() as u64, (0..values.len()).all(|row| weight(row).fract() == 0.0));
        let mut searches = QuantileSearch::new(range, counted.len() as u64, total, ticks).unwrap();
        let mut n_passes = 0;
        while searches.found().is_none() {
            let look = |rows: std::ops::Range<usize>| {
                let (features, weights) = (values[rows.clone()].into(), weights.get(rows).unwrap_or_default().into());
                searches.look(&Block { features, weights, ..Block::default() }, 0, 1)
            };
            let first = values.len() / 3;
            let mut sum = look(0..first);
            sum.merge(look(first..values.len())).unwrap();
            searches.narrow(&sum, 1).unwrap();
            n_passes += 1;
            assert!(n_passes < 20);
        }
        (searches.found().unwrap(), n_passes)
    }

    fn of_sorted(values: &[f64]) -> Quantiles {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| {
            let ranks = Ranks::of(share, sorted.len() as f64, Ticks::ROWS);
            ranks.between(sorted[ranks.lower as usize], sorted[ranks.upper as usize])
        };
        SHARES.map(quantile).into()
    }

    #[test]
    fn quantiles_are_those_of_sorted_columns() {
        let column = |n: usize, value: fn(f64) -> f64| (0..n).map(|i| value((i * 7919 % n) as f64)).collect::<Vec<_>>();
        let columns = [
            column(1, |x| x),
            column(2, |x| x),
            column(5, |x| x),
            column(100_000, |x| x),
            column(100_001, |x| (x / 1e4).exp()),
            column(99_999, |x| x.powi(40)),
            column(100_000, |x| if x < 50_000.0 { 0.0 } else { x * 1e300 }),
            column(100_000, |x| if x < 60_000.0 { 3.5 } else { x }),
            column(80_000, |x| -1.0 / (1.0 + x)),
            column(70_000, |_| 4.0),
            column(40_000, |x| if x == 7.0 { 5e-324 } else { 0.0 }),
            column(40_000, |x| (x % 3.0 - 1.0) * 5e-324),
            column(80_000, |x| if x == 7.0 { 1.0 } else { x % 2.0 * 5e-324 }),
            column(90_000, |x| if x % 2.0 == 0.0 { f64::MAX } else { -f64::MAX + x }),
        ];
        for values in columns {
            let (found, n_passes) = search(&values);
            assert_eq!(found, of_sorted(&values));
            assert_eq!(Quantiles::of(values.clone()), Some(found));
            assert!(n_passes < 10, "{n_passes}");
        }
        assert_eq!(Quantiles::of(Vec::new()), None);
    }

    #[test]
    fn a_row_of_weight_3_is_three_rows_and_only_ratios_of_other_weights_matter() {
        for n in [1, 7, 60, 50_000, 90_000] {
            let values: Vec<f64> = (0..n).map(|i| ((i * 7919 % n) as f64 / 9.0).sqrt()).collect();
            let weights: Vec<f64> = (0..n).map(|i| if i == 0 { 1.0 } else { f64::from((i * 31 % 5) as u8) }).collect();
            let repeated: Vec<f64> =
                values.iter().zip(&weights).flat_map(|(value, weight)| vec![*value; *weight as usize]).collect();
            let expected = of_sorted(&repeated);
            assert_eq!(weighted_search(&values, &weights).0, expected, "{n}");
            let pairs = |weights: &[f64]| values.iter().copied().zip(weights.iter().copied()).collect::<Vec<_>>();
            let ticks = |weights: &[f64], are_whole| {
                Ticks::new(
                    weights.iter().sum(),
                    weights.iter().filter(|weight| **weight > 0.0).count() as u64,
                    are_whole,
                )
            };
            let in_memory = |weights: &[f64], are_whole| {
                Quantiles::of_weighted(&pairs(weights), weights.iter().sum(), ticks(weights, are_whole)).unwrap()
            };
            assert_eq!(in_memory(&weights, true), expected, "{n}");
            // A tenth each is once each.
            let tenths = vec![0.1; n];
            let all = of_sorted(&values);
            for found in [weighted_search(&values, &tenths).0, in_memory(&tenths, false)] {
                for (found, all) in [(found.percentile_5, all.percentile_5), (found.median, all.median)] {
                    assert!((found - all).abs() <= 1e-9 * all.abs(), "{n}: {found} {all}");
                }
            }
            let parts: Vec<f64> = (0..n).map(|i| 0.1 + (i * 37 % 11) as f64 / 7.0).collect();
            assert_eq!(weighted_search(&values, &parts).0, in_memory(&parts, false), "{n}");
        }
    }

    #[test]
    fn an_even_column_is_in_the_middle_of_two_distant_values() {
        let values: Vec<f64> =
            (0..80_000).map(|i| if i % 2 == 0 { -1e9 - f64::from(i) } else { 1e9 + f64::from(i) }).collect();
        assert_eq!(search(&values).0, of_sorted(&values));
    }

    #[test]
    fn looks_at_other_values_are_refused() {
        let values: Vec<f64> = (0..100_000).map(f64::from).collect();
        let block = |values: &'static [f64]| Block { features: values.into(), ..Block::default() };
        let range = Range { smallest: 0.0, largest: 99_999.0 };
        let mut searches = QuantileSearch::new(range, 100_000, 1e5, Ticks::ROWS).unwrap();
        let whole = searches.look(&block(values.leak()), 0, 1);
        let mut elsewhere = whole.clone();
        let Histogram::Buckets(buckets) = &mut elsewhere[0] else { panic!("expected buckets") };
        buckets.swap(3, 900);
        let mut fewer = whole.clone();
        let Histogram::Buckets(buckets) = &mut fewer[0] else { panic!("expected buckets") };
        buckets[3].count -= 1;
        let kept = vec![Histogram::Values(vec![(1.0, 1.0)]), Histogram::Skipped, Histogram::Skipped];
        for wrong in [elsewhere, fewer, kept, Vec::new(), vec![Histogram::Skipped; 3]] {
            assert_eq!(searches.narrow(&wrong, 1).unwrap_err().kind(), ErrorKind::Internal);
        }
        searches.narrow(&whole, 1).unwrap();
        let mut sum = whole.clone();
        assert_eq!(sum.merge(whole[..2].to_vec()).unwrap_err().kind(), ErrorKind::Internal);
        sum[0] = Histogram::Buckets(Vec::new());
        assert_eq!(sum.merge(whole).unwrap_err().kind(), ErrorKind::Internal);
    }
}
