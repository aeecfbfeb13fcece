//! What the model itself predicts for rows that were made from its thresholds.

use super::features::Features;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::interop::document::{Data, within, wrong};
use crate::model::Model;

/// Rows with the predictions that a model must make of them.
pub(in crate::interop) struct Proof {
    rows: Rows,
    /// How far a prediction may be off, relative to the larger one.
    tolerance: f64,
    /// Rows that were given when the model was exported, if the document has them, and how far predictions may be off there:
    /// relative to numbers above 1.
    kept: Option<(Rows, f64)>,
}

/// Raw values, and the outputs for them.
type Rows = Vec<(Vec<f64>, Vec<f64>)>;

/// The largest tolerances that are believed: of a model that predicts in 64 bits, and of one that does in 32.
const LARGEST: [f64; 2] = [1e-9, 1e-5];

impl Proof {
    pub(super) fn of(document: &Data<'_>, features: &Features, n_outputs: usize) -> Result<Self> {
        let proof = document.field("proof")?;
        let largest = LARGEST[usize::from(proof.get("single") == Some(&Data::Flag(true)))];
        let tolerance = tolerance_of(proof, largest).map_err(|error| within("proof", &error))?;
        let kept = match document.get("kept") {
            None => None,
            Some(kept) => {
                let rows = rows(kept, features, n_outputs).map_err(|error| within("kept", &error))?;
                Some((rows, tolerance_of(kept, largest).map_err(|error| within("kept", &error))?))
            }
        };
        let rows = rows(proof, features, n_outputs).map_err(|error| within("proof", &error))?;
        Ok(Self { rows, tolerance, kept })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// How many rows that were given the document has.
    pub(super) fn n_kept(&self) -> usize {
        self.kept.as_ref().map_or(0, |(rows, _)| rows.len())
    }

    /// Refuses a model that predicts otherwise.
    ///
    /// # Errors
    /// [`ErrorKind::ProofMismatch`] with the first such row, counted from 1; those of a prediction.
    pub(in crate::interop) fn check(&self, model: &Model) -> Result<()> {
        compare("proof row", model, &self.rows, self.tolerance, 0.0)?;
        match &self.kept {
            Some((rows, tolerance)) => compare("kept row", model, rows, *tolerance, 1.0),
            None => Ok(()),
        }
    }
}

/// Refuses a model whose predictions are off by more than the tolerance, relative to the larger one and to `least`.
fn compare(what: &str, model: &Model, rows: &Rows, tolerance: f64, least: f64) -> Result<()> {
    let mut outputs = Vec::new();
    for ((raw, expected), number) in rows.iter().zip(1_u64..) {
        model.outputs(raw, &mut outputs).map_err(|error| error.at_row(number))?;
        for (found, expected) in outputs.iter().zip(expected) {
            let size = found.abs().max(expected.abs()).max(least);
            let is_near = found == expected || (found - expected).abs() <= tolerance * size;
            if !is_near {
                let (expected, found) = (Decimal(*expected), Decimal(*found));
                let message = format!(
                    "{what} {number}: the model itself predicts {expected}, and as it was read {found}; export it \
                     with the last version of the Python package, and report this if it stays"
                );
                return Err(Error::new(ErrorKind::ProofMismatch, message));
            }
        }
    }
    Ok(())
}

/// The tolerance of a document's rows.
fn tolerance_of(of: &Data<'_>, largest: f64) -> Result<f64> {
    let tolerance = of.number("tolerance")?;
    match (0.0..=largest).contains(&tolerance) {
        true => Ok(tolerance),
        false => {
            let (found, largest) = (Decimal(tolerance), Decimal(largest));
            Err(wrong(format!("expected a tolerance from 0 to {largest}, found {found}")))
        }
    }
}

/// The rows of a document, with their outputs.
fn rows(of: &Data<'_>, features: &Features, n_outputs: usize) -> Result<Rows> {
    let (rows, outputs) = (of.list("rows")?, of.list("outputs")?);
    if rows.is_empty() || rows.len() != outputs.len() {
        return Err(wrong("expected rows, and outputs for each"));
    }
    let pair = |(row, outputs): (&Data<'_>, &Data<'_>)| {
        let raw: Vec<f64> = match row {
            Data::Numbers(numbers) => raw(numbers.iter().map(|number| Data::Number(*number)), features)?,
            Data::List(cells) => raw(cells.iter().cloned(), features)?,
            _ => return Err(wrong("expected rows of numbers")),
        };
        match outputs {
            Data::Numbers(outputs) if outputs.len() == n_outputs && outputs.iter().all(|output| output.is_finite()) => {
                Ok((raw, outputs.clone()))
            }
            _ => Err(wrong(format!("expected {n_outputs} finite outputs for each row"))),
        }
    };
    rows.iter().zip(outputs).map(pair).collect()
}

fn raw<'a>(cells: impl Iterator<Item = Data<'a>>, features: &Features) -> Result<Vec<f64>> {
    let raw: Vec<f64> = cells.enumerate().map(|(at, cell)| features.raw(at, &cell)).collect::<Result<_>>()?;
    match raw.len() == features.len() {
        true => Ok(raw),
        false => Err(wrong(format!("expected {} values in each row", features.len()))),
    }
}
