//! Rows that a model must reproduce bit for bit. They are made from the schema, never copied from training data, so a
//! file shows that it is sound and shows no person's row.

use super::{HAS_GRAPHS, Model};
use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::FeatureTransform;
use crate::table::{Domain, FeatureSchema, NumberDomain};

/// The most proof rows: enough to touch every feature of a form-sized model, little work for a wide one.
const MAX_ROWS: usize = 32;

/// The proof rows of a model, in order: every feature at its typical value, the median or the commonest category; every
/// feature at its first, the minimum or the first category of those that training rows had; every feature at its last,
/// the maximum or the last category; every feature missing, of those that may be, if there is one; then for each feature in
/// turn a row of typical values with that feature at its minimum and one with it at its maximum, or one with each of its
/// categories, until there are [`MAX_ROWS`]. This order is part of the file format.
pub(super) fn rows(model: &Model) -> impl Iterator<Item = Vec<f64>> {
    let domains: Vec<Values> = model.schema.features.iter().map(Values::of).collect();
    let typical: Vec<f64> = domains.iter().map(|values| values.typical).collect();
    let first = domains.iter().map(|values| values.varied.first().copied().unwrap_or(values.typical)).collect();
    let last = domains.iter().map(|values| values.varied.last().copied().unwrap_or(values.typical)).collect();
    let accepts_missing = || model.preprocessor.features().iter().map(FeatureTransform::accepts_missing);
    let missing = typical.iter().zip(accepts_missing());
    let missing: Vec<f64> = missing.map(|(typical, accepts)| if accepts { f64::NAN } else { *typical }).collect();
    let some_missing = accepts_missing().any(|accepts| accepts).then_some(missing);
    let whole = [typical.clone(), first, last].into_iter().chain(some_missing);
    let varied = domains.into_iter().enumerate().flat_map(move |(index, values)| {
        let typical = typical.clone();
        values.varied.into_iter().map(move |value| {
            let mut row = typical.clone();
            row[index] = value;
            row
        })
    });
    whole.chain(varied).take(MAX_ROWS)
}

/// What a feature is in proof rows.
pub(super) struct Values {
    pub(super) typical: f64,
    pub(super) varied: Vec<f64>,
}

impl Values {
    pub(super) fn of(feature: &FeatureSchema) -> Self {
        match &feature.domain {
            Domain::Number(NumberDomain { minimum, median, maximum, are_from_splits, .. }) => {
                let varied = match are_from_splits {
                    false => vec![*minimum, *maximum],
                    // Both sides of a split.
                    true => vec![*minimum, minimum.next_up(), *maximum, maximum.next_up()],
                };
                Self { typical: *median, varied }
            }
            Domain::Category { counts, .. } => {
                let most = counts.iter().max();
                let seen = (0..counts.len()).filter(|position| feature.has_seen(*position));
                let commonest = seen.clone().find(|position| counts.get(*position) == most);
                let typical = commonest.map_or(f64::NAN, |position| position as f64);
                Self { typical, varied: seen.map(|position| position as f64).take(MAX_ROWS).collect() }
            }
        }
    }
}

/// The model's outputs on its proof rows, one row after the other.
pub(super) fn replay(model: &Model) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    let mut outputs = Vec::new();
    for row in rows(model) {
        match model.outputs(&row, &mut outputs) {
            // A graph may be of functions that are not defined everywhere.
            Err(error) if error.kind() == ErrorKind::NotFinite && model.estimator.is_partial() => {}
            found => {
                found?;
                if HAS_GRAPHS && outputs.len() != model.n_outputs() {
                    return Err(Error::new(ErrorKind::InvalidModel, "the link does not fit the target"));
                }
                all.extend_from_slice(&outputs);
            }
        }
    }
    match all.is_empty() && model.estimator.is_partial() {
        false => Ok(all),
        true => Err(Error::new(
            ErrorKind::NotFinite,
            "the model has no answer for any row within the ranges of its features",
        )),
    }
}

/// Compares the outputs on the proof rows with those that were recorded.
///
/// # Errors
/// [`ErrorKind::InvalidModel`] for another number of them; [`ErrorKind::ProofMismatch`] with the first proof row (counted
/// from 1) whose outputs differ in any bit.
pub(super) fn compare(found: &[f64], expected: &[f64], n_outputs: usize) -> Result<()> {
    if found.len() != expected.len() {
        let message = format!("expected {} proof outputs, found {}", found.len(), expected.len());
        return Err(Error::new(ErrorKind::InvalidModel, message));
    }
    match found.iter().zip(expected).position(|(found, expected)| found.to_bits() != expected.to_bits()) {
        None => Ok(()),
        Some(at) => {
            let message = format!(
                "proof row {}: the file says {:016x}, this build computes {:016x} (the bits of an output); \
                 the file was not made by this version's rules",
                at / n_outputs + 1,
                expected[at].to_bits(),
                found[at].to_bits(),
            );
            Err(Error::new(ErrorKind::ProofMismatch, message))
        }
    }
}
