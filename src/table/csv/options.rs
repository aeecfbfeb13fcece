//! What a reader may be told of a file, and what it found.

use crate::error::{Error, ErrorKind, Result, quote};
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
    /// What the rows were before they were CSV.
    pub origin: Origin,
    /// By place, which columns have cells that were numbers before: these have a decimal point, whatever the caller says.
    /// Texts that look like numbers are read as those of CSV.
    pub number_columns: Vec<bool>,
}

/// What the rows of a CSV file were before they were CSV.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// CSV.
    #[default]
    Csv,
    /// The rows of a sheet.
    Sheet,
    /// Records with names and types, as in JSON lines and in Parquet. The first line below the header is row 1.
    Records,
}

impl Origin {
    /// The names of the origins, as JavaScript has them.
    pub const NAMES: [(&str, Self); 3] = [("csv", Self::Csv), ("sheet", Self::Sheet), ("records", Self::Records)];
}

impl ReadOptions {
    /// Whether a column has cells that were numbers before they were CSV.
    pub(super) fn has_numbers(&self, place: usize) -> bool {
        self.number_columns.get(place) == Some(&true)
    }

    /// The names of the options, as [`ReadOptions::set`] takes them.
    pub const NAMES: [&str; 5] = ["delimiter", "decimal", "header", "skip", "missing"];

    /// Sets an option that is given as text, by its name: a character or `tab`; `point` or `comma`; `yes` or `no`; a
    /// number of lines; words with commas between them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a name that is none of [`ReadOptions::NAMES`], and for a text that is no such value.
    pub fn set(&mut self, name: &str, text: &str) -> Result<()> {
        let mut characters = text.chars();
        let expected = match (name, text, characters.next(), characters.next()) {
            ("delimiter", "tab" | "\\t", ..) => {
                self.delimiter = Some('\t');
                None
            }
            ("delimiter", _, Some(character), None) => {
                self.delimiter = Some(character);
                None
            }
            ("delimiter", ..) => Some("one character between cells, or tab"),
            ("decimal", "point", ..) => {
                self.decimal = Some(DecimalSign::Point);
                None
            }
            ("decimal", "comma", ..) => {
                self.decimal = Some(DecimalSign::Comma);
                None
            }
            ("decimal", ..) => Some("point or comma as the decimal sign"),
            ("header", "yes" | "no", ..) => {
                self.header = Some(text == "yes");
                None
            }
            ("header", ..) => Some("yes or no: whether the first row holds the columns' names"),
            ("skip", ..) if let Ok(lines) = text.parse() => {
                self.skip = lines;
                None
            }
            ("skip", ..) => Some("the number of lines above the header"),
            ("missing", ..) => {
                self.missing = Some(text.split(',').map(str::to_owned).collect());
                None
            }
            _ => Some("the name of an option of reading"),
        };
        let refuse =
            |expected| Error::new(ErrorKind::InvalidOption, format!("expected {expected}, found {}", quote(text)));
        expected.map_or(Ok(()), |expected| Err(refuse(expected)))
    }
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
