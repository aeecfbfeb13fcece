//! Numbers side by side, as vector units hold them.

/// How many partial sums a sum over rows has. Two registers in WebAssembly, one with AVX: the bits are the same.
pub(super) const LANES: usize = 4;

/// Four numbers. In WebAssembly they are vectors by name: the compiler finds none in these sums by itself there.
#[derive(Clone, Copy)]
pub(super) struct Lanes(registers::Registers);

impl Lanes {
    #[inline(always)]
    pub(super) fn new(numbers: [f64; LANES]) -> Self {
        Self(registers::load(numbers))
    }

    #[inline(always)]
    pub(super) fn add_product(&mut self, a: Self, b: Self) {
        self.0 = registers::add(self.0, registers::multiply(a.0, b.0));
    }

    #[inline(always)]
    pub(super) fn numbers(self) -> [f64; LANES] {
        registers::store(self.0)
    }

    /// The sum, halves first: the shuffle that vector units do.
    #[inline(always)]
    pub(super) fn sum(self) -> f64 {
        let [a, b, c, d] = self.numbers();
        (a + c) + (b + d)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod registers {
    use core::arch::wasm32::{f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, v128};

    pub(super) type Registers = (v128, v128);

    #[inline(always)]
    pub(super) fn load([a, b, c, d]: [f64; 4]) -> Registers {
        (f64x2(a, b), f64x2(c, d))
    }

    #[inline(always)]
    pub(super) fn add(a: Registers, b: Registers) -> Registers {
        (f64x2_add(a.0, b.0), f64x2_add(a.1, b.1))
    }

    #[inline(always)]
    pub(super) fn multiply(a: Registers, b: Registers) -> Registers {
        (f64x2_mul(a.0, b.0), f64x2_mul(a.1, b.1))
    }

    #[inline(always)]
    pub(super) fn store((low, high): Registers) -> [f64; 4] {
        let pair = |pair| (f64x2_extract_lane::<0>(pair), f64x2_extract_lane::<1>(pair));
        let ((a, b), (c, d)) = (pair(low), pair(high));
        [a, b, c, d]
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod registers {
    pub(super) type Registers = [f64; 4];

    #[inline(always)]
    pub(super) fn load(numbers: [f64; 4]) -> Registers {
        numbers
    }

    #[inline(always)]
    pub(super) fn add([a, b, c, d]: Registers, [e, f, g, h]: Registers) -> Registers {
        [a + e, b + f, c + g, d + h]
    }

    #[inline(always)]
    pub(super) fn multiply([a, b, c, d]: Registers, [e, f, g, h]: Registers) -> Registers {
        [a * e, b * f, c * g, d * h]
    }

    #[inline(always)]
    pub(super) fn store(registers: Registers) -> [f64; 4] {
        registers
    }
}
