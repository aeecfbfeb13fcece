//! Rows of a file that are predicted together.

use crate::error::{Error, Result};
use crate::model::{Model, RowsPredictor};
use crate::table::{Cells, KeptRows, RecordBatch};
use std::borrow::Cow;
use std::ops::Range;

/// The most text that is kept: rows may be long.
const TEXT_BYTES: usize = 1 << 16;

/// A row with what the model says of it.
#[derive(Debug)]
pub struct PredictedRow<'r> {
    /// The row as a spreadsheet counts it.
    pub number: u64,
    cells: RowCells<'r>,
    /// [`Model::n_outputs`] numbers, or why there are none.
    pub outputs: Result<&'r [f64]>,
    /// Its values, as [`Model::predict`] takes them: fewer than there are features where one cannot be read.
    pub values: &'r [f64],
}

/// The cells of a row as its file has them.
#[derive(Debug, Clone, Copy)]
enum RowCells<'r> {
    Csv(Cells<'r>),
    Record(&'r RecordBatch, usize),
}

impl PredictedRow<'_> {
    /// The cell in a column, an empty one past the last.
    pub fn cell(&self, column: usize) -> Cow<'_, str> {
        match self.cells {
            RowCells::Csv(cells) => cells.get(column).into(),
            RowCells::Record(records, row) => records.text(row, column),
        }
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
    pub(super) fn push(&mut self, number: u64, read: impl FnOnce(&mut Vec<f64>) -> Result<()>) {
        let start = self.values.len();
        let read = read(&mut self.values);
        self.rows.push(Row { number, values: start..self.values.len(), read });
    }

    /// Adds rows, of which all values could be read, column by column.
    pub(super) fn push_columns(&mut self, first: u64, columns: &[Cow<'_, [f64]>], n_rows: usize) {
        let (start, width) = (self.values.len(), columns.len());
        self.values.resize(start + n_rows * width, 0.0);
        for (at, column) in columns.iter().enumerate() {
            let places = self.values[start + at..].iter_mut().step_by(width);
            places.zip(column.iter()).for_each(|(place, value)| *place = *value);
        }
        let values = |row: usize| start + row * width..start + (row + 1) * width;
        let row = |row: usize| Row { number: first + row as u64, values: values(row), read: Ok(()) };
        self.rows.extend((0..n_rows).map(row));
    }

    /// Keeps the cells of the row that was added.
    pub(super) fn keep(&mut self, cells: Cells<'_>) {
        self.cells.push(cells);
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= self.predictor.block_rows() || self.cells.n_bytes() > TEXT_BYTES
    }

    /// Gives each row away with its prediction, and is empty then. `in_file` names the file's column in an error. The rows are
    /// those of `records` from this one on, or those whose cells were kept.
    ///
    /// # Errors
    /// The first one of `each`.
    pub(super) fn give(
        &mut self,
        model: &Model,
        records: Option<(&RecordBatch, usize)>,
        in_file: impl Fn(Error) -> Error,
        each: &mut impl FnMut(PredictedRow<'_>) -> Result<()>,
    ) -> Result<()> {
        let Self { predictor, cells, values, outputs, rows } = self;
        outputs.resize(rows.len() * model.n_outputs(), 0.0);
        let are_together = rows.iter().all(|row| row.read.is_ok()) && predictor.write_block(model, values, outputs);
        let mut kept = cells.iter();
        for (at, row) in rows.drain(..).enumerate() {
            let values = &values[row.values];
            let outputs = match are_together {
                true => Ok(&outputs[at * model.n_outputs()..][..model.n_outputs()]),
                false => row.read.and_then(|()| predictor.one(model, values).map_err(&in_file)),
            };
            let cells = match records {
                Some((records, first)) => RowCells::Record(records, first + at),
                None => RowCells::Csv(kept.next().unwrap_or_default()),
            };
            each(PredictedRow { number: row.number, cells, outputs, values })?;
        }
        drop(kept);
        self.cells.clear();
        self.values.clear();
        Ok(())
    }
}
