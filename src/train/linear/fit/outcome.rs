//! The result of a fit.

use super::LinearFit;
use super::errors::{not_converged, overflow};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Certificate, ClassWeight, Estimator, FitRecord, Linear, LinearRecord, StandardErrors};
use crate::preprocess::PreparedColumn;
use crate::train::Fit;
use crate::train::linear::standard_errors::{self, MOST_PARAMETERS};

impl LinearFit {
    /// Returns the fit once every question was answered.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] with the figure, unless [`Options::accept_unconverged`]; [`ErrorKind::FitFailed`]
    /// when a parameter overflowed.
    pub(crate) fn finish(self) -> Result<Fit> {
        let Some(certificate) = self.certificate else {
            return Err(Error::new(ErrorKind::Internal, "the fit was not brought to its end"));
        };
        let figures = [certificate.relative_gradient, certificate.objective];
        if !self.answer.iter().chain(&figures).all(|number| number.is_finite()) {
            return Err(overflow());
        }
        let solver = match self.before {
            Some(before) if self.progress.round > 1 => format!("{before}, finished by {}", self.minimizer.name()),
            Some(before) => before.to_owned(),
            None => self.minimizer.name().to_owned(),
        };
        if !certificate.converged() && !self.options.accept_unconverged {
            return Err(not_converged(&certificate, &solver, self.progress.round));
        }
        let standard_errors = self.standard_errors(&certificate);
        let (width, intercept) = (self.problem.objective.width(), self.options.intercept);
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for output in self.answer.chunks_exact(width) {
            let mut at_zero = if intercept { output[width - 1] } else { 0.0 };
            let on_prepared_scale = |(parameter, (_, column)): (&f64, (usize, &PreparedColumn))| {
                let (shift, unit) = column.standardization(intercept);
                at_zero += parameter * ((column.scaling.center - shift) / unit);
                parameter * (column.scaling.scale / unit)
            };
            coefficients.extend(output.iter().zip(self.problem.preprocessor.columns()).map(on_prepared_scale));
            intercepts.push(at_zero);
        }
        let record = LinearRecord {
            l2: self.problem.l2,
            intercept,
            class_weight: self.options.class_weight,
            solver,
            iterations: self.progress.round,
            certificate,
            standard_errors,
        };
        Ok(Fit {
            schema: self.summary.schema,
            preprocessor: self.problem.preprocessor,
            preprocess: self.options.preprocess,
            estimator: Estimator::Linear(Linear { coefficients, intercepts }),
            record: FitRecord::Linear(record),
            weights: self.summary.weights,
            warnings: self.warnings,
            n_rows: self.summary.n_rows as u64,
            table_digest: self.summary.table_digest,
        })
    }

    fn standard_errors(&self, certificate: &Certificate) -> StandardErrors {
        match (self.reason_to_withhold(certificate), &self.hessian) {
            (Some(reason), _) => StandardErrors::withheld(reason),
            (None, Some(derivatives)) => {
                standard_errors::at_optimum(&self.problem, &self.answer, derivatives, self.summary.n_rows)
            }
            (None, None) => StandardErrors::default(),
        }
    }

    /// The reason to withhold standard errors, if there is one.
    pub(super) fn reason_to_withhold(&self, certificate: &Certificate) -> Option<&'static str> {
        let (width, n_rows) = (self.problem.objective.width(), self.summary.n_rows);
        let reasons = [
            (self.problem.objective.n_outputs() > 1, "there are more than two classes"),
            (!certificate.converged(), "the fit is short of its optimum"),
            (self.dependence.is_some(), "columns depend on others, so that their coefficients are not determined"),
            (self.summary.weights.is_some(), "rows are weighted: what a weight says of chance is not known"),
            (self.options.class_weight != ClassWeight::Equal, "classes are weighted"),
            (width > MOST_PARAMETERS, "there are too many columns"),
            (n_rows <= width, "there are no more rows than coefficients"),
        ];
        reasons.into_iter().find(|(is_so, _)| *is_so).map(|(_, reason)| reason)
    }
}
