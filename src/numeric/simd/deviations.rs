//! How far the numbers of columns are from their means, eight columns at a time.

use tepal_kernels::{Kernel, LANES, Lanes, Vectors, vectorized};

/// Adds to `sums` and to `squares` each column's deviations from its mean and their squares, times the weight of the
/// row, row after row. The rows stand side by side; with no weights each counts once. NaN counts nothing.
pub(crate) fn add_deviations(rows: &[f64], weights: &[f64], means: &[f64], sums: &mut [f64], squares: &mut [f64]) {
    vectorized(Deviations { rows, weights, means, sums, squares });
}

pub(super) struct Deviations<'a> {
    pub(super) rows: &'a [f64],
    pub(super) weights: &'a [f64],
    pub(super) means: &'a [f64],
    pub(super) sums: &'a mut [f64],
    pub(super) squares: &'a mut [f64],
}

impl Kernel for Deviations<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { rows, weights, means, sums, squares } = self;
        for first in (0..means.len()).step_by(2 * LANES) {
            // Two vectors at a time, so that one's sums are not waited for.
            let at = [first, first + LANES];
            let centers = at.map(|at| Lanes::new(vectors, four(means, at)));
            let zero = Lanes::all(vectors, 0.0);
            let (mut sum, mut square) = ([zero; 2], [zero; 2]);
            for (index, row) in rows.chunks_exact(means.len()).enumerate() {
                let weight = Lanes::all(vectors, weights.get(index).copied().unwrap_or(1.0));
                for half in 0..2 {
                    let distance = Lanes::new(vectors, four(row, at[half])).minus(centers[half]).or(zero);
                    let weighted = weight.times(distance);
                    sum[half] = sum[half].plus(weighted);
                    square[half].add_product(weighted, distance);
                }
            }
            let add = |sums: &mut [f64], lanes: [Lanes<V>; 2]| {
                let numbers = lanes.into_iter().flat_map(Lanes::numbers);
                sums[first..].iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
            };
            add(sums, sum);
            add(squares, square);
        }
    }
}

/// Four numbers from `first` on, and NaN behind the last.
#[inline(always)]
fn four(numbers: &[f64], first: usize) -> [f64; LANES] {
    match numbers.get(first..).and_then(<[f64]>::first_chunk) {
        Some(numbers) => *numbers,
        None => std::array::from_fn(|lane| numbers.get(first + lane).copied().unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_sums_and_missing_numbers_count_nothing() {
        for width in 1..10 {
            let number = |row: usize, column: usize| match (row + column) % 5 {
                0 => f64::NAN,
                other => (other * row + column * column) as f64,
            };
            let rows: Vec<f64> = (0..7 * width).map(|index| number(index / width, index % width)).collect();
            let means: Vec<f64> = (0..width).map(|column| column as f64 - 2.0).collect();
            for weights in [vec![], (0..7).map(f64::from).collect::<Vec<f64>>()] {
                let (mut sums, mut squares) = (vec![1.0; width], vec![2.0; width]);
                add_deviations(&rows, &weights, &means, &mut sums, &mut squares);
                for column in 0..width {
                    let there = (0..7).filter(|row| !number(*row, column).is_nan());
                    let (mut sum, mut square) = (1.0, 2.0);
                    for row in there {
                        let weight = weights.get(row).unwrap_or(&1.0);
                        sum += weight * (number(row, column) - means[column]);
                        square += weight * (number(row, column) - means[column]).powi(2);
                    }
                    assert_eq!((sums[column], squares[column]), (sum, square), "column {column} of {width}");
                }
            }
        }
    }
}
