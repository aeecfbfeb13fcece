//! Vectors of four numbers, as each kind of processor has them.

use crate::dots::{Eight, FourEights, sums_by_halves};

/// How many partial sums a sum over rows has. Two registers in WebAssembly, one with AVX: the bits are the same.
pub const LANES: usize = 4;

/// The vectors of a kind of processor. A value of this type says that the processor is of that kind.
///
/// They are called by name, since a compiler left to find them in loops finds none in WebAssembly, and natively
/// rearranges those of a tile to two thirds of its speed.
pub trait Vectors: Copy + std::fmt::Debug {
    /// What holds [`LANES`] numbers.
    type Registers: Copy + std::fmt::Debug;

    /// The sides of a tile of partial sums that leaves room beside it for what is added to them.
    const TILE: usize;

    /// Numbers to registers.
    fn load(self, numbers: [f64; LANES]) -> Self::Registers;

    /// Registers to numbers.
    fn store(self, registers: Self::Registers) -> [f64; LANES];

    /// The sums.
    fn add(self, a: Self::Registers, b: Self::Registers) -> Self::Registers;

    /// The differences.
    fn subtract(self, a: Self::Registers, b: Self::Registers) -> Self::Registers;

    /// The products.
    fn multiply(self, a: Self::Registers, b: Self::Registers) -> Self::Registers;

    /// The quotients.
    fn divide(self, a: Self::Registers, b: Self::Registers) -> Self::Registers;

    /// The numbers, and in place of NaN what stands there `instead`.
    fn or(self, numbers: Self::Registers, instead: Self::Registers) -> Self::Registers;

    /// Without their signs.
    #[inline(always)]
    fn absolute(self, a: Self::Registers) -> Self::Registers {
        self.load(self.store(a).map(f64::abs))
    }

    /// Rounded towards zero.
    #[inline(always)]
    fn truncate(self, a: Self::Registers) -> Self::Registers {
        self.load(self.store(a).map(f64::trunc))
    }

    /// `yes` where `a` is less than `b`, else `no`.
    #[inline(always)]
    fn select_less(
        self,
        a: Self::Registers,
        b: Self::Registers,
        yes: Self::Registers,
        no: Self::Registers,
    ) -> Self::Registers {
        let is_less = pairs(self.store(a), self.store(b), |a, b| a < b);
        let chosen = pairs(self.store(yes), self.store(no), |yes, no| (yes, no));
        self.load(pairs(is_less, chosen, |is_less, (yes, no)| if is_less { yes } else { no }))
    }

    /// The larger of two numbers that are not NaN.
    #[inline(always)]
    fn larger(self, a: Self::Registers, b: Self::Registers) -> Self::Registers {
        self.select_less(a, b, b, a)
    }

    /// Zero where `sizes` are less than `than`, else the numbers, which are not negative.
    #[inline(always)]
    fn zero_where_less(
        self,
        numbers: Self::Registers,
        sizes: Self::Registers,
        than: Self::Registers,
    ) -> Self::Registers {
        self.select_less(sizes, than, self.load([0.0; LANES]), numbers)
    }

    /// Whether each of `a` is less than that of `b`.
    #[inline(always)]
    fn are_less(self, a: Self::Registers, b: Self::Registers) -> bool {
        pairs(self.store(a), self.store(b), |a, b| a < b) == [true; LANES]
    }

    /// 1/2 to the power of whole numbers from 0 to 1022.
    #[inline(always)]
    fn power_of_half(self, exponents: Self::Registers) -> Self::Registers {
        // Beside this number a whole one stands in the last bits.
        let shifted = self.store(self.subtract(self.load([WHOLE; LANES]), exponents));
        self.load(shifted.map(|number| f64::from_bits((number.to_bits() << 52).wrapping_add(1023 << 52))))
    }

    /// A number of `a`, one of `b`, and so on.
    #[inline(always)]
    fn interleave(self, a: Self::Registers, b: Self::Registers) -> [Self::Registers; 2] {
        let (a, b) = (self.store(a), self.store(b));
        [self.load([a[0], b[0], a[1], b[1]]), self.load([a[2], b[2], a[3], b[3]])]
    }

    /// For each output the sums of products of four rows with its weights, in the order of [`crate::dot`]. Zeros at the end
    /// change nothing.
    #[inline(always)]
    fn four_sums<const N: usize>(self, rows: &[FourEights], weights: [&[Eight]; N]) -> [Self::Registers; N] {
        let mut outputs = [self.load([0.0; LANES]); N];
        for (output, weights) in outputs.iter_mut().zip(weights) {
            *output = sums_by_halves(self, rows, weights);
        }
        outputs
    }

