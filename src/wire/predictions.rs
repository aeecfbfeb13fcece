//! Predictions as lines of a file: CSV, or a JSON object a line.

use super::{ErrorBody, PredictionBody};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::score::ScoredRow;
use crate::table::{Label, Labels};
use serde::Serialize;

/// How predictions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A header, then a line per row: the columns that are kept, `prediction`, and for a classification one column
    /// `probability_<class>` per class in sorted order.
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
        Self { model, format, kept, marks }
    }

    /// The line before the first; none for JSON.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn header(&self) -> Result<Vec<u8>> {
        let mut lines = self.begin();
        if let Output::Csv(csv) = &mut lines.output {
            let classes = self.model.schema().target.classes().into_iter().flat_map(|classes| classes.iter());
            let kept = self.kept.iter().map(|(_, name)| name.clone());
            let names =
                kept.chain(["prediction".to_owned()]).chain(classes.map(|class| format!("probability_{class}")));
            csv.write_record(names.chain(self.marks.then(|| "error".to_owned()))).map_err(defect)?;
        }
        lines.finish()
    }

    /// Begins some lines.
    pub fn begin(&self) -> Lines<'_> {
        let output = match self.format {
            Format::Csv => Output::Csv(Box::new(csv::Writer::from_writer(Vec::new()))),
            Format::Ndjson => Output::Json(Vec::new()),
        };
        Lines { how: self, output, number: Vec::new() }
    }
}

/// Lines of predictions, in memory.
#[derive(Debug)]
pub struct Lines<'l> {
    how: &'l PredictionLines<'l>,
    output: Output,
    /// A number as text.
    number: Vec<u8>,
}

#[derive(Debug)]
enum Output {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Json(Vec<u8>),
}

impl Lines<'_> {
    /// Adds a row's line.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn add(&mut self, row: &ScoredRow<'_>) -> Result<()> {
        let model = self.how.model;
        match (&mut self.output, &row.outputs) {
            (Output::Csv(csv), outputs) => {
                let kept = self.how.kept.iter().map(|(place, _)| row.cell(*place));
                csv_line(csv, model, kept, outputs, self.how.marks, &mut self.number).map_err(defect)
            }
            (Output::Json(lines), Ok(outputs)) => {
                json_line(lines, &self.how.kept, row, &PredictionBody::from(&model.prediction(outputs)))
            }
            (Output::Json(lines), Err(error)) => {
                json_line(lines, &self.how.kept, row, &ErrorBody::from(&error.clone().at_row(row.number)))
            }
        }
    }

    /// The lines' bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`].
    pub fn finish(self) -> Result<Vec<u8>> {
        match self.output {
            Output::Csv(csv) => csv.into_inner().map_err(defect),
            Output::Json(lines) => Ok(lines),
        }
    }
}

/// Writing to memory does not fail.
fn defect(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Internal, error.to_string())
}

fn csv_line<'c>(
    csv: &mut csv::Writer<Vec<u8>>,
    model: &Model,
    mut kept: impl Iterator<Item = &'c str>,
    outputs: &Result<&[f64]>,
    marks: bool,
    text: &mut Vec<u8>,
) -> csv::Result<()> {
    kept.try_for_each(|cell| csv.write_field(cell))?;
    let mut number = |number: f64, csv: &mut csv::Writer<Vec<u8>>| {
        text.clear();
        // The library behind it takes a third of the time that the standard one does for the same digits.
        serde_json::to_writer(&mut *text, &number).map_err(std::io::Error::from)?;
        csv.write_field(text.strip_suffix(b".0").unwrap_or(text))
    };
    match (outputs, model.schema().target.classes()) {
        (Ok(outputs), None) => number(outputs[0], csv)?,
        (Ok(outputs), Some(classes)) => {
            match classes.get(model.decide(outputs)) {
                Some(Label::Text(class)) => csv.write_field(class)?,
                Some(Label::Number(class)) => number(class, csv)?,
                None => csv.write_field("")?,
            }
            outputs.iter().try_for_each(|probability| number(*probability, csv))?;
        }
        (Err(_), classes) => (0..=classes.map_or(0, Labels::len)).try_for_each(|_| csv.write_field(""))?,
    }
    if marks {
        csv.write_field(outputs.as_ref().err().map(Error::to_string).unwrap_or_default())?;
    }
    csv.write_record(None::<&[u8]>)
}

fn json_line(lines: &mut Vec<u8>, kept: &[(usize, String)], row: &ScoredRow<'_>, body: &impl Serialize) -> Result<()> {
    let cells = kept.iter().map(|(place, name)| (name.clone(), row.cell(*place).into()));
    let cells = (!kept.is_empty()).then(|| cells.collect());
    serde_json::to_writer(&mut *lines, &Line { cells, body }).map_err(defect)?;
    lines.push(b'\n');
    Ok(())
}
