//! AVX's, which has sixteen registers of four numbers, and thirty-two with AVX-512. (A register of eight numbers, which it
//! has too, would hold twice the partial sums that a sum over rows has. A sum over columns has eight.)

use crate::dots::{Eight, FourEights, fold_halves};
use crate::vectors::{LANES, Vectors, WHOLE};
use pulp::x86::{V3, V4};
use pulp::{b8, f64x4, f64x8, m64, m64x4};

macro_rules! implement {
    ($processor:ty, $tile:literal, $are_all:expr $(, $four_sums:item)?) => {
        impl Vectors for $processor {
            type Registers = f64x4;

            const TILE: usize = $tile;

            #[inline(always)]
            fn load(self, [a, b, c, d]: [f64; LANES]) -> f64x4 {
                f64x4(a, b, c, d)
            }

            #[inline(always)]
            fn store(self, f64x4(a, b, c, d): f64x4) -> [f64; LANES] {
                [a, b, c, d]
            }

            #[inline(always)]
            fn add(self, a: f64x4, b: f64x4) -> f64x4 {
                self.add_f64x4(a, b)
            }

            #[inline(always)]
            fn subtract(self, a: f64x4, b: f64x4) -> f64x4 {
                self.sub_f64x4(a, b)
            }

            #[inline(always)]
            fn multiply(self, a: f64x4, b: f64x4) -> f64x4 {
                self.mul_f64x4(a, b)
            }

            #[inline(always)]
            fn divide(self, a: f64x4, b: f64x4) -> f64x4 {
                self.div_f64x4(a, b)
            }

            #[inline(always)]
            fn or(self, numbers: f64x4, instead: f64x4) -> f64x4 {
                self.select_f64x4(self.is_not_nan_f64x4(numbers), numbers, instead)
            }

            #[inline(always)]
            fn absolute(self, a: f64x4) -> f64x4 {
                self.abs_f64x4(a)
            }

            #[inline(always)]
            fn truncate(self, a: f64x4) -> f64x4 {
                self.truncate_f64x4(a)
            }

            #[inline(always)]
            fn select_less(self, a: f64x4, b: f64x4, yes: f64x4, no: f64x4) -> f64x4 {
                self.select_f64x4(self.cmp_lt_f64x4(a, b), yes, no)
            }

            #[inline(always)]
            fn larger(self, a: f64x4, b: f64x4) -> f64x4 {
                self.max_f64x4(a, b)
            }

            #[inline(always)]
            fn are_less(self, a: f64x4, b: f64x4) -> bool {
                $are_all(self.cmp_lt_f64x4(a, b))
            }

            #[inline(always)]
            fn power_of_half(self, exponents: f64x4) -> f64x4 {
                let shifted = pulp::cast(self.sub_f64x4(self.splat_f64x4(WHOLE), exponents));
                pulp::cast(self.wrapping_add_u64x4(self.shl_const_u64x4::<52>(shifted), self.splat_u64x4(1023 << 52)))
            }

            $($four_sums)?
        }
    };
}

implement!(V3, 3, |mask| mask == m64x4(m64::new(true), m64::new(true), m64::new(true), m64::new(true)));
implement!(
    V4,
    4,
    |b8(mask): b8| mask & 0b1111 == 0b1111,
    #[inline(always)]
    fn four_sums<const N: usize>(self, rows: &[FourEights], weights: [&[Eight]; N]) -> [f64x4; N] {
        let load = |[a, b, c, d, e, f, g, h]: &Eight| f64x8(*a, *b, *c, *d, *e, *f, *g, *h);
        let mut outputs = [self.splat_f64x4(0.0); N];
        for (output, weights) in outputs.iter_mut().zip(weights) {
            let mut sums = [self.splat_f64x8(0.0); 4];
            for (FourEights(rows), weights) in rows.iter().zip(weights) {
                let weights = load(weights);
                for (sum, row) in sums.iter_mut().zip(rows) {
                    *sum = self.add_f64x8(*sum, self.mul_f64x8(load(row), weights));
                }
            }
            let halves = |f64x8(a, b, c, d, e, f, g, h)| [f64x4(a, b, c, d), f64x4(e, f, g, h)];
            *output = fold_halves(self, sums.map(halves)).registers();
        }
        outputs
    }
);
