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
    for ([a, b, c, d, e, f, g, h], [p, q, r, s, t, u, v, w]) in eights_a.iter().zip(eights_b) {
        low.add_product(Lanes::new(vectors, [*a, *b, *c, *d]), Lanes::new(vectors, [*p, *q, *r, *s]));
        high.add_product(Lanes::new(vectors, [*e, *f, *g, *h]), Lanes::new(vectors, [*t, *u, *v, *w]));
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

/// The sums of products of some rows and some weights, which all have the length of `centers`. Each has the bits that it has
/// alone. With `CENTERED` the centers are subtracted from the rows first.
///
/// Four of the eight lanes are summed at a time, so that the partial sums of a tile stay in registers: twelve in WebAssembly,
/// which has sixteen.
#[inline(always)]
pub(crate) fn tile<V: Vectors, const R: usize, const W: usize, const CENTERED: bool>(
    vectors: V,
    rows: [&[f64]; R],
    centers: &[f64],
    weights: [&[f64]; W],
) -> [[f64; W]; R] {
    let mut low = half::<V, R, W, CENTERED, 0>(vectors, rows, centers, weights);
    let mut high = half::<V, R, W, CENTERED, 4>(vectors, rows, centers, weights);
    let first = centers.len() / SUM_LANES * SUM_LANES;
    let (rows, weights) = (rows.map(|row| &row[first..centers.len()]), weights.map(|row| &row[first..centers.len()]));
    let centers = &centers[first..];
    let mut sums = [[0.0; W]; R];
    for row in 0..R {
        let rest = minus(rows[row], if CENTERED { centers } else { &[0.0; SUM_LANES] });
        let rest = &rest[..centers.len()];
        for output in 0..W {
            let (low, high) = (&mut low[row][output], &mut high[row][output]);
            match (rest.split_first_chunk(), weights[output].split_first_chunk()) {
                (Some((a, rest_a)), Some((b, rest_b))) => {
                    low.add_product(Lanes::new(vectors, *a), Lanes::new(vectors, *b));
                    *high = high.plus(Lanes::products(vectors, rest_a, rest_b));
                }
                _ => *low = low.plus(Lanes::products(vectors, rest, weights[output])),
            }
            sums[row][output] = low.plus(*high).sum();
        }
    }
    sums
}

/// The last numbers of a row, fewer than eight, without their centers. Nothing is subtracted as +0, which changes no number.
#[inline(always)]
fn minus(rest: &[f64], centers: &[f64]) -> [f64; SUM_LANES] {
    let mut distances = [0.0; SUM_LANES];
    for ((distance, number), center) in distances.iter_mut().zip(rest).zip(centers) {
        *distance = number - center;
    }
    distances
}

/// The sums in four of the eight lanes, from `FIRST` on, without the last numbers that are fewer than eight.
#[inline(always)]
fn half<V: Vectors, const R: usize, const W: usize, const CENTERED: bool, const FIRST: usize>(
    vectors: V,
    rows: [&[f64]; R],
    centers: &[f64],
    weights: [&[f64]; W],
) -> [[Lanes<V>; W]; R] {
    let whole = centers.len() / SUM_LANES;
    let rows = rows.map(|row| &row.as_chunks::<SUM_LANES>().0[..whole]);
    let weights = weights.map(|row| &row.as_chunks::<SUM_LANES>().0[..whole]);
    let centers = &centers.as_chunks::<SUM_LANES>().0[..whole];
    let four = |eight: &[f64; SUM_LANES]| {
        Lanes::new(vectors, [eight[FIRST], eight[FIRST + 1], eight[FIRST + 2], eight[FIRST + 3]])
    };
    let mut sums = [[Lanes::all(vectors, 0.0); W]; R];
    for at in 0..whole {
        let weights = weights.map(|row| four(&row[at]));
        for row in 0..R {
            let mut numbers = four(&rows[row][at]);
            if CENTERED {
                numbers = numbers.minus(four(&centers[at]));
            }
            for output in 0..W {
                sums[row][output].add_product(numbers, weights[output]);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Kernel, vectorized};

    struct Tile<'a, const R: usize, const W: usize, const CENTERED: bool>([&'a [f64]; R], &'a [f64], [&'a [f64]; W]);

    impl<const R: usize, const W: usize, const CENTERED: bool> Kernel for Tile<'_, R, W, CENTERED> {
        type Output = [[f64; W]; R];

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> Self::Output {
            tile::<V, R, W, CENTERED>(vectors, self.0, self.1, self.2)
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
    fn tiles_have_the_bits_of_each_sum_alone() {
        let numbers: Vec<f64> = (0..600).map(|i| f64::from(i * 7919 % 1009) / 31.0 - 16.0).collect();
        for length in 0..67 {
            let part = |at: usize| &numbers[at * 67..][..length];
            let distances: Vec<Vec<f64>> =
                (0..2).map(|row| part(row).iter().zip(part(5)).map(|(x, c)| x - c).collect()).collect();
            let plain = [[2, 3, 4].map(|w| in_lanes(part(0), part(w))), [2, 3, 4].map(|w| in_lanes(part(1), part(w)))];
            let centered = [0, 1].map(|row| [2, 3, 4].map(|w| in_lanes(&distances[row], part(w))));
            let (rows, weights) = ([part(0), part(1)], [part(2), part(3), part(4)]);
            assert_eq!(Tile::<2, 3, false>(rows, part(5), weights).run(Portable), plain, "{length}");
            assert_eq!(Tile::<2, 3, true>(rows, part(5), weights).run(Portable), centered, "{length}");
            assert_eq!(vectorized(Tile::<2, 3, false>(rows, part(5), weights)), plain, "{length}");
            assert_eq!(vectorized(Tile::<2, 3, true>(rows, part(5), weights)), centered, "{length}");
            assert_eq!(dot(part(0), part(2)), plain[0][0]);
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
