//! exp and ln(1 + x) where training needs them, made of additions and multiplications only, so that the compiler can
//! compute several at a time and every target gets the same bits. (libm's look at each number and branch: with them a
//! third of a round of logistic regression went into these two functions.)

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
    let mut fit = FIT[4];
    let mut term = 4;
    while term > 0 {
        term -= 1;
        fit = fit * square + FIT[term];
    }
    let c = r - square * fit;
    let exp_r = 1.0 - ((low - r * c / (2.0 - c)) - high);
    let power_of_two = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    exp_r * power_of_two
}

/// ln(1 + x) for x from 0 to 1, within 2 units in the last place.
///
/// 1 + x = 2^k (1 + f) with 1 + f between the roots of 1/2 and 2; with s = f / (2 + f) it is ln(1 + f) =
/// f - (f^2/2 - s (f^2/2 + R)), where R is the rest of the series 2 s (s^2/3 + s^4/5 + ...), fitted to 2^-58 by the
/// polynomial of Sun's fdlibm (e_log.c, 1993).
#[inline(always)]
pub(crate) fn ln_1p_of_unit(x: f64) -> f64 {
    const FIT: [f64; 7] = [
        6.666666666666735e-1,
        3.999999999940942e-1,
        2.857142874366239e-1,
        2.2222198432149784e-1,
        1.818357216161805e-1,
        1.5313837699209373e-1,
        1.4798198605116586e-1,
    ];
    const ROOT_OF_2_LESS_1: f64 = std::f64::consts::SQRT_2 - 1.0;
    let is_halved = x > ROOT_OF_2_LESS_1;
    let f = if is_halved { 0.5 * (x - 1.0) } else { x };
    let (high, low) = if is_halved { (LN_2_HIGH, LN_2_LOW) } else { (0.0, 0.0) };
    let s = f / (2.0 + f);
    let square = s * s;
    let mut rest = FIT[6];
    let mut term = 6;
    while term > 0 {
        term -= 1;
        rest = rest * square + FIT[term];
    }
    let half = 0.5 * f * f;
    high - ((half - (s * (half + square * rest) + low)) - f)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn ln_1p_agrees_with_libm_to_two_units() {
        let mut worst = 0;
        for i in 0..=1_000_000 {
            let x = f64::from(i) * 1e-6;
            worst = worst.max(units_off(ln_1p_of_unit(x), libm::log1p(x)));
        }
        for exponent in 1..1000 {
            let x = f64::from(exponent).exp2().recip();
            worst = worst.max(units_off(ln_1p_of_unit(x), libm::log1p(x)));
        }
        assert!(worst <= 2, "{worst}");
        assert_eq!(ln_1p_of_unit(0.0), 0.0);
    }
}
