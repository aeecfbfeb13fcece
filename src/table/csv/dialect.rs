//! How a file writes its table down: what separates cells, what marks decimals, what stands for nothing.
//!
//! What the caller does not say is found out from the beginning of the file, and said.

use super::Rows;
use crate::error::{Error, ErrorKind, Result, quote};
use crate::note::{Note, codes};
use crate::table::number::{DecimalSign, number, trim};
use bincode::{Decode, Encode};

/// What a reader may be told of a file. What it is not told it finds out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// What separates cells: a comma, a semicolon, a tab, a bar or another ASCII character.
    pub delimiter: Option<char>,
    /// What marks decimals.
    pub decimal: Option<DecimalSign>,
    /// Whether the first row holds the columns' names. Without one they are `column_1`, `column_2` and so on.
    pub header: Option<bool>,
    /// What stands for a missing value, beside the empty cell; by default [`MISSING`].
    pub missing: Option<Vec<String>>,
}

/// How the text of a cell is to be understood.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct CellFormat {
    pub(crate) decimal: DecimalSign,
    pub(crate) missing: Vec<String>,
    /// The bytes of the longest of them: no longer cell is one.
    longest: usize,
    /// Those of them that are numbers: -999 is missing as -999.0 too.
    missing_numbers: Vec<f64>,
}

/// What stands for a missing value, beside the empty cell, unless a caller says otherwise.
pub const MISSING: [&str; 9] = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-"];

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) has_header: bool,
    pub(crate) format: CellFormat,
}

/// The delimiters that are looked for, the commonest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How many bytes and rows are looked at.
pub(crate) const SAMPLE_BYTES: usize = 1 << 18;
const SAMPLE_ROWS: usize = 200;

impl Default for CellFormat {
    fn default() -> Self {
        Self::new(DecimalSign::Point, None)
    }
}

impl CellFormat {
    /// `missing` beside the empty cell, or [`MISSING`].
    pub(crate) fn new(decimal: DecimalSign, missing: Option<&[String]>) -> Self {
        let missing: Vec<String> = match missing {
            Some(missing) => missing.iter().map(|text| text.trim().to_owned()).collect(),
            None => MISSING.iter().map(|text| (*text).to_owned()).collect(),
        };
        let numbers = missing.iter().filter_map(|text| number(text, decimal)).filter(|number| number.is_finite());
        let longest = missing.iter().map(String::len).max().unwrap_or(0);
        Self { decimal, longest, missing_numbers: numbers.collect(), missing }
    }

    /// What a caller says of cells that are no file's.
    pub(crate) fn of(options: &ReadOptions) -> Self {
        Self::new(options.decimal.unwrap_or_default(), options.missing.as_deref())
    }

    /// The same for a number that was read already.
    pub(crate) fn is_missing_number(&self, number: f64) -> bool {
        number.is_nan() || self.missing_numbers.contains(&number)
    }

    /// Whether a cell, spaces around it aside, holds nothing.
    pub(crate) fn is_missing(&self, cell: &str) -> bool {
        let cell = trim(cell);
        cell.is_empty()
            || cell.len() <= self.longest && self.missing.iter().any(|text| text == cell)
            || !self.missing_numbers.is_empty()
                && self.number(cell).is_some_and(|number| self.missing_numbers.contains(&number))
    }

    pub(crate) fn number(&self, cell: &str) -> Option<f64> {
        number(cell, self.decimal)
    }
}

