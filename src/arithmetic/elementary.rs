//! exp and ln(1 + x) where training needs them, made of additions and multiplications only, so that the compiler can
//! compute several at a time and every target gets the same bits. (libm's look at each number and branch: with them a
//! third of a round of logistic regression went into these two functions.)

/// exp(x) for x at most 0, within 2 units in the last place; below -708 it is exp(-708), 3e-308.
///
/// x = k ln 2 + r with |r| <= ln 2 / 2, so exp(x) = 2^k exp(r), and the series of exp(r) to r^13 is short of the last
/// place (Muller, "Elementary Functions", 3rd edition, section 11.2: the argument is reduced with ln 2 in two parts).
#[inline(always)]
pub(crate) fn exp_of_negative(x: f64) -> f64 {
    /// 1.5 * 2^52: adding it rounds to a whole number, which then stands in the last bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    /// ln 2 to 33 bits, so that a multiple of it is exact, and what is missing.
    const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
    const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
    let x = if x > -708.0 { x } else { -708.0 };
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let mut series = INVERSE_FACTORIALS[13];
    let mut power = 13;
    while power > 0 {
        power -= 1;
        series = series * r + INVERSE_FACTORIALS[power];
    }
    let power_of_two = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    series * power_of_two
}

/// 1/0!, 1/1!, ... 1/13!
const INVERSE_FACTORIALS: [f64; 14] = {
    let mut inverses = [1.0; 14];
    let (mut factorial, mut n) = (1.0, 1);
    while n < 14 {
        factorial *= n as f64;
        inverses[n] = 1.0 / factorial;
        n += 1;
    }
    inverses
};

/// ln(1 + x) for x from 0 to 1, within 2 units in the last place.
///
/// With z = x / (2 + x), at most 1/3, it is 2 (z + z^3/3 + z^5/5 + ...) (Abramowitz and Stegun, 4.1.27); the term in z^35
/// is short of the last place.
#[inline(always)]
pub(crate) fn ln_1p_of_unit(x: f64) -> f64 {
    let z = x / (2.0 + x);
    let square = z * z;
    let mut series = 0.0;
    let mut term = 17;
    while term > 0 {
        series = series * square + ODD_INVERSES[term];
        term -= 1;
    }
    let twice = 2.0 * z;
    twice + twice * (square * series)
}

/// 1/1, 1/3, ... 1/35
const ODD_INVERSES: [f64; 18] = {
    let mut inverses = [1.0; 18];
    let mut n = 1;
    while n < 18 {
        inverses[n] = 1.0 / (2 * n + 1) as f64;
        n += 1;
    }
    inverses
};

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
