//! What a reader may be told of a file, and what it found.

use crate::table::DecimalSign;

/// What a reader may be told of a file. What it is not told it finds out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What separates cells: a comma, a semicolon, a tab, a bar or another ASCII character.
    pub delimiter: Option<char>,
    /// What marks decimals.
    pub decimal: Option<DecimalSign>,
    /// Whether the first row holds the columns' names. Without one they are `column_1`, `column_2` and so on.
    pub header: Option<bool>,
    /// How many lines stand above the header, or above the first row where there is no header.
    pub skip: u64,
    /// What stands for a missing value, beside the empty cell; by default [`MISSING`](crate::table::MISSING).
    pub missing: Option<Vec<String>>,
}

/// How a file writes its table down, as it was found or given.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct FileFormat {
    /// What separates cells.
    pub delimiter: char,
    /// What marks decimals in most columns.
    pub decimal: DecimalSign,
    /// Whether the first row holds the columns' names.
    pub header: bool,
    /// How many lines stand above the header.
    pub skip: u64,
    /// What stands for a missing value, beside the empty cell.
    pub missing: Vec<String>,
}
