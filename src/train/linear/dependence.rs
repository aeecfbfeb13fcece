//! Columns that are linear combinations of others, and the solution of least norm among the equivalent ones.

use crate::numeric::dot;
use crate::numeric::linalg::{Cholesky, least_squares};

/// The independent columns I and the dependent columns D of a design: D = I T, up to rounding.
#[derive(Debug, Clone)]
pub(super) struct Dependence {
    independent: Vec<usize>,
    pub(super) dependent: Vec<usize>,
    /// For each dependent column its combination of the independent ones.
    combinations: Vec<Vec<f64>>,
}

/// The residual of a column's squared length, per column of the design, at which the column counts as a combination of
/// those before it. It is 45 times the rounding of a sum of squares.
pub(super) const DEPENDENT: f64 = 1e-14;
/// The residual, per column of the design, at which a column counts as nearly a combination: it differs from one by a
/// millionth of its deviation.
pub(super) const NEARLY_DEPENDENT: f64 = 1e-12;

impl Dependence {
    /// Finds the columns of a design that are linear combinations of columns before them: those whose pivot in a
    /// Cholesky factorization is 0, up to rounding. `gram` is the Gram matrix, of which the lower triangle is valid,
    /// row by row; a pivot counts as 0 at `tolerance` of the column's squared length, per column of the design. `None` when all
    /// columns are independent. With `intercept` the last column comes before all others.
    pub(super) fn of(gram: &[f64], width: usize, intercept: bool, tolerance: f64) -> Option<Self> {
        let order = intercept.then_some(width - 1).into_iter().chain(0..width - usize::from(intercept));
        let entry = |a: usize, b: usize| gram[a.max(b) * width + a.min(b)];
        let (mut independent, mut dependent): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut factor: Vec<Vec<f64>> = Vec::new();
        for column in order {
            let mut row: Vec<f64> = Vec::with_capacity(independent.len() + 1);
            for (earlier, lower) in independent.iter().zip(&factor) {
                let rest = entry(column, *earlier) - dot(&row, &lower[..row.len()]);
                row.push(rest / lower[row.len()]);
            }
            let length = entry(column, column);
            let rest = length - dot(&row, &row);
            if rest <= tolerance * width as f64 * length {
                dependent.push(column);
            } else {
                row.push(rest.sqrt());
                factor.push(row);
                independent.push(column);
            }
        }
        if dependent.is_empty() {
            return None;
        }
        let order = independent.len();
        let square = independent.iter().flat_map(|a| independent.iter().map(|b| entry(*a, *b))).collect();
        let factor = Cholesky::new(square, order)?;
        let combination = |column: &usize| {
            let mut products: Vec<f64> = independent.iter().map(|other| entry(*column, *other)).collect();
            factor.solve(&mut products);
            products
        };
        let combinations = dependent.iter().map(combination).collect();
        Some(Self { independent, dependent, combinations })
    }

    /// Spreads the coefficients of one output over all columns; those of the dependent columns are 0 before. Every row
    /// keeps its score, and the sum of (unit * coefficient)^2 is minimal. A unit of 0 (the intercept's) does not count.
    ///
    /// Let b be the coefficients and D = I T. The coefficients d of the dependent columns solve (1 + T'T) d = T'b in
    /// those units.
    pub(super) fn spread(&self, coefficients: &mut [f64], units: &[f64]) -> Option<()> {
        let n_dependent = self.dependent.len();
        // T in those units.
        let scaled: Vec<Vec<f64>> = self
            .dependent
            .iter()
            .zip(&self.combinations)
            .map(|(column, combination)| {
                let terms = combination.iter().zip(&self.independent);
                terms.map(|(term, other)| term * units[*other] / units[*column]).collect()
            })
            .collect();
        let start: Vec<f64> = self.independent.iter().map(|column| coefficients[*column] * units[*column]).collect();
        let mut square: Vec<f64> = scaled.iter().flat_map(|a| scaled.iter().map(|b| dot(a, b))).collect();
        (0..n_dependent).for_each(|index| square[index * (n_dependent + 1)] += 1.0);
        let mut spread: Vec<f64> = scaled.iter().map(|combination| dot(combination, &start)).collect();
        let spread = match Cholesky::new(square, n_dependent) {
            Some(factor) => {
                factor.solve(&mut spread);
                spread
            }
            // The 1 is lost beside units that lie far apart.
            None => self.spread_by_rows(coefficients, units)?,
        };
        for ((column, combination), value) in self.dependent.iter().zip(&self.combinations).zip(spread) {
            let value = value / units[*column];
            coefficients[*column] = value;
            for (other, term) in self.independent.iter().zip(combination) {
                coefficients[*other] -= term * value;
            }
        }
        Some(())
    }

