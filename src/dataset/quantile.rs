//! Quantiles of columns in memory, and where a quantile lies among sorted values.

use crate::numeric::order::sort_pairs;
use bincode::{Decode, Encode};

/// Three quantiles of a column's numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quantiles {
    pub(crate) percentile_5: f64,
    pub(crate) median: f64,
    pub(crate) percentile_95: f64,
}

/// Which they are.
pub(super) const SHARES: [f64; 3] = [0.05, 0.5, 0.95];

/// How rows count towards quantiles. A row of weight 2 is two equal rows, and one of weight 0 is none. Weights that are not all whole
/// are scaled to the number of rows that have some. Rows are counted in ticks, which are whole: so the order in which they
/// are summed changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(crate) struct Ticks {
    /// The weight of a tick, and the ticks of a row that counts once.
    weight: f64,
    of_row: f64,
}

/// How far into a row, in rows, sums of weights may be wrong.
pub(crate) const ROUNDING: f64 = 1e-6;

/// Every whole number below it is a double.
pub(crate) const EXACT: f64 = 9_007_199_254_740_992.0;

impl Ticks {
    /// Every row counts once.
    pub(super) const ROWS: Self = Self { weight: 1.0, of_row: 1.0 };

    /// Of rows with this total weight, of which so many weigh something.
    pub(crate) fn new(weight: f64, n_weighed: u64, are_whole: bool) -> Self {
        if are_whole && weight < EXACT || weight <= 0.0 {
            return Self::ROWS;
        }
        let tick = weight / EXACT;
        Self { weight: tick, of_row: weight / tick / n_weighed as f64 }
    }

    /// Of these weights; of none where every row counts once.
    fn of_weights(weights: &[f64]) -> Self {
        let n_weighed = weights.iter().filter(|weight| **weight > 0.0).count();
        Self::new(weights.iter().sum(), n_weighed as u64, weights.iter().all(|weight| is_whole(*weight)))
    }

    /// The ticks of a row: 0 only for the weight 0.
    pub(super) fn of_weight(self, weight: f64) -> u64 {
        if weight > 0.0 { ((weight / self.weight).round() as u64).max(1) } else { 0 }
    }

    /// How many rows a weight stands for.
    fn n_rows(self, weight: f64) -> f64 {
        weight / self.weight / self.of_row
    }
}

pub(super) fn is_whole(weight: f64) -> bool {
    weight.fract() == 0.0
}

/// Where the quantile of a share lies among sorted values: at which two ticks, counted from 0, and how far from the lower
/// to the upper one. It is that of numpy's `percentile`, by linear interpolation.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(super) struct Ranks {
    pub(super) lower: u64,
    pub(super) upper: u64,
    part: f64,
}

impl Ranks {
    /// Of values with this total weight.
    pub(super) fn of(share: f64, weight: f64, ticks: Ticks) -> Self {
        let last = (ticks.n_rows(weight) - 1.0).max(0.0);
        let at = share * last;
        let lower = at.floor().min(last.floor());
        let part = at - lower;
        let tick = |row: f64| ((row + ROUNDING) * ticks.of_row) as u64;
        Self { lower: tick(lower), upper: tick(if part > 0.0 { lower + 1.0 } else { lower }), part }
    }

    /// The same among so many ticks: there may be less of them than their weight says, by rounding.
    pub(super) fn among(self, n_ticks: u64) -> Self {
        let last = n_ticks.saturating_sub(1);
        Self { lower: self.lower.min(last), upper: self.upper.min(last), ..self }
    }

    /// The two values that the ranks lie at, of pairs of a value and its ticks, in order, the first of them at the tick `below`.
    /// `None` without pairs.
    pub(super) fn values(self, pairs: &[(f64, f64)], below: u64) -> Option<(f64, f64)> {
        let at = |tick: u64| {
            let mut end = below as f64;
            let holds = |(_, ticks): &&(f64, f64)| {
                end += ticks;
                end > tick as f64
            };
            pairs.iter().find(holds).or(pairs.last()).map(|(value, _)| *value)
        };
        Some((at(self.lower)?, at(self.upper)?))
    }

    /// The quantile between two values. Never -0: the order of two zeros has no meaning.
    pub(super) fn between(self, lower: f64, upper: f64) -> f64 {
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

    /// Of values and their weights, which have this sum.
    pub(super) fn of_weighted(values: &[(f64, f64)], weight: f64, ticks: Ticks) -> Option<Self> {
        of_weighted(values, weight, ticks, SHARES).map(Self::from)
    }
}

/// The quartiles of some values, of which none is NaN; `None` if there is none. There is a weight for each, or none.
pub(crate) fn quartiles(values: Vec<f64>, weights: &[f64]) -> Option<[f64; 3]> {
    quantiles(values, weights, [0.25, 0.5, 0.75])
}

/// One quantile likewise.
pub(crate) fn quantile(values: Vec<f64>, weights: &[f64], share: f64) -> Option<f64> {
    quantiles(values, weights, [share; 3]).map(|[found, ..]| found)
}

/// Those of ascending shares.
fn quantiles(values: Vec<f64>, weights: &[f64], shares: [f64; 3]) -> Option<[f64; 3]> {
    if weights.is_empty() {
        return of_values(values, shares);
    }
    let pairs: Vec<(f64, f64)> = values.into_iter().zip(weights.iter().copied()).collect();
    of_weighted(&pairs, weights.iter().sum(), Ticks::of_weights(weights), shares)
}

fn of_weighted(values: &[(f64, f64)], weight: f64, ticks: Ticks, shares: [f64; 3]) -> Option<[f64; 3]> {
    let counted = values.iter().filter(|(_, weight)| *weight > 0.0);
    let mut pairs: Vec<(f64, f64)> = counted.map(|(value, weight)| (*value, ticks.of_weight(*weight) as f64)).collect();
    sort_pairs(&mut pairs);
    let n_ticks = pairs.iter().map(|(_, ticks)| *ticks as u64).sum();
    let mut found = [0.0; 3];
    for (found, share) in found.iter_mut().zip(shares) {
        let ranks = Ranks::of(share, weight, ticks).among(n_ticks);
        let (lower, upper) = ranks.values(&pairs, 0)?;
        *found = ranks.between(lower, upper);
    }
    Some(found)
}

/// The quantiles of ascending shares.
fn of_values(mut values: Vec<f64>, shares: [f64; 3]) -> Option<[f64; 3]> {
    if values.is_empty() {
        return None;
    }
    // What lies before the last one that was found is not looked at again.
    let mut from = 0;
    Some(shares.map(|share| {
        let ranks = Ranks::of(share, values.len() as f64, Ticks::ROWS);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_interpolated_as_numpy_does() {
        // numpy.percentile([1, 2, 4, 8, 16, 32], [5, 50, 95])
        let found = Quantiles::of(vec![8.0, 1.0, 32.0, 2.0, 16.0, 4.0]).unwrap();
        assert_eq!((found.percentile_5, found.median, found.percentile_95), (1.25, 6.0, 28.0));
    }
}
