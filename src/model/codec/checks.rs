//! What a model must be whatever version its file has: a checksum proves who wrote the bytes no more than that.

use super::invalid;
use crate::error::Result;
use crate::limits;
use crate::model::estimator::Estimator;
use crate::model::{COEFFICIENTS_OVERFLOW, CrossValidation, Evaluation, FoldFigure, Metrics, Model, Provenance};
use crate::preprocess::{PreparedColumn, Scaling};
use crate::table::{NameIndex, NumberDomain, Spread, TargetSchema};
use crate::train::Inference;

impl Model {
    /// The same model, if its parts fit together.
    pub(super) fn checked(self) -> Result<Self> {
        let Self { schema, provenance, .. } = &self;
        if schema.features.is_empty() {
            return Err(invalid("expected at least one feature, found none"));
        }
        let names = schema.features.iter().map(|feature| feature.name.as_str()).chain([schema.target.name()]);
        let names = NameIndex::new(names.chain(schema.dropped.iter().map(|column| column.name.as_str())));
        if names.position("").is_some() {
            return Err(invalid("a column has no name"));
        }
        if names.longest() > limits::NAME_BYTES {
            return Err(invalid(format!("expected names of at most {} bytes", limits::NAME_BYTES)));
        }
        if let Some(name) = names.duplicate() {
            return Err(invalid("two columns have this name").in_column(name));
        }
        if let TargetSchema::Classes { counts, .. } = &schema.target
            && total(counts) != Some(provenance.n_rows)
        {
            return Err(invalid("expected the class counts to add up to the training rows"));
        }
        check_decision(&self)?;
        if !self.has_finite_coefficients() {
            return Err(invalid(COEFFICIENTS_OVERFLOW));
        }
        Ok(self)
    }
}

pub(super) fn total(counts: &[u64]) -> Option<u64> {
    counts.iter().try_fold(0_u64, |total, count| total.checked_add(*count))
}

/// The comparisons are false for NaN, and the outer ones exclude the infinities.
pub(super) fn check_domain(domain: &NumberDomain) -> Result<()> {
    let NumberDomain { minimum, median, maximum, step, spread } = *domain;
    if !(f64::MIN <= minimum && minimum <= median && median <= maximum && maximum <= f64::MAX) {
        return Err(invalid("expected minimum, median and maximum to be finite and in order"));
    }
    if let Some(Spread { percentile_5, percentile_95, mean }) = spread
        && !(minimum <= percentile_5
            && percentile_5 <= median
            && median <= percentile_95
            && percentile_95 <= maximum
            && mean.is_finite())
    {
        return Err(invalid("expected percentiles in order and a finite mean"));
    }
    if step.is_some_and(|step| !(step > 0.0 && step <= 1.0)) {
        return Err(invalid("expected a step above 0 and at most 1"));
    }
    Ok(())
}

pub(super) fn check_column(column: &PreparedColumn) -> Result<()> {
    let PreparedColumn { scaling: Scaling { center, scale }, mean, deviation, .. } = *column;
    if ![center, scale, mean, deviation].iter().all(|number| number.is_finite()) || scale <= 0.0 || deviation < 0.0 {
        return Err(invalid("expected a finite mean and a positive, finite deviation"));
    }
    Ok(())
}

pub(super) fn check_target(target: &TargetSchema) -> Result<()> {
    match target {
        TargetSchema::Number { name, minimum, mean, maximum } => {
            if !(f64::MIN <= *minimum && minimum <= maximum && *maximum <= f64::MAX && mean.is_finite()) {
                return Err(invalid("expected a finite range and mean").in_column(name));
            }
        }
        TargetSchema::Classes { classes, counts, positive, .. } => {
            limits::check("classes", classes.len(), limits::CLASSES)?;
            if counts.len() != classes.len() || classes.len() < 2 {
                return Err(invalid(format!("expected {} class counts, found {}", classes.len(), counts.len())));
            }
            if positive.is_some() != (classes.len() == 2) || positive.is_some_and(|positive| positive > 1) {
                return Err(invalid("expected a positive class of two classes, and none of more"));
            }
        }
    }
    Ok(())
}

