//! Fits by linfa-logistic and linfa-linear.
//!
//! linfa-logistic 0.8.1 sums the loss over rows and returns its best parameters without a reason for stopping. On some
//! tables they are far from the optimum. The answer is therefore a proposal, at which the minimizer starts and which
//! the certificate judges. linfa also calls the more frequent class positive, so the sign is read off its labels.

use super::Options;
use super::design::DesignBlock;
use super::objective::Objective;
use crate::dataset::{Dataset, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::ClassWeight;
use linfa::prelude::Fit as _;
use linfa_linear::LinearRegression;
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, Array2, s};

/// The answer of linfa.
pub(super) struct Proposal {
    /// Parameters of the design, in the layout of [`super::derivatives::Derivatives`]; the start where linfa failed.
    pub(super) parameters: Vec<f64>,
    pub(super) solver: &'static str,
}

/// The absolute tolerance of the gradient that linfa gets, per row.
const GRADIENT_PER_ROW: f64 = 1e-8;

/// # Errors
/// [`ErrorKind::InvalidOption`] for an option that linfa does not support, [`ErrorKind::LimitExceeded`].
pub(super) fn propose(
    dataset: &Dataset,
    objective: &Objective,
    blocks: &[&DesignBlock],
    l2: f64,
    options: &Options,
) -> Result<Proposal> {
    let unable = [
        (!dataset.weights().is_empty(), "sample weights"),
        (options.class_weight != ClassWeight::Equal, "class weights"),
        (!options.intercept, "a fit without an intercept"),
        (
            l2 > 0.0 && objective.units()[..objective.width() - 1].iter().any(|unit| *unit != 1.0),
            "a penalty on columns that are not standardized",
        ),
    ];
    if let Some((_, what)) = unable.iter().find(|(asked, _)| *asked) {
        let message = format!("the solver linfa is not made for {what}; choose newton or lbfgs");
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    let n_columns = objective.width() - 1;
    let mut rows = Vec::with_capacity(dataset.n_rows() * n_columns);
    for block in blocks {
        let with_intercept = block.to_rows().rows;
        with_intercept.chunks_exact(objective.width()).for_each(|row| rows.extend_from_slice(&row[..n_columns]));
    }
    let design = Array2::from_shape_vec((dataset.n_rows(), n_columns), rows)
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    let (fitted, solver) = match dataset.target() {
        Target::Classes { codes, .. } => {
            limits::check_product("rows times classes", dataset.n_rows(), objective.n_outputs(), limits::CELLS)?;
            (classes(design, codes, objective.n_outputs(), l2, options.max_iterations), "linfa-logistic")
        }
        Target::Numbers(targets) => {
            // The penalty adds a row for each feature.
            let n_rows = dataset.n_rows() + n_columns;
            limits::check_product("rows and features times features", n_rows, n_columns, limits::CELLS)?;
            (numbers(&design, targets, l2).map(|parameters| objective.to_design(parameters)), "linfa-linear")
        }
    };
    let finite = fitted.filter(|parameters| parameters.iter().all(|parameter| parameter.is_finite()));
    Ok(Proposal { parameters: finite.unwrap_or_else(|| objective.start()), solver })
}

fn classes(design: Array2<f64>, codes: &[usize], n_outputs: usize, l2: f64, max_iterations: u64) -> Option<Vec<f64>> {
    let tolerance = GRADIENT_PER_ROW * codes.len() as f64;
    let dataset = linfa::Dataset::new(design, Array1::from(codes.to_vec()));
    if n_outputs == 1 {
        let options = LogisticRegression::default().alpha(l2).max_iterations(max_iterations);
        let fitted = options.gradient_tolerance(tolerance).fit(&dataset).ok()?;
        // linfa calls the more frequent class positive, whatever its name.
        let sign = if fitted.labels().pos.class == 1 { 1.0 } else { -1.0 };
        return Some(fitted.params().iter().chain([&fitted.intercept()]).map(|parameter| sign * parameter).collect());
    }
    let options = MultiLogisticRegression::default().alpha(l2).max_iterations(max_iterations);
    let fitted = options.gradient_tolerance(tolerance).fit(&dataset).ok()?;
    // linfa keeps one column per class.
    let outputs = fitted.params().columns().into_iter().zip(fitted.intercept());
    Some(outputs.flat_map(|(column, intercept)| column.to_vec().into_iter().chain([*intercept])).collect())
}

/// The design's columns are centred, so the intercept is the mean of the targets.
///
/// The penalty enters as rows of sqrt(l2) times the identity with target 0 (Björck, "Numerical Methods for Least
/// Squares Problems", 1996, equation 2.7.3).
fn numbers(design: &Array2<f64>, targets: &[f64], l2: f64) -> Option<Vec<f64>> {
    let (n_rows, n_columns) = design.dim();
    let mean = crate::numeric::sum(targets) / n_rows as f64;
    let n_penalties = if l2 > 0.0 { n_columns } else { 0 };
    if n_rows + n_penalties <= n_columns {
        return None;
    }
    let mut rows = Array2::zeros((n_rows + n_penalties, n_columns));
    rows.slice_mut(s![..n_rows, ..]).assign(design);
    rows.slice_mut(s![n_rows.., ..]).diag_mut().fill(l2.sqrt());
    let centred = targets.iter().map(|target| target - mean);
    let residuals: Array1<f64> = centred.chain(std::iter::repeat_n(0.0, n_penalties)).collect();
    let options = LinearRegression::new().with_intercept(false);
    let fitted = options.fit(&linfa::Dataset::new(rows, residuals)).ok()?;
    Some(fitted.params().iter().chain([&mean]).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One feature that rises with the class of code 1.
    fn fitted_slope(codes: &[usize]) -> f64 {
        let design = Array2::from_shape_fn((codes.len(), 1), |(row, _)| 3.0 * codes[row] as f64 + (row % 3) as f64);
        classes(design, codes, 1, 1.0, 1000).unwrap()[0]
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
            let parameters = numbers(&design, &targets, l2).unwrap();
            assert!((parameters[0] - expected).abs() < 1e-14, "l2 {l2}: {parameters:?}");
            assert_eq!(parameters[1], 9.0);
        }
    }
}