impl Dialect {
    /// Finds out what the caller did not say from the beginning of a file; `is_all` says that it is the whole file.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a delimiter that cannot be one, [`ErrorKind::Encoding`] for a file that is not
    /// text.
    pub(crate) fn of(beginning: &[u8], is_all: bool, options: &ReadOptions) -> Result<Self> {
        check_text(beginning)?;
        // At least the first row.
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let first_row = beginning.iter().position(is_line_end).map_or(beginning.len(), |at| at + 1);
        let sample = &beginning[..beginning.len().min(first_row.max(SAMPLE_BYTES))];
        let is_all = is_all && sample.len() == beginning.len();
        let delimiter = match options.delimiter {
            Some(delimiter) => check_delimiter(delimiter)?,
            None => find_delimiter(sample, is_all)?,
        };
        let rows = first_rows(sample, is_all, delimiter)?;
        let decimal = match options.decimal {
            Some(DecimalSign::Comma) if delimiter == b',' => {
                let message = "cells separated by commas cannot have decimal commas; give another delimiter";
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
            Some(decimal) => decimal,
            None => find_decimal(delimiter, &rows),
        };
        let format = match &options.missing {
            // Beside a plus sign a minus sign is a result, and no dash for nothing.
            None if rows.iter().flatten().any(|cell| cell == "+") => {
                let others: Vec<String> =
                    MISSING.iter().filter(|text| **text != "-").map(|text| (*text).to_owned()).collect();
                CellFormat::new(decimal, Some(&others))
            }
            missing => CellFormat::new(decimal, missing.as_deref()),
        };
        let has_header = options.header.unwrap_or_else(|| find_header(&rows, &format));
        Ok(Self { delimiter, has_header, format })
    }

    /// Reads with what a model took for missing, unless the caller says otherwise.
    pub(crate) fn of_rows(beginning: &[u8], is_all: bool, options: &ReadOptions, missing: &[String]) -> Result<Self> {
        let missing = options.missing.clone().or_else(|| (!missing.is_empty()).then(|| missing.to_vec()));
        Self::of(beginning, is_all, &ReadOptions { missing, ..options.clone() })
    }

    /// What was found that is not as it mostly is.
    pub(crate) fn notes(&self, options: &ReadOptions) -> Vec<Note> {
        let delimiter = match self.delimiter {
            b';' => codes::SEMICOLONS,
            b'\t' => codes::TABS,
            _ => codes::BARS,
        };
        let notes = [
            (self.delimiter != b',' && options.delimiter.is_none(), delimiter),
            (self.format.decimal == DecimalSign::Comma && options.decimal.is_none(), codes::DECIMAL_COMMA),
            (!self.has_header && options.header.is_none(), codes::NO_HEADER),
        ];
        notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| Note::new(code, [])).collect()
    }

    /// The names that a file's first row has, or stands for.
    pub(crate) fn names<'c>(&self, first_row: impl Iterator<Item = &'c str>) -> Vec<String> {
        match self.has_header {
            true => first_row.map(|name| name.trim().to_owned()).collect(),
            false => (1..).zip(first_row).map(|(number, _)| format!("column_{number}")).collect(),
        }
    }
}

fn check_delimiter(delimiter: char) -> Result<u8> {
    match u8::try_from(delimiter) {
        Ok(byte)
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\r' | b'\n' | b'.') =>
        {
            Ok(byte)
        }
        _ => {
            let message = format!("expected a comma, a semicolon, a tab or a bar between cells, found \"{delimiter}\"");
            Err(Error::new(ErrorKind::InvalidOption, message))
        }
    }
}

/// Refuses what spreadsheets and editors write that is not text in a way that reads as a table.
fn check_text(beginning: &[u8]) -> Result<()> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Encoding, message));
    if beginning.starts_with(b"PK\x03\x04") {
        return refuse("this is a spreadsheet or an archive, not text; save the table as CSV");
    }
    if beginning.starts_with(b"\xFF\xFE") || beginning.starts_with(b"\xFE\xFF") {
        return refuse("the file is UTF-16; save it as UTF-8");
    }
    match beginning.iter().take(SAMPLE_BYTES).position(|byte| *byte == 0) {
        None => Ok(()),
        Some(at) => {
            let message = "this is not text: it has a zero byte; expected a table as CSV";
            Err(Error::new(ErrorKind::Encoding, message).at_byte(at as u64))
        }
    }
}

fn first_rows(sample: &[u8], is_all: bool, delimiter: u8) -> Result<Vec<Vec<String>>> {
    let mut rows = Rows::of_window(sample, delimiter, is_all, 0);
    let mut all = Vec::new();
    while let Some((_, cells)) = rows.next()? {
        all.push(cells.iter().map(|cell| cell.trim().to_owned()).collect());
        if all.len() == SAMPLE_ROWS {
            break;
        }
    }
    Ok(all)
}

/// The delimiter that cuts most rows into as many cells as the first, if those are two or more; a comma if none does.
fn find_delimiter(sample: &[u8], is_all: bool) -> Result<u8> {
    let mut best = ((0, false, 0), b',');
    for delimiter in DELIMITERS {
        let rows = first_rows(sample, is_all, delimiter)?;
        let width = rows.first().map_or(0, Vec::len);
        let n_alike = rows.iter().filter(|row| row.len() == width).count();
        // Where commas mark decimals they may cut all rows alike too.
        let is_number = |cell: &String| cell.contains(',') && number(cell, DecimalSign::Comma).is_some();
        let has_decimals = delimiter != b',' && rows.iter().flatten().any(is_number);
        if width > 1 && (n_alike, has_decimals, width) > best.0 {
            best = ((n_alike, has_decimals, width), delimiter);
        }
    }
    Ok(best.1)
}

