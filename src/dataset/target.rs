//! What is to be predicted: classes or numbers.

use crate::error::{Error, ErrorKind, Result};
use crate::note::Note;
use crate::table::{
    CellFormat, ColumnFormat, ColumnScan, Label, Labels, Task, infinite_number, read_number, trim, twins,
};

/// How the message about a target that is no number ends.
const TARGET_REMEDY: &str = "make every cell a number, or ask for classification";

/// The classes of a target of which every cell was seen, sorted, `None` for a regression; and what a reader should know of them.
///
/// A column that is mostly numbers is one of numbers with a stray cell, so that the stray cell is refused by its place
/// rather than made a class.
pub(super) fn labels(scan: ColumnScan, name: &str, task: Option<Task>) -> Result<(Option<Labels>, Vec<Note>)> {
    let n_rows = scan.n_present();
    if n_rows == 0 {
        let message = "every cell of the target is missing; there is nothing to predict";
        return Err(Error::new(ErrorKind::MissingValue, message).in_column(name));
    }
    let seems_classes = match scan.is_numeric() {
        true => scan.differs_in_zeros() || n_rows > 2 && scan.n_different_numbers() == 2,
        false => !scan.is_mostly_numeric(),
    };
    let inferred = if seems_classes { Task::Classification } else { Task::Regression };
    if task.unwrap_or(inferred) == Task::Regression {
        return Ok((None, Vec::new()));
    }
    let digits = scan.digit_class_note(name).filter(|_| task.is_none());
    let labels = scan.labels("classes").map_err(|error| error.in_column(name))?;
    let labels = labels.map(|labels| check_classes(labels, name, n_rows)).transpose()?;
    let alike = labels.as_ref().and_then(Labels::as_text).and_then(|texts| twins(texts, name));
    Ok((labels, digits.into_iter().chain(alike).collect()))
}

/// Refuses classes that cannot be told apart.
fn check_classes(labels: Labels, name: &str, n_rows: u64) -> Result<Labels> {
    let refuse = |kind, message| Err(Error::new(kind, message).in_column(name));
    if let (Some(class), 1) = (labels.get(0), labels.len()) {
        let message = format!("every row has the class \"{class}\"; expected at least two classes");
        return refuse(ErrorKind::ConstantTarget, message);
    }
    if labels.len() as u64 == n_rows {
        let message = format!(
            "expected fewer classes than rows, found {n_rows} classes in {n_rows} rows; \
             is the column an identifier, or a number to predict by regression?"
        );
        return refuse(ErrorKind::TooFewRows, message);
    }
    Ok(labels)
}

/// The number to predict, or the position of the class, in a cell that is not missing.
pub(super) fn read(cell: &str, labels: Option<&Labels>, column: &ColumnFormat, format: &CellFormat) -> Result<f64> {
    let Some(labels) = labels else { return read_number(cell, column, format, TARGET_REMEDY) };
    match labels.as_text() {
        Some(_) => position(Label::Text(trim(cell)), labels),
        None => position(Label::Number(read_number(cell, column, format, TARGET_REMEDY)?), labels),
    }
}

/// The same for a number.
pub(super) fn read_one(number: f64, labels: Option<&Labels>) -> Result<f64> {
    match labels {
        _ if !number.is_finite() => Err(infinite_number(number)),
        Some(labels) => position(Label::Number(number), labels),
        None => Ok(number),
    }
}

fn position(label: Label<'_>, labels: &Labels) -> Result<f64> {
    // The labels are those of the same cells, read before.
    let changed = || Error::new(ErrorKind::Io, "the file changed while it was read");
    labels.position(label).map(|position| position as f64).ok_or_else(changed)
}

/// The target's value for each row.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Classes: the names, and for each row the position of its class among them.
    Classes {
        /// The classes, sorted.
        labels: Labels,
        /// One position in `labels` per row.
        codes: Vec<usize>,
    },
    /// Numbers, all finite.
    Numbers(Vec<f64>),
}

impl Target {
    /// From what stands for each row's target.
    pub(super) fn of(values: Vec<f64>, labels: Option<Labels>) -> Self {
        match labels {
            Some(labels) => Self::Classes { labels, codes: values.into_iter().map(|code| code as usize).collect() },
            None => Self::Numbers(values),
        }
    }

    /// The number of a row, or the position of its class.
    ///
    /// # Panics
    /// For a row past the last.
    pub fn value(&self, row: usize) -> f64 {
        match self {
            Self::Classes { codes, .. } => codes[row] as f64,
            Self::Numbers(numbers) => numbers[row],
        }
    }
}
