//! Rows of requests, in the order of a model's features.

use super::super::config::RequestLimits;
use super::{JsonCell, JsonRow, Text};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::check;
use crate::model::Model;
use crate::predict::Value;

/// Rows for [`Model::predict_many`], added one by one.
#[derive(Debug)]
pub(crate) struct RequestRows<'m> {
    model: &'m Model,
    limits: &'m RequestLimits,
    values: Vec<f64>,
    n_rows: usize,
    /// The names of the row before, and the position of each feature among them. Most rows have equal names.
    names: Vec<String>,
    order: Vec<usize>,
}

impl<'m> RequestRows<'m> {
    pub(crate) fn new(model: &'m Model, limits: &'m RequestLimits) -> Self {
        Self { model, limits, values: Vec::new(), n_rows: 0, names: Vec::new(), order: Vec::new() }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Every row's values, one row after the other.
    pub(crate) fn into_values(self) -> Vec<f64> {
        self.values
    }

    /// Adds a row in any form. A single value is a row of one feature.
    ///
    /// # Errors
    /// At the row, those of [`Model::predict_named`] and [`Model::predict_values`]; [`ErrorKind::LimitExceeded`].
    pub(crate) fn add(&mut self, row: &JsonRow<'_>) -> Result<()> {
        match row {
            JsonRow::Named(pairs) => self.add_named(pairs),
            JsonRow::Ordered(cells) => self.add_ordered(cells.iter().map(JsonCell::value)),
            JsonRow::Single(cell) => self.add_ordered(std::iter::once(cell.value())),
        }
    }

    /// Adds a row by name.
    ///
    /// # Errors
    /// Those of [`RequestRows::add`].
    pub(crate) fn add_named(&mut self, pairs: &[(Text<'_>, JsonCell<'_>)]) -> Result<()> {
        self.begin(pairs.len())?;
        let at = self.n_rows as u64;
        let names = || pairs.iter().map(|(name, _)| &*name.0);
        let is_in_order = self.model.schema().features.iter().map(|feature| feature.name.as_str()).eq(names());
        let is_known = || !self.order.is_empty() && self.names.iter().map(String::as_str).eq(names());
        if !is_in_order && !is_known() {
            self.set_names(&names().collect::<Vec<_>>()).map_err(|error| error.at_row(at))?;
        }
        for feature in 0..self.model.n_features() {
            let (name, cell) = &pairs[if is_in_order { feature } else { self.order[feature] }];
            let value = cell.named_value().map_err(|error| error.in_column(&*name.0));
            let value = value.and_then(|value| self.model.value(feature, value)).map_err(|error| error.at_row(at))?;
            self.values.push(value);
        }
        Ok(())
    }

    /// Names the columns of the rows that [`RequestRows::add_in_columns`] adds.
    ///
    /// # Errors
    /// Those of [`Model::match_features`].
    pub(crate) fn set_names(&mut self, names: &[&str]) -> Result<()> {
        check("columns", names.len(), self.limits.columns)?;
        self.order = self.model.match_features(names)?;
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(())
    }

    /// Adds a row in the order of the names that were set. `cell` takes a position in that order.
    ///
    /// # Errors
    /// Those of [`RequestRows::add`].
    pub(crate) fn add_in_columns<'v>(&mut self, cell: impl Fn(usize) -> Result<Value<'v>>) -> Result<()> {
        self.begin(self.names.len())?;
        for (feature, position) in self.order.iter().enumerate() {
            let value = cell(*position).map_err(|error| error.in_column(&self.names[*position]));
            let value = value.and_then(|value| self.model.value(feature, value));
            self.values.push(value.map_err(|error| error.at_row(self.n_rows as u64))?);
        }
        Ok(())
    }

    /// Adds a row in the order of the features.
    ///
    /// # Errors
    /// Those of [`RequestRows::add`].
    pub(crate) fn add_ordered<'v>(&mut self, cells: impl ExactSizeIterator<Item = Result<Value<'v>>>) -> Result<()> {
        let n_cells = cells.len();
        self.begin(n_cells)?;
        let at = self.n_rows as u64;
        if n_cells != self.model.n_features() {
            return Err(self.model.wrong_length(n_cells).at_row(at));
        }
        for (feature, cell) in cells.enumerate() {
            let name = || self.model.schema().features[feature].name.clone();
            let value = cell.map_err(|error| error.in_column(name()));
            let value = value.and_then(|value| self.model.value(feature, value)).map_err(|error| error.at_row(at))?;
            self.values.push(value);
        }
        Ok(())
    }

    fn begin(&mut self, n_cells: usize) -> Result<()> {
        self.n_rows += 1;
        self.values.reserve(self.model.n_features());
        check("columns", n_cells, self.limits.columns).map_err(|error| error.at_row(self.n_rows as u64))?;
        if self.n_rows > self.limits.rows {
            let message = format!("expected at most {} rows; send them in parts, or as a stream", self.limits.rows);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        Ok(())
    }
}
