//! Predictions as lines of a file: CSV, or a JSON object a line.

use super::{CsvLines, PredictedRow};
use crate::error::{Error, ErrorBody, ErrorKind, Result};
use crate::model::Model;
use crate::predict::PredictionBody;
use serde::Serialize;

/// How predictions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// A header, then a line per row: see [`CsvLines`].
    #[default]
    Csv,
    /// A JSON object per row: as the server answers it, with the columns that are kept as `cells`.
    Ndjson,
}

impl Format {
    /// Every format by its name.
    pub const NAMES: [(&'static str, Self); 2] = [("csv", Self::Csv), ("ndjson", Self::Ndjson)];
}

/// Writes predictions. Numbers have the fewest digits that read back to the same 64 bits.
#[derive(Debug)]
pub struct PredictionLines<'m> {
    model: &'m Model,
    format: Format,
    /// The columns that are kept: their positions in the file, and their names.
    kept: Vec<(usize, String)>,
    /// Whether a row that is refused has a line that says why.
    marks: bool,
    is_safe: bool,
}

#[derive(Serialize)]
struct Line<'a, B: Serialize> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(flatten)]
    body: &'a B,
}

impl<'m> PredictionLines<'m> {
    /// `kept` are columns of the file, by position and name; `marks` makes room for the reason why a row is refused.
    pub fn new(model: &'m Model, format: Format, kept: Vec<(usize, String)>, marks: bool) -> Self {
        Self { model, format, kept, marks, is_safe: false }
    }

    /// See [`CsvLines::safe`].
    #[must_use]
    pub fn safe(self, is_safe: bool) -> Self {
        Self { is_safe, ..self }
    }

    /// The line before the first; none for JSON.
    pub fn header(&self) -> Vec<u8> {
        let mut lines = self.begin();
        if let Output::Csv(csv) = &mut lines.output {
            csv.add_header();
        }
        lines.finish()
    }

    /// Begins some lines.
    pub fn begin(&self) -> Lines<'_> {
        let output = match self.format {
            Format::Csv => Output::Csv(CsvLines::new(self.model, &self.kept, self.marks).safe(self.is_safe)),
            Format::Ndjson => Output::Json(Vec::new()),
        };
        Lines { how: self, output }
    }
}

/// Lines of predictions, in memory.
#[derive(Debug)]
pub struct Lines<'l> {
    how: &'l PredictionLines<'l>,
    output: Output<'l>,
}

#[derive(Debug)]
enum Output<'l> {
    Csv(CsvLines<'l>),
    Json(Vec<u8>),
}

impl Lines<'_> {
    /// Adds a row's line.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn add(&mut self, row: &PredictedRow<'_>) -> Result<()> {
        let PredictionLines { model, kept, .. } = self.how;
        match (&mut self.output, &row.outputs) {
            (Output::Csv(csv), _) => {
                csv.add(row);
                Ok(())
            }
            (Output::Json(lines), Ok(outputs)) => {
                json_line(lines, kept, row, &PredictionBody::of(model, row.values, outputs))
            }
            (Output::Json(lines), Err(error)) => {
                json_line(lines, kept, row, &ErrorBody::from(&error.clone().at_row(row.number)))
            }
        }
    }

    /// The lines' bytes.
    pub fn finish(self) -> Vec<u8> {
        match self.output {
            Output::Csv(csv) => csv.finish(),
            Output::Json(lines) => lines,
        }
    }
}

fn json_line(
    lines: &mut Vec<u8>,
    kept: &[(usize, String)],
    row: &PredictedRow<'_>,
    body: &impl Serialize,
) -> Result<()> {
    let cells = kept.iter().map(|(place, name)| (name.clone(), row.cell(*place).into()));
    let cells = (!kept.is_empty()).then(|| cells.collect());
    serde_json::to_writer(&mut *lines, &Line { cells, body })
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    lines.push(b'\n');
    Ok(())
}