/// A comma where cells read as numbers with one, none reads as a number with a point, and at least one cannot be a number
/// with its thousands set apart: `1,234` alone could be either.
fn find_decimal(delimiter: u8, rows: &[Vec<String>]) -> DecimalSign {
    let has = |cell: &String, sign: DecimalSign| {
        cell.bytes().any(|byte| byte == sign.byte()) && number(cell, sign).is_some_and(f64::is_finite)
    };
    let is_no_thousand = |cell: &String| {
        let digits = cell.trim_start_matches(['+', '-']);
        let (whole, decimals) = digits.split_once(',').unwrap_or((digits, ""));
        decimals.len() != 3 || whole.len() > 3 || whole.starts_with('0') || whole.is_empty()
    };
    let cells = || rows.iter().flatten();
    let has_comma = cells().any(|cell| has(cell, DecimalSign::Comma) && is_no_thousand(cell));
    if delimiter != b',' && has_comma && !cells().any(|cell| has(cell, DecimalSign::Point)) {
        DecimalSign::Comma
    } else {
        DecimalSign::Point
    }
}

/// The first row is data when every cell of it is a number or missing, when one of its numbers has decimals, or when it
/// has both numbers and texts that come again below in their columns. Names may be years, as in `country,2019,2020`.
fn find_header(rows: &[Vec<String>], format: &CellFormat) -> bool {
    let Some((first, others)) = rows.split_first() else { return true };
    let numbers: Vec<Option<f64>> = first.iter().map(|cell| format.number(cell)).collect();
    let n_numbers = numbers.iter().flatten().count();
    if n_numbers == 0 || others.is_empty() {
        return true;
    }
    let is_all = first.iter().zip(&numbers).all(|(cell, number)| number.is_some() || format.is_missing(cell));
    let has_decimals = numbers.iter().flatten().any(|number| number.fract() != 0.0);
    let comes_again = |(column, cell): (usize, &String)| {
        numbers[column].is_none() && !cell.is_empty() && others.iter().any(|row| row.get(column) == Some(cell))
    };
    !(is_all || has_decimals || first.iter().enumerate().any(comes_again))
}

/// What a cell looks like that a person would read as a number and a program would not: `" with thousands separators"`
/// and the like.
pub(crate) fn formatted_number(cell: &str, decimal: DecimalSign) -> Option<&'static str> {
    let cell = cell.trim();
    if !cell.bytes().any(|byte| byte.is_ascii_digit()) || number(cell, decimal).is_some() {
        return None;
    }
    let reads = |text: &str, sign| number(text, sign).is_some_and(f64::is_finite);
    if let Some(rest) = cell.strip_suffix(['%', '‰']) {
        return (reads(rest, decimal) || formatted_number(rest, decimal).is_some())
            .then_some("a number with a percent sign");
    }
    if let Some(rest) = cell.strip_prefix(['$', '€', '£', '¥']).or_else(|| cell.strip_suffix(['$', '€', '£', '¥']))
    {
        return (reads(rest, decimal) || formatted_number(rest, decimal).is_some())
            .then_some("a number with a currency sign");
    }
    let (sign, other) = match decimal {
        DecimalSign::Point => ('.', DecimalSign::Comma),
        DecimalSign::Comma => (',', DecimalSign::Point),
    };
    let is_grouped = |separator: char| {
        let unsigned = cell.trim_start_matches(['+', '-']);
        let (whole, decimals) = unsigned.split_once(sign).unwrap_or((unsigned, ""));
        let mut groups = whole.split(separator);
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && is_digits(first))
            && groups.clone().count() > 0
            && groups.all(|group| group.len() == 3 && is_digits(group))
            && is_digits(decimals)
    };
    if [',', '.', ' ', '\'', '\u{a0}', '\u{202f}']
        .into_iter()
        .any(|separator| separator != sign && is_grouped(separator))
    {
        return Some("a number with its thousands set apart");
    }
    match other {
        DecimalSign::Comma if reads(cell, other) => Some("a number with a decimal comma"),
        DecimalSign::Point if reads(cell, other) => Some("a number with a decimal point"),
        _ => None,
    }
}