    /// The same d, in units of its own, as the least squares of b - T d beside d.
    fn spread_by_rows(&self, coefficients: &[f64], units: &[f64]) -> Option<Vec<f64>> {
        let n_dependent = self.dependent.len();
        let (mut rows, mut right) = (Vec::new(), Vec::new());
        for (at, column) in self.independent.iter().enumerate() {
            rows.extend(self.combinations.iter().map(|combination| combination[at] * units[*column]));
            right.push(coefficients[*column] * units[*column]);
        }
        for (at, column) in self.dependent.iter().enumerate() {
            rows.extend((0..n_dependent).map(|other| if other == at { units[*column] } else { 0.0 }));
            right.push(0.0);
        }
        let spread = least_squares(&rows, n_dependent, &right)?;
        Some(spread.iter().zip(&self.dependent).map(|(value, column)| value * units[*column]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gram(columns: &[Vec<f64>]) -> Vec<f64> {
        columns.iter().flat_map(|a| columns.iter().map(|b| dot(a, b))).collect()
    }

    #[test]
    fn sums_and_multiples_of_columns_are_found() {
        let (a, b) = (vec![1.0, -1.0, 3.0, -3.0, 0.0], vec![2.0, 0.0, -1.0, 1.0, -2.0]);
        let sum = a.iter().zip(&b).map(|(a, b)| 0.3 * a - 7.0 * b).collect();
        let own = vec![0.0, 1.0, -1.0, 0.5, -0.5];
        let multiple = a.iter().map(|a| -1e6 * a).collect();
        let columns = [a, b, sum, own, multiple, vec![1.0; 5]];
        assert_eq!(Dependence::of(&gram(&columns), 6, true, DEPENDENT).unwrap().dependent, [2, 4]);
        assert!(Dependence::of(&gram(&columns[..2]), 2, false, DEPENDENT).is_none());
    }

    #[test]
    fn more_columns_than_rows_are_dependent() {
        let columns = [vec![1.0, -1.0], vec![2.0, 3.0], vec![-1.0, 5.0]];
        assert_eq!(Dependence::of(&gram(&columns), 3, false, DEPENDENT).unwrap().dependent, [2]);
    }

    #[test]
    fn the_least_norm_is_shared_between_equal_columns() {
        let column = vec![1.0, -2.0, 1.0, 4.0];
        let dependence = Dependence::of(&gram(&[column.clone(), column.clone(), column]), 3, false, DEPENDENT).unwrap();
        let mut coefficients = [6.0, 0.0, 0.0];
        dependence.spread(&mut coefficients, &[1.0, 1.0, 1.0]).unwrap();
        coefficients.iter().for_each(|coefficient| assert!((coefficient - 2.0).abs() < 1e-14, "{coefficient}"));
        // (u b)^2 + d^2 is least at b : d = 1 : u^2.
        let mut coefficients = [6.0, 0.0, 0.0];
        dependence.spread(&mut coefficients, &[2.0, 2.0, 1.0]).unwrap();
        assert!((coefficients[2] - 4.0 * coefficients[1]).abs() < 1e-13, "{coefficients:?}");
        assert!((coefficients.iter().sum::<f64>() - 6.0).abs() < 1e-13);
    }
}
