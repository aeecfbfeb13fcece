//! Quantiles of columns in memory, and where a quantile lies among sorted values.

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

/// Where the quantile of a share lies among sorted values: between which two, counted from 0, and how far from the lower
/// to the upper one. It is that of numpy's `percentile`, by linear interpolation.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(super) struct Ranks {
    pub(super) lower: u64,
    pub(super) upper: u64,
    part: f64,
}

impl Ranks {
    pub(super) fn of(share: f64, n_values: u64) -> Self {
        let at = share * (n_values - 1) as f64;
        let lower = (at.floor() as u64).min(n_values - 1);
        let part = at - lower as f64;
        Self { lower, upper: if part > 0.0 { lower + 1 } else { lower }, part }
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
