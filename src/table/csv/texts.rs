//! The cells of a column of text, each different text once.

use super::canonical::is_canonical;
use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::digits::with_decimals;
use super::evidence::{Evidence, Prior};
use super::kind::ColumnScan;
use crate::error::{Error, Result};
use crate::limits;
use crate::note::Note;
use crate::table::DecimalSign;
use crate::table::number::trim;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// Cells of text, spaces around them aside: each different one once, and which of them every cell is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// In the order in which they come first.
    different: Vec<Arc<str>>,
    /// Per cell the position of its text; `u32::MAX` for a missing cell.
    cells: Vec<u32>,
    positions: HashMap<Arc<str>, u32, RandomState>,
}

const MISSING_TEXT: u32 = u32::MAX;

/// How a column was read.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    pub(super) format: ColumnFormat,
    /// The texts of the column's numbers, where a program writes these otherwise: as categories they keep their texts.
    pub(super) spellings: Option<Spellings>,
    /// What a reader should know if the cells are used as numbers.
    pub(super) number_notes: Vec<Note>,
}

/// The texts of a column's numbers.
#[derive(Debug, Clone)]
pub(super) enum Spellings {
    Texts(Texts),
    /// Each has so many decimals.
    Decimals(usize),
}

impl Reading {
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let spellings = self.spellings.as_ref().map(|spellings| match spellings {
            Spellings::Texts(texts) => Spellings::Texts(texts.select(rows)),
            Spellings::Decimals(n_decimals) => Spellings::Decimals(*n_decimals),
        });
        Self { format: self.format.clone(), spellings, number_notes: self.number_notes.clone() }
    }
}

impl Texts {
    /// Numbers with so many decimals each; `None` where they are too many for categories.
    pub(super) fn with_decimals(numbers: &[f64], n_decimals: usize) -> Option<Self> {
        let mut texts = Self::default();
        for number in numbers {
            let text = (!number.is_nan()).then(|| with_decimals(*number, n_decimals));
            texts.add(text.as_deref());
            if texts.n_different() > limits::CATEGORIES {
                return None;
            }
        }
        Some(texts)
    }

    /// Takes in the next cell.
    pub(super) fn push(&mut self, cell: &str, column: &ColumnFormat, format: &CellFormat) {
        let cell = trim(cell);
        let is_there = self.positions.contains_key(cell) || !column.is_missing(cell, format);
        self.add(is_there.then_some(cell));
    }

    fn add(&mut self, text: Option<&str>) {
        let at = text.map_or(MISSING_TEXT, |text| {
            self.positions.get(text).copied().unwrap_or_else(|| {
                let (at, text) = (self.different.len() as u32, Arc::<str>::from(text));
                self.different.push(Arc::clone(&text));
                self.positions.insert(text, at);
                at
            })
        });
        self.cells.push(at);
    }

    /// How many different texts there are.
    pub(super) fn n_different(&self) -> usize {
        self.different.len()
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A cell's text; `None` for a missing one, and past the last.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.different.get(*self.cells.get(row)? as usize).map(|text| &**text)
    }

    /// What `of` makes of each cell's text, an empty one for a missing cell; or the first row it refuses, and why.
    pub(super) fn read(&self, of: impl Fn(&str) -> Result<f64>) -> std::result::Result<Vec<f64>, (usize, Error)> {
        let made: Vec<Result<f64>> = self.different.iter().map(|text| of(text)).collect();
        let missing = of("");
        let cells = self.cells.iter().map(|at| made.get(*at as usize).unwrap_or(&missing));
        cells.enumerate().map(|(row, made)| made.clone().map_err(|error| (row, error))).collect()
    }

    /// Every cell's number, where each is one or missing.
    pub(super) fn numbers(&self, column: &ColumnFormat) -> Option<Vec<f64>> {
        let numbers: Vec<f64> = self
            .different
            .iter()
            .map(|text| column.number(text).filter(|number| !number.is_nan()))
            .collect::<Option<_>>()?;
        Some(self.cells.iter().map(|at| numbers.get(*at as usize).copied().unwrap_or(f64::NAN)).collect())
    }

    /// Whether each text is how a program writes a number, so that the numbers stand for the texts.
    pub(super) fn are_canonical(&self) -> bool {
        self.different.iter().all(|text| is_canonical(text))
    }

    pub(super) fn select(&self, rows: &[usize]) -> Self {
        Self { cells: rows.iter().map(|row| self.cells[*row]).collect(), ..self.clone() }
    }

    /// How many cells have each of the texts, and how many are missing.
    pub(super) fn counts(&self) -> (impl Iterator<Item = (&Arc<str>, u64)>, u64) {
        let mut times = vec![0; self.different.len()];
        let mut n_missing = 0;
        self.cells.iter().for_each(|at| *times.get_mut(*at as usize).unwrap_or(&mut n_missing) += 1);
        (self.different.iter().zip(times), n_missing)
    }

    pub(super) fn scan(&self, scan: &mut ColumnScan, column: &ColumnFormat, format: &CellFormat) {
        let (counts, n_missing) = self.counts();
        counts.for_each(|(text, times)| scan.add_times(text, |_| Arc::clone(text), times, column, format));
        scan.add_number(f64::NAN, n_missing);
    }

    /// How the cells are to be understood, as they themselves say.
    pub(super) fn reading(&self, name: &str, decimal: Option<DecimalSign>, format: &CellFormat) -> Reading {
        let mut evidence = Evidence::default();
        self.counts().0.for_each(|(text, times)| evidence.add(text, times, format));
        let column = evidence.format(Prior { given: decimal, ..Prior::default() });
        let number_notes = evidence.number_notes(name, &column, format);
        Reading { format: column, spellings: None, number_notes }
    }
}
