//! Weighted sums of prepared values: linear, logistic and multinomial regression.

use super::link::Link;
use super::score_parts::ScoreParts;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::{dot, sum};
use crate::preprocess::{PreparedColumn, Preprocessor};

/// One weighted sum per score: intercept plus the sum of coefficient times value.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Score after score, one coefficient per prepared column.
    pub coefficients: Vec<f64>,
    /// One per score: its value where every prepared value is 0.
    pub intercepts: Vec<f64>,
}

/// The coefficients of one score, one per prepared column: see [`Preprocessor::columns`].
#[derive(Debug, Clone, PartialEq)]
pub struct OutputCoefficients {
    /// The score where every column is at its mean over the training rows.
    pub intercept: f64,
    /// The score where every column is 0 on the scale of the table.
    pub original_intercept: f64,
    /// The change of the score for one standard deviation of a column.
    pub standardized: Vec<f64>,
    /// The change of the score for one unit of a number, or for a category against none.
    pub original: Vec<f64>,
}

impl Linear {
    /// The coefficients over prepared columns and the intercept of each score.
    pub fn outputs(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let width = self.coefficients.len() / self.intercepts.len().max(1);
        self.coefficients.chunks_exact(width.max(1)).zip(self.intercepts.iter().copied())
    }

    pub(super) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.outputs().map(|(coefficients, intercept)| dot(coefficients, prepared) + intercept));
    }

    /// A score is a sum over columns, so it parts without a remainder. With b the coefficient of a column, z its value in
    /// the row and m its mean over the training rows, the baseline is intercept + sum of b m. Each feature adds the sum of
    /// b (z - m) over its columns.
    pub(super) fn score_parts(&self, preprocessor: &Preprocessor, prepared: &[f64]) -> Vec<ScoreParts> {
        let parts = |(coefficients, intercept): (&[f64], f64)| {
            let mut contributions = vec![0.0; preprocessor.features().len()];
            let mut means = Vec::with_capacity(prepared.len());
            for (((feature, column), value), coefficient) in preprocessor.columns().zip(prepared).zip(coefficients) {
                let mean = column.scaling.apply(column.mean);
                means.push(coefficient * mean);
                contributions[feature] += coefficient * (value - mean);
            }
            ScoreParts { baseline: intercept + sum(&means), contributions, standard_errors: Vec::new() }
        };
        self.outputs().map(parts).collect()
    }

    /// The coefficients on both scales.
    ///
    /// On the original scale a coefficient is that of the prepared column over its scale, and the intercept gives up the
    /// sum of coefficient times center. On the standardized scale it is that times the standard deviation.
    pub fn coefficients(&self, preprocessor: &Preprocessor) -> Vec<OutputCoefficients> {
        let on_both_scales = |(coefficients, intercept): (&[f64], f64)| {
            let mut output = OutputCoefficients {
                intercept,
                original_intercept: intercept,
                standardized: Vec::with_capacity(coefficients.len()),
                original: Vec::with_capacity(coefficients.len()),
            };
            for (coefficient, (_, column)) in coefficients.iter().zip(preprocessor.columns()) {
                let PreparedColumn { scaling, mean, std_dev, .. } = column;
                output.standardized.push(coefficient * (std_dev / scaling.scale));
                output.original.push(coefficient / scaling.scale);
                output.intercept += coefficient * scaling.apply(*mean);
                output.original_intercept -= coefficient / scaling.scale * scaling.center;
            }
            output
        };
        self.outputs().map(on_both_scales).collect()
    }

    /// Per feature the largest change of a score for one standard deviation of one of its columns.
    pub(super) fn importance(&self, preprocessor: &Preprocessor) -> Vec<f64> {
        let mut importance = vec![0.0_f64; preprocessor.features().len()];
        for (coefficients, _) in self.outputs() {
            for (coefficient, (feature, column)) in coefficients.iter().zip(preprocessor.columns()) {
                let standardized = coefficient * (column.std_dev / column.scaling.scale);
                importance[feature] = importance[feature].max(standardized.abs());
            }
        }
        importance
    }

    pub(super) fn check(&self, preprocessor: &Preprocessor, link: Link) -> Result<()> {
        let invalid = |message: String| Err(Error::new(ErrorKind::InvalidModel, message));
        let (n_columns, n_scores) = (preprocessor.n_columns(), self.intercepts.len());
        if n_scores != link.n_scores() || matches!(link, Link::Shares { .. }) || n_columns == 0 {
            return invalid("the estimator does not fit the target".into());
        }
        if n_columns.checked_mul(n_scores) != Some(self.coefficients.len()) {
            let per_class = if n_scores > 1 { format!(" for each of {n_scores} classes") } else { String::new() };
            return invalid(format!("expected {n_columns} coefficients{per_class}, found {}", self.coefficients.len()));
        }
        if !self.coefficients.iter().chain(&self.intercepts).all(|number| number.is_finite()) {
            return invalid("expected finite coefficients".into());
        }
        let overflows = |output: &OutputCoefficients| {
            let intercepts = [output.intercept, output.original_intercept];
            let coefficients = output.original.iter().chain(&output.standardized);
            !intercepts.iter().chain(coefficients).all(|number| number.is_finite())
        };
        match self.coefficients(preprocessor).iter().any(overflows) {
            true => {
                let message = "the coefficients overflow on the original scale; rescale the columns";
                Err(Error::new(ErrorKind::NotFinite, message))
            }
            false => Ok(()),
        }
    }
}
