//! Sums over rows in fixed point.

use super::fixed_point::FixedPoint;
use std::ops::{AddAssign, Sub};

/// Sums over some rows: their gradients, and in one number their hessians above their weights.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    gradient: i64,
    hessian_and_weight: i64,
}

impl AddAssign for Sums {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian_and_weight += other.hessian_and_weight;
    }
}

impl Sub for Sums {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian_and_weight: self.hessian_and_weight - other.hessian_and_weight,
        }
    }
}

impl Sums {
    /// Whether no row is in it that counts. A row may have a gradient alone, where its weight is too small for its unit.
    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// The units of sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct Units {
    pub(super) gradient: FixedPoint,
    pub(super) hessian: FixedPoint,
    /// That of hessians which are summed alone.
    pub(super) fine_hessian: FixedPoint,
    pub(super) weight: WeightUnit,
}

/// The unit of weights in sums, and how many bits their sum takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct WeightUnit {
    unit: FixedPoint,
    most: f64,
    bits: u32,
}

impl WeightUnit {
    /// For splits that ask whether there is enough: a weight counts no more than that. Whole numbers are kept as they are. Others
    /// are rounded down, so that a sum never says more than there is.
    pub(super) fn new(weights: &[f64], enough: f64) -> Self {
        /// Beyond it little is left for hessians.
        const MOST_BITS: u32 = 30;
        let most = enough.ceil();
        let largest = weights.iter().copied().fold(0.0, f64::max).min(most);
        let bits_of = |total: f64| total.log2() as u32 + 1;
        let total = largest * weights.len() as f64;
        let are_whole = weights.iter().all(|weight| weight.fract() == 0.0);
        if are_whole && total < f64::from(1_u32 << MOST_BITS) {
            return Self { unit: FixedPoint::whole(), most, bits: bits_of(total) };
        }
        let unit = FixedPoint::of_parts(largest, MOST_BITS.saturating_sub(bits_of(weights.len() as f64)) as i32);
        Self { unit, most, bits: bits_of(unit.units(largest) * weights.len() as f64) }
    }

    /// A row's weight. One that is enough alone counts no more than that.
    pub(super) fn of(self, weight: f64) -> i64 {
        self.unit.units(weight.min(self.most)) as i64
    }

    /// The least number of units that is at least so much.
    pub(super) fn at_least(self, weight: f64) -> i64 {
        self.unit.units(weight).ceil() as i64
    }

    /// The bits that are left for a sum of hessians.
    pub(super) fn bits_left(self) -> u32 {
        62 - self.bits
    }
}

impl Units {
    /// What one row adds. `weight` is in its unit.
    #[inline(always)]
    pub(super) fn sums(&self, gradient: f64, hessian: f64, weight: i64) -> Sums {
        Sums {
            gradient: self.gradient.of(gradient),
            hessian_and_weight: self.hessian.of(hessian) << self.weight.bits | weight,
        }
    }

    /// The sum of the gradients, in units.
    #[inline(always)]
    pub(super) fn gradient(&self, sums: Sums) -> f64 {
        sums.gradient as f64
    }

    /// The sum of the hessians, in units.
    #[inline(always)]
    pub(super) fn hessian(&self, sums: Sums) -> f64 {
        (sums.hessian_and_weight >> self.weight.bits) as f64
    }

    /// The sum of the weights, in units.
    #[inline(always)]
    pub(super) fn weight(&self, sums: Sums) -> i64 {
        sums.hessian_and_weight & !(-1 << self.weight.bits)
    }
}
