//! exp of several numbers at once, with the bits of `libm::exp`.

use crate::kernel::{Kernel, vectorized};
use crate::lanes::Lanes;
use crate::vectors::{LANES, Vectors};

/// ln 2 to 33 bits, so that a multiple of it is exact, and what is missing.
const LN_2_HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
const LN_2_LOW: f64 = f64::from_bits(0x3DEA_39EF_3579_3C76);
/// Up to here nothing is taken off the argument: libm compares upper halves, so this is the next one above that of ln 2 / 2.
const HALF_LN_2: f64 = f64::from_bits(0x3FD6_2E43_0000_0000);
/// Below this exp(x) is 1 + x; likewise the next upper half above that of 2^-28.
const TINY: f64 = f64::from_bits(0x3E30_0001_0000_0000);
/// Sun's polynomial, highest power last.
#[expect(clippy::excessive_precision, reason = "the digits of the source")]
const FIT: [f64; 5] = [
    1.66666666666666019037e-1,
    -2.77777777770155933842e-3,
    6.61375632143793436117e-5,
    -1.65339022054652515390e-6,
    4.13813679705723846039e-8,
];
/// Beyond it results are infinite, 0 or subnormal, and left to libm.
const PLAIN: f64 = 708.0;

/// Takes exp of each number.
#[inline(never)]
pub fn exp_in_place(numbers: &mut [f64]) {
    vectorized(Exp(numbers));
}

#[derive(Debug)]
struct Exp<'a>(&'a mut [f64]);

impl Kernel for Exp<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        for numbers in self.0.chunks_mut(LANES) {
            let mut four = [0.0; LANES];
            four[..numbers.len()].copy_from_slice(numbers);
            // A NaN is not below it either.
            match four.iter().all(|number| number.abs() < PLAIN) {
                true => numbers.copy_from_slice(&exp_of_plain(vectors, four)[..numbers.len()]),
                false => numbers.iter_mut().for_each(|number| *number = libm::exp(*number)),
            }
        }
    }
}

/// x = k ln 2 + r with |r| <= ln 2 / 2, so exp(x) = 2^k exp(r), and exp(r) = 1 + r + r c / (2 - c), where c = r - r^2 F and F
/// is a polynomial in r^2: Sun's fdlibm (e_exp.c, 1993), in the order of its operations.
#[inline(always)]
fn exp_of_plain<V: Vectors>(vectors: V, numbers: [f64; LANES]) -> [f64; LANES] {
    let all = |number: f64| Lanes::all(vectors, number);
    let x = Lanes::new(vectors, numbers);
    let size = x.absolute();
    let nearest = size.times(all(std::f64::consts::LOG2_E)).plus(all(0.5)).truncated();
    let k = size.select_less(all(HALF_LN_2), all(0.0), nearest).with_sign_of(x);
    let (high, low) = (x.minus(k.times(all(LN_2_HIGH))), k.times(all(LN_2_LOW)));
    let r = high.minus(low);
    let square = r.times(r);
    let mut sum = all(FIT[4]);
    for coefficient in [FIT[3], FIT[2], FIT[1], FIT[0]] {
        sum = all(coefficient).plus(square.times(sum));
    }
    let c = r.minus(square.times(sum));
    let beyond_1 = r.times(c).over(all(2.0).minus(c)).minus(low).plus(high);
    let exp_r = all(1.0).plus(size.select_less(all(TINY), x, beyond_1));
    exp_r.times(k.power_of_two()).numbers()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::Portable;

    fn assert_is_that_of_libm(numbers: &[f64]) {
        let expected: Vec<u64> = numbers.iter().map(|number| libm::exp(*number).to_bits()).collect();
        let bits = |numbers: Vec<f64>| numbers.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let (mut portable, mut best) = (numbers.to_vec(), numbers.to_vec());
        Exp(&mut portable).run(Portable);
        vectorized(Exp(&mut best));
        for (position, (found, expected)) in bits(portable).into_iter().zip(&expected).enumerate() {
            assert_eq!(found, *expected, "exp({:e})", numbers[position]);
        }
        assert_eq!(bits(best), expected);
    }

    #[test]
    fn a_million_exponentials_have_the_bits_of_libm() {
        // Halves of the golden ratio's multiples are spread evenly.
        let part = |index: u64| (index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11) as f64 / 2f64.powi(53);
        for (from, to) in [(-750.0, 720.0), (-40.0, 40.0), (-2.0, 2.0), (-1e-7, 1e-7)] {
            let numbers: Vec<f64> = (0..250_000).map(|index| from + (to - from) * part(index)).collect();
            assert_is_that_of_libm(&numbers);
        }
    }

    #[test]
    fn special_numbers_have_the_bits_of_libm_in_every_lane() {
        let halves = |upper: u64| [upper << 32, (upper << 32) | 0xFFFF_FFFF].map(f64::from_bits);
        let mut special =
            vec![0.0, f64::INFINITY, f64::NAN, f64::MIN_POSITIVE, 5e-324, f64::MAX, PLAIN, TINY, HALF_LN_2];
        special.extend(
            [0x3E30_0000, 0x3FD6_2E42, 0x3FF0_A2B1, 0x3FF0_A2B2, 0x4086_232A, 0x4086_232B].map(halves).concat(),
        );
        special.extend((0..1400).map(|k| f64::from(k) * 0.5 * std::f64::consts::LN_2));
        special.extend((0..1400).map(|k| (f64::from(k) * 0.5 * std::f64::consts::LN_2).next_up()));
        special.extend((0..1400).map(|k| (f64::from(k) * 0.5 * std::f64::consts::LN_2).next_down()));
        let mirrored: Vec<f64> = special.iter().flat_map(|number| [*number, -number]).collect();
        for lane in 0..LANES {
            let shifted: Vec<f64> = std::iter::repeat_n(0.7, lane).chain(mirrored.iter().copied()).collect();
            assert_is_that_of_libm(&shifted);
            let alone: Vec<f64> = mirrored
                .iter()
                .flat_map(|number| std::iter::repeat_n(1.3, lane).chain([*number]).chain([2.5; 3]))
                .collect();
            assert_is_that_of_libm(&alone);
        }
    }
}
