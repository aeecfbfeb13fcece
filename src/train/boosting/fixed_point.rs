//! Numbers as whole multiples of a power of two, so that their sums are exact in any order.

/// The most bits of a sum.
const SUM_BITS: i32 = 61;

/// The unit of some numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct FixedPoint {
    per_unit: f64,
}

impl FixedPoint {
    /// Such that the sum of so many numbers, none larger than `largest`, is no more than 61 bits.
    pub(super) fn new(n: usize, largest: f64) -> Self {
        // The power of two above a number: its exponent and one.
        let above = |number: f64| ((number.to_bits() >> 52 & 0x7FF) as i32) - 1022;
        let power = (SUM_BITS - above(n as f64) - above(largest)).clamp(-1000, 1000);
        Self { per_unit: f64::from_bits(((1023 + power) as u64) << 52) }
    }

    pub(super) fn of(self, number: f64) -> i64 {
        (number * self.per_unit).round() as i64
    }

    pub(super) fn number(self, sum: i64) -> f64 {
        sum as f64 / self.per_unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_fit_and_keep_their_digits() {
        for (n, largest) in [(1, 1.0), (1000, 0.25), (50_000, 1e300), (7, 1e-280), (3, 0.0)] {
            let unit = FixedPoint::new(n, largest);
            let sum = (0..n).map(|_| unit.of(largest)).try_fold(0_i64, i64::checked_add).unwrap();
            let expected = n as f64 * largest;
            assert!((unit.number(sum) - expected).abs() <= 1e-12 * expected, "{n} times {largest}");
        }
    }
}
