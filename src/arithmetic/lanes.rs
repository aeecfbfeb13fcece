//! Numbers side by side, as vector units hold them.
#![cfg_attr(not(feature = "train"), allow(dead_code, reason = "a prediction only multiplies and adds"))]

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

    /// One number in every lane.
    #[inline(always)]
    pub(super) fn all(number: f64) -> Self {
        Self::new([number; LANES])
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        Self(registers::add(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn minus(self, other: Self) -> Self {
        Self(registers::subtract(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        Self(registers::multiply(self.0, other.0))
    }

    #[inline(always)]
    pub(super) fn add_product(&mut self, a: Self, b: Self) {
        *self = self.plus(a.times(b));
    }

    /// 0 in place of NaN.
    #[inline(always)]
    pub(super) fn or_zero(self) -> Self {
        Self(registers::or_zero(self.0))
    }

    #[inline(always)]
    pub(super) fn numbers(self) -> [f64; LANES] {
        registers::store(self.0)
    }

    /// Adds each one's sum to the number in its place.
    #[inline(always)]
    pub(super) fn add_sums<const N: usize>(lanes: &[Self; N], numbers: &mut [f64]) {
        // Natively the compiler must not see that there are N of them: it would put the sums of several into one vector,
        // and what led to them with it, in a third of the speed. In WebAssembly it saves looking.
        #[cfg(target_arch = "wasm32")]
        let numbers = &mut numbers[..N];
        lanes.iter().zip(numbers).for_each(|(lanes, number)| *number += lanes.sum());
    }

    /// The sum, halves first: the shuffle that vector units do.
    #[inline(always)]
    pub(super) fn sum(self) -> f64 {
        registers::sum(self.0)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod registers {
    use core::arch::wasm32::{f64x2_add, f64x2_eq, f64x2_extract_lane, f64x2_mul, f64x2_sub, v128, v128_and};

    pub(super) type Registers = [v128; 2];

    /// A cast, since the compiler makes two loads of each vector that is put together of numbers.
    #[inline(always)]
    pub(super) fn load(numbers: [f64; 4]) -> Registers {
        bytemuck::cast(numbers)
    }

    #[inline(always)]
    pub(super) fn add([a, b]: Registers, [c, d]: Registers) -> Registers {
        [f64x2_add(a, c), f64x2_add(b, d)]
    }

    #[inline(always)]
    pub(super) fn multiply([a, b]: Registers, [c, d]: Registers) -> Registers {
        [f64x2_mul(a, c), f64x2_mul(b, d)]
    }

    #[inline(always)]
    pub(super) fn subtract([a, b]: Registers, [c, d]: Registers) -> Registers {
        [f64x2_sub(a, c), f64x2_sub(b, d)]
    }

    #[inline(always)]
    pub(super) fn or_zero(registers: Registers) -> Registers {
        registers.map(|numbers| v128_and(numbers, f64x2_eq(numbers, numbers)))
    }

    #[inline(always)]
    pub(super) fn sum([low, high]: Registers) -> f64 {
        let halves = f64x2_add(low, high);
        f64x2_extract_lane::<0>(halves) + f64x2_extract_lane::<1>(halves)
    }

    #[inline(always)]
    pub(super) fn store(registers: Registers) -> [f64; 4] {
        bytemuck::cast(registers)
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
    pub(super) fn subtract([a, b, c, d]: Registers, [e, f, g, h]: Registers) -> Registers {
        [a - e, b - f, c - g, d - h]
    }

    #[inline(always)]
    pub(super) fn or_zero(registers: Registers) -> Registers {
        registers.map(|number| if number.is_nan() { 0.0 } else { number })
    }

    #[inline(always)]
    pub(super) fn sum([a, b, c, d]: Registers) -> f64 {
        (a + c) + (b + d)
    }

    #[inline(always)]
    pub(super) fn store(registers: Registers) -> [f64; 4] {
        registers
    }
}