/// The error about a cell that should be a number. `remedy` ends the message about text.
pub(crate) fn no_number(cell: &str, decimal: DecimalSign, remedy: &str) -> Error {
    let found = quote(cell.trim());
    let message = match formatted_number(cell, decimal) {
        Some(looks) => format!("expected a number, found {found}, which looks like {looks}; write plain digits"),
        None => format!("expected a number, found {found}; {remedy}"),
    };
    Error::new(ErrorKind::NotANumber, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(csv: &str) -> Dialect {
        Dialect::of(csv.as_bytes(), true, &ReadOptions::default()).unwrap()
    }

    #[test]
    fn delimiters_are_found_by_what_cuts_rows_alike() {
        let cases = [
            ("x,y\n1,2\n", b','),
            ("x;y\n1,5;2,5\n3,5;1\n", b';'),
            ("x\ty\n1\t2\n", b'\t'),
            ("x|y\n1|a, b\n", b'|'),
            ("x\n1\n", b','),
            ("\"a;b\",y\n\"c;d\",2\n", b','),
            ("x,y\n1,2\n3\n5,6\n", b','),
            ("5,1;3,5;setosa\n4,9;3,0;setosa\n", b';'),
            ("1,5;2,5\n3,5;1,5\n", b';'),
            ("", b','),
        ];
        for (csv, delimiter) in cases {
            assert_eq!(dialect(csv).delimiter, delimiter, "{csv:?}");
        }
    }

    #[test]
    fn a_decimal_comma_is_taken_only_where_it_can_be_nothing_else() {
        let cases = [
            ("x;y\n1,5;2\n", DecimalSign::Comma),
            ("x;y\n1,234;2\n", DecimalSign::Point),
            ("x;y\n0,234;2\n", DecimalSign::Comma),
            ("x;y\n1,5;2.5\n", DecimalSign::Point),
            ("x,y\n\"1,5\",2\n", DecimalSign::Point),
        ];
        for (csv, decimal) in cases {
            assert_eq!(dialect(csv).format.decimal, decimal, "{csv:?}");
        }
    }

    #[test]
    fn a_header_is_told_from_data() {
        let cases = [
            ("x,y\n1,2\n", true),
            ("country,2019,2020\nChile,1,2\n", true),
            ("5.1,3.5,setosa\n4.9,3.0,setosa\n", false),
            ("39,private,77516\n50,self,83311\n38,private,215646\n", false),
            ("1,2\n3,4\n", false),
            ("x\n", true),
        ];
        for (csv, has_header) in cases {
            assert_eq!(dialect(csv).has_header, has_header, "{csv:?}");
        }
        assert_eq!(dialect("1,2\n3,4\n").names(["1", "2"].into_iter()), ["column_1", "column_2"]);
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let cases: [(&[u8], &str); 4] = [
            (b"PK\x03\x04...", "save the table as CSV"),
            (b"\xFF\xFEx\0", "UTF-16"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is not text: it has a zero byte"),
            (b"x,y\n1,\0\n", "byte 6"),
        ];
        for (bytes, part) in cases {
            let error = Dialect::of(bytes, true, &ReadOptions::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Encoding);
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn what_a_caller_says_is_not_looked_for() {
        let csv = b"1;2\n3;4\n";
        let options = ReadOptions { delimiter: Some(','), header: Some(true), ..ReadOptions::default() };
        let dialect = Dialect::of(csv, true, &options).unwrap();
        assert_eq!((dialect.delimiter, dialect.has_header, dialect.notes(&options)), (b',', true, Vec::new()));
        let refused = [
            ReadOptions { delimiter: Some('é'), ..ReadOptions::default() },
            ReadOptions { delimiter: Some('a'), ..ReadOptions::default() },
            ReadOptions { delimiter: Some(','), decimal: Some(DecimalSign::Comma), ..ReadOptions::default() },
        ];
        for options in refused {
            assert_eq!(Dialect::of(csv, true, &options).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }

    #[test]
    fn numbers_written_for_people_are_recognized_and_not_guessed() {
        let cases = [
            ("1,234.5", Some("a number with its thousands set apart")),
            ("1,234", Some("a number with its thousands set apart")),
            ("1 234 567", Some("a number with its thousands set apart")),
            ("12%", Some("a number with a percent sign")),
            ("$1,200", Some("a number with a currency sign")),
            ("1,5", Some("a number with a decimal comma")),
            ("1.5", None),
            ("a1", None),
            ("2021-03-04", None),
            ("12 months", None),
        ];
        for (cell, looks) in cases {
            assert_eq!(formatted_number(cell, DecimalSign::Point), looks, "{cell:?}");
        }
        assert_eq!(formatted_number("1.234,5", DecimalSign::Comma), Some("a number with its thousands set apart"));
        assert_eq!(formatted_number("1.5", DecimalSign::Comma), Some("a number with a decimal point"));
    }
}
