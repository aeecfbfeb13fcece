//! Which columns least squares can tell apart.

use crate::arithmetic::dot;
use ndarray::ArrayView2;

/// What is left of a column, relative to its length, when it counts as a combination of those before it: rounding
/// leaves some 1e-15 times the number of columns, a measurement that is its own column leaves far more.
const DEPENDENT: f64 = 1e-10;

/// The positions of columns that are linear combinations of columns before them, by modified Gram-Schmidt with each
/// column orthogonalized twice (Björck, "Numerical Methods for Least Squares Problems", 1996, section 2.4.5).
/// The columns are expected centred, as the preprocessor leaves them.
pub(super) fn dependent_columns(design: ArrayView2<'_, f64>) -> Vec<usize> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut dependent = Vec::new();
    for (index, column) in design.columns().into_iter().enumerate() {
        let mut rest = column.to_vec();
        let length = dot(&rest, &rest).sqrt();
        for direction in basis.iter().chain(&basis) {
            let share = dot(&rest, direction);
            rest.iter_mut().zip(direction).for_each(|(value, part)| *value -= share * part);
        }
        let left = dot(&rest, &rest).sqrt();
        if left <= DEPENDENT * length {
            dependent.push(index);
        } else {
            rest.iter_mut().for_each(|value| *value /= left);
            basis.push(rest);
        }
    }
    dependent
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn sums_and_multiples_of_columns_are_found() {
        let a = [1.0, -1.0, 3.0, -3.0, 0.0];
        let b = [2.0, 0.0, -1.0, 1.0, -2.0];
        let rows = ndarray::Array2::from_shape_fn((5, 5), |(row, column)| match column {
            0 => a[row],
            1 => b[row],
            2 => 0.3 * a[row] - 7.0 * b[row],
            3 => [0.0, 1.0, -1.0, 0.5, -0.5][row],
            _ => -1e6 * a[row],
        });
        assert_eq!(dependent_columns(rows.view()), [2, 4]);
    }

    #[test]
    fn more_columns_than_rows_are_dependent() {
        assert_eq!(dependent_columns(array![[1.0, 2.0, -1.0], [-1.0, 3.0, 5.0]].view()), [2]);
    }
}
