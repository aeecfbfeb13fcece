//! Exact quantiles of columns that are too long to sort, by looking at them again.
//!
//! Each pass counts a column's values in buckets between two bounds, and the next one looks only into the bucket where
//! the quantile is (Munro and Paterson, "Selection and sorting with limited storage", 1980).

use super::Block;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// How many buckets the range of a column is cut into.
const BUCKETS: usize = 1024;
/// The most values of a column that are kept to be sorted.
const KEPT: u64 = 1 << 15;

/// Three quantiles of a column's numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quantiles {
    pub(crate) percentile_5: f64,
    pub(crate) median: f64,
    pub(crate) percentile_95: f64,
}

const SHARES: [f64; 3] = [0.05, 0.5, 0.95];

/// Where the quantile of a share lies among sorted values: between which two, counted from 0, and how far from the lower
/// to the upper one. It is that of numpy's `percentile`, by linear interpolation.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
struct Ranks {
    lower: u64,
    upper: u64,
    part: f64,
}

impl Ranks {
    fn of(share: f64, n_values: u64) -> Self {
        let at = share * (n_values - 1) as f64;
        let lower = (at.floor() as u64).min(n_values - 1);
        let part = at - lower as f64;
        Self { lower, upper: if part > 0.0 { lower + 1 } else { lower }, part }
    }

    /// The quantile between two values. Never -0: the order of two zeros has no meaning.
    fn between(self, lower: f64, upper: f64) -> f64 {
        if lower == upper {
            return lower + 0.0;
        }
        // Each times its part before they are added, so that two large values do not overflow; and not beyond
        // them, since the smallest ones lose their last bit.
        ((1.0 - self.part) * lower + self.part * upper).max(lower).min(upper)
    }
}

impl Quantiles {
    /// Of some values, of which none is NaN; `None` if there is none.
    pub(super) fn of(values: Vec<f64>) -> Option<Self> {
        of_values(values, SHARES).map(Self::from)
    }
}

/// The quartiles of some values, of which none is NaN; `None` if there is none.
pub(crate) fn quartiles(values: Vec<f64>) -> Option<[f64; 3]> {
    of_values(values, [0.25, 0.5, 0.75])
}

/// The quantiles of ascending shares.
fn of_values<const N: usize>(mut values: Vec<f64>, shares: [f64; N]) -> Option<[f64; N]> {
    if values.is_empty() {
        return None;
    }
    // What lies before the last one that was found is not looked at again.
    let mut from = 0;
    Some(shares.map(|share| {
        let ranks = Ranks::of(share, values.len() as u64);
        let at = ranks.lower as usize;
        let (_, lower, above) = values[from..].select_nth_unstable_by(at - from, f64::total_cmp);
        let lower = *lower;
        let next = || above.iter().copied().min_by(f64::total_cmp);
        let upper = if ranks.upper > ranks.lower { next().unwrap_or(lower) } else { lower };
        from = at;
        ranks.between(lower, upper)
    }))
}

impl From<[f64; 3]> for Quantiles {
    fn from([percentile_5, median, percentile_95]: [f64; 3]) -> Self {
        Self { percentile_5, median, percentile_95 }
    }
}

/// Where the quantiles of one column are known to be.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct QuantileSearch([Search; 3]);

impl QuantileSearch {
    /// Of values in a range; `None` if there is none.
    pub(super) fn new(range: (f64, f64), n_values: u64) -> Option<Self> {
        (n_values > 0).then(|| Self(SHARES.map(|share| Search::new(range, n_values, share))))
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

    pub(super) fn narrow(&mut self, histograms: &[Histogram]) {
        let leaders: Vec<usize> = (0..self.0.len()).map(|index| self.leader(index)).collect();
        for (search, leader) in self.0.iter_mut().zip(leaders) {
            if search.found.is_none() {
                search.narrow(&histograms[leader]);
            }
        }
    }

    /// The first search that looks at what a search looks at.
    fn leader(&self, index: usize) -> usize {
        let own = &self.0[index];
        let is_same = |other: &Search| {
            other.found.is_none() && (other.low, other.high, other.below) == (own.low, own.high, own.below)
        };
        self.0[..index].iter().position(is_same).unwrap_or(index)
    }
}

/// Where one quantile of a column is known to be.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
struct Search {
    /// The smallest and the largest value that come into question.
    low: f64,
    high: f64,
    /// How many values lie below `low`.
    below: u64,
    /// How many lie between the bounds.
    inside: u64,
    ranks: Ranks,
    found: Option<f64>,
}

/// What one pass finds inside a search's bounds.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) enum Histogram {
    /// Nothing was asked.
    Skipped,
    /// Every value.
    Values(Vec<f64>),
    /// Per bucket how many there are, the smallest and the largest.
    Buckets(Vec<(u64, f64, f64)>),
}

impl Search {
    fn new((low, high): (f64, f64), n_values: u64, share: f64) -> Self {
        let ranks = Ranks::of(share, n_values);
        let found = (low == high).then(|| ranks.between(low, high));
        Self { low, high, below: 0, inside: n_values, ranks, found }
    }

