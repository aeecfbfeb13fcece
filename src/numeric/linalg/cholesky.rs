//! The Cholesky factor of a symmetric positive definite matrix, and what is solved with it
//! (Golub and Van Loan, "Matrix Computations", 4th edition, algorithms 4.2.1 and 3.1.1).

use tepal_kernels::{Kernel, Vectors, dot_with, vectorized};

/// A lower triangle L with L L' = A, row by row in a square, with the reciprocals of its diagonal instead of the diagonal:
/// products do not hold up the next row for as long as divisions.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    lower: Vec<f64>,
    order: usize,
}

impl Cholesky {
    /// Factors the matrix whose lower triangle, row by row, stands in `matrix`; `None` when it is not positive definite
    /// to working precision, or not finite.
    pub(crate) fn new(mut matrix: Vec<f64>, order: usize) -> Option<Self> {
        vectorized(Factor { matrix: &mut matrix, order })?;
        Some(Self { lower: matrix, order })
    }

    /// Solves A x = b in place.
    pub(crate) fn solve(&self, b: &mut [f64]) {
        vectorized(Solution { factor: self, b });
    }
}

struct Factor<'a> {
    matrix: &'a mut [f64],
    order: usize,
}

impl Kernel for Factor<'_> {
    type Output = Option<()>;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Option<()> {
        let Self { matrix, order } = self;
        // Column after column, since the entries of one do not wait for each other.
        for column in 0..order {
            let (above, below) = matrix.split_at_mut((column + 1) * order);
            let current = &mut above[column * order..][..=column];
            let diagonal = current[column];
            let rest = diagonal - dot_with(vectors, &current[..column], &current[..column]);
            // What is left of the diagonal must stand clear of the rounding of what was taken off.
            if rest.is_nan() || rest <= f64::EPSILON * diagonal || rest.is_infinite() {
                return None;
            }
            let inverse = 1.0 / rest.sqrt();
            current[column] = inverse;
            for row in below.chunks_exact_mut(order) {
                row[column] = (row[column] - dot_with(vectors, &row[..column], &current[..column])) * inverse;
            }
        }
        Some(())
    }
}

struct Solution<'a> {
    factor: &'a Cholesky,
    b: &'a mut [f64],
}

impl Kernel for Solution<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { factor: Cholesky { lower, order }, b } = self;
        let row = |index: usize| &lower[index * order..][..=index];
        for index in 0..*order {
            let (done, rest) = b.split_at_mut(index);
            rest[0] = (rest[0] - dot_with(vectors, done, row(index))) * row(index)[index];
        }
        for index in (0..*order).rev() {
            let (rest, done) = b.split_at_mut(index);
            done[0] *= row(index)[index];
            for (value, factor) in rest.iter_mut().zip(row(index)) {
                *value -= done[0] * factor;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::dot;

    #[test]
    fn a_solution_satisfies_its_equations() {
        for order in [1, 2, 5, 9, 20] {
            let b: Vec<f64> = (0..order * order).map(|i| ((i * 7 % 11) as f64 - 5.0) / 3.0).collect();
            // B'B + I is positive definite.
            let entry = |row: usize, column: usize| {
                (0..order).map(|r| b[r * order + row] * b[r * order + column]).sum::<f64>()
                    + f64::from(u8::from(row == column))
            };
            let matrix: Vec<f64> = (0..order * order).map(|i| entry(i / order, i % order)).collect();
            let expected: Vec<f64> = (0..order).map(|i| i as f64 - 2.0).collect();
            let mut x: Vec<f64> = matrix.chunks(order).map(|row| dot(row, &expected)).collect();
            Cholesky::new(matrix, order).unwrap().solve(&mut x);
            for (found, expected) in x.iter().zip(&expected) {
                assert!((found - expected).abs() < 1e-10, "order {order}: {found} against {expected}");
            }
        }
    }

    #[test]
    fn singular_indefinite_and_infinite_matrices_have_no_factor() {
        for matrix in [[1.0, 0.0, 1.0, 1.0], [1.0, 0.0, 2.0, 1.0], [-1.0, 0.0, 0.0, 1.0], [1.0, 0.0, f64::NAN, 1.0]] {
            assert!(Cholesky::new(matrix.to_vec(), 2).is_none(), "{matrix:?}");
        }
        assert!(Cholesky::new(vec![f64::INFINITY], 1).is_none());
    }
}
