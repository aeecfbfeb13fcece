//! AVX's, which has sixteen registers of four numbers, and thirty-two with AVX-512. (A register of eight numbers, which it
//! has too, would hold twice the partial sums that a sum has.)

use crate::vectors::LANES;
use crate::vectors::Vectors;
use pulp::f64x4;
use pulp::x86::{V3, V4};

macro_rules! implement {
    ($processor:ty, $tile:literal) => {
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
        }
    };
}

implement!(V3, 3);
implement!(V4, 4);
