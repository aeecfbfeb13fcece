//! Standard errors of coefficients, from the Hessian at the optimum: see [`StandardErrors`].

use super::derivatives::Derivatives;
use super::problem::LinearProblem;
use super::student::{NORMAL_95, student_95};
use crate::model::StandardErrors;
use crate::note::{Note, codes};
use crate::numeric::linalg::Cholesky;
use crate::numeric::{dot, sum};

/// The maximum fraction of a coefficient's information that the penalty may contribute. Above it the error is withheld.
const LIGHT: f64 = 0.05;

/// The maximum number of parameters for which the Hessian is summed and inverted.
pub(super) const MOST_PARAMETERS: usize = 200;

/// The standard errors at the optimum of a fit with one output, of `n_rows` rows.
pub(super) fn at_optimum(
    problem: &LinearProblem,
    parameters: &[f64],
    derivatives: &Derivatives,
    n_rows: usize,
) -> StandardErrors {
    let (width, penalties) = (problem.objective.width(), problem.objective.penalties());
    let Some(factor) = Cholesky::new(derivatives.hessian.clone(), width) else {
        return StandardErrors::withheld(Note::new(codes::REDUNDANT_COLUMNS, []));
    };
    let column = |index: usize| {
        let mut column = vec![0.0; width];
        column[index] = 1.0;
        factor.solve(&mut column);
        column
    };
    let inverse: Vec<Vec<f64>> = (0..width).map(column).collect();
    let penalty: Vec<f64> = penalties.iter().zip(parameters).map(|(l2, b)| 0.5 * l2 * b * b).collect();
    let (variance, critical_value) = match problem.objective.is_classification() {
        true => (1.0, NORMAL_95),
        // The loss is half the sum of squares.
        false => {
            let degrees = n_rows - width;
            (2.0 * (derivatives.loss - sum(&penalty)) / degrees as f64, student_95(degrees as u64))
        }
    };
    let error = |square: f64| Some((variance * square).sqrt()).filter(|error| error.is_finite());
    // 1 / inverse[i][i] is the information on a parameter with the others profiled out. The penalty's fraction of it
    // must be small.
    let is_light = |index: usize| inverse[index][index] * penalties[index] <= LIGHT;
    let intercept = usize::from(problem.intercept);
    let (mut errors, mut at_zero) = (Vec::new(), vec![0.0; width]);
    for (index, (_, column)) in problem.preprocessor.columns().enumerate() {
        let (shift, unit) = column.standardization(problem.intercept);
        errors.push(error(inverse[index][index] / (unit * unit)).filter(|_| is_light(index)));
        at_zero[index] = -shift / unit;
    }
    at_zero.iter_mut().skip(width - intercept).for_each(|weight| *weight = 1.0);
    let products = inverse.iter().zip(&at_zero).map(|(row, weight)| weight * dot(row, &at_zero));
    let square: f64 = products.sum();
    let all_light = errors.iter().all(Option::is_some);
    let intercept_error = error(square).filter(|_| intercept == 1 && all_light);
    StandardErrors {
        coefficients: errors,
        intercept: intercept_error,
        critical_value,
        withheld: (!all_light).then(|| Note::new(codes::PENALTY_DECIDES, [])),
    }
}
