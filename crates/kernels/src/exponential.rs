//! exp of several numbers at once, with the bits of `libm::exp`.

use crate::lanes::Lanes;
use crate::vectors::Vectors;

/// The numbers that exp is made of. They are kept in memory: V8 takes three instructions for a vector that is in the code.
#[derive(Debug, Clone)]
pub(crate) struct Exponential {
    /// Beyond it results are 0 or subnormal, and left to libm.
    plain: f64,
    log2_e: f64,
    half: f64,
    /// Up to here nothing is taken off the argument: libm compares upper halves, so this is the next one above that of ln 2 / 2.
    half_ln_2: f64,
    /// ln 2 to 33 bits, so that a multiple of it is exact, and what is missing.
    ln_2: [f64; 2],
    /// Sun's polynomial, highest power last.
    fit: [f64; 5],
    two: f64,
    one: f64,
    /// Below this exp(x) is 1 + x; likewise the next upper half above that of 2^-28.
    tiny: f64,
}

impl Default for Exponential {
    #[expect(clippy::excessive_precision, reason = "the digits of the source")]
    fn default() -> Self {
        Self {
            plain: 708.0,
            log2_e: std::f64::consts::LOG2_E,
            half: 0.5,
            half_ln_2: f64::from_bits(0x3FD6_2E43_0000_0000),
            ln_2: [f64::from_bits(0x3FE6_2E42_FEE0_0000), f64::from_bits(0x3DEA_39EF_3579_3C76)],
            fit: [
                1.66666666666666019037e-1,
                -2.77777777770155933842e-3,
                6.61375632143793436117e-5,
                -1.65339022054652515390e-6,
                4.13813679705723846039e-8,
            ],
            two: 2.0,
            one: 1.0,
            tiny: f64::from_bits(0x3E30_0001_0000_0000),
        }
    }
}

impl Exponential {
    /// exp(-size) for sizes of at least 0, or NaN.
    ///
    /// -size = r - k ln 2 with |r| <= ln 2 / 2, so exp(-size) = exp(r) / 2^k, and exp(r) = 1 + r + r c / (2 - c), where
    /// c = r - r^2 F and F is a polynomial in r^2: Sun's fdlibm (e_exp.c, 1993), in the order of its operations.
    #[inline(always)]
    pub(crate) fn of_minus<V: Vectors>(&self, vectors: V, size: Lanes<V>) -> Lanes<V> {
        let all = |number: f64| Lanes::all(vectors, number);
        if !size.are_less(all(self.plain)) {
            return beyond(vectors, size);
        }
        let nearest = size.times(all(self.log2_e)).plus(all(self.half)).truncated();
        let k = nearest.zero_where_less(size, all(self.half_ln_2));
        let (high, low) = (k.times(all(self.ln_2[0])).minus(size), k.times(all(self.ln_2[1])));
        let r = high.plus(low);
        let square = r.times(r);
        let mut sum = all(self.fit[4]);
        for power in [3, 2, 1, 0] {
            sum = all(self.fit[power]).plus(square.times(sum));
        }
        let c = r.minus(square.times(sum));
        let beyond_1 = r.times(c).over(all(self.two).minus(c)).plus(low).plus(high);
        let exp_r = all(self.one).plus(size.select_less(all(self.tiny), all(0.0).minus(size), beyond_1));
        exp_r.times(k.power_of_half())
    }
}

/// Not inlined: it is rarely needed, and is a function with many branches.
#[cold]
#[inline(never)]
fn beyond<V: Vectors>(vectors: V, sizes: Lanes<V>) -> Lanes<V> {
    let mut numbers = sizes.numbers();
    for number in &mut numbers {
        *number = libm::exp(-*number);
    }
    Lanes::new(vectors, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Kernel, with_every_kind};
    use crate::vectors::LANES;

    #[derive(Clone)]
    struct Exp<'a>(&'a [[f64; LANES]]);

    impl Kernel for Exp<'_> {
        type Output = Vec<u64>;

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> Vec<u64> {
            let mut bits = Vec::with_capacity(self.0.len() * LANES);
            for sizes in self.0 {
                bits.extend(
                    Exponential::default().of_minus(vectors, Lanes::new(vectors, *sizes)).numbers().map(f64::to_bits),
                );
            }
            bits
        }
    }

    fn assert_is_that_of_libm(sizes: &[f64]) {
        let mut padded = sizes.to_vec();
        padded.resize(sizes.len().next_multiple_of(LANES), 1.0);
        let expected: Vec<u64> = padded.iter().map(|size| libm::exp(-size).to_bits()).collect();
        for found in with_every_kind(&Exp(padded.as_chunks().0)) {
            for (position, (found, expected)) in found.into_iter().zip(&expected).enumerate() {
                assert_eq!(found, *expected, "exp({:e})", -padded[position]);
            }
        }
    }

    #[test]
    fn a_million_exponentials_have_the_bits_of_libm() {
        // Halves of the golden ratio's multiples are spread evenly.
        let part = |index: u64| (index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / 2f64.powi(53);
        for most in [760.0, 40.0, 2.0, 1e-7] {
            let sizes: Vec<f64> = (0..250_000).map(|index| most * part(index)).collect();
            assert_is_that_of_libm(&sizes);
        }
    }

    #[test]
    fn special_numbers_have_the_bits_of_libm_in_every_lane() {
        let halves = |upper: u64| [upper << 32, (upper << 32) | 0xFFFF_FFFF].map(f64::from_bits);
        let Exponential { plain, tiny, half_ln_2, .. } = Exponential::default();
        let mut special =
            vec![0.0, -0.0, f64::INFINITY, f64::NAN, f64::MIN_POSITIVE, 5e-324, f64::MAX, plain, tiny, half_ln_2];
        special.extend(
            [0x3E30_0000, 0x3FD6_2E42, 0x3FF0_A2B1, 0x3FF0_A2B2, 0x4086_232A, 0x4086_232B].map(halves).concat(),
        );
        special.extend((0..1600).map(|k| f64::from(k) * 0.5 * std::f64::consts::LN_2));
        special.extend((0..1600).map(|k| (f64::from(k) * 0.5 * std::f64::consts::LN_2).next_up()));
        special.extend((1..1600).map(|k| (f64::from(k) * 0.5 * std::f64::consts::LN_2).next_down()));
        for lane in 0..LANES {
            let shifted: Vec<f64> = std::iter::repeat_n(0.7, lane).chain(special.iter().copied()).collect();
            assert_is_that_of_libm(&shifted);
            let alone: Vec<f64> = special
                .iter()
                .flat_map(|size| {
                    std::iter::repeat_n(1.3, lane).chain([*size]).chain(std::iter::repeat_n(2.5, 3 - lane))
                })
                .collect();
            assert_is_that_of_libm(&alone);
        }
    }
}
