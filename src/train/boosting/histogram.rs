//! Sums over the rows of a node, by the bins of a column.

use std::ops::{AddAssign, Sub};

/// Sums over some rows, in fixed point.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub(super) gradient: i64,
    pub(super) hessian: i64,
    pub(super) weight: i64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
        self.weight += other.weight;
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            weight: self.weight - other.weight,
        }
    }
}

/// Per bin the sums over its rows; behind the last bin those of the rows without a value.
pub(super) type Histogram = Vec<Sums>;

/// The histogram of some rows: `sums` has theirs in the same order.
pub(super) fn of_rows(bins: &[u8], n_bins: usize, rows: &[u32], sums: &[Sums]) -> Histogram {
    let mut histogram = vec![Sums::default(); n_bins + 1];
    for (row, sums) in rows.iter().zip(sums) {
        histogram[usize::from(bins[*row as usize])] += *sums;
    }
    histogram
}

/// What is left of a histogram without another.
pub(super) fn without(mut histogram: Histogram, other: &Histogram) -> Histogram {
    histogram.iter_mut().zip(other).for_each(|(sums, other)| *sums = *sums - *other);
    histogram
}
