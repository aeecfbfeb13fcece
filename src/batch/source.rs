//! Where a feature's values come from.

use crate::error::{Error, ErrorKind, Result, shorten};
use crate::model::Model;
use crate::note::{Note, codes};
use crate::table::{
    CellFormat, Cells, Dialect, EMPTY_FILE, Evidence, FeatureSchema, Field, Prior, ReadOptions, RecordBatch,
    RecordCell, Schema, read_flag,
};
use std::borrow::Cow;
use std::ops::Range;

/// What to do about text in the place of a number.
pub(super) const REMEDY: &str = "write a number, or nothing where it is not known";

/// A feature's column, and how its cells are read.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) place: usize,
    field: Field,
    accepts_unseen: bool,
    /// Whether true and false are 1 and 0, as the tools that models are imported from have them.
    takes_flags: bool,
}

impl Source {
    pub(super) fn new(model: &Model, feature: usize, place: usize, opened: &Opened) -> Self {
        let accepts_unseen = model.preprocessor().features()[feature].accepts_unseen;
        let field = model.schema().features[feature].field_in_file(&opened.evidence[place], opened.priors[place]);
        let takes_flags = model.schema().features[feature].takes_flags();
        Self { place, field, accepts_unseen, takes_flags }
    }

    /// Says of dates that they are written in another order than in the training table.
    fn order_note(&self, feature: &FeatureSchema) -> Option<Note> {
        let here = self.field.date_with_slashes()?;
        let trained = feature.written.as_deref().filter(|trained| trained.contains('/') && *trained != here)?;
        Some(Note::new(codes::DATE_ORDER, [feature.name.as_str().into(), here.into(), trained.into()]))
    }

    /// The value in a row; one past the last category for one that training did not have, where the model takes it.
    pub(super) fn read(&self, cells: &Cells<'_>, format: &CellFormat) -> Result<f64> {
        let cell = cells.get(self.place);
        self.take(self.flag(cell).map_or_else(|| self.field.read(cell, format, REMEDY), Ok))
    }

    /// The value in a cell that has a type.
    pub(super) fn read_record(&self, cell: RecordCell<'_>, format: &CellFormat) -> Result<f64> {
        self.take(match cell {
            RecordCell::Number(number) if format.is_missing_number(number) => Ok(f64::NAN),
            RecordCell::Number(number) => self.field.read_one(number),
            RecordCell::Text(text) => self.flag(text).map_or_else(|| self.field.read(text, format, REMEDY), Ok),
        })
    }

    /// The values in some rows.
    pub(super) fn read_records<'r>(
        &self,
        records: &'r RecordBatch,
        rows: Range<usize>,
        format: &CellFormat,
    ) -> Result<Cow<'r, [f64]>> {
        if let Some(numbers) = records.numbers(self.place)
            && self.field.takes_numbers()
            && !format.has_missing_numbers()
        {
            let numbers = &numbers[rows];
            if numbers.iter().all(|number| !number.is_infinite()) {
                return Ok(numbers.into());
            }
            return Err(Error::not_finite(f64::INFINITY));
        }
        rows.map(|row| self.read_record(records.get(row, self.place), format)).collect()
    }

    fn flag(&self, cell: &str) -> Option<f64> {
        if self.takes_flags { read_flag(cell) } else { None }
    }

    fn take(&self, read: Result<f64>) -> Result<f64> {
        match read {
            Err(error) if self.accepts_unseen && error.kind() == ErrorKind::UnseenCategory => {
                Ok(self.field.n_categories() as f64)
            }
            read => read,
        }
    }
}

/// What is said of the dates among a model's features, as far as they have a column.
pub(super) fn order_notes<'s>(model: &Model, sources: impl Iterator<Item = Option<&'s Source>>) -> Vec<Note> {
    let features = &model.schema().features;
    sources.zip(features).filter_map(|(source, feature)| source?.order_note(feature)).collect()
}

/// Where in the file the feature is that an error of the model names.
pub(super) fn place_of(error: &Error, model: &Model, place: impl Fn(usize) -> Option<usize>) -> Option<usize> {
    // A long name is cut in an error.
    let name = error.place().column.as_deref()?;
    let is_named = |feature: &FeatureSchema| feature.name == name || shorten(feature.name.clone()) == name;
    place(model.schema().features.iter().position(is_named)?)
}

/// The beginning of a file.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) dialect: Dialect,
    pub(super) names: Vec<String>,
    /// What the first rows say of each column.
    evidence: Vec<Evidence>,
    /// What they say of each beside its own cells.
    priors: Vec<Prior>,
}

/// How a file is written down, and the names of its columns.
pub(super) fn open(beginning: &[u8], is_all: bool, options: &ReadOptions, schema: &Schema) -> Result<Opened> {
    let (mut dialect, mut evidence) = Dialect::of_rows(beginning, is_all, options, schema)?;
    let mut rows = dialect.rows(beginning, is_all, 0);
    let Some((_, first_row)) = rows.next()? else {
        if !is_all && !beginning.is_empty() {
            let message = format!("the first row does not end within {} bytes; is a quote left open?", beginning.len());
            return Err(Error::new(ErrorKind::LimitExceeded, message));
        }
        return Err(Error::new(ErrorKind::Empty, EMPTY_FILE));
    };
    let names = dialect.names(first_row.iter())?;
    evidence.resize_with(names.len(), Evidence::default);
    let priors = dialect.priors(options, &evidence);
    Ok(Opened { dialect, names, evidence, priors })
}
