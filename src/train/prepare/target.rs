//! What a target must be for any learner.

use super::TrainingRows;
use crate::dataset::Moments;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::table::{Schema, TargetSchema, Task};

impl TrainingRows<'_> {
    /// Refuses a target that nothing can be fitted to.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] for a class without a row, [`ErrorKind::ConstantTarget`], [`ErrorKind::InvalidWeight`] for a
    /// class without a weight, [`ErrorKind::NotFinite`] for values too large to square.
    pub(crate) fn check_target(&self) -> Result<()> {
        check_values(self.schema, self.moments.n_rows)?;
        check_moments(self.moments, self.schema)
    }
}

/// Checks that every class has a row, and that a number has two values.
fn check_values(schema: &Schema, n_rows: usize) -> Result<()> {
    match &schema.target {
        TargetSchema::Classes { name, classes, counts, .. } => {
            let refuse = |message: String| Err(Error::new(ErrorKind::TooFewRows, message).in_column(name));
            let n_classes = classes.len();
            if n_rows < n_classes {
                return refuse(format!("expected at least {n_classes} rows for {n_classes} classes, found {n_rows}"));
            }
            match classes.iter().zip(counts).find(|(_, count)| **count == 0) {
                Some((class, _)) => refuse(format!("the class {class} has no row to train on")),
                None => Ok(()),
            }
        }
        TargetSchema::Number { name, range: Some(range) } if range.minimum == range.maximum => {
            let message = format!("every row has the value {}; expected at least two values", Decimal(range.minimum));
            Err(Error::new(ErrorKind::ConstantTarget, message).in_column(name))
        }
        TargetSchema::Number { .. } => Ok(()),
    }
}

/// Checks that every class has a positive weight, and that a numeric target varies where weights are positive.
fn check_moments(moments: &Moments, schema: &Schema) -> Result<()> {
    let refuse = |kind, message: &str| Err(Error::new(kind, message).in_column(schema.target.name()));
    if let Some((_, class)) = moments
        .class_weights
        .iter()
        .zip(schema.target.classes().into_iter().flat_map(|c| c.iter()))
        .find(|(weight, _)| **weight <= 0.0)
    {
        return refuse(ErrorKind::InvalidWeight, &format!("every row of the class {class} has a weight of 0"));
    }
    if schema.target.task() == Task::Regression {
        if !moments.target_spread.is_finite() {
            return refuse(ErrorKind::NotFinite, "the values are too large to fit; rescale the column");
        }
        if moments.target_spread <= 0.0 {
            return refuse(ErrorKind::ConstantTarget, "every row with a weight above 0 has the same value");
        }
    }
    Ok(())
}
