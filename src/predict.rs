//! Predictions for rows by name or by position.

use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::limits;
use crate::model::Model;
#[cfg(feature = "train")]
use crate::table::{Column, Table};
use crate::table::{Label, Labels, NameIndex};

/// What a model says of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Prediction<'m> {
    /// Of a classification.
    Class {
        /// The classes, sorted.
        classes: &'m Labels,
        /// One probability per class, in the same order; between 0 and 1, summing to 1 within rounding.
        probabilities: Vec<f64>,
    },
    /// Of a regression.
    Value(f64),
}

impl Prediction<'_> {
    /// The position of the most probable class: the first of them on a tie. `None` for a regression.
    pub fn most_probable(&self) -> Option<usize> {
        match self {
            Self::Value(_) => None,
            Self::Class { probabilities, .. } => {
                let mut best = 0;
                for (index, probability) in probabilities.iter().enumerate() {
                    if *probability > probabilities[best] {
                        best = index;
                    }
                }
                Some(best)
            }
        }
    }

    /// The most probable class, or `None` for a regression.
    pub fn class(&self) -> Option<Label<'_>> {
        match self {
            Self::Class { classes, .. } => classes.get(self.most_probable()?),
            Self::Value(_) => None,
        }
    }
}

impl Model {
    /// Predicts one row of values in the order of the schema.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] and [`ErrorKind::NotFinite`].
    pub fn predict(&self, values: &[f64]) -> Result<Prediction<'_>> {
        let mut outputs = Vec::with_capacity(self.n_outputs());
        self.outputs(values, &mut outputs)?;
        Ok(self.prediction(&outputs))
    }

    /// Predicts one row given as pairs of feature name and value, in any order.
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`], [`ErrorKind::UnknownFeature`] (with the nearest name) and
    /// [`ErrorKind::NotFinite`].
    pub fn predict_named<'n>(&self, pairs: impl IntoIterator<Item = (&'n str, f64)>) -> Result<Prediction<'_>> {
        let (names, values): (Vec<&str>, Vec<f64>) = pairs.into_iter().unzip();
        let order = self.match_features(&names)?;
        self.predict(&order.into_iter().map(|at| values[at]).collect::<Vec<_>>())
    }

    /// Predicts many rows: `values` holds them one after the other in the order of the schema, and so does the answer
    /// with [`Model::n_outputs`] numbers per row.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when `values` is not a whole number of rows; those of [`Model::predict`] with the
    /// row, counted from 1.
    pub fn predict_many(&self, values: &[f64]) -> Result<Vec<f64>> {
        let width = self.n_features();
        if !values.len().is_multiple_of(width) {
            let message =
                format!("expected a multiple of {width} values, one per feature and row, found {}", values.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        limits::check_product("predicted numbers", values.len() / width, self.n_outputs(), limits::CELLS)?;
        let mut all = Vec::with_capacity(values.len() / width * self.n_outputs());
        let mut outputs = Vec::with_capacity(self.n_outputs());
        for (index, row) in values.chunks_exact(width).enumerate() {
            self.outputs(row, &mut outputs).map_err(|error| error.at_row(index as u64 + 1))?;
            all.extend_from_slice(&outputs);
        }
        Ok(all)
    }

    /// For each feature the position of its name among `names`, which must be the features and nothing else.
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`] and [`ErrorKind::UnknownFeature`], naming the feature and the nearest name.
    pub fn match_features(&self, names: &[&str]) -> Result<Vec<usize>> {
        let features = || self.schema().features.iter().map(|feature| feature.name.as_str());
        if features().eq(names.iter().copied()) {
            return Ok((0..names.len()).collect());
        }
        let given = NameIndex::new(names.iter().copied());
        if let Some(name) = given.duplicate() {
            return Err(Error::new(ErrorKind::UnknownFeature, "the name stands twice").in_column(name));
        }
        let known = NameIndex::new(features());
        if let Some(unknown) = names.iter().find(|name| known.position(name).is_none()) {
            let hint = did_you_mean(unknown, features().filter(|name| given.position(name).is_none()));
            let message =
                format!("no feature is named {}{hint}; the features are {}", quote(unknown), list_names(features()));
            return Err(Error::new(ErrorKind::UnknownFeature, message).in_column(*unknown));
        }
        features()
            .map(|name| {
                given.position(name).ok_or_else(|| {
                    let message = format!("the feature is missing; the features are {}", list_names(features()));
                    Error::new(ErrorKind::MissingFeature, message).in_column(name)
                })
            })
            .collect()
    }

    /// Predicts every row of a table, its columns matched to the features by name. The columns that the training table
    /// had beside its features, the target and the dropped ones, may be there too. The answer is as of
    /// [`Model::predict_many`].
    ///
    /// # Errors
    /// [`ErrorKind::MissingFeature`] and [`ErrorKind::UnknownFeature`] for the header; [`ErrorKind::MissingValue`],
    /// [`ErrorKind::NotANumber`] and [`ErrorKind::NotFinite`] with row and column for a cell.
    #[cfg(feature = "train")]
    pub fn predict_table(&self, table: &Table) -> Result<Vec<f64>> {
        let schema = self.schema();
        let beside = |name: &str| name == schema.target.name() || schema.dropped.iter().any(|dropped| dropped == name);
        let columns: Vec<&Column> = table.columns().iter().filter(|column| !beside(&column.name)).collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let cells = self
            .match_features(&names)?
            .into_iter()
            .map(|at| table.numbers(columns[at], "make every cell a number"))
            .collect::<Result<Vec<_>>>()?;
        limits::check_product("predicted numbers", table.n_rows(), self.n_outputs(), limits::CELLS)?;
        let mut all = Vec::with_capacity(table.n_rows() * self.n_outputs());
        let mut row = Vec::with_capacity(cells.len());
        let mut outputs = Vec::with_capacity(self.n_outputs());
        for (index, row_number) in table.row_numbers().iter().enumerate() {
            row.clear();
            row.extend(cells.iter().map(|column| column[index]));
            self.outputs(&row, &mut outputs).map_err(|error| error.at_row(*row_number))?;
            all.extend_from_slice(&outputs);
        }
        Ok(all)
    }

    /// One row's part of what [`Model::predict_many`] or [`Model::predict_table`] answered: `n_outputs` numbers.
    pub fn prediction(&self, outputs: &[f64]) -> Prediction<'_> {
        match self.schema().target.classes() {
            Some(classes) => Prediction::Class { classes, probabilities: outputs.to_vec() },
            None => Prediction::Value(outputs[0]),
        }
    }
}
