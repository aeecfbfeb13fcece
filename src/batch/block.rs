//! Rows of a file that are predicted together.

use crate::error::{Error, Result};
use crate::model::{Model, RowsPredictor};
use crate::table::{Cells, KeptRows};
use std::ops::Range;

/// The most text that is kept: rows may be long.
const TEXT_BYTES: usize = 1 << 16;

/// A row with what the model says of it.
#[derive(Debug)]
pub struct PredictedRow<'r> {
    /// The row as a spreadsheet counts it.
    pub number: u64,
    cells: Cells<'r>,
    /// [`Model::n_outputs`] numbers, or why there are none.
    pub outputs: Result<&'r [f64]>,
    /// Its values, as [`Model::predict`] takes them: fewer than there are features where one cannot be read.
    pub values: &'r [f64],
}

impl PredictedRow<'_> {
    /// The cell in a column, an empty one past the last.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column)
    }
}

#[derive(Debug)]
pub(super) struct Block {
    predictor: RowsPredictor,
    cells: KeptRows,
    values: Vec<f64>,
    outputs: Vec<f64>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    number: u64,
    values: Range<usize>,
    /// Whether all values could be read.
    read: Result<()>,
}

impl Block {
    pub(super) fn new(predictor: RowsPredictor) -> Self {
        let (cells, values, outputs, rows) = (KeptRows::default(), Vec::new(), Vec::new(), Vec::new());
        Self { predictor, cells, values, outputs, rows }
    }

    /// Adds a row. `read` adds its values, up to one that cannot be read.
    pub(super) fn push(&mut self, number: u64, cells: Cells<'_>, read: impl FnOnce(&mut Vec<f64>) -> Result<()>) {
        let start = self.values.len();
        let read = read(&mut self.values);
        self.rows.push(Row { number, values: start..self.values.len(), read });
        self.cells.push(cells);
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= self.predictor.block_rows() || self.cells.n_bytes() > TEXT_BYTES
    }

    /// Gives each row away with its prediction, and is empty then. `in_file` names the file's column in an error.
    ///
    /// # Errors
    /// The first one of `each`.
    pub(super) fn give(
        &mut self,
        model: &Model,
        in_file: impl Fn(Error) -> Error,
        each: &mut impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<()> {
        let Self { predictor, cells, values, outputs, rows } = self;
        outputs.resize(rows.len() * model.n_outputs(), 0.0);
        let are_together = rows.iter().all(|row| row.read.is_ok()) && predictor.write_block(model, values, outputs);
        for (at, (row, cells)) in rows.drain(..).zip(cells.iter()).enumerate() {
            let values = &values[row.values];
            let outputs = match are_together {
                true => Ok(&outputs[at * model.n_outputs()..][..model.n_outputs()]),
                false => row.read.and_then(|()| predictor.one(model, values).map_err(&in_file)),
            };
            each(PredictedRow { number: row.number, cells, outputs, values })?;
        }
        self.cells.clear();
        self.values.clear();
        Ok(())
    }
}
