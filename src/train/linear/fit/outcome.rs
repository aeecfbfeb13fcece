//! The result of a fit.

use super::LinearFit;
use super::errors::{not_converged, overflow};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Certificate, ClassWeight, Estimator, FitRecord, Linear, LinearRecord, Link, StandardErrors};
use crate::note::{Code, Note, codes};
use crate::preprocess::Preprocessor;
use crate::train::Fit;
use crate::train::linear::standard_errors::{self, MOST_PARAMETERS};

/// A weight in 51 of its 53 bits. The last two are lost to the division by the unit anyway, and simple weights stay simple:
/// 2 for a target that grows by 2, and not the number after it.
fn rounded(weight: f64) -> f64 {
    let bits = weight.to_bits();
    // To the nearest multiple of 4, a half up; into the exponent where all bits are set.
    let rounded = f64::from_bits((bits + 2) & !3);
    if rounded.is_finite() { rounded } else { weight }
}

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
            let tried = self.before.map_or(solver, |before| format!("{before} and {}", self.minimizer.name()));
            return Err(not_converged(&certificate, &tried, self.progress.round));
        }
        let standard_errors = self.standard_errors(&certificate);
        let (width, intercept) = (self.problem.objective.width(), self.problem.intercept);
        let answer = self.problem.objective.of_design(self.answer);
        let outputs: Vec<&[f64]> = answer.chunks_exact(width).collect();
        let preprocessor = self.problem.preprocessor;
        // A model does not divide by a column's scale: its weights are divided here, once. A weight that loses digits by
        // that keeps its scale.
        let units: Vec<(f64, f64)> =
            preprocessor.columns().map(|(_, column)| column.standardization(intercept)).collect();
        let mut transforms = preprocessor.features().to_vec();
        for (at, column) in transforms.iter_mut().flat_map(|transform| &mut transform.columns).enumerate() {
            let is_exact = |weight: f64| weight == 0.0 || weight.is_normal();
            if outputs.iter().all(|output| is_exact(output[at] / units[at].1)) {
                column.scaling.scale = 1.0;
            }
            // Far from 0 a product and the intercept would be large and cancel. The penalty does not see the center.
            if intercept && column.is_far() && column.scaling.center == 0.0 {
                column.scaling.center = column.mean;
            }
        }
        let preprocessor = Preprocessor::new(transforms);
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for output in outputs {
            let mut at_zero = if intercept { output[width - 1] } else { 0.0 };
            for ((parameter, (shift, unit)), (_, column)) in output.iter().zip(&units).zip(preprocessor.columns()) {
                at_zero += parameter * ((column.scaling.center - shift) / unit);
                coefficients.push(rounded(parameter * (column.scaling.scale / unit)));
            }
            if !self.problem.takes_intercept.is_empty() {
                let own = coefficients.len() + 1 - width;
                self.problem.takes_intercept.iter().for_each(|column| coefficients[own + column] += at_zero);
                at_zero = 0.0;
            }
            intercepts.push(at_zero);
        }
        let record = LinearRecord {
            l2: self.problem.l2,
            intercept: self.options.intercept,
            class_weight: self.options.class_weight,
            solver,
            iterations: self.progress.round,
            certificate,
            standard_errors,
        };
        Ok(Fit {
            link: Link::of(&self.summary.schema.target),
            schema: self.summary.schema,
            preprocessor,
            preprocess: self.options.preprocess,
            estimator: Estimator::Linear(Linear { coefficients, intercepts }),
            record: FitRecord::Linear(record),
            weights: self.summary.weights,
            weighted_target: self.summary.weighted_target,
            warnings: self.warnings,
            n_rows: self.summary.n_rows as u64,
            table_digest: self.summary.table_digest,
        })
    }

    fn standard_errors(&self, certificate: &Certificate) -> StandardErrors {
        match (self.reason_to_withhold(certificate), self.hessian()) {
            (Some(reason), _) => StandardErrors::withheld(Note::new(reason, [])),
            (None, Some(derivatives)) => {
                standard_errors::at_optimum(&self.problem, &self.answer, derivatives, self.summary.n_rows)
            }
            (None, None) => StandardErrors::default(),
        }
    }

    /// The reason to withhold standard errors, if there is one.
    pub(super) fn reason_to_withhold(&self, certificate: &Certificate) -> Option<Code> {
        let (width, n_rows) = (self.problem.objective.width(), self.summary.n_rows);
        let reasons = [
            (self.problem.objective.n_outputs() > 1, codes::MANY_CLASSES),
            (!certificate.converged(), codes::NOT_AT_OPTIMUM),
            (self.dependence.is_some(), codes::NOT_DETERMINED),
            (self.summary.weights.is_some(), codes::WEIGHTED_ROWS),
            (self.options.class_weight != ClassWeight::Equal, codes::WEIGHTED_CLASSES),
            (width > MOST_PARAMETERS, codes::MANY_COLUMNS),
            (n_rows <= width, codes::FEW_ROWS_FOR_COLUMNS),
        ];
        reasons.into_iter().find(|(is_so, _)| *is_so).map(|(_, reason)| reason)
    }
}

#[cfg(test)]
mod tests {
    use super::rounded;
    use crate::dataset::Dataset;
    use crate::train::{Options, Trainer};

    #[test]
    fn weights_lose_two_bits_and_no_more() {
        for weight in [0.0, -0.0, 2.0, -0.125, 1e300, f64::MAX, f64::MIN_POSITIVE] {
            let near = rounded(weight);
            assert!(near.is_finite() && (near - weight).abs() <= weight.abs() * 2.0 * f64::EPSILON, "{weight:e}");
            assert_eq!(rounded(near).to_bits(), near.to_bits());
        }
        assert_eq!([rounded(2f64.next_up()), rounded(2f64.next_down()), rounded(-(2f64.next_up()))], [2.0, 2.0, -2.0]);
    }

    /// The weight of the large column is below the normal numbers; divided by the scale it would have few digits.
    #[test]
    fn a_weight_that_would_lose_digits_keeps_its_scale() {
        let csv = "large,x,y\n1e150,1,1.5e-160\n3e150,2,2.25e-160\n2e150,5,3e-160\n7e150,4,3.5e-160\n4e150,3,2e-160\n";
        let data = Dataset::of_csv(csv, "y").unwrap();
        let fit = Trainer::new(&data, Options { l2: Some(1.0), ..Options::default() }).unwrap().run().unwrap();
        let scales: Vec<f64> = fit.preprocessor.columns().map(|(_, column)| column.scaling.scale).collect();
        assert!(scales[0] > 1e149 && scales[1] == 1.0, "{scales:?}");
    }
}
