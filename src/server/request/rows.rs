//! Rows of requests, in the order of a model's features.

use super::{Bounds, JsonCell, Text};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::check;
use crate::model::Model;
use crate::predict::Value;
use crate::server::memory::reserve;

/// Rows for [`Model::predict_many`], added one by one.
#[derive(Debug)]
pub(crate) struct RequestRows<'m> {
    model: &'m Model,
    bounds: &'m Bounds,
    values: Vec<f64>,
    n_rows: usize,
    /// The names of the row before, and the position of each feature among them. Most rows have equal names.
    names: Vec<String>,
    order: Vec<usize>,
    /// Where a reader puts an error that has a kind and a place.
    pub(crate) failure: Option<Error>,
}

impl<'m> RequestRows<'m> {
    pub(crate) fn new(model: &'m Model, bounds: &'m Bounds) -> Self {
        Self { model, bounds, values: Vec::new(), n_rows: 0, names: Vec::new(), order: Vec::new(), failure: None }
    }

    pub(crate) fn bounds(&self) -> &'m Bounds {
        self.bounds
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Every row's values, one row after the other.
    pub(crate) fn into_values(self) -> Vec<f64> {
        self.values
    }

    /// Adds a row by name.
    ///
    /// # Errors
    /// At the row, those of [`Model::predict_named`] and [`Model::predict_values`]; [`ErrorKind::LimitExceeded`]; those of
    /// [`Reservation::grow`](crate::server::memory::Reservation::grow).
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
        check("columns", names.len(), self.bounds.limits.columns)?;
        self.order = self.model.match_features(names)?;
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
        Ok(())
    }

    /// Adds a row in the order of the names that were set. `cell` takes a position in that order.
    ///
    /// # Errors
    /// Those of [`RequestRows::add_named`].
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
    /// Those of [`RequestRows::add_named`].
    pub(crate) fn add_ordered<'v>(&mut self, cells: impl ExactSizeIterator<Item = Result<Value<'v>>>) -> Result<()> {
        let n_cells = cells.len();
        self.begin(n_cells)?;
        let at = self.n_rows as u64;
        if n_cells != self.model.n_features() {
            let error = self.model.wrong_length(n_cells);
            let nested = cells.zip(1..).find_map(|(cell, at): (_, usize)| Some((at, cell.err()?)));
            let error = nested
                .map(|(at, nested)| {
                    let message = format!("{}; value {at}: {}", error.message(), nested.message());
                    Error::new(error.kind(), message)
                })
                .unwrap_or(error);
            return Err(error.at_row(at));
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
        let limits = &self.bounds.limits;
        self.n_rows += 1;
        reserve(&mut self.values, self.model.n_features(), &self.bounds.memory)?;
        check("columns", n_cells, limits.columns).map_err(|error| error.at_row(self.n_rows as u64))?;
        if self.n_rows > limits.rows {
            let message = format!("expected at most {} rows; send them in parts, or as a stream", limits.rows);
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        Ok(())
    }
}
