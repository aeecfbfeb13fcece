//! Loops that training spends its time in, compiled for every kind of vectors.

mod aligned;
mod columns;
mod deviations;
mod standardize;
#[cfg(not(target_arch = "wasm32"))]
pub mod timed;

pub(crate) use aligned::Aligned;
pub(crate) use columns::{Columns, Part, ROW_STEP, add_products, write_scores};
pub(crate) use deviations::add_deviations;
pub(crate) use standardize::Standardize;

#[cfg(test)]
mod tests {
    use super::deviations::Deviations;
    use super::*;
    use crate::numeric::elementary::LogSum;
    use tepal_kernels::{Kernel, Vectors, dot_with, with_every_kind};

    /// What kernels are made of, on 24 rows.
    #[derive(Clone)]
    struct Pieces(Vec<f64>);

    impl Kernel for Pieces {
        type Output = Vec<u64>;

        #[inline(always)]
        fn run<V: Vectors>(self, vectors: V) -> Vec<u64> {
            let (n_rows, numbers) = (24, self.0);
            let columns = Columns::new(&numbers, n_rows);
            let width = numbers.len() / n_rows;
            let mut square = vec![0.1; width * width];
            add_products(vectors, &mut square, columns, columns, Part::Whole);
            let mut scores = vec![0.0; n_rows * (width / 2)];
            write_scores(vectors, &mut scores, columns, &square[..width * (width / 2)]);
            let odds: Vec<f64> = numbers[..width].iter().map(|number| number.abs()).collect();
            let mut logarithms = LogSum::default();
            logarithms.add(vectors, &odds);
            let sums = [dot_with(vectors, &numbers, &square), logarithms.total()];
            // Some are missing, one of them with a sign.
            let rows: Vec<f64> = numbers.iter().map(|number| if *number > 3.0 { f64::NAN } else { *number }).collect();
            let rows = [&rows[..], &vec![-f64::NAN; width]].concat();
            let (mut distances, mut squares) = (vec![-0.0; width], vec![-0.0; width]);
            let (means, sums_of, squares_of) = (&numbers[..width], &mut distances, &mut squares);
            Deviations { rows: &rows, weights: &odds, means, sums: sums_of, squares: squares_of }.run(vectors);
            let (rows, columns, n) = (&rows, &mut vec![0.0; numbers.len() + width], width / 2);
            let (shifts, inverses, instead) = (&numbers[..n], &square[..n], &odds[..n]);
            let height = n_rows + 1;
            Standardize { shifts, inverses, instead, columns, height, rows, width, first: 1 }.run(vectors);
            let all = square.iter().chain(&scores).chain(&sums).chain(&distances).chain(&squares).chain(&*columns);
            all.map(|number| number.to_bits()).collect()
        }
    }

    #[test]
    fn all_kinds_of_vectors_give_the_same_bits() {
        for width in 2..19 {
            let pieces = Pieces((0..24 * width).map(|i| f64::from(i * 7 % 23 - 11) / 3.0).collect());
            let all = with_every_kind(&pieces);
            assert!(all.iter().all(|bits| *bits == all[0]), "width {width}");
        }
    }
}
