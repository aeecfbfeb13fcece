//! What the names of an ONNX graph stand for while it is read.

use super::tensor::{Kind, Tensor};
use crate::error::Result;
use crate::interop::document::wrong;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A constant of the file: numbers or texts.
    Known(Tensor),
    /// Numbers of each row.
    Rows(Rows),
    /// Texts of each row: those of these features.
    Texts(Vec<usize>),
    /// One class of each row, by its place among the labels: a vector of one number.
    Class(Classes, usize),
}

/// A vector of numbers for each row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rows {
    /// The vector of the graph.
    pub(super) vector: usize,
    pub(super) width: usize,
    pub(super) kind: Kind,
    /// Whether it has a dimension for its numbers, beside the one of the rows. Without one there is one number a row.
    pub(super) is_matrix: bool,
}

/// The labels of classes, in the order of their scores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Classes {
    Texts(Vec<String>),
    Numbers(Vec<f64>),
}

impl Classes {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Known(tensor) if tensor.kind == Kind::Text => "texts of the file",
            Self::Known(tensor) if tensor.counts_rows => "the number of rows",
            Self::Known(_) => "numbers of the file",
            Self::Rows(_) => "numbers of each row",
            Self::Texts(_) => "texts of each row",
            Self::Class(..) => "classes of each row",
        }
    }

    pub(super) fn wrong(&self, expected: &str) -> crate::error::Error {
        wrong(format!("expected {expected}, found {}", self.kind()))
    }

    pub(super) fn known(&self) -> Result<&Tensor> {
        match self {
            Self::Known(tensor) if tensor.kind != Kind::Text => Ok(tensor),
            other => Err(other.wrong("numbers of the file")),
        }
    }

    pub(super) fn rows(&self) -> Result<Rows> {
        match self {
            Self::Rows(rows) => Ok(*rows),
            other => Err(other.wrong("numbers of each row")),
        }
    }
}
