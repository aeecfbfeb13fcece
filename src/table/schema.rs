//! What a model expects and what it predicts: enough to draw a form, check an input and make proof rows.

use super::date::DATE_EXAMPLES;
use super::{Label, Labels};
use crate::note::Note;

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One of two or more classes, with a probability for each.
    Classification,
    /// A number.
    Regression,
}

/// One input of a model, as its training rows had it.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureSchema {
    /// The column's name.
    pub name: String,
    /// What its values are measured in, if known.
    pub unit: Option<String>,
    /// What it is, for people, if known.
    pub description: Option<String>,
    /// 1234.5 as the training table writes its numbers, where that is not in plain digits with a decimal point:
    /// `1234,5 kg`. Files of rows are read in the same way.
    pub written: Option<String>,
    /// Training rows without a value.
    pub missing: u64,
    /// The values it had.
    pub domain: Domain,
}

/// The values of a feature in its training rows, the missing ones aside.
#[derive(Debug, Clone, PartialEq)]
pub enum Domain {
    /// Numbers.
    Number(NumberDomain),
    /// One of some categories.
    Category {
        /// The categories, sorted.
        categories: Labels,
        /// Training rows of each, in the same order; 0 for one that only rows held out of training had. All are 0 where they are
        /// not known, of a model that was fitted elsewhere.
        counts: Vec<u64>,
        /// Whether they are yes and no, or another such pair.
        is_yes_no: bool,
    },
}

/// The numbers of a feature in its training rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NumberDomain {
    /// The smallest value.
    pub minimum: f64,
    /// The median: of an even number of rows, the mean of the two in the middle.
    pub median: f64,
    /// The largest value.
    pub maximum: f64,
    /// The largest power of ten, from 1 down to 1e-6, of which every value is a multiple; `None` if there is none.
    pub step: Option<f64>,
    /// What else is known of them; `None` in a model of format version 1 or 2, and in one that was fitted elsewhere.
    pub spread: Option<Spread>,
    /// Whether these are the thresholds that a model splits at: nothing is known of its training rows.
    pub are_from_splits: bool,
}

/// How the numbers of a feature are spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Where a twentieth of the rows lies below, interpolated between two rows as numpy's `percentile` does.
    pub percentile_5: f64,
    /// Where a twentieth of the rows lies above.
    pub percentile_95: f64,
    /// The mean; with sample weights the weighted one.
    pub mean: f64,
}

/// What is predicted, as the training rows had it.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetSchema {
    /// A column of classes.
    Classes {
        /// The column's name.
        name: String,
        /// The classes, sorted; at least two.
        classes: Labels,
        /// Training rows of each class, in the same order; all 0 where they are not known, of a model that was fitted elsewhere.
        counts: Vec<u64>,
        /// Of two classes the position of the one that is looked for: figures such as sensitivity are about it.
        positive: Option<usize>,
    },
    /// A column of numbers.
    Number {
        /// The column's name.
        name: String,
        /// The numbers that training rows had; `None` for a model that was fitted elsewhere.
        range: Option<TargetRange>,
    },
}

/// The numbers of a target in its training rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetRange {
    /// The smallest value.
    pub minimum: f64,
    /// The mean.
    pub mean: f64,
    /// The largest value.
    pub maximum: f64,
}

/// A column that is no feature.
#[derive(Debug, Clone, PartialEq)]
pub struct DroppedColumn {
    /// Its name.
    pub name: String,
    /// Why it was left out, where the caller did not ask for it.
    pub reason: Option<Note>,
}

/// The columns of a model: inputs in the order of the training table, the target, and the columns left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The inputs, in order; at least one.
    pub features: Vec<FeatureSchema>,
    /// What is predicted.
    pub target: TargetSchema,
    /// Columns that the training table had and the fit left out; rows may still carry them.
    pub dropped: Vec<DroppedColumn>,
    /// The texts that stand for a missing value in files of rows, beside the empty cell.
    pub missing: Vec<String>,
}

/// The number of a cell that says true or false.
pub(crate) fn read_flag(cell: &str) -> Option<f64> {
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if is("true") { Some(1.0) } else { is("false").then_some(0.0) }
}

impl FeatureSchema {
    /// Whether its numbers stand for dates, as days since 1970-01-01.
    pub fn is_date(&self) -> bool {
        self.written.as_deref().is_some_and(|written| DATE_EXAMPLES.contains(&written))
    }

    /// Whether true and false stand for 1 and 0 among its numbers, as the tools that models are imported from have them.
    pub(crate) fn takes_flags(&self) -> bool {
        matches!(&self.domain, Domain::Number(domain) if domain.are_from_splits)
    }

    /// Whether training rows had the category at a position, as far as is known.
    pub(crate) fn has_seen(&self, position: usize) -> bool {
        match &self.domain {
            Domain::Number(_) => false,
            Domain::Category { counts, .. } => {
                counts.get(position).is_some_and(|count| *count > 0 || counts.iter().all(|count| *count == 0))
            }
        }
    }

    /// The category at a position.
    pub fn category(&self, position: usize) -> Option<Label<'_>> {
        match &self.domain {
            Domain::Number(_) => None,
            Domain::Category { categories, .. } => categories.get(position),
        }
    }

    /// The position of the category that a text stands for.
    pub(crate) fn position_of_text(&self, text: &str) -> Option<usize> {
        let Domain::Category { categories, is_yes_no, .. } = &self.domain else { return None };
        categories.position_of_cell(text, *is_yes_no)
    }

    /// How many categories there are; 0 for numbers.
    pub fn n_categories(&self) -> usize {
        match &self.domain {
            Domain::Number(_) => 0,
            Domain::Category { categories, .. } => categories.len(),
        }
    }
}

impl TargetSchema {
    /// The target column's name.
    pub fn name(&self) -> &str {
        match self {
            Self::Classes { name, .. } | Self::Number { name, .. } => name,
        }
    }

    /// Whether classes or numbers are predicted.
    pub fn task(&self) -> Task {
        match self {
            Self::Classes { .. } => Task::Classification,
            Self::Number { .. } => Task::Regression,
        }
    }

    /// The classes, if classes are predicted.
    pub fn classes(&self) -> Option<&Labels> {
        match self {
            Self::Classes { classes, .. } => Some(classes),
            Self::Number { .. } => None,
        }
    }
}
