//! Numbers side by side, as vector units hold them.
#![allow(dead_code, reason = "a build that only predicts multiplies and adds")]

use super::vectors::{LANES, Vectors};

/// Four numbers.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<V: Vectors> {
    vectors: V,
    registers: V::Registers,
}

impl<V: Vectors> Lanes<V> {
    #[inline(always)]
    pub(crate) fn new(vectors: V, numbers: [f64; LANES]) -> Self {
        Self { vectors, registers: vectors.load(numbers) }
    }

    /// One number in every lane.
    #[inline(always)]
    pub(crate) fn all(vectors: V, number: f64) -> Self {
        Self::new(vectors, [number; LANES])
    }

    /// The products of up to three numbers, and zeros. Not by way of memory, from which a vector could not be loaded
    /// before the last of them was written.
    #[inline(always)]
    pub(crate) fn products(vectors: V, a: &[f64], b: &[f64]) -> Self {
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
    pub(crate) fn plus(self, other: Self) -> Self {
        self.with(self.vectors.add(self.registers, other.registers))
    }

    #[inline(always)]
    pub(crate) fn minus(self, other: Self) -> Self {
        self.with(self.vectors.subtract(self.registers, other.registers))
    }

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        self.with(self.vectors.multiply(self.registers, other.registers))
    }

    #[inline(always)]
    pub(crate) fn add_product(&mut self, a: Self, b: Self) {
        *self = self.plus(a.times(b));
    }

    /// The numbers, and in place of NaN what stands there `instead`.
    #[inline(always)]
    pub(crate) fn or(self, instead: Self) -> Self {
        self.with(self.vectors.or(self.registers, instead.registers))
    }

    /// The first numbers of all rows, the second ones, and so on.
    #[inline(always)]
    pub(crate) fn transposed([a, b, c, d]: [Self; LANES]) -> [Self; LANES] {
        let columns = a.vectors.transpose([a.registers, b.registers, c.registers, d.registers]);
        [a.with(columns[0]), a.with(columns[1]), a.with(columns[2]), a.with(columns[3])]
    }

    #[inline(always)]
    pub(crate) fn numbers(self) -> [f64; LANES] {
        self.vectors.store(self.registers)
    }

    /// The sum, halves first.
    #[inline(always)]
    pub(crate) fn sum(self) -> f64 {
        self.vectors.sum(self.registers)
    }
}
