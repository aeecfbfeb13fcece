//! What a model expects and what it predicts: enough to draw a form, check an input and make proof rows.

use super::Labels;

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
    /// The smallest value.
    pub minimum: f64,
    /// The median: of an even number of rows, the mean of the two in the middle.
    pub median: f64,
    /// The largest value.
    pub maximum: f64,
    /// The largest power of ten, from 1 down to 1e-6, of which every value is a multiple; `None` if there is none.
    pub step: Option<f64>,
}

/// What is predicted, as the training rows had it.
#[derive(Debug, Clone, PartialEq)]
pub enum TargetSchema {
    /// A column of classes.
    Classes {
        /// The column's name.
        name: String,
        /// The classes, sorted.
        classes: Labels,
        /// Training rows of each class, in the same order.
        counts: Vec<u64>,
    },
    /// A column of numbers.
    Number {
        /// The column's name.
        name: String,
        /// The smallest value.
        minimum: f64,
        /// The mean.
        mean: f64,
        /// The largest value.
        maximum: f64,
    },
}

/// The columns of a model: inputs in the order of the training table, the target, and the columns left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The inputs, in order; at least one.
    pub features: Vec<FeatureSchema>,
    /// What is predicted.
    pub target: TargetSchema,
    /// Columns that the training table had and the fit was told to leave out; rows may still carry them.
    pub dropped: Vec<String>,
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
