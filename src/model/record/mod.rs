//! What a model's file says beside what predicting needs: where the model comes from, how it was fitted and what it
//! achieved. It is kept as a tree of values, and [`crate::model::Provenance`] is read from it on demand, so that a build
//! that only predicts shows a record without a type for each of its fields.

mod shape;
mod value;

pub(crate) use value::Value;

use super::invalid::invalid;
use super::{Certificate, Estimator, Import, Origin, Provenance};
use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::Preprocessor;
use crate::table::TargetSchema;

/// The record of a model, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Record(Result<Value>);

impl Record {
    /// A record of these fields, which [`Record::check`] checks.
    pub(super) fn new(value: Value) -> Self {
        Self(Ok(value))
    }

    /// The name of a field that records have, or presentations.
    pub(super) fn field_name(name: &str) -> Option<&'static str> {
        [shape::RECORD, shape::RECORD_OF_IMPORT, shape::PRESENTATION].iter().find_map(|shape| shape.name_in(name))
    }

    pub(super) fn is_presentation(value: &Value) -> bool {
        shape::PRESENTATION.fits(value)
    }

    /// The record of a file that cannot be read.
    pub(super) fn unreadable(error: Error) -> Self {
        Self(Err(error))
    }

    /// The record of a file that has none.
    pub(super) fn missing() -> Self {
        Self(Err(Error::new(ErrorKind::Truncated, "the model file has no record")))
    }

    /// The fields.
    ///
    /// # Errors
    /// Those that reading the record had.
    pub(crate) fn value(&self) -> Result<&Value> {
        self.0.as_ref().map_err(Clone::clone)
    }

    /// A field that the record may lack, or that is none.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref().ok()?.get(name).filter(|value| **value != Value::None)
    }

    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        if let Ok(record) = &mut self.0 {
            record.set(name, value);
        }
    }

    /// Where the model comes from.
    ///
    /// # Errors
    /// Those that reading the record had; [`ErrorKind::InvalidModel`] for names of options that this version does not know.
    pub fn origin(&self) -> Result<Origin> {
        let record = self.value()?;
        match Import::of_record(record) {
            Some(import) => Ok(Origin::Imported(import)),
            None => Provenance::of_record(record)
                .map(|provenance| Origin::Fitted(Box::new(provenance)))
                .ok_or_else(|| invalid("the record names an option that is not known")),
        }
    }

    /// Refuses fields that records do not have, and figures that contradict one another or the model.
    pub(super) fn check(
        &self,
        target: &TargetSchema,
        preprocessor: &Preprocessor,
        estimator: &Estimator,
    ) -> Result<()> {
        let Ok(record) = &self.0 else { return Ok(()) };
        if shape::RECORD_OF_IMPORT.fits(record) {
            return Ok(());
        }
        if !shape::RECORD.fits(record) {
            return Err(invalid("a field of the record is missing, is unknown, or is no possible value"));
        }
        let rows = record.get("training").and_then(|training| training.get("rows")?.whole());
        if let TargetSchema::Classes { counts, .. } = target
            && counts.iter().try_fold(0_u64, |total, count| total.checked_add(*count)) != rows
        {
            return Err(invalid("expected the class counts to add up to the training rows"));
        }
        let of = |field: &str, name: &str| record.get(field).and_then(|value| value.get(name));
        if let Some(weighted) = of("training", "weightedTarget").map(Value::items) {
            let is_sum = |value: &Value| value.number().is_some_and(|sum| sum >= 0.0);
            let is_possible = match target {
                TargetSchema::Classes { counts, .. } => weighted.len() == counts.len() && weighted.iter().all(is_sum),
                TargetSchema::Number { .. } => weighted.len() == 1,
            };
            if !is_possible {
                return Err(invalid("expected a weight of at least 0 for each class, or the mean of a number"));
            }
        }
        let is_linear = estimator.as_linear().is_some();
        let has = |field: &str| self.get(field).is_some();
        if has("certificate") != is_linear
            || has("standardErrors") != is_linear
            || (of("training", "boosting").is_none() && of("training", "forest").is_none()) != is_linear
        {
            return Err(invalid("expected the record of the model's own family"));
        }
        let number = |field: &str, name: &str| of(field, name).and_then(Value::number);
        let (rows, correct) = (of("heldOut", "rows"), of("heldOut", "correct"));
        let fields: &[&str] = match of("heldOut", "task").and_then(Value::text) {
            Some("classification") => &["correct", "accuracy", "logLoss"],
            Some(_) => &["rootMeanSquaredError"],
            None => &[],
        };
        let imputes = [("impute", "imputeNumber"), ("imputeCategory", "imputeText")];
        let is_constant = |(how, what): (&str, &str)| {
            let says_constant = of("preprocess", how).and_then(Value::text) == Some("constant");
            says_constant == of("preprocess", what).is_some_and(|value| *value != Value::None)
        };
        if !fields.iter().all(|name| of("heldOut", name).is_some()) || !imputes.into_iter().all(is_constant) {
            return Err(invalid("a figure or an imputed value of the record is missing"));
        }
        let is_possible = number("heldOut", "fraction").is_none_or(|fraction| fraction > 0.0 && fraction < 1.0)
            && correct.and_then(Value::counted) <= rows.and_then(Value::counted);
        if !is_possible {
            return Err(invalid("expected held-out rows between none and all, and no more of them right"));
        }
        let figure = |name: &str| number("certificate", name);
        let figures = (figure("relativeGradient"), figure("tolerance"), figure("objective"));
        let is_converged = match figures {
            (Some(relative_gradient), Some(tolerance), Some(objective)) => {
                Certificate { relative_gradient, tolerance, objective, gap: figure("gap") }.converged()
            }
            _ => false,
        };
        if of("certificate", "converged").and_then(Value::flag).is_some_and(|flag| flag != is_converged) {
            return Err(invalid("the certificate contradicts its figures"));
        }
        let errors = of("standardErrors", "coefficients").map(Value::items).unwrap_or_default();
        let is_whole = estimator.n_scores() == 1 && errors.len() == preprocessor.n_columns();
        let all = errors.iter().chain(of("standardErrors", "intercept")).chain(of("standardErrors", "criticalValue"));
        if !(errors.is_empty() || is_whole) || all.filter_map(Value::number).any(|error| error < 0.0) {
            return Err(invalid("expected a standard error of at least 0 for each column, or none"));
        }
        Ok(())
    }
}
