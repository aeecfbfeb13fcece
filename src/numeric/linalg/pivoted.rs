//! Cholesky's method with pivots, for matrices that are singular or nearly so
//! (Higham, "Analysis of the Cholesky decomposition of a semi-definite matrix", 1990).

use tepal_kernels::{Kernel, Vectors, dot_with, vectorized};

/// A factor L with L L' = A up to rounding, of as many columns as A has rank. The rows stand in A's order; those of the
/// pivots are a triangle.
#[derive(Debug)]
pub(crate) struct PivotedFactor {
    /// Row by row, each `order` long, of which the first `pivots.len()` are its own.
    rows: Vec<f64>,
    order: usize,
    pub(crate) pivots: Vec<usize>,
}

impl PivotedFactor {
    /// Factors the positive semidefinite matrix whose lower triangle, row by row, stands in `matrix`, until no more is left
    /// of any diagonal entry than rounding.
    pub(crate) fn new(matrix: &[f64], order: usize) -> Self {
        vectorized(Factor { matrix, order })
    }

    /// Its rows, one after the other.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.rows.chunks_exact(self.order.max(1)).map(|row| &row[..self.pivots.len()])
    }

    /// Solves P' x = b in place, where P is the triangle of the pivots' rows, in their order; `b` has as many numbers.
    pub(crate) fn solve_transposed(&self, b: &mut [f64]) {
        for (column, pivot) in self.pivots.iter().enumerate().rev() {
            let row = &self.rows[pivot * self.order..][..=column];
            b[column] /= row[column];
            let value = b[column];
            b.iter_mut().zip(&row[..column]).for_each(|(rest, factor)| *rest -= value * factor);
        }
    }
}

struct Factor<'a> {
    matrix: &'a [f64],
    order: usize,
}

impl Kernel for Factor<'_> {
    type Output = PivotedFactor;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> PivotedFactor {
        let Self { matrix, order } = self;
        let entry = |a: usize, b: usize| matrix[a.max(b) * order + a.min(b)];
        let mut rows = vec![0.0; order * order];
        let mut pivots = Vec::with_capacity(order);
        let mut open: Vec<usize> = (0..order).collect();
        // What is left of the diagonal.
        let mut rests: Vec<f64> = open.iter().map(|row| entry(*row, *row)).collect();
        let negligible = order as f64 * f64::EPSILON * rests.iter().copied().fold(0.0, f64::max);
        while let Some(place) = (0..open.len()).max_by(|a, b| rests[open[*a]].total_cmp(&rests[open[*b]])) {
            let (pivot, column) = (open[place], pivots.len());
            if rests[pivot].is_nan() || rests[pivot] <= negligible {
                break;
            }
            open.swap_remove(place);
            pivots.push(pivot);
            let root = rests[pivot].sqrt();
            let pivot_row = rows[pivot * order..][..column].to_vec();
            rows[pivot * order + column] = root;
            for row in &open {
                let factors = &mut rows[row * order..][..=column];
                let value = (entry(*row, pivot) - dot_with(vectors, &factors[..column], &pivot_row)) / root;
                factors[column] = value;
                rests[*row] -= value * value;
            }
        }
        PivotedFactor { rows, order, pivots }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::dot;

    /// The products of `order` rows of `width` numbers.
    fn gram(order: usize, width: usize) -> Vec<f64> {
        let number = |i: usize| ((i * i * i + 5 * i) % 97) as f64 / 10.0 - 4.8;
        let rows: Vec<Vec<f64>> =
            (0..order).map(|row| (0..width).map(|column| number(row * width + column)).collect()).collect();
        rows.iter().flat_map(|a| rows.iter().map(|b| dot(a, b))).collect()
    }

    #[test]
    fn the_factor_has_the_products_and_the_rank_of_the_matrix() {
        for (order, width) in [(1, 1), (5, 9), (9, 5), (12, 3), (7, 7)] {
            let matrix = gram(order, width);
            let factor = PivotedFactor::new(&matrix, order);
            assert_eq!(factor.pivots.len(), order.min(width), "{order} rows of {width}");
            let rows: Vec<&[f64]> = factor.rows().collect();
            for (i, a) in rows.iter().enumerate() {
                for (j, b) in rows.iter().enumerate() {
                    assert!((dot(a, b) - matrix[i * order + j]).abs() < 1e-10, "{order} rows of {width}: {i}, {j}");
                }
            }
        }
        assert_eq!(PivotedFactor::new(&[0.0; 9], 3).pivots.len(), 0);
    }

    #[test]
    fn a_solution_of_the_pivots_triangle_satisfies_its_equations() {
        let factor = PivotedFactor::new(&gram(9, 5), 9);
        let b = [1.0, -2.0, 0.5, 3.0, 1.5];
        let mut x = b;
        factor.solve_transposed(&mut x);
        let rows: Vec<&[f64]> = factor.rows().collect();
        for (column, expected) in b.iter().enumerate() {
            let found: f64 = factor.pivots.iter().zip(x).map(|(pivot, x)| rows[*pivot][column] * x).sum();
            assert!((found - expected).abs() < 1e-11, "{found} instead of {expected}");
        }
    }
}
