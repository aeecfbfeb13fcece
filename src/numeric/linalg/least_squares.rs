//! Least squares of rows whose scales lie far apart.

use crate::numeric::dot;
use crate::numeric::elementary::largest;
use crate::numeric::order::sorted_positions;

/// The x with the least |rows x - right|, by Householder reflections with pivoting of columns, the largest rows first: so
/// it is accurate row by row, where normal equations would lose the small rows (Cox and Higham, "Stability of Householder QR
/// factorization for weighted least squares problems", 1998). `rows` has `width` numbers a row, and a row or more for each of
/// them. `None` where the columns are not independent.
pub(crate) fn least_squares(rows: &[f64], width: usize, right: &[f64]) -> Option<Vec<f64>> {
    let n_rows = right.len();
    let size = |row: usize| largest(&rows[row * width..][..width]);
    let order = sorted_positions(n_rows, &|a, b| size(b).total_cmp(&size(a)));
    // Column by column, so that reflections run along slices.
    let mut columns: Vec<Vec<f64>> =
        (0..width).map(|column| order.iter().map(|row| rows[row * width + column]).collect()).collect();
    let mut right: Vec<f64> = order.iter().map(|row| right[*row]).collect();
    let mut pivots: Vec<usize> = (0..width).collect();
    for step in 0..width {
        let length = |columns: &[Vec<f64>], at: usize| dot(&columns[at][step..], &columns[at][step..]);
        let longest = (step..width).max_by(|a, b| length(&columns, *a).total_cmp(&length(&columns, *b)))?;
        columns.swap(step, longest);
        pivots.swap(step, longest);
        let norm = length(&columns, step).sqrt();
        if norm == 0.0 || !norm.is_finite() {
            return None;
        }
        let mut reflector = columns[step][step..].to_vec();
        let diagonal = if reflector[0] > 0.0 { -norm } else { norm };
        reflector[0] -= diagonal;
        let half = 0.5 * dot(&reflector, &reflector);
        let reflect = |vector: &mut [f64]| {
            let along = dot(&reflector, vector) / half;
            vector.iter_mut().zip(&reflector).for_each(|(entry, part)| *entry -= along * part);
        };
        columns[step + 1..].iter_mut().for_each(|column| reflect(&mut column[step..]));
        reflect(&mut right[step..]);
        columns[step][step] = diagonal;
    }
    let mut solution = vec![0.0; width];
    for step in (0..width).rev() {
        let rest =
            (step + 1..width).fold(right[step], |rest, later| rest - columns[later][step] * solution[pivots[later]]);
        solution[pivots[step]] = rest / columns[step][step];
    }
    solution.iter().all(|entry| entry.is_finite()).then_some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_rows_count_beside_large_ones() {
        // 1e10 (x + y) = 2e10 fixes the sum, and the small rows the difference.
        let rows = [1e-6, -1e-6, 1e10, 1e10, 1e-6, -1e-6];
        let solution = least_squares(&rows, 2, &[3e-6, 2e10, 1e-6]).unwrap();
        assert!((solution[0] - 2.0).abs() < 1e-9 && solution[1].abs() < 1e-9, "{solution:?}");
        assert!(least_squares(&[1.0, 2.0, 2.0, 4.0], 2, &[1.0, 1.0]).is_none_or(|found| found[0].abs() > 1e10));
        assert!(least_squares(&[0.0, 0.0], 1, &[1.0, 1.0]).is_none());
    }
}
