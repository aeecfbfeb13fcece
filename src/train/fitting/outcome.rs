//! What a fit hands out at its end.

use super::Fitting;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::preprocess::PreparedColumn;
use crate::train::{Certificate, ClassWeight, Fit, Inference};

impl Fitting {
    /// Hands out what was found, once every question was answered.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] with the figure, unless [`Options::accept_unconverged`]; [`ErrorKind::FitFailed`] when
    /// a parameter overflowed.
    pub(crate) fn finish(self) -> Result<Fit> {
        let Some(certificate) = self.certificate else {
            return Err(Error::new(ErrorKind::Internal, "the fit was not brought to its end"));
        };
        let figures = [certificate.relative_gradient, certificate.objective];
        if !self.answer.iter().chain(&figures).all(|number| number.is_finite()) {
            return Err(overflow());
        }
        let solver = match self.before {
            Some(before) if self.progress.round > 1 => format!("{before}, finished by {}", self.engine.name()),
            Some(before) => before.to_owned(),
            None => self.engine.name().to_owned(),
        };
        if !certificate.converged() && !self.options.accept_unconverged {
            return Err(not_converged(&certificate, &solver, self.progress.round));
        }
        let inference = self.inference(&certificate);
        let (width, intercept) = (self.prepared.objective.width(), self.options.intercept);
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for output in self.answer.chunks_exact(width) {
            let mut at_zero = if intercept { output[width - 1] } else { 0.0 };
            let of_column = |(parameter, (_, column)): (&f64, (usize, &PreparedColumn))| {
                let (shift, unit) = column.standardization(intercept);
                at_zero += parameter * ((column.scaling.center - shift) / unit);
                parameter * (column.scaling.scale / unit)
            };
            coefficients.push(output.iter().zip(self.prepared.preprocessor.columns()).map(of_column).collect());
            intercepts.push(at_zero);
        }
        Ok(Fit {
            coefficients,
            intercepts,
            schema: self.origin.schema,
            preprocessor: self.prepared.preprocessor,
            certificate,
            l2: self.prepared.l2,
            options: self.options,
            weights: self.origin.weights,
            solver,
            rounds: self.progress.round,
            warnings: self.warnings,
            n_rows: self.origin.n_rows as u64,
            table_digest: self.origin.table_digest,
            inference,
        })
    }

    /// How sure the answer is.
    fn inference(&self, certificate: &Certificate) -> Inference {
        match (self.reason_to_withhold(certificate), &self.curvature) {
            (Some(reason), _) => Inference::withheld(reason),
            (None, Some(evaluation)) => Inference::of(&self.prepared, &self.answer, evaluation, self.origin.n_rows),
            (None, None) => Inference::default(),
        }
    }

    /// Why there are no standard errors.
    pub(super) fn reason_to_withhold(&self, certificate: &Certificate) -> Option<&'static str> {
        let (width, n_rows) = (self.prepared.objective.width(), self.origin.n_rows);
        let reasons = [
            (self.prepared.objective.n_outputs() > 1, "there are more than two classes"),
            (!certificate.converged(), "the fit is short of its optimum"),
            (self.dependence.is_some(), "columns depend on others, so that their coefficients are not determined"),
            (self.origin.weights.is_some(), "rows are weighted: what a weight says of chance is not known"),
            (self.options.class_weight != ClassWeight::Equal, "classes are weighted"),
            (width > Inference::MOST_PARAMETERS, "there are too many columns"),
            (n_rows <= width, "there are no more rows than coefficients"),
        ];
        reasons.into_iter().find(|(is_so, _)| *is_so).map(|(_, reason)| reason)
    }
}

pub(super) fn overflow() -> Error {
    let message = "no fit was found for these rows: a number overflowed; rescale the columns, or give a stronger l2";
    Error::new(ErrorKind::FitFailed, message)
}

fn not_converged(certificate: &Certificate, solver: &str, rounds: u64) -> Error {
    let Certificate { relative_gradient, tolerance, objective } = *certificate;
    let (relative_gradient, tolerance, objective) =
        (Decimal(relative_gradient), Decimal(tolerance), Decimal(objective));
    let plural = if rounds == 1 { "" } else { "s" };
    let message = format!(
        "{solver} stopped short of the optimum after {rounds} round{plural}: the relative gradient is {relative_gradient}, \
         expected at most {tolerance} (objective {objective}); allow more iterations, give a stronger l2, or accept the \
         fit as unconverged"
    );
    Error::new(ErrorKind::NotConverged, message)
}
