//! Fits by linfa-logistic and linfa-linear.
//!
//! linfa-logistic 0.8.1 sums the loss over rows and returns its best parameters without saying why it stopped: on
//! some tables far from the optimum. Its answer is therefore a proposal that the caller certifies. It also calls the
//! more frequent class positive, so the sign is read off its labels.

use super::objective::Objective;
use crate::error::{Error, ErrorKind, Result};
use linfa::prelude::Fit as _;
use linfa_linear::LinearRegression;
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Array2, ArrayView2, s};

/// The relative gradient asked for at the first start, the one at which there is nothing left to gain, and how much
/// each start asks for more than the one before reached.
const FIRST_AIM: f64 = 1e-4;
const LAST_AIM: f64 = 1e-10;
const SHARPER: f64 = 1e-3;

/// The most starts: on tables where a start helps at all, a handful of them reach the limit of precision.
const MAX_STARTS: usize = 20;

/// Parameters in [`Objective`]'s layout that minimize the log loss of `codes` plus the penalty.
pub(super) fn fit_classes(
    design: &Array2<f64>,
    codes: &[usize],
    objective: &Objective<'_>,
    l2: f64,
    max_iterations: u64,
) -> Result<Vec<f64>> {
    let dataset = linfa::Dataset::new(design.clone(), Array1::from(codes.to_vec()));
    if objective.n_outputs() == 1 {
        let fit = |aim: f64, start: Option<&(Array1<f64>, f64)>| {
            let options = LogisticRegression::default()
                .alpha(l2)
                .max_iterations(max_iterations)
                .gradient_tolerance(objective.absolute_tolerance(aim));
            let options = match start {
                Some((start, _)) => options.initial_params(start.clone()),
                None => options,
            };
            let fitted = options.fit(&dataset).ok()?;
            // linfa calls the more frequent class positive, whatever its name.
            let sign = if fitted.labels().pos.class == 1 { 1.0 } else { -1.0 };
            let parameters = fitted.params().iter().copied().chain([fitted.intercept()]);
            Some((parameters.collect(), sign))
        };
        start_again(objective, fit, |(parameters, sign)| parameters.iter().map(|parameter| sign * parameter).collect())
    } else {
        let fit = |aim: f64, start: Option<&Array2<f64>>| {
            let options = MultiLogisticRegression::default()
                .alpha(l2)
                .max_iterations(max_iterations)
                .gradient_tolerance(objective.absolute_tolerance(aim));
            let options = match start {
                Some(start) => options.initial_params(start.clone()),
                None => options,
            };
            let fitted = options.fit(&dataset).ok()?;
            // linfa keeps one column per class, and takes the intercepts as the last row.
            let mut parameters = Array2::zeros((design.ncols() + 1, objective.n_outputs()));
            parameters.slice_mut(s![..-1, ..]).assign(fitted.params());
            parameters.slice_mut(s![-1, ..]).assign(fitted.intercept());
            Some(parameters)
        };
        start_again(objective, fit, |parameters| parameters.t().iter().copied().collect())
    }
}

/// Starts the solver again from where it stopped for as long as the relative gradient falls: a stop may be a line
/// search that lost its way, or a difference of losses below rounding, and a new start has neither in memory.
///
/// `fit` takes the relative gradient to aim at and its own last answer; `parameters` gives an answer in
/// [`Objective`]'s layout.
fn start_again<A>(
    objective: &Objective<'_>,
    fit: impl Fn(f64, Option<&A>) -> Option<A>,
    parameters: impl Fn(&A) -> Vec<f64>,
) -> Result<Vec<f64>> {
    let relative_gradient = |answer: &A| objective.certify(&parameters(answer), LAST_AIM).relative_gradient;
    let mut best = fit(FIRST_AIM, None).ok_or_else(|| refuse("linfa-logistic"))?;
    let mut reached = relative_gradient(&best);
    for _ in 1..MAX_STARTS {
        if reached <= LAST_AIM {
            break;
        }
        let Some(next) = fit((reached * SHARPER).max(LAST_AIM), Some(&best)) else { break };
        let next_reached = relative_gradient(&next);
        if next_reached >= reached {
            break;
        }
        (best, reached) = (next, next_reached);
    }
    Ok(parameters(&best))
}

