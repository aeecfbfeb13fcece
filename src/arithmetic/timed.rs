//! The kernels by name, for benches/kernels.rs, which is another crate.

use super::{Cholesky, Kernel, Rows, add_lower_product, dot, exp_of_negative, ln_1p_of_unit, score_rows, vectorized};

/// The products of `a`'s rows, `width` numbers each, with `b`, one after the other.
pub fn row_dots(a: &[f64], b: &[f64]) -> f64 {
    struct RowDots<'a>(&'a [f64], &'a [f64]);
    impl Kernel for RowDots<'_> {
        type Output = f64;

        #[inline(always)]
        fn run(self) -> f64 {
            self.0.chunks_exact(self.1.len()).map(|row| dot(row, self.1)).sum()
        }
    }
    vectorized(RowDots(a, b))
}

/// The scores of `rows` at `outputs`, `width` numbers each; `transposed` are the outputs side by side.
pub fn scores(rows: &[f64], width: usize, outputs: &[f64], transposed: &[f64], scores: &mut [f64]) {
    struct Scores<'a>(&'a [f64], usize, &'a [f64], &'a [f64], &'a mut [f64]);
    impl Kernel for Scores<'_> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            let transposed = Rows::new(self.3, self.3.len() / self.1);
            score_rows(self.4, Rows::new(self.0, self.1), Rows::new(self.2, self.1), transposed);
        }
    }
    vectorized(Scores(rows, width, outputs, transposed, scores));
}

/// Adds the squares of `rows`, `width` numbers each, to the lower triangle of `square`.
pub fn rank_update(square: &mut [f64], rows: &[f64], width: usize) {
    struct RankUpdate<'a>(&'a mut [f64], &'a [f64], usize);
    impl Kernel for RankUpdate<'_> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            add_lower_product(self.0, Rows::new(self.1, self.2), Rows::new(self.1, self.2));
        }
    }
    vectorized(RankUpdate(square, rows, width));
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
        fn run(self) {
            self.0.iter_mut().for_each(|value| *value = exp_of_negative(*value));
        }
    }
    vectorized(Exponentials(values));
}

/// ln(1 + x) in place, for numbers from 0 to 1.
pub fn logarithms(values: &mut [f64]) {
    struct Logarithms<'a>(&'a mut [f64]);
    impl Kernel for Logarithms<'_> {
        type Output = ();

        #[inline(always)]
        fn run(self) {
            self.0.iter_mut().for_each(|value| *value = ln_1p_of_unit(*value));
        }
    }
    vectorized(Logarithms(values));
}

/// Softmax in place of rows of `n_classes` scores.
pub fn softmax(scores: &mut [f64], n_classes: usize) {
    scores.chunks_exact_mut(n_classes).for_each(super::softmax_in_place);
}
