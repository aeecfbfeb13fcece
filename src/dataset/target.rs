//! What is to be predicted: classes or numbers.

use super::Target;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::limits;
use crate::table::{Column, EMPTY_CELL, Labels, NameIndex, Table, Task, Values, number};
use std::collections::BTreeSet;

/// How the message about a target that is no number ends.
pub(super) const TARGET_REMEDY: &str = "make every cell a number, or ask for classification";

/// The target in a column, as what it was asked to be or as what it seems to be.
pub(super) fn read(table: &Table, column: &Column, task: Option<Task>) -> Result<Target> {
    let task = match task {
        Some(task) => task,
        None => infer_task(column),
    };
    if task == Task::Regression {
        return Ok(Target::Numbers(table.numbers(column, TARGET_REMEDY)?.to_vec()));
    }
    let (labels, codes) = match &column.values {
        Values::Text(cells) => {
            if let Some(row) = cells.iter().position(|cell| cell.trim().is_empty()) {
                let error = Error::new(ErrorKind::MissingValue, EMPTY_CELL);
                return Err(error.at_row(table.row_numbers()[row]).in_column(&column.name));
            }
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            let classes = NameIndex::new(cells.iter().copied()).distinct();
            check_classes(&column.name, &classes, cells.len())?;
            let code = |cell: &&str| classes.partition_point(|class| class < cell);
            let codes = cells.iter().map(code).collect();
            (Labels::from_text(classes.into_iter().map(str::to_owned).collect())?, codes)
        }
        Values::Numbers(_) => {
            // Adding zero makes one class of 0 and -0.
            let numbers: Vec<f64> = table.numbers(column, TARGET_REMEDY)?.iter().map(|number| number + 0.0).collect();
            let classes = distinct(&numbers);
            check_classes(&column.name, &classes.iter().copied().map(Decimal).collect::<Vec<_>>(), numbers.len())?;
            let codes = numbers.iter().map(|number| classes.partition_point(|class| class < number)).collect();
            (Labels::from_numbers(classes)?, codes)
        }
    };
    Ok(Target::Classes { labels, codes })
}

/// A column that is mostly numbers is one of numbers with a stray cell, so that the stray cell is refused by its
/// place rather than made a class.
fn infer_task(column: &Column) -> Task {
    let classification = match &column.values {
        Values::Text(cells) => 2 * cells.iter().filter(|cell| number(cell).is_some()).count() <= cells.len(),
        Values::Numbers(numbers) => numbers.len() > 2 && distinct(numbers).len() == 2,
    };
    if classification { Task::Classification } else { Task::Regression }
}

fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut distinct = numbers.to_vec();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    distinct
}

/// Refuses classes that cannot be told apart, or too many of them.
pub(super) fn check_classes<T: ToString>(name: &str, classes: &[T], n_rows: usize) -> Result<()> {
    let refuse = |kind, message| Err(Error::new(kind, message).in_column(name));
    if let [class] = classes {
        return refuse(
            ErrorKind::ConstantTarget,
            format!("every row has the class \"{}\"; expected at least two classes", class.to_string()),
        );
    }
    if classes.len() == n_rows {
        let message = format!(
            "expected fewer classes than rows, found {n_rows} classes in {n_rows} rows; \
             is the column an identifier, or a number to predict by regression?"
        );
        return refuse(ErrorKind::TooFewRows, message);
    }
    limits::check("classes", classes.len(), limits::CLASSES)
}

/// What is seen of a target column that goes by cell by cell: enough to decide what [`read`] decides.
#[derive(Debug)]
pub(super) struct TargetScan {
    task: Option<Task>,
    n_rows: usize,
    n_numbers: usize,
    /// The different cells, as text and as numbers; no more once there are too many for classes.
    texts: BTreeSet<String>,
    numbers: Vec<f64>,
}

impl TargetScan {
    pub(super) fn new(task: Option<Task>) -> Self {
        Self { task, n_rows: 0, n_numbers: 0, texts: BTreeSet::new(), numbers: Vec::new() }
    }

    pub(super) fn add(&mut self, cell: &str) {
        let cell = cell.trim();
        self.n_rows += 1;
        if self.texts.len() <= limits::CLASSES && !self.texts.contains(cell) {
            self.texts.insert(cell.to_owned());
        }
        let Some(number) = number(cell) else { return };
        self.n_numbers += 1;
        if self.numbers.len() <= limits::CLASSES {
            // Adding zero makes one class of 0 and -0.
            let number = number + 0.0;
            if let Err(place) = self.numbers.binary_search_by(|other| other.total_cmp(&number)) {
                self.numbers.insert(place, number);
            }
        }
    }

    /// The classes, sorted; `None` for a regression.
    pub(super) fn labels(self, name: &str, n_rows: usize) -> Result<Option<Labels>> {
        let is_numeric = self.n_numbers == self.n_rows;
        let seems_classes = match is_numeric {
            true => self.n_rows > 2 && self.numbers.len() == 2,
            false => 2 * self.n_numbers <= self.n_rows,
        };
        let inferred = if seems_classes { Task::Classification } else { Task::Regression };
        if self.task.unwrap_or(inferred) == Task::Regression {
            return Ok(None);
        }
        if is_numeric {
            if let Some(number) = self.numbers.iter().find(|number| !number.is_finite()) {
                return Err(Error::not_finite(*number).in_column(name));
            }
            check_classes(name, &self.numbers.iter().copied().map(Decimal).collect::<Vec<_>>(), n_rows)?;
            return Labels::from_numbers(self.numbers).map(Some);
        }
        let texts: Vec<String> = self.texts.into_iter().collect();
        check_classes(name, &texts, n_rows)?;
        // An empty cell among them is refused by its place when it is read.
        Labels::from_text(texts).map(Some)
    }
}
