//! Sums of products in eight lanes: the product at position i goes to lane i mod 8, in order, and the lanes are halved
//! three times. That order is part of the model file's contract.

use crate::lanes::Lanes;
use crate::vectors::{Portable, Vectors};

/// Partial sums kept side by side.
pub const SUM_LANES: usize = 8;

/// The sum of products of two slices of one length; of the shorter length if they differ.
#[inline(always)]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    dot_with(Portable, a, b)
}

/// The same inside a kernel.
#[inline(always)]
pub fn dot_with<V: Vectors>(vectors: V, a: &[f64], b: &[f64]) -> f64 {
    let length = a.len().min(b.len());
    let (eights_a, rest_a) = a[..length].as_chunks::<SUM_LANES>();
    let (eights_b, rest_b) = b[..length].as_chunks::<SUM_LANES>();
    let (mut low, mut high) = (Lanes::all(vectors, 0.0), Lanes::all(vectors, 0.0));
    for (a, b) in eights_a.iter().zip(eights_b) {
        let ([low_a, high_a], [low_b, high_b]) = (halves(vectors, a), halves(vectors, b));
        low.add_product(low_a, low_b);
        high.add_product(high_a, high_b);
    }
    match (rest_a.split_first_chunk(), rest_b.split_first_chunk()) {
        (Some((a, rest_a)), Some((b, rest_b))) => {
            low.add_product(Lanes::new(vectors, *a), Lanes::new(vectors, *b));
            high = high.plus(Lanes::products(vectors, rest_a, rest_b));
        }
        _ => low = low.plus(Lanes::products(vectors, rest_a, rest_b)),
    }
    low.plus(high).sum()
}

/// The sum of a slice.
#[inline(always)]
pub fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; SUM_LANES];
    let (whole, rest) = values.as_chunks::<SUM_LANES>();
    for x in whole {
        for lane in 0..SUM_LANES {
            lanes[lane] += x[lane];
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += x;
    }
    // Halved until one is left: the shuffle that vector units do.
    let [a, b, c, d] = [lanes[0] + lanes[4], lanes[1] + lanes[5], lanes[2] + lanes[6], lanes[3] + lanes[7]];
    (a + c) + (b + d)
}

/// Eight numbers of a row, one for each lane.
pub type Eight = [f64; SUM_LANES];

/// Eight numbers of four rows: one address leads to all of them. Aligned as lines of the cache are, since a vector in two
/// lines takes two loads.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub struct FourEights(pub [Eight; 4]);

/// The sums of products of four rows and some weights, four lanes in a vector.
#[inline(always)]
pub(crate) fn sums_by_halves<V: Vectors>(vectors: V, rows: &[FourEights], weights: &[Eight]) -> V::Registers {
    let (mut low, mut high) = ([Lanes::all(vectors, 0.0); 4], [Lanes::all(vectors, 0.0); 4]);
    for (FourEights(rows), weights) in rows.iter().zip(weights) {
        let [low_weights, high_weights] = halves(vectors, weights);
        for row in 0..4 {
            let [low_numbers, high_numbers] = halves(vectors, &rows[row]);
            low[row].add_product(low_numbers, low_weights);
            high[row].add_product(high_numbers, high_weights);
        }
    }
    fold_halves(vectors, [0, 1, 2, 3].map(|row| [low[row].registers(), high[row].registers()])).registers()
}

/// The sums of four rows from what is in their eight lanes.
#[inline(always)]
pub(crate) fn fold_halves<V: Vectors>(vectors: V, rows: [[V::Registers; 2]; 4]) -> Lanes<V> {
    let [a, b, c, d] = rows;
    let sum = |[low, high]: [V::Registers; 2]| Lanes::of(vectors, low).plus(Lanes::of(vectors, high));
    let [a, b, c, d] = Lanes::transposed([sum(a), sum(b), sum(c), sum(d)]);
    a.plus(c).plus(b.plus(d))
}

/// Both halves of eight numbers.
#[inline(always)]
pub(crate) fn halves<V: Vectors>(vectors: V, [a, b, c, d, e, f, g, h]: &Eight) -> [Lanes<V>; 2] {
    [Lanes::new(vectors, [*a, *b, *c, *d]), Lanes::new(vectors, [*e, *f, *g, *h])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Kernel, with_every_kind};

    #[derive(Clone)]
    struct FourSums<'a, const N: usize>(&'a [FourEights], [&'a [Eight]; N]);

    impl<const N: usize> Kernel for FourSums<'_, N> {
        type Output = [[f64; 4]; N];

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> Self::Output {
            vectors.four_sums(self.0, self.1).map(|sums| vectors.store(sums))
        }
    }

    /// As the contract says it.
    fn in_lanes(a: &[f64], b: &[f64]) -> f64 {
        let mut lanes = [0.0; SUM_LANES];
        a.iter().zip(b).enumerate().for_each(|(at, (a, b))| lanes[at % SUM_LANES] += a * b);
        let [a, b, c, d, e, f, g, h] = lanes;
        ((a + e) + (c + g)) + ((b + f) + (d + h))
    }

    #[test]
    fn four_sums_have_the_bits_of_each_alone() {
        let numbers: Vec<f64> = (0..600).map(|i| f64::from(i * 7919 % 1009) / 31.0 - 16.0).collect();
        for length in 0..67 {
            let part = |at: usize| &numbers[at * 67..][..length];
            let eight =
                |at: usize, of: usize| std::array::from_fn(|i| part(at).get(of * 8 + i).copied().unwrap_or(0.0));
            let rows: Vec<FourEights> =
                (0..length.div_ceil(8)).map(|of| FourEights([0, 1, 2, 3].map(|row| eight(row, of)))).collect();
            let weights = [4, 5].map(|at| (0..length.div_ceil(8)).map(|of| eight(at, of)).collect::<Vec<Eight>>());
            let alone = [4, 5].map(|at| [0, 1, 2, 3].map(|row| in_lanes(part(row), part(at))));
            for found in with_every_kind(&FourSums(&rows, [&weights[0], &weights[1]])) {
                assert_eq!(found, alone, "{length}");
            }
            for [found] in with_every_kind(&FourSums(&rows, [&weights[1]])) {
                assert_eq!(found, alone[1], "{length}");
            }
            assert_eq!(dot(part(0), part(4)), alone[0][0]);
        }
    }

    #[test]
    fn dot_and_sum_agree_with_plain_sums_on_whole_numbers() {
        // Whole numbers are summed without rounding, so the order cannot matter.
        for length in [0, 1, 7, 8, 9, 31, 64, 65] {
            let a: Vec<f64> = (0..length).map(|i| f64::from(i) - 3.0).collect();
            let b: Vec<f64> = (0..length).map(|i| f64::from(i * i % 11)).collect();
            assert_eq!(dot(&a, &b), a.iter().zip(&b).map(|(x, y)| x * y).sum::<f64>(), "length {length}");
            assert_eq!(sum(&a), a.iter().sum::<f64>(), "length {length}");
        }
    }
}