    /// The first numbers of all rows, the second ones, and so on.
    #[inline(always)]
    fn transpose(self, rows: [Self::Registers; LANES]) -> [Self::Registers; LANES] {
        let [a, b, c, d] = [self.store(rows[0]), self.store(rows[1]), self.store(rows[2]), self.store(rows[3])];
        [
            self.load([a[0], b[0], c[0], d[0]]),
            self.load([a[1], b[1], c[1], d[1]]),
            self.load([a[2], b[2], c[2], d[2]]),
            self.load([a[3], b[3], c[3], d[3]]),
        ]
    }

    /// The sum, halves first: the shuffle that vector units do.
    #[inline(always)]
    fn sum(self, registers: Self::Registers) -> f64 {
        let [a, b, c, d] = self.store(registers);
        (a + c) + (b + d)
    }
}

/// 1.5 * 2^52.
pub(crate) const WHOLE: f64 = 6_755_399_441_055_744.0;

#[inline(always)]
fn pairs<A: Copy, B: Copy, C>(a: [A; LANES], b: [B; LANES], of: impl Fn(A, B) -> C) -> [C; LANES] {
    [of(a[0], b[0]), of(a[1], b[1]), of(a[2], b[2]), of(a[3], b[3])]
}

/// What every processor has that this is compiled for: two registers of two numbers in WebAssembly, natively whatever
/// the compiler makes of four numbers.
#[derive(Debug, Clone, Copy)]
pub struct Portable;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod portable {
    use super::{LANES, Portable, Vectors, WHOLE};
    use crate::dots::{Eight, FourEights};
    use core::arch::wasm32::{
        f64x2_abs, f64x2_add, f64x2_div, f64x2_eq, f64x2_extract_lane, f64x2_ge, f64x2_lt, f64x2_mul, f64x2_pmax,
        f64x2_splat, f64x2_sub, f64x2_trunc, i64x2_add, i64x2_all_true, i64x2_shl, i64x2_shuffle, i64x2_splat, v128,
        v128_and, v128_bitselect,
    };

    /// Two of the eight lanes.
    #[inline(always)]
    fn quarter<const N: usize>(at: usize, rows: &[FourEights], weights: [&[Eight]; N]) -> [[v128; 4]; N] {
        let two = |eight: &Eight| bytemuck::cast(eight.as_chunks::<2>().0[at]);
        let weights = weights.map(|weights| &weights[..rows.len()]);
        let mut sums = [[f64x2_splat(0.0); 4]; N];
        for (eight, FourEights(rows)) in rows.iter().enumerate() {
            let rows = [two(&rows[0]), two(&rows[1]), two(&rows[2]), two(&rows[3])];
            for output in 0..N {
                let weights = two(&weights[output][eight]);
                for row in 0..4 {
                    sums[output][row] = f64x2_add(sums[output][row], f64x2_mul(rows[row], weights));
                }
            }
        }
        sums
    }

    impl Vectors for Portable {
        type Registers = [v128; 2];

        /// Four partial sums are eight of WebAssembly's sixteen registers.
        const TILE: usize = 2;

        /// A cast, since the compiler makes two loads of each vector that is put together of numbers.
        #[inline(always)]
        fn load(self, numbers: [f64; LANES]) -> Self::Registers {
            bytemuck::cast(numbers)
        }

        #[inline(always)]
        fn store(self, registers: Self::Registers) -> [f64; LANES] {
            bytemuck::cast(registers)
        }

        #[inline(always)]
        fn add(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [f64x2_add(a, c), f64x2_add(b, d)]
        }

        #[inline(always)]
        fn subtract(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [f64x2_sub(a, c), f64x2_sub(b, d)]
        }

        #[inline(always)]
        fn multiply(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [f64x2_mul(a, c), f64x2_mul(b, d)]
        }

        #[inline(always)]
        fn divide(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [f64x2_div(a, c), f64x2_div(b, d)]
        }

        #[inline(always)]
        fn or(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [v128_bitselect(a, c, f64x2_eq(a, a)), v128_bitselect(b, d, f64x2_eq(b, b))]
        }

        #[inline(always)]
        fn absolute(self, [a, b]: Self::Registers) -> Self::Registers {
            [f64x2_abs(a), f64x2_abs(b)]
        }

        #[inline(always)]
        fn truncate(self, [a, b]: Self::Registers) -> Self::Registers {
            [f64x2_trunc(a), f64x2_trunc(b)]
        }

        #[inline(always)]
        fn select_less(
            self,
            [a, b]: Self::Registers,
            [c, d]: Self::Registers,
            yes: Self::Registers,
            no: Self::Registers,
        ) -> Self::Registers {
            [v128_bitselect(yes[0], no[0], f64x2_lt(a, c)), v128_bitselect(yes[1], no[1], f64x2_lt(b, d))]
        }

