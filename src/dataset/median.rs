//! Exact medians of columns that are too long to sort, by looking at them again.
//!
//! Each pass counts a column's values in buckets between two bounds, and the next one looks only into the bucket where
//! the middle is (Munro and Paterson, "Selection and sorting with limited storage", 1980).

use super::Block;
use crate::arithmetic::Merge;
use bincode::{Decode, Encode};

/// How many buckets the range of a column is cut into.
const BUCKETS: usize = 1024;
/// The most values of a column that are kept to be sorted.
const KEPT: u64 = 1 << 15;

/// Where the middle of one column is known to be.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Search {
    /// The smallest and the largest value that come into question.
    low: f64,
    high: f64,
    /// How many values lie below `low`.
    below: u64,
    /// How many lie between the bounds.
    inside: u64,
    n_rows: u64,
    found: Option<f64>,
}

/// What one pass finds inside a search's bounds.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) enum Look {
    /// Nothing was asked.
    Away,
    /// Every value.
    Values(Vec<f64>),
    /// Per bucket how many there are, the smallest and the largest.
    Buckets(Vec<(u64, f64, f64)>),
}

impl Search {
    pub(super) fn new((low, high): (f64, f64), n_rows: u64) -> Self {
        let found = (low == high).then(|| middle(low, high));
        Self { low, high, below: 0, inside: n_rows, n_rows, found }
    }

    pub(super) fn found(&self) -> Option<f64> {
        self.found
    }

    /// Looks at column `feature` of some rows.
    pub(super) fn look(&self, block: &Block<'_>, feature: usize, n_features: usize) -> Look {
        let inside = block.features.iter().skip(feature).step_by(n_features);
        let inside = inside.copied().filter(|value| (self.low..=self.high).contains(value));
        match self.found {
            Some(_) => Look::Away,
            None if self.inside <= KEPT => Look::Values(inside.collect()),
            None => {
                let mut buckets = vec![(0, f64::INFINITY, f64::NEG_INFINITY); BUCKETS];
                for value in inside {
                    let (count, smallest, largest) = &mut buckets[self.bucket(value)];
                    *count += 1;
                    *smallest = value.min(*smallest);
                    *largest = value.max(*largest);
                }
                Look::Buckets(buckets)
            }
        }
    }

    /// The bucket of a value within the bounds. Larger values are in no lower bucket.
    fn bucket(&self, value: f64) -> usize {
        // Halved, so that the difference of two large numbers does not overflow.
        let share = (0.5 * value - 0.5 * self.low) / (0.5 * self.high - 0.5 * self.low);
        ((share * BUCKETS as f64) as usize).min(BUCKETS - 1)
    }

    /// Narrows the bounds, or finds the median.
    pub(super) fn narrow(&mut self, look: Look) {
        // Counted from 0, the middle rows; the same one twice when there is an odd number.
        let (lower, upper) = ((self.n_rows - 1) / 2, self.n_rows / 2);
        match look {
            Look::Away => {}
            Look::Values(mut values) => {
                values.sort_unstable_by(f64::total_cmp);
                let at = |rank: u64| values.get((rank - self.below) as usize).copied().unwrap_or(f64::NAN);
                self.found = Some(middle(at(lower), at(upper)));
            }
            Look::Buckets(buckets) => {
                let mut below = self.below;
                let mut lower_value = None;
                for (count, smallest, largest) in buckets {
                    let ranks = below..below + count;
                    below += count;
                    if let Some(lower_value) = lower_value {
                        if count > 0 {
                            // The middle lies between two buckets.
                            self.found = Some(middle(lower_value, smallest));
                            return;
                        }
                    } else if ranks.contains(&lower) && ranks.contains(&upper) {
                        (self.low, self.high, self.below, self.inside) = (smallest, largest, ranks.start, count);
                        self.found = (smallest == largest).then(|| middle(smallest, largest));
                        return;
                    } else if ranks.contains(&lower) {
                        lower_value = Some(largest);
                    }
                }
            }
        }
    }
}

/// The mean of the two values in the middle, never -0: which of two zeros is in the middle is nobody's choice. Halved before they are added, so that two large values do not overflow;
/// clamped, since the smallest ones lose their last bit in halving.
pub(super) fn middle(lower: f64, upper: f64) -> f64 {
    if lower == upper { lower + 0.0 } else { (0.5 * lower + 0.5 * upper).clamp(lower, upper) }
}

impl Merge for Look {
    fn merge(&mut self, later: Self) {
        match (self, later) {
            (Self::Values(values), Self::Values(later)) => values.extend(later),
            (Self::Buckets(buckets), Self::Buckets(later)) => {
                for ((count, smallest, largest), later) in buckets.iter_mut().zip(later) {
                    *count += later.0;
                    *smallest = later.1.min(*smallest);
                    *largest = later.2.max(*largest);
                }
            }
            _ => {}
        }
    }
}

impl Merge for Vec<Look> {
    fn merge(&mut self, later: Self) {
        self.iter_mut().zip(later).for_each(|(look, later)| look.merge(later));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The median of a column, and the passes it took.
    fn search(values: &[f64]) -> (f64, usize) {
        let range = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (v.min(a), v.max(b)));
        let mut search = Search::new(range, values.len() as u64);
        let mut n_passes = 0;
        while search.found().is_none() {
            let look = |values: &[f64]| search.look(&Block { features: values.into(), ..Block::default() }, 0, 1);
            let (first, second) = values.split_at(values.len() / 3);
            let mut sum = look(first);
            sum.merge(look(second));
            search.narrow(sum);
            n_passes += 1;
            assert!(n_passes < 20);
        }
        (search.found().unwrap(), n_passes)
    }

    fn sorted_median(values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        middle(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
    }

    #[test]
    fn medians_are_those_of_sorted_columns() {
        let column = |n: usize, value: fn(f64) -> f64| (0..n).map(|i| value((i * 7919 % n) as f64)).collect::<Vec<_>>();
        let columns = [
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
            assert_eq!(found, sorted_median(&values));
            assert!(n_passes < 8, "{n_passes}");
        }
    }

    #[test]
    fn an_even_column_is_in_the_middle_of_two_distant_values() {
        let values: Vec<f64> =
            (0..80_000).map(|i| if i % 2 == 0 { -1e9 - f64::from(i) } else { 1e9 + f64::from(i) }).collect();
        assert_eq!(search(&values).0, sorted_median(&values));
    }
}
