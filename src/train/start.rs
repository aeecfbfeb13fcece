//! Where a fit begins, or was stopped.

use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::{Preprocessor, Scaling};

/// A model's parameters on the original scale, where they do not depend on the rows they were found on: to go on with a
/// fit that was stopped, or to begin at the model of yesterday's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// Per output the coefficient of each feature, in the order of the table.
    pub coefficients: Vec<Vec<f64>>,
    /// Per output what is added when every feature is 0.
    pub intercepts: Vec<f64>,
}

impl Start {
    /// The parameters of a design, output by output, with an intercept at the end of each if there is one.
    pub(super) fn of_parameters(parameters: &[f64], preprocessor: &Preprocessor, intercept: bool) -> Self {
        let width = preprocessor.n_outputs() + usize::from(intercept);
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for output in parameters.chunks_exact(width) {
            let mut at_zero = if intercept { output[width - 1] } else { 0.0 };
            let mut standardized = output.iter();
            let original = preprocessor.scalings().iter().map(|scaling| match *scaling {
                Scaling::Constant => 0.0,
                Scaling::Standard { mean, deviation } => {
                    let coefficient = standardized.next().unwrap_or(&0.0) / deviation;
                    at_zero -= coefficient * mean;
                    coefficient
                }
            });
            coefficients.push(original.collect());
            intercepts.push(at_zero);
        }
        Self { coefficients, intercepts }
    }

    /// The other way round.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when the numbers of outputs or of features differ, [`ErrorKind::NotFinite`].
    pub(super) fn to_parameters(
        &self,
        preprocessor: &Preprocessor,
        intercept: bool,
        n_outputs: usize,
    ) -> Result<Vec<f64>> {
        let n_features = preprocessor.scalings().len();
        let refuse = |message: String| Err(Error::new(ErrorKind::WrongLength, message));
        if self.coefficients.len() != n_outputs || self.intercepts.len() != n_outputs {
            return refuse(format!("expected a start with {n_outputs} outputs, found {}", self.coefficients.len()));
        }
        let mut parameters = Vec::new();
        for (coefficients, at_zero) in self.coefficients.iter().zip(&self.intercepts) {
            if coefficients.len() != n_features {
                return refuse(format!("expected a start with {n_features} features, found {}", coefficients.len()));
            }
            let mut at_mean = *at_zero;
            for (coefficient, scaling) in coefficients.iter().zip(preprocessor.scalings()) {
                if let Scaling::Standard { mean, deviation } = *scaling {
                    at_mean += coefficient * mean;
                    parameters.push(coefficient * deviation);
                }
            }
            parameters.extend(intercept.then_some(at_mean));
        }
        match parameters.iter().find(|parameter| !parameter.is_finite()) {
            None => Ok(parameters),
            Some(parameter) => Err(Error::not_finite(*parameter)),
        }
    }
}