    fn look(&self, block: &Block<'_>, feature: usize, n_features: usize) -> Histogram {
        let inside = block.features.iter().skip(feature).step_by(n_features);
        let inside = inside.copied().filter(|value| (self.low..=self.high).contains(value));
        match self.found {
            Some(_) => Histogram::Skipped,
            None if self.inside <= KEPT => Histogram::Values(inside.collect()),
            None => {
                let mut buckets = vec![(0, f64::INFINITY, f64::NEG_INFINITY); BUCKETS];
                for value in inside {
                    let (count, smallest, largest) = &mut buckets[self.bucket(value)];
                    *count += 1;
                    *smallest = value.min(*smallest);
                    *largest = value.max(*largest);
                }
                Histogram::Buckets(buckets)
            }
        }
    }

    /// The bucket of a value within the bounds. Larger values are in no lower bucket.
    fn bucket(&self, value: f64) -> usize {
        // Halved, so that the difference of two large numbers does not overflow.
        let share = (0.5 * value - 0.5 * self.low) / (0.5 * self.high - 0.5 * self.low);
        ((share * BUCKETS as f64) as usize).min(BUCKETS - 1)
    }

    /// Narrows the bounds, or finds the quantile.
    fn narrow(&mut self, look: &Histogram) {
        let Ranks { lower, upper, .. } = self.ranks;
        match look {
            Histogram::Skipped => {}
            Histogram::Values(values) => {
                let (mut values, place) = (values.clone(), lower.saturating_sub(self.below) as usize);
                if place >= values.len() {
                    // Answers that are not those of the rows that were counted.
                    self.found = Some(f64::NAN);
                    return;
                }
                let (_, at, above) = values.select_nth_unstable_by(place, f64::total_cmp);
                let next = || above.iter().copied().min_by(f64::total_cmp).unwrap_or(*at);
                let next = if upper > lower { next() } else { *at };
                self.found = Some(self.ranks.between(*at, next));
            }
            Histogram::Buckets(buckets) => {
                let mut below = self.below;
                let mut lower_value = None;
                for &(count, smallest, largest) in buckets {
                    let ranks = below..below + count;
                    below += count;
                    if let Some(lower_value) = lower_value {
                        if count > 0 {
                            // The quantile lies between two buckets.
                            self.found = Some(self.ranks.between(lower_value, smallest));
                            return;
                        }
                    } else if ranks.contains(&lower) && ranks.contains(&upper) {
                        (self.low, self.high, self.below, self.inside) = (smallest, largest, ranks.start, count);
                        self.found = (smallest == largest).then(|| self.ranks.between(smallest, largest));
                        return;
                    } else if ranks.contains(&lower) {
                        lower_value = Some(largest);
                    }
                }
            }
        }
    }
}

impl Merge for Histogram {
    fn merge(&mut self, later: Self) -> Result<()> {
        match (self, later) {
            (Self::Values(values), Self::Values(later)) => values.extend(later),
            (Self::Buckets(buckets), Self::Buckets(later)) => {
                for ((count, smallest, largest), later) in buckets.iter_mut().zip(later) {
                    *count += later.0;
                    *smallest = later.1.min(*smallest);
                    *largest = later.2.max(*largest);
                }
            }
            (Self::Skipped, Self::Skipped) => {}
            _ => return Err(Error::new(ErrorKind::Internal, "two different looks at a column cannot be merged")),
        }
        Ok(())
    }
}

impl Merge for Vec<Histogram> {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.iter_mut().zip(later).try_for_each(|(look, later)| look.merge(later))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quantiles of a column, and the passes they took.
    fn search(values: &[f64]) -> (Quantiles, usize) {
        let range = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (v.min(a), v.max(b)));
        let mut searches = QuantileSearch::new(range, values.len() as u64).unwrap();
        let mut n_passes = 0;
        while searches.found().is_none() {
            let look = |values: &[f64]| searches.look(&Block { features: values.into(), ..Block::default() }, 0, 1);
            let (first, second) = values.split_at(values.len() / 3);
            let mut sum = look(first);
            sum.merge(look(second)).unwrap();
            searches.narrow(&sum);
            n_passes += 1;
            assert!(n_passes < 20);
        }
        (searches.found().unwrap(), n_passes)
    }

    fn of_sorted(values: &[f64]) -> Quantiles {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let quantile = |share: f64| {
            let ranks = Ranks::of(share, sorted.len() as u64);
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
    fn an_even_column_is_in_the_middle_of_two_distant_values() {
        let values: Vec<f64> =
            (0..80_000).map(|i| if i % 2 == 0 { -1e9 - f64::from(i) } else { 1e9 + f64::from(i) }).collect();
        assert_eq!(search(&values).0, of_sorted(&values));
    }

    #[test]
    fn percentiles_are_interpolated_as_numpy_does() {
        // numpy.percentile([1, 2, 4, 8, 16, 32], [5, 50, 95])
        let found = Quantiles::of(vec![8.0, 1.0, 32.0, 2.0, 16.0, 4.0]).unwrap();
        assert_eq!((found.percentile_5, found.median, found.percentile_95), (1.25, 6.0, 28.0));
    }
}
