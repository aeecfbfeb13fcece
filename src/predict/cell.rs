//! One value of a row that came from outside.

use super::Value;

/// One value of a row by name.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number, or a category that is called by one.
    Number(f64),
    /// A category.
    Text(String),
    /// None: `null`.
    Missing,
}

impl<'c> From<&'c Cell> for Value<'c> {
    fn from(cell: &'c Cell) -> Self {
        match cell {
            Cell::Number(number) => Self::Number(*number),
            Cell::Text(text) => Self::Text(text),
            Cell::Missing => Self::Missing,
        }
    }
}
