//! Numbers side by side, as vector units hold them.

use super::vectors::{LANES, Vectors};

/// Four numbers.
#[derive(Debug, Clone, Copy)]
pub struct Lanes<V: Vectors> {
    vectors: V,
    registers: V::Registers,
}

impl<V: Vectors> Lanes<V> {
    /// Four numbers side by side.
    #[inline(always)]
    pub fn new(vectors: V, numbers: [f64; LANES]) -> Self {
        Self { vectors, registers: vectors.load(numbers) }
    }

    /// What registers hold.
    #[inline(always)]
    pub(crate) fn of(vectors: V, registers: V::Registers) -> Self {
        Self { vectors, registers }
    }

    /// One number in every lane.
    #[inline(always)]
    pub fn all(vectors: V, number: f64) -> Self {
        Self::new(vectors, [number; LANES])
    }

    /// The products of up to three numbers, and zeros. Not by way of memory, from which a vector could not be loaded
    /// before the last of them was written.
    #[inline(always)]
    pub fn products(vectors: V, a: &[f64], b: &[f64]) -> Self {
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

    /// The sums.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        self.with(self.vectors.add(self.registers, other.registers))
    }

    /// The differences.
    #[inline(always)]
    pub fn minus(self, other: Self) -> Self {
        self.with(self.vectors.subtract(self.registers, other.registers))
    }

    /// The products.
    #[inline(always)]
    pub fn times(self, other: Self) -> Self {
        self.with(self.vectors.multiply(self.registers, other.registers))
    }

    /// The quotients.
    #[inline(always)]
    pub fn over(self, other: Self) -> Self {
        self.with(self.vectors.divide(self.registers, other.registers))
    }

    /// Without their signs.
    #[inline(always)]
    pub fn absolute(self) -> Self {
        self.with(self.vectors.absolute(self.registers))
    }

    /// Rounded towards zero.
    #[inline(always)]
    pub fn truncated(self) -> Self {
        self.with(self.vectors.truncate(self.registers))
    }

    /// `yes` where they are less than `than`, else `no`.
    #[inline(always)]
    pub fn select_less(self, than: Self, yes: Self, no: Self) -> Self {
        self.with(self.vectors.select_less(self.registers, than.registers, yes.registers, no.registers))
    }

    /// The larger of two numbers that are not NaN.
    #[inline(always)]
    pub fn larger(self, other: Self) -> Self {
        self.with(self.vectors.larger(self.registers, other.registers))
    }

    /// Zero where `sizes` are less than `than`, else the numbers, which are not negative.
    #[inline(always)]
    pub fn zero_where_less(self, sizes: Self, than: Self) -> Self {
        self.with(self.vectors.zero_where_less(self.registers, sizes.registers, than.registers))
    }

    /// Whether each is less than the other.
    #[inline(always)]
    pub fn are_less(self, than: Self) -> bool {
        self.vectors.are_less(self.registers, than.registers)
    }

    /// 1/2 to their power, of whole numbers from 0 to 1022.
    #[inline(always)]
    pub fn power_of_half(self) -> Self {
        self.with(self.vectors.power_of_half(self.registers))
    }

    /// A number of these, one of the others, and so on.
    #[inline(always)]
    pub fn interleaved(self, others: Self) -> [Self; 2] {
        let [low, high] = self.vectors.interleave(self.registers, others.registers);
        [self.with(low), self.with(high)]
    }

    /// Adds the products.
    #[inline(always)]
    pub fn add_product(&mut self, a: Self, b: Self) {
        *self = self.plus(a.times(b));
    }

    /// The numbers, and in place of NaN what stands there `instead`.
    #[inline(always)]
    pub fn or(self, instead: Self) -> Self {
        self.with(self.vectors.or(self.registers, instead.registers))
    }

    /// The first numbers of all rows, the second ones, and so on.
    #[inline(always)]
    pub fn transposed([a, b, c, d]: [Self; LANES]) -> [Self; LANES] {
        let columns = a.vectors.transpose([a.registers, b.registers, c.registers, d.registers]);
        [a.with(columns[0]), a.with(columns[1]), a.with(columns[2]), a.with(columns[3])]
    }

    /// As the processor holds them.
    #[inline(always)]
    pub(crate) fn registers(self) -> V::Registers {
        self.registers
    }

    /// The numbers one by one.
    #[inline(always)]
    pub fn numbers(self) -> [f64; LANES] {
        self.vectors.store(self.registers)
    }

    /// The sum, halves first.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        self.vectors.sum(self.registers)
    }
}
