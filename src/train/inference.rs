//! How sure the coefficients are.

#[cfg(feature = "train")]
use super::{
    evaluation::Evaluation,
    rows::Prepared,
    student::{NORMAL_95, student_95},
};
#[cfg(feature = "train")]
use crate::arithmetic::{Cholesky, dot, sum};

/// Standard errors of a model's coefficients, from the curvature of the loss at the fit.
///
/// They are those of maximum likelihood: the roots of the diagonal of the inverse matrix of second derivatives (of least
/// squares, times the residual variance with divisor n - parameters), on the scale of the table. Where a penalty takes part
/// they say how far chance moves the penalized answer's likelihood, and are withheld where it decides too much.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inference {
    /// Per prepared column the standard error of its coefficient on the original scale; `None` where it is withheld.
    pub errors: Vec<Option<f64>>,
    /// That of the intercept on the original scale.
    pub intercept_error: Option<f64>,
    /// How many standard errors a 95 % interval reaches to either side: 1.96 for classes, and for a regression, whose
    /// variance is estimated too, Student's t at n - parameters degrees of freedom. 0 where there are no errors.
    pub reach: f64,
    /// Why errors are withheld, where some are.
    pub withheld: Option<String>,
}

impl Inference {
    /// The 95 % interval of a coefficient that has this error.
    pub fn interval(&self, coefficient: f64, error: f64) -> (f64, f64) {
        (coefficient - self.reach * error, coefficient + self.reach * error)
    }
}

/// The part of what is known of a coefficient that the penalty may give before its error is withheld.
#[cfg(feature = "train")]
const LIGHT: f64 = 0.05;

#[cfg(feature = "train")]
impl Inference {
    /// The most parameters that a square of second derivatives is summed and inverted for.
    pub(super) const MOST_PARAMETERS: usize = 200;

    /// No errors, for a reason.
    pub(super) fn withheld(reason: &str) -> Self {
        Self { withheld: Some(reason.to_owned()), ..Self::default() }
    }

    /// The errors at the optimum of a fit with one output.
    pub(super) fn of(prepared: &Prepared, parameters: &[f64], evaluation: &Evaluation, n_rows: usize) -> Self {
        let (width, penalties) = (prepared.objective.width(), prepared.objective.penalties());
        let Some(factor) = Cholesky::new(evaluation.curvature.clone(), width) else {
            return Self::withheld(
                "some columns tell nothing beside the others, so that chance moves their coefficients freely",
            );
        };
        let column = |index: usize| {
            let mut column = vec![0.0; width];
            column[index] = 1.0;
            factor.solve(&mut column);
            column
        };
        let inverse: Vec<Vec<f64>> = (0..width).map(column).collect();
        let penalty: Vec<f64> = penalties.iter().zip(parameters).map(|(l2, b)| 0.5 * l2 * b * b).collect();
        let (variance, reach) = match prepared.objective.is_classification() {
            true => (1.0, NORMAL_95),
            // The loss is half the sum of squares.
            false => {
                let degrees = n_rows - width;
                (2.0 * (evaluation.loss - sum(&penalty)) / degrees as f64, student_95(degrees as u64))
            }
        };
        let error = |square: f64| Some((variance * square).sqrt()).filter(|error| error.is_finite());
        // The part of its curvature that is the penalty's, once the other parameters have had their say.
        let is_light = |index: usize| inverse[index][index] * penalties[index] <= LIGHT;
        let intercept = usize::from(prepared.intercept);
        let (mut errors, mut at_zero) = (Vec::new(), vec![0.0; width]);
        for (index, (_, column)) in prepared.preprocessor.columns().enumerate() {
            let (shift, unit) = column.standardization(prepared.intercept);
            errors.push(error(inverse[index][index] / (unit * unit)).filter(|_| is_light(index)));
            at_zero[index] = -shift / unit;
        }
        at_zero.iter_mut().skip(width - intercept).for_each(|weight| *weight = 1.0);
        let products = inverse.iter().zip(&at_zero).map(|(row, weight)| weight * dot(row, &at_zero));
        let square: f64 = products.sum();
        let all_light = errors.iter().all(Option::is_some);
        let intercept_error = error(square).filter(|_| intercept == 1 && all_light);
        let reason = "the penalty decides more than a twentieth of some coefficients, whose errors would look too small; \
                      fit with l2 0, and categories without their first, for all of them";
        Self { errors, intercept_error, reach, withheld: (!all_light).then(|| reason.to_owned()) }
    }
}
