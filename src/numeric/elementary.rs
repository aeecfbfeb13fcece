//! exp, ln(1 + x) and sums of it where training needs them, made of additions, multiplications and divisions, so that the
//! compiler can compute several at a time and every target gets the same bits. (libm's look at each number and branch: with
//! them a third of a round of logistic regression went into exp and ln.)

use tepal_kernels::{Lanes, SUM_LANES as LANES, Vectors};

pub(crate) use libm::log as ln;

/// ln 2 to 33 bits, so that a multiple of it is exact, and what is missing.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);

/// exp(x) for x at most 0, within 2 units in the last place; below -708 it is exp(-708), 3e-308.
///
/// x = k ln 2 + r with |r| <= ln 2 / 2, so exp(x) = 2^k exp(r), and exp(r) = 1 + r + r c / (2 - c), where c = r - r^2 F and
/// F is fitted to 2^-59 by the polynomial of Sun's fdlibm (e_exp.c, 1993).
#[inline(always)]
pub(crate) fn exp_of_negative(x: f64) -> f64 {
    /// 1.5 * 2^52: adding it rounds to a whole number, which then stands in the last bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const FIT: [f64; 5] = [
        1.6666666666666602e-1,
        -2.7777777777015593e-3,
        6.613756321437934e-5,
        -1.6533902205465252e-6,
        4.1381367970572385e-8,
    ];
    let x = if x > -708.0 { x } else { -708.0 };
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let (high, low) = (x - k * LN_2_HIGH, k * LN_2_LOW);
    let r = high - low;
    let square = r * r;
    let c = r - square * polynomial(FIT, square);
    let exp_r = 1.0 - ((low - r * c / (2.0 - c)) - high);
    let power_of_two = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    exp_r * power_of_two
}

/// ln(1 + x) for x at least 0, within a unit in the last place; NaN for infinity.
///
/// 1 + x = 2^k m with m from sqrt(1/2) to sqrt(2), so ln(1 + x) = k ln 2 + ln m + c / (1 + x), where c is what rounding took
/// from 1 + x. With f = m - 1 and s = f / (2 + f), ln m = f - f^2 / 2 + s (f^2 / 2 + R), and R is fitted to 2^-58 by the
/// polynomial in s^2 of Sun's fdlibm (e_log.c, s_log1p.c, 1993).
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    const FIT: [f64; 7] = [
        6.666666666666735e-1,
        3.999999999940942e-1,
        2.857142874366239e-1,
        2.2222198432149784e-1,
        1.818357216161805e-1,
        1.5313837699209373e-1,
        1.4798198605116586e-1,
    ];
    /// The bits of sqrt(1/2).
    const ROOT: u64 = 0x3FE6_A09E << 32;
    /// What is added to them for those of 1.
    const TO_ONE: u64 = (1023 << 52) - ROOT;
    /// 2^52, whose last bits hold a whole number.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let sum = 1.0 + x;
    let lost = (x - (sum - 1.0)) / sum;
    let shifted = sum.to_bits().wrapping_add(TO_ONE);
    let k = f64::from_bits(WHOLE.to_bits() | shifted >> 52) - (WHOLE + 1023.0);
    let f = f64::from_bits((shifted & (u64::MAX >> 12)) + ROOT) - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    let half = 0.5 * f * f;
    s * (half + square * polynomial(FIT, square)) + (k * LN_2_LOW + lost) - half + f + k * LN_2_HIGH
}

/// The sum of coefficients times powers of x, the constant one first (Horner's method).
#[inline(always)]
fn polynomial<const N: usize>(coefficients: [f64; N], x: f64) -> f64 {
    let mut sum = coefficients[N - 1];
    let mut term = N - 1;
    while term > 0 {
        term -= 1;
        sum = sum * x + coefficients[term];
    }
    sum
}

/// The largest absolute value; 0 of none, and NaN where one is.
pub(crate) fn largest(numbers: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole, rest) = numbers.as_chunks::<LANES>();
    for x in whole {
        for lane in 0..LANES {
            lanes[lane] = larger(lanes[lane], x[lane].abs());
        }
    }
    lanes.into_iter().chain(rest.iter().map(|x| x.abs())).fold(0.0, larger)
}

/// The larger of two numbers, and NaN where one is, which `f64::max` would lose: nothing is larger than NaN.
#[inline(always)]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() { b } else { a }
}

/// A sum of ln(1 + x) over numbers of at least 0, as few logarithms of products: 1 + x + q + x q is the product of 1 + x
/// and 1 + q, and the 1 is never added, so nothing of a small x is lost.
#[derive(Default)]
pub(crate) struct LogSum {
    /// Less 1.
    product: f64,
    /// Of the products before.
    logarithms: f64,
}

impl LogSum {
    /// A product above this is not made larger: up to it, times 1e256 it is still a number, of which 1.8e308 is the largest.
    const LARGE: f64 = 1e50;

