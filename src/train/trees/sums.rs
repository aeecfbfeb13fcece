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
    /// Whether no row is in it that counts.
    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self.hessian_and_weight == 0
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
    bits: u32,
}

impl WeightUnit {
    /// Weights that are whole numbers are kept as they are; others lose what is below a four thousandth of the largest. They
    /// are rounded down, so that a sum never says more than there is.
    pub(super) fn new(weights: &[f64]) -> Self {
        /// Beyond it little is left for hessians.
        const MOST_BITS: u32 = 30;
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let bits_of = |total: f64| total.log2() as u32 + 1;
        let total: f64 = weights.iter().sum();
        let are_whole = weights.iter().all(|weight| weight.fract() == 0.0);
        if are_whole && total < f64::from(1_u32 << MOST_BITS) {
            return Self { unit: FixedPoint::whole(), bits: bits_of(total) };
        }
        let unit = FixedPoint::of_parts(largest, 12);
        Self { unit, bits: bits_of(unit.units(largest) * weights.len() as f64) }
    }

    pub(super) fn of(self, weight: f64) -> i64 {
        self.unit.units(weight) as i64
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