        #[inline(always)]
        fn larger(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> Self::Registers {
            [f64x2_pmax(a, c), f64x2_pmax(b, d)]
        }

        #[inline(always)]
        fn zero_where_less(
            self,
            [a, b]: Self::Registers,
            sizes: Self::Registers,
            than: Self::Registers,
        ) -> Self::Registers {
            [v128_and(a, f64x2_ge(sizes[0], than[0])), v128_and(b, f64x2_ge(sizes[1], than[1]))]
        }

        #[inline(always)]
        fn are_less(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> bool {
            i64x2_all_true(v128_and(f64x2_lt(a, c), f64x2_lt(b, d)))
        }

        #[inline(always)]
        fn power_of_half(self, exponents: Self::Registers) -> Self::Registers {
            let (whole, one) = (f64x2_splat(WHOLE), i64x2_splat(1023 << 52));
            exponents.map(|pair| i64x2_add(i64x2_shl(f64x2_sub(whole, pair), 52), one))
        }

        #[inline(always)]
        fn interleave(self, [a, b]: Self::Registers, [c, d]: Self::Registers) -> [Self::Registers; 2] {
            [
                [i64x2_shuffle::<0, 2>(a, c), i64x2_shuffle::<1, 3>(a, c)],
                [i64x2_shuffle::<0, 2>(b, d), i64x2_shuffle::<1, 3>(b, d)],
            ]
        }

        /// Two of the eight lanes at a time: with more of them the compilers of browsers run out of registers.
        #[inline(always)]
        fn four_sums<const N: usize>(self, rows: &[FourEights], weights: [&[Eight]; N]) -> [Self::Registers; N] {
            let mut quarters = [[[f64x2_splat(0.0); 4]; N]; 4];
            for (at, sums) in quarters.iter_mut().enumerate() {
                *sums = quarter(at, rows, weights);
            }
            let sums = |a: v128, b: v128| f64x2_add(i64x2_shuffle::<0, 2>(a, b), i64x2_shuffle::<1, 3>(a, b));
            let mut folded = [[f64x2_splat(0.0); 2]; N];
            for output in 0..N {
                let half = |row: usize| {
                    let [a, b, c, d] = [
                        quarters[0][output][row],
                        quarters[1][output][row],
                        quarters[2][output][row],
                        quarters[3][output][row],
                    ];
                    f64x2_add(f64x2_add(a, c), f64x2_add(b, d))
                };
                folded[output] = [sums(half(0), half(1)), sums(half(2), half(3))];
            }
            folded
        }

        /// In squares of two.
        #[inline(always)]
        fn transpose(self, [a, b, c, d]: [Self::Registers; LANES]) -> [Self::Registers; LANES] {
            [
                [i64x2_shuffle::<0, 2>(a[0], b[0]), i64x2_shuffle::<0, 2>(c[0], d[0])],
                [i64x2_shuffle::<1, 3>(a[0], b[0]), i64x2_shuffle::<1, 3>(c[0], d[0])],
                [i64x2_shuffle::<0, 2>(a[1], b[1]), i64x2_shuffle::<0, 2>(c[1], d[1])],
                [i64x2_shuffle::<1, 3>(a[1], b[1]), i64x2_shuffle::<1, 3>(c[1], d[1])],
            ]
        }

        #[inline(always)]
        fn sum(self, [low, high]: Self::Registers) -> f64 {
            let halves = f64x2_add(low, high);
            f64x2_extract_lane::<0>(halves) + f64x2_extract_lane::<1>(halves)
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Vectors for Portable {
    type Registers = [f64; LANES];

    const TILE: usize = 2;

    #[inline(always)]
    fn load(self, numbers: [f64; LANES]) -> Self::Registers {
        numbers
    }

    #[inline(always)]
    fn store(self, registers: Self::Registers) -> [f64; LANES] {
        registers
    }

    #[inline(always)]
    fn add(self, [a, b, c, d]: Self::Registers, [e, f, g, h]: Self::Registers) -> Self::Registers {
        [a + e, b + f, c + g, d + h]
    }

    #[inline(always)]
    fn subtract(self, [a, b, c, d]: Self::Registers, [e, f, g, h]: Self::Registers) -> Self::Registers {
        [a - e, b - f, c - g, d - h]
    }

    #[inline(always)]
    fn multiply(self, [a, b, c, d]: Self::Registers, [e, f, g, h]: Self::Registers) -> Self::Registers {
        [a * e, b * f, c * g, d * h]
    }

    #[inline(always)]
    fn divide(self, [a, b, c, d]: Self::Registers, [e, f, g, h]: Self::Registers) -> Self::Registers {
        [a / e, b / f, c / g, d / h]
    }

    #[inline(always)]
    fn or(self, [a, b, c, d]: Self::Registers, [e, f, g, h]: Self::Registers) -> Self::Registers {
        let or = |number: f64, instead: f64| if number.is_nan() { instead } else { number };
        [or(a, e), or(b, f), or(c, g), or(d, h)]
    }
}
