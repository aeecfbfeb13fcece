//! Numbers side by side, as vector units hold them.
#![cfg_attr(not(feature = "train"), allow(dead_code, reason = "a prediction only multiplies and adds"))]

use super::vectors::{LANES, Vectors};

/// Four numbers.
#[derive(Clone, Copy)]
pub(super) struct Lanes<V: Vectors> {
    vectors: V,
    registers: V::Registers,
}

impl<V: Vectors> Lanes<V> {
    #[inline(always)]
    pub(super) fn new(vectors: V, numbers: [f64; LANES]) -> Self {
        Self { vectors, registers: vectors.load(numbers) }
    }

    /// One number in every lane.
    #[inline(always)]
    pub(super) fn all(vectors: V, number: f64) -> Self {
        Self::new(vectors, [number; LANES])
    }

    /// The products of up to three numbers, and zeros. Not by way of memory, from which a vector could not be loaded
    /// before the last of them was written.
    #[inline(always)]
    pub(super) fn products(vectors: V, a: &[f64], b: &[f64]) -> Self {
        let products = match (a, b) {
            ([a, b, c, ..], [x, y, z, ..]) => [a * x, b * y, c * z, 0.0],
            ([a, b, ..], [x, y, ..]) => [a * x, b * y, 0.0, 0.0],
            ([a, ..], [x, ..]) => [a * x, 0.0, 0.0, 0.0],
            _ => [0.0; LANES],
        };
        Self::new(vectors, products)
    }

    #[inline(always)]
    fn with(self, registers: V::Registers) -> Self {
        Self { registers, ..self }
    }

    #[inline(always)]
    pub(super) fn plus(self, other: Self) -> Self {
        self.with(self.vectors.add(self.registers, other.registers))
    }

    #[inline(always)]
    pub(super) fn minus(self, other: Self) -> Self {
        self.with(self.vectors.subtract(self.registers, other.registers))
    }

    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        self.with(self.vectors.multiply(self.registers, other.registers))
    }

    #[inline(always)]
    pub(super) fn add_product(&mut self, a: Self, b: Self) {
        *self = self.plus(a.times(b));
    }

    /// 0 in place of NaN.
    #[cfg(feature = "train")]
    #[inline(always)]
    pub(super) fn or_zero(self) -> Self {
        self.with(self.vectors.or_zero(self.registers))
    }

    #[inline(always)]
    pub(super) fn numbers(self) -> [f64; LANES] {
        self.vectors.store(self.registers)
    }

    /// The sum, halves first.
    #[inline(always)]
    pub(super) fn sum(self) -> f64 {
        self.vectors.sum(self.registers)
    }
}
