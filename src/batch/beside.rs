//! What a file has beside the features: the targets of its rows, and their weights.

use super::{BatchPredictor, PredictedRow, source};
use crate::error::Result;
use crate::model::Model;
use crate::table::{CellFormat, ColumnFormat, Field, read_weight, unknown_column};
use std::ops::Deref;

/// Reads the target of rows of a file.
#[derive(Debug)]
pub struct Targets<'s> {
    place: usize,
    field: Field,
    format: &'s CellFormat,
    name: &'s str,
}

/// Reads how much rows of a file count.
#[derive(Debug)]
pub struct Weights<'s> {
    place: usize,
    column: &'s ColumnFormat,
    format: &'s CellFormat,
    name: &'s str,
}

impl Targets<'_> {
    /// The target's position in the file.
    pub fn place(&self) -> usize {
        self.place
    }

    /// What a row's target is: the number, or the position of the class among the model's; `None` where it is missing.
    ///
    /// # Errors
    /// At the row, [`ErrorKind::NotANumber`](crate::error::ErrorKind::NotANumber),
    /// [`ErrorKind::NotFinite`](crate::error::ErrorKind::NotFinite), and
    /// [`ErrorKind::UnseenCategory`](crate::error::ErrorKind::UnseenCategory) for a class that the model does not know.
    pub fn read(&self, row: &PredictedRow<'_>) -> Result<Option<f64>> {
        let read = self.field.read(&row.cell(self.place), self.format, source::REMEDY);
        read.map(|value| Some(value).filter(|value| !value.is_nan()))
            .map_err(|error| error.at_row(row.number).in_column(self.name))
    }
}

impl Weights<'_> {
    /// The position of the weights in the file.
    pub fn place(&self) -> usize {
        self.place
    }

    /// A row's weight: finite and at least 0.
    ///
    /// # Errors
    /// At the row, [`ErrorKind::MissingValue`](crate::error::ErrorKind::MissingValue),
    /// [`ErrorKind::NotANumber`](crate::error::ErrorKind::NotANumber),
    /// [`ErrorKind::NotFinite`](crate::error::ErrorKind::NotFinite) and
    /// [`ErrorKind::InvalidWeight`](crate::error::ErrorKind::InvalidWeight).
    pub fn read(&self, row: &PredictedRow<'_>) -> Result<f64> {
        let read = read_weight(&row.cell(self.place), self.column, self.format);
        read.map_err(|error| error.at_row(row.number).in_column(self.name))
    }
}

impl<M: Deref<Target = Model>> BatchPredictor<M> {
    /// Where a row's target is, and how it is read.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`](crate::error::ErrorKind::UnknownColumn) when the file has no such column.
    pub fn targets(&self) -> Result<Targets<'_>> {
        let target = &self.model.schema().target;
        let place = self.place_of(target.name())?;
        let field = match target.classes() {
            Some(classes) => Field::Category { categories: classes.clone(), is_yes_no: false },
            None => Field::Number(self.dialect.column(place).clone()),
        };
        Ok(Targets { place, field, format: &self.dialect.format, name: target.name() })
    }

    /// Where a row's weight is, and how it is read.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownColumn`](crate::error::ErrorKind::UnknownColumn) when the file has no such column.
    pub fn weights<'s>(&'s self, name: &'s str) -> Result<Weights<'s>> {
        let place = self.place_of(name)?;
        Ok(Weights { place, column: self.dialect.column(place), format: &self.dialect.format, name })
    }

    fn place_of(&self, name: &str) -> Result<usize> {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        names.iter().position(|other| *other == name).ok_or_else(|| unknown_column(name, &names))
    }
}
