//! Rows made standardized columns.

use super::columns::ROW_STEP;
use tepal_kernels::{Kernel, LANES, Lanes, Vectors};

/// Writes columns of (number - shift) * inverse, one for each shift, from numbers that stand side by side in rows.
pub(crate) struct Standardize<'a> {
    /// Per column.
    pub(crate) shifts: &'a [f64],
    pub(crate) inverses: &'a [f64],
    /// What stands for NaN.
    pub(crate) instead: &'a [f64],
    /// The columns, each at the beginning of `height` numbers.
    pub(crate) columns: &'a mut [f64],
    pub(crate) height: usize,
    /// The rows, side by side, and how many numbers each has.
    pub(crate) rows: &'a [f64],
    pub(crate) width: usize,
    /// Where in a row the first column's number stands.
    pub(crate) first: usize,
}

impl Kernel for Standardize<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { shifts, inverses, instead, columns, height, rows, width, first } = self;
        for (group, rows) in rows.chunks(ROW_STEP * width).enumerate() {
            let row = group * ROW_STEP;
            let whole = if rows.len() == ROW_STEP * width { shifts.len() - shifts.len() % LANES } else { 0 };
            for column in (0..whole).step_by(LANES) {
                let shift = Lanes::new(vectors, four(shifts, column));
                let inverse = Lanes::new(vectors, four(inverses, column));
                let instead = Lanes::new(vectors, four(instead, column));
                for half in 0..ROW_STEP / LANES {
                    let mut tile = [shift; LANES];
                    for (index, values) in tile.iter_mut().enumerate() {
                        let numbers = four(rows, (half * LANES + index) * width + first + column);
                        *values = Lanes::new(vectors, numbers).or(instead).minus(shift).times(inverse);
                    }
                    for (index, values) in Lanes::transposed(tile).into_iter().enumerate() {
                        let at = (column + index) * height + row + half * LANES;
                        columns[at..at + LANES].copy_from_slice(&values.numbers());
                    }
                }
            }
            for column in whole..shifts.len() {
                for (value, row) in columns[column * height + row..].iter_mut().zip(rows.chunks_exact(width)) {
                    let number = row[first + column];
                    let filled = if number.is_nan() { instead[column] } else { number };
                    *value = (filled - shifts[column]) * inverses[column];
                }
            }
        }
    }
}

#[inline(always)]
fn four(numbers: &[f64], first: usize) -> [f64; LANES] {
    let numbers = &numbers[first..first + LANES];
    [numbers[0], numbers[1], numbers[2], numbers[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use tepal_kernels::vectorized;

    #[test]
    fn columns_are_standardized_and_missing_numbers_filled() {
        for (n_rows, width, first, n_columns) in
            [(1, 1, 0, 1), (8, 4, 0, 4), (21, 9, 2, 7), (16, 6, 1, 5), (7, 4, 0, 4)]
        {
            let number = |row: usize, column: usize| match (row + 2 * column) % 5 {
                0 => f64::NAN,
                other => (other * row + column) as f64,
            };
            let rows: Vec<f64> = (0..n_rows * width).map(|index| number(index / width, index % width)).collect();
            let of_columns = |by: f64| (0..n_columns).map(|column| by * (column + 1) as f64).collect::<Vec<f64>>();
            let (shifts, inverses, instead) = (of_columns(0.3), of_columns(1.7), of_columns(-5.0));
            let height = n_rows + 3;
            let mut columns = vec![-1.0; height * n_columns];
            let (shifts, inverses, instead) = (&shifts[..], &inverses[..], &instead[..]);
            let written = &mut columns;
            vectorized(Standardize { shifts, inverses, instead, columns: written, height, rows: &rows, width, first });
            for (column, values) in columns.chunks_exact(height).enumerate() {
                for (row, value) in values[..n_rows].iter().enumerate() {
                    let number = number(row, first + column);
                    let filled = if number.is_nan() { instead[column] } else { number };
                    assert_eq!(*value, (filled - shifts[column]) * inverses[column], "row {row}, column {column}");
                }
                assert_eq!(values[n_rows..], [-1.0; 3]);
            }
        }
    }
}