    /// Adds those of some numbers. The product of 1 + x over them has to stay below 1e256.
    #[inline(always)]
    pub(crate) fn add<V: Vectors>(&mut self, vectors: V, numbers: &[f64]) {
        let (eights, rest) = numbers.as_chunks::<LANES>();
        let (fours, rest) = rest.as_chunks();
        let (mut low, mut high) = (Lanes::all(vectors, 0.0), Lanes::all(vectors, 0.0));
        for [a, b, c, d, e, f, g, h] in eights {
            low = both(low, Lanes::new(vectors, [*a, *b, *c, *d]));
            high = both(high, Lanes::new(vectors, [*e, *f, *g, *h]));
        }
        for x in fours {
            low = both(low, Lanes::new(vectors, *x));
        }
        high = both(high, Lanes::products(vectors, rest, &[1.0; 3]));
        let [a, b, c, d] = both(low, high).numbers();
        let product = |x: f64, y: f64| x + (y + x * y);
        self.product = product(self.product, product(product(a, c), product(b, d)));
        if self.product > Self::LARGE {
            self.logarithms += ln_1p(std::mem::take(&mut self.product));
        }
    }

    pub(crate) fn total(self) -> f64 {
        self.logarithms + ln_1p(self.product)
    }
}

/// (1 + x) (1 + y) - 1.
#[inline(always)]
fn both<V: Vectors>(x: Lanes<V>, y: Lanes<V>) -> Lanes<V> {
    x.plus(y.plus(x.times(y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tepal_kernels::Portable;

    /// The distance in units of the last place of the expected value.
    fn units_off(found: f64, expected: f64) -> i64 {
        found.to_bits().cast_signed().abs_diff(expected.to_bits().cast_signed()).cast_signed()
    }

    #[test]
    fn exp_agrees_with_libm_to_two_units() {
        let mut worst = 0;
        for i in 0..700_000 {
            let x = -f64::from(i) * 1.0113e-3;
            worst = worst.max(units_off(exp_of_negative(x), libm::exp(x)));
        }
        for exponent in 1..1000 {
            let x = -f64::from(exponent).exp2().recip();
            worst = worst.max(units_off(exp_of_negative(x), libm::exp(x)));
        }
        assert!(worst <= 2, "{worst}");
        assert_eq!((exp_of_negative(0.0), exp_of_negative(-0.0)), (1.0, 1.0));
        for x in [-709.0, -1e300, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(exp_of_negative(x), exp_of_negative(-708.0));
        }
    }

    #[test]
    fn ln_1p_agrees_with_libm_to_a_unit() {
        let mut worst = 0;
        for i in 0..700_000 {
            for x in [f64::from(i) * 1.0113e-5, f64::from(i) * 0.0137, f64::from(i).exp2().recip()] {
                worst = worst.max(units_off(ln_1p(x), libm::log1p(x)));
            }
        }
        for exponent in -1074..1024 {
            let power = f64::from(exponent).exp2();
            for x in [power, 0.7 * power, 1.3 * power.min(1e300)] {
                worst = worst.max(units_off(ln_1p(x), libm::log1p(x)));
            }
        }
        assert!(worst <= 1, "{worst}");
        assert_eq!(ln_1p(0.0), 0.0);
        assert!(ln_1p(f64::NAN).is_nan() && ln_1p(f64::INFINITY).is_nan());
    }

    /// Some at a time.
    fn log_sum(numbers: &[f64], n_added: usize) -> f64 {
        let mut sum = LogSum::default();
        numbers.chunks(n_added).for_each(|numbers| sum.add(Portable, numbers));
        sum.total()
    }

    #[test]
    fn logarithms_of_products_are_the_sums_of_logarithms() {
        for n in [0, 1, 5, 8, 64, 1024] {
            for scale in [1e-300, 1e-20, 1e-3, 1.0, 1e4] {
                let numbers: Vec<f64> = (0..n).map(|i| scale * f64::from(i * 7 % 11) / 11.0).collect();
                let expected: f64 = numbers.iter().map(|x| libm::log1p(*x)).sum();
                for n_added in [7, 64] {
                    let found = log_sum(&numbers, n_added);
                    assert!((found - expected).abs() <= 1e-14 * expected, "{found:e} {expected:e}");
                }
            }
        }
        // One number has no neighbour.
        for exponent in -1000..300 {
            let x = f64::from(exponent).exp2();
            assert_eq!(log_sum(&[x], 1), libm::log1p(x));
        }
    }

    #[test]
    fn the_largest_of_numbers_is_nan_where_one_is() {
        assert_eq!(largest(&[]), 0.0);
        assert_eq!(largest(&[1.0, -3.0, -0.0, 2.0]), 3.0);
        assert_eq!(largest(&[1.0, f64::NEG_INFINITY]), f64::INFINITY);
        for length in [3, 8, 19] {
            for place in 0..length {
                let mut numbers = vec![f64::INFINITY; length];
                numbers[(place + 1) % length] = -2.0;
                numbers[place] = -f64::NAN;
                assert!(largest(&numbers).is_nan(), "{place} of {length}");
            }
        }
    }
}
