//! Numbers as whole multiples of a power of two, so that their sums are exact in any order.

/// The most bits of a sum.
pub(super) const SUM_BITS: u32 = 61;

/// The unit of some numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct FixedPoint {
    per_unit: f64,
}

impl FixedPoint {
    /// Numbers that are whole.
    pub(super) fn whole() -> Self {
        Self { per_unit: 1.0 }
    }

    /// Such that the sum of so many numbers, none larger than `largest`, takes no more than so many bits.
    pub(super) fn new(n: usize, largest: f64, sum_bits: u32) -> Self {
        Self::of_parts(largest, (sum_bits as i32 - exponent_above(n as f64)).min(MOST_BITS))
    }

    /// Such that `largest` is up to two to this power.
    pub(super) fn of_parts(largest: f64, power: i32) -> Self {
        let power = (power - exponent_above(largest)).clamp(-1000, 1000);
        Self { per_unit: f64::from_bits(((1023 + power) as u64) << 52) }
    }

    /// The nearest whole number of units, the even one of two.
    #[inline(always)]
    pub(super) fn of(self, number: f64) -> i64 {
        /// Adding 1.5 * 2^52 rounds to a whole number, which then stands in the last bits.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        (number * self.per_unit + ROUND).to_bits().wrapping_sub(ROUND.to_bits()).cast_signed()
    }

    /// How many units a number is.
    pub(super) fn units(self, number: f64) -> f64 {
        number * self.per_unit
    }

    /// What so many units are.
    pub(super) fn number(self, units: f64) -> f64 {
        units / self.per_unit
    }
}

/// The middle of the range of some numbers: large ones that differ little keep their digits, counted from there.
pub(super) fn middle(numbers: &[f64]) -> f64 {
    let (low, high) = numbers.iter().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
    low / 2.0 + high / 2.0
}

/// A sum over so many rows that does not depend on their order.
pub(super) fn sum(n: usize, of: &dyn Fn(usize) -> f64) -> f64 {
    let largest = (0..n).map(|row| of(row).abs()).fold(0.0, f64::max);
    let unit = FixedPoint::new(n, largest, SUM_BITS);
    unit.number((0..n).map(|row| unit.of(of(row))).sum::<i64>() as f64)
}

/// The most bits of one number, for [`FixedPoint::of`].
const MOST_BITS: i32 = 50;

/// The exponent of the power of two above a number.
fn exponent_above(number: f64) -> i32 {
    ((number.to_bits() >> 52 & 0x7FF) as i32) - 1022
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_fit_and_keep_their_digits() {
        for (n, largest) in [(1, 1.0), (1000, 0.25), (50_000, 1e300), (7, 1e-280), (3, 0.0)] {
            for bits in [SUM_BITS, 40] {
                let unit = FixedPoint::new(n, largest, bits);
                let sum: i64 = (0..n).map(|_| unit.of(largest)).sum();
                assert!(sum < 1 << bits && unit.of(-largest) == -unit.of(largest));
                let expected = n as f64 * largest;
                let error = (unit.number(sum as f64) - expected).abs();
                assert!(error <= 2f64.powi(17 - bits as i32) * expected, "{n} times {largest}: {error}");
            }
        }
        assert_eq!([2.5, 3.5, -0.5, 1e9].map(|number| FixedPoint::whole().of(number)), [2, 4, 0, 1_000_000_000]);
    }
}