/// Parameters in [`Objective`]'s layout that minimize half the squared error plus the penalty. The design's columns
/// are centred, so the intercept is the mean of the targets.
///
/// The penalty enters as rows of sqrt(l2) times the identity with target 0 (Björck, "Numerical Methods for Least
/// Squares Problems", 1996, equation 2.7.3).
pub(super) fn fit_numbers(design: ArrayView2<'_, f64>, targets: &[f64], l2: f64) -> Result<Vec<f64>> {
    let (n_rows, n_columns) = design.dim();
    let mean = crate::arithmetic::sum(targets) / n_rows as f64;
    let n_penalties = if l2 > 0.0 { n_columns } else { 0 };
    let mut rows = Array2::zeros((n_rows + n_penalties, n_columns));
    rows.slice_mut(s![..n_rows, ..]).assign(&design);
    rows.slice_mut(s![n_rows.., ..]).diag_mut().fill(l2.sqrt());
    let centred = targets.iter().map(|target| target - mean);
    let residuals: Array1<f64> = centred.chain(std::iter::repeat_n(0.0, n_penalties)).collect();
    let fitted = LinearRegression::new()
        .with_intercept(false)
        .fit(&linfa::Dataset::new(rows, residuals))
        .map_err(|_| refuse("linfa-linear"))?;
    Ok(fitted.params().iter().copied().chain([mean]).collect())
}

/// The solvers' own errors speak of their inner matrices, not of the user's table, and are left out.
pub(super) fn refuse(solver: &str) -> Error {
    let message = format!("{solver} found no fit for these rows; try a stronger l2 or fewer features");
    Error::new(ErrorKind::FitFailed, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Target;
    use crate::table::Labels;

    /// One feature that rises with the class of code 1.
    fn fitted_slope(codes: &[usize]) -> f64 {
        let design = Array2::from_shape_fn((codes.len(), 1), |(row, _)| 3.0 * codes[row] as f64 + (row % 3) as f64);
        let labels = Labels::from_text(vec!["a".into(), "b".into()]).unwrap();
        let target = Target::Classes { labels, codes: codes.to_vec() };
        let objective = Objective::new(design.view(), &target, 1.0);
        fit_classes(&design, codes, &objective, 1.0, 1000).unwrap()[0]
    }

    #[test]
    fn the_sign_is_that_of_the_second_class_whichever_is_rare() {
        // linfa calls the more frequent class positive, and on a tie the one it meets first.
        assert!(fitted_slope(&[0, 0, 0, 0, 0, 0, 0, 1, 0, 1]) > 0.0);
        assert!(fitted_slope(&[1, 1, 1, 1, 1, 1, 1, 0, 1, 0]) > 0.0);
        assert!(fitted_slope(&[1, 0, 0, 1, 1, 0]) > 0.0);
        assert!(fitted_slope(&[0, 1, 1, 0, 0, 1]) > 0.0);
    }

    #[test]
    fn ridge_shrinks_as_the_normal_equations_say() {
        // One centred column with x'x = 10 and x'y = 20: the coefficient is 20 / (10 + l2).
        let design = ndarray::array![[-2.0], [-1.0], [0.0], [1.0], [2.0]];
        let targets = [5.0, 7.0, 9.0, 11.0, 13.0];
        for (l2, expected) in [(0.0, 2.0), (10.0, 1.0), (30.0, 0.5)] {
            let parameters = fit_numbers(design.view(), &targets, l2).unwrap();
            assert!((parameters[0] - expected).abs() < 1e-14, "l2 {l2}: {parameters:?}");
            assert_eq!(parameters[1], 9.0);
        }
    }
}
