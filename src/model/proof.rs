//! Rows that a model must reproduce bit for bit. They are made from the schema, never copied from training data, so a
//! file shows its own soundness without showing anybody's row.

use super::Model;
use crate::error::{Error, ErrorKind, Result};
use crate::table::Schema;

/// The most proof rows: enough to touch every feature of a form-sized model, little work for a wide one.
const MAX_ROWS: usize = 32;

/// The proof rows of a schema, in order: every feature at its median; every feature at its minimum; every feature at
/// its maximum; then for each feature in turn a row of medians with that feature at its minimum and one with it at its
/// maximum, until there are [`MAX_ROWS`]. This order is part of the file format.
pub(super) fn rows(schema: &Schema) -> impl Iterator<Item = Vec<f64>> {
    let features = &schema.features;
    let medians: Vec<f64> = features.iter().map(|feature| feature.median).collect();
    let minima = features.iter().map(|feature| feature.minimum).collect();
    let maxima = features.iter().map(|feature| feature.maximum).collect();
    let typical = medians.clone();
    let varied = features.iter().enumerate().flat_map(move |(index, feature)| {
        [feature.minimum, feature.maximum].map(|value| {
            let mut row = medians.clone();
            row[index] = value;
            row
        })
    });
    [typical, minima, maxima].into_iter().chain(varied).take(MAX_ROWS)
}

/// The model's outputs on its proof rows, one row after the other.
pub(super) fn replay(model: &Model) -> Result<Vec<f64>> {
    let mut all = Vec::new();
    let mut outputs = Vec::new();
    for row in rows(&model.schema) {
        model.outputs(&row, &mut outputs)?;
        all.extend_from_slice(&outputs);
    }
    Ok(all)
}

/// Replays the proof rows against what the file says.
///
/// # Errors
/// [`ErrorKind::InvalidModel`] when an output overflows or there are too few; [`ErrorKind::ProofMismatch`] with the first proof row (counted from 1) whose outputs differ in any bit.
pub(super) fn check(model: &Model) -> Result<()> {
    let found = replay(model).map_err(|error| Error::new(ErrorKind::InvalidModel, error.to_string()))?;
    let expected = &model.proof;
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
                at / model.n_outputs() + 1,
                expected[at].to_bits(),
                found[at].to_bits(),
            );
            Err(Error::new(ErrorKind::ProofMismatch, message))
        }
    }
}
