//! The kernels by name, for benches/kernels.rs, which is another crate.

use super::{Columns, Part, add_products, write_scores};
use crate::numeric::elementary::{LogSum, exp_of_negative, ln_1p};
use crate::numeric::linalg::Cholesky;
use tepal_kernels::{Kernel, Vectors, vectorized};

/// Writes the scores of 64 rows, column by column, at `parameters`, output by output.
pub fn scores(columns: &[f64], parameters: &[f64], scores: &mut [f64]) {
    struct Scores<'a>(&'a [f64], &'a [f64], &'a mut [f64]);
    impl Kernel for Scores<'_> {
        type Output = ();

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) {
            write_scores(vectors, self.2, Columns::new(self.0, 64), self.1);
        }
    }
    vectorized(Scores(columns, parameters, scores));
}

/// Adds the products of the columns of `a` with those of `b`, 64 rows each.
pub fn products(sums: &mut [f64], a: &[f64], b: &[f64]) {
    struct Products<'a>(&'a mut [f64], &'a [f64], &'a [f64]);
    impl Kernel for Products<'_> {
        type Output = ();

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) {
            add_products(vectors, self.0, Columns::new(self.1, 64), Columns::new(self.2, 64), Part::Whole);
        }
    }
    vectorized(Products(sums, a, b));
}

/// Adds the squares of 64 rows, column by column, to the lower triangle of `square`.
pub fn rank_update(square: &mut [f64], columns: &[f64]) {
    struct RankUpdate<'a>(&'a mut [f64], &'a [f64]);
    impl Kernel for RankUpdate<'_> {
        type Output = ();

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) {
            add_products(vectors, self.0, Columns::new(self.1, 64), Columns::new(self.1, 64), Part::Lower);
        }
    }
    vectorized(RankUpdate(square, columns));
}

/// Solves `matrix` x = `b` by Cholesky's method; false when it has no factor.
pub fn cholesky(matrix: Vec<f64>, b: &mut [f64]) -> bool {
    Cholesky::new(matrix, b.len()).map(|factor| factor.solve(b)).is_some()
}

/// exp(x) in place, for numbers of at most 0.
pub fn exponentials(values: &mut [f64]) {
    struct Exponentials<'a>(&'a mut [f64]);
    impl Kernel for Exponentials<'_> {
        type Output = ();

        #[inline(always)]
        fn run<V: Vectors>(self, _: V) {
            self.0.iter_mut().for_each(|value| *value = exp_of_negative(*value));
        }
    }
    vectorized(Exponentials(values));
}

/// ln(1 + x) in place, for numbers of at least 0.
pub fn logarithms(values: &mut [f64]) {
    struct Logarithms<'a>(&'a mut [f64]);
    impl Kernel for Logarithms<'_> {
        type Output = ();

        #[inline(always)]
        fn run<V: Vectors>(self, _: V) {
            self.0.iter_mut().for_each(|value| *value = ln_1p(*value));
        }
    }
    vectorized(Logarithms(values));
}

/// The sum of ln(1 + x) over numbers of at least 0, 64 at a time.
pub fn sum_of_logarithms(values: &[f64]) -> f64 {
    struct SumOfLogarithms<'a>(&'a [f64]);
    impl Kernel for SumOfLogarithms<'_> {
        type Output = f64;

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> f64 {
            let mut sum = LogSum::default();
            for numbers in self.0.chunks(64) {
                sum.add(vectors, numbers);
            }
            sum.total()
        }
    }
    vectorized(SumOfLogarithms(values))
}

/// Softmax in place of rows of `n_classes` scores.
pub fn softmax(scores: &mut [f64], n_classes: usize) {
    scores.chunks_exact_mut(n_classes).for_each(crate::numeric::softmax);
}