pub(super) fn check_estimator(estimator: &Estimator, n_columns: usize, n_classes: Option<usize>) -> Result<()> {
    let fits = match estimator {
        Estimator::Linear(_) => n_classes.is_none(),
        Estimator::Logistic(_) => n_classes == Some(2),
        Estimator::Multinomial(multinomial) => {
            let (n_outputs, n_found) = (multinomial.intercepts.len(), multinomial.coefficients.len());
            if n_columns.checked_mul(n_outputs) != Some(n_found) {
                return Err(invalid(format!(
                    "expected {n_columns} coefficients for each of {n_outputs} classes, found {n_found}"
                )));
            }
            n_outputs > 2 && n_classes == Some(n_outputs)
        }
    };
    if !fits || n_columns == 0 {
        return Err(invalid("the estimator does not fit the target"));
    }
    for (coefficients, intercept) in estimator.outputs() {
        if coefficients.len() != n_columns {
            return Err(invalid(format!("expected {n_columns} coefficients, found {}", coefficients.len())));
        }
        if !coefficients.iter().chain([&intercept]).all(|number| number.is_finite()) {
            return Err(invalid("expected finite coefficients"));
        }
    }
    Ok(())
}

pub(super) fn check_provenance(provenance: &Provenance) -> Result<()> {
    let certificate = &provenance.certificate;
    let numbers = [provenance.l2, certificate.relative_gradient, certificate.tolerance, certificate.objective];
    if !numbers.iter().all(|number| number.is_finite()) {
        return Err(invalid("expected a finite penalty and certificate"));
    }
    let counts = [provenance.n_rows, provenance.created.unwrap_or(0), provenance.fitting.rounds];
    check_counts(&counts)?;
    if let Some(CrossValidation { folds, seed, figures }) = &provenance.cross_validation {
        check_counts(&[*folds, *seed])?;
        let numbers = |figure: &FoldFigure| [figure.mean, figure.standard_deviation.unwrap_or(0.0)];
        if !figures.iter().flat_map(numbers).all(f64::is_finite) {
            return Err(invalid("expected finite figures over folds"));
        }
    }
    provenance.evaluation.as_ref().map_or(Ok(()), check_evaluation)
}

fn check_counts(counts: &[u64]) -> Result<()> {
    match counts.iter().all(|number| *number <= limits::WHOLE_NUMBER) {
        true => Ok(()),
        false => Err(invalid("expected counts, times and seeds of at most 2^53 - 1")),
    }
}

pub(super) fn check_split(split: Option<(f64, u64)>) -> Result<()> {
    let Some((fraction, seed)) = split else { return Ok(()) };
    match fraction > 0.0 && fraction < 1.0 {
        true => check_counts(&[seed]),
        false => Err(invalid("expected a held-out fraction between 0 and 1")),
    }
}

fn check_evaluation(evaluation: &Evaluation) -> Result<()> {
    check_split(evaluation.split.map(|split| (split.fraction, split.seed)))?;
    let (rows, correct) = match evaluation.metrics {
        Metrics::Classification { rows, correct, .. } => (rows, correct),
        Metrics::Regression { rows, .. } => (rows, 0),
    };
    check_counts(&[rows, correct])?;
    evaluation.confusion.iter().try_for_each(|row| check_counts(row))?;
    for decided in &evaluation.thresholds {
        check_counts(&[
            decided.true_positives,
            decided.false_positives,
            decided.true_negatives,
            decided.false_negatives,
        ])?;
    }
    if correct > rows || !evaluation.is_finite() {
        return Err(invalid("expected finite metrics of a possible number of rows"));
    }
    Ok(())
}

/// Calibration and threshold, and the errors of coefficients.
pub(super) fn check_decision(model: &Model) -> Result<()> {
    let is_of_two = model.positive().is_some();
    if !is_of_two && (model.calibration.is_some() || model.decision.is_some()) {
        return Err(invalid("a calibration or a threshold is for two classes"));
    }
    if model.decision.as_ref().is_some_and(|decision| !(0.0..=1.0).contains(&decision.threshold)) {
        return Err(invalid("expected a threshold from 0 to 1"));
    }
    let Inference { errors, intercept_error, reach, .. } = &model.inference;
    let has_one_output = !matches!(model.estimator, Estimator::Multinomial(_));
    let is_whole = has_one_output && errors.len() == model.preprocessor.n_columns();
    if !(errors.is_empty() || is_whole) {
        return Err(invalid("expected a standard error for each column, or none"));
    }
    match errors
        .iter()
        .chain([intercept_error, &Some(*reach)])
        .flatten()
        .all(|error| error.is_finite() && *error >= 0.0)
    {
        true => Ok(()),
        false => Err(invalid("expected finite standard errors")),
    }
}
