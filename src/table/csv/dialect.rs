//! How a file writes its table down: what separates cells, what marks decimals, what stands for nothing.
//!
//! What the caller does not say is found out from the beginning of the file, and said.

use super::Rows;
use super::cell_format::CellFormat;
use super::column_format::ColumnFormat;
use super::encoding::Encoding;
use super::evidence::{Evidence, Prior, known_date_order, known_decimal, missing_notes};
use super::options::{FileFormat, Origin, ReadOptions};
use super::preamble::Preamble;
use super::sniff::{Extra, SAMPLE_BYTES, Unnamed, find_delimiter, find_header, first_rows, lines_above};
use crate::error::{Error, ErrorKind, Result};
use crate::note::{Note, codes};
use crate::table::Schema;
use crate::table::number::DecimalSign;
use bincode::{Decode, Encode};

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) has_header: bool,
    pub(crate) format: CellFormat,
    /// How the cells of each column are to be understood.
    pub(crate) columns: Vec<ColumnFormat>,
    preamble: Preamble,
    /// What the rows have beside the cells of the header.
    pub(super) extra: Extra,
    pub(super) unnamed: Unnamed,
    /// How many lines seem to stand above the header that the caller does not skip.
    pub(super) lines_above: u64,
    /// How many lines are no rows to the caller: the header of records, and none in other files.
    uncounted: u64,
}

impl Dialect {
    /// Finds out what the caller did not say from the beginning of a file; `is_all` says that it is the whole file. Beside the
    /// dialect it answers what the first rows say of each column.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a delimiter that cannot be one, [`ErrorKind::Encoding`] for a file that is not
    /// text, [`ErrorKind::Empty`] for one that has no more lines than are to be skipped.
    pub(crate) fn of(beginning: &[u8], is_all: bool, options: &ReadOptions) -> Result<(Self, Vec<Evidence>)> {
        Self::of_named(beginning, is_all, options, &[])
    }

    /// Finds the dialect of a file with expected columns. A first row with all their names is the header.
    fn of_named(
        beginning: &[u8],
        is_all: bool,
        options: &ReadOptions,
        expected: &[&str],
    ) -> Result<(Self, Vec<Evidence>)> {
        check_text(beginning)?;
        check_origin(options)?;
        let is_csv = options.origin == Origin::Csv;
        let has_header = options.header.or((options.origin == Origin::Records).then_some(true));
        let preamble = Preamble::of(beginning, is_all, options.skip)?;
        let beginning = &beginning[preamble.bytes..];
        // At least the first row.
        let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let first_row = beginning.iter().position(is_line_end).map_or(beginning.len(), |at| at + 1);
        let sample = &beginning[..beginning.len().min(first_row.max(SAMPLE_BYTES))];
        let is_all = is_all && sample.len() == beginning.len();
        let delimiter = match options.delimiter {
            Some(delimiter) => check_delimiter(delimiter)?,
            None if !is_csv => b',',
            None => match preamble.delimiter {
                Some(delimiter) => check_delimiter(char::from(delimiter))?,
                None => find_delimiter(sample, is_all, options.decimal),
            },
        };
        let rows = first_rows(sample, is_all, delimiter)?;
        let mut dialect = Self {
            delimiter,
            has_header: true,
            format: CellFormat::new(options.decimal.unwrap_or_default(), options.missing.as_deref()),
            columns: Vec::new(),
            preamble,
            extra: Extra::of(&rows, sample[first_row.min(sample.len())..].trim_ascii_start().starts_with(b"\"")),
            unnamed: Unnamed { empty: Unnamed::empty(&rows), ..Unnamed::default() },
            lines_above: if has_header.is_none() { lines_above(&rows) } else { 0 },
            uncounted: u64::from(options.origin == Origin::Records),
        };
        let evidence = dialect.evidence(rows.get(1..).unwrap_or_default());
        dialect.take(&evidence, options);
        let is_expected = |first: &Vec<String>| {
            !expected.is_empty() && expected.iter().all(|name| first.iter().any(|cell| cell == name))
        };
        dialect.has_header =
            has_header.unwrap_or_else(|| rows.first().is_some_and(is_expected) || find_header(&rows, &dialect.format));
        if dialect.has_header {
            return Ok((dialect, evidence));
        }
        let evidence = dialect.evidence(&rows);
        dialect.take(&evidence, options);
        Ok((dialect, evidence))
    }

    /// Reads with what a model took for missing, unless the caller says otherwise.
    pub(crate) fn of_rows(
        beginning: &[u8],
        is_all: bool,
        options: &ReadOptions,
        schema: &Schema,
    ) -> Result<(Self, Vec<Evidence>)> {
        let missing = options.missing.clone().or_else(|| (!schema.missing.is_empty()).then(|| schema.missing.clone()));
        let features: Vec<&str> = schema.features.iter().map(|feature| feature.name.as_str()).collect();
        Self::of_named(beginning, is_all, &ReadOptions { missing, ..options.clone() }, &features)
    }

    /// What rows say of each column.
    fn evidence(&self, rows: &[Vec<String>]) -> Vec<Evidence> {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut evidence = vec![Evidence::default(); width];
        for row in rows {
            evidence.iter_mut().zip(row).for_each(|(evidence, cell)| evidence.add(cell, 1, &self.format));
        }
        evidence
    }

    /// Takes over what rows say of the columns. Answers whether it is anything new.
    pub(crate) fn take<'e>(
        &mut self,
        evidence: impl IntoIterator<Item = &'e Evidence> + Clone,
        options: &ReadOptions,
    ) -> bool {
        let priors = self.priors(options, evidence.clone());
        let known = known_in_texts(options, evidence.clone());
        let columns: Vec<ColumnFormat> =
            evidence.into_iter().zip(priors).map(|(evidence, prior)| evidence.format(prior)).collect();
        let decimal = options.decimal.or(known).unwrap_or_default();
        let is_new = self.columns != columns || self.format.decimal != decimal;
        self.columns = columns;
        self.format.decimal = decimal;
        is_new
    }

    /// What is known of each column beside its own cells, by the cells of all.
    pub(crate) fn priors<'e>(
        &self,
        options: &ReadOptions,
        evidence: impl IntoIterator<Item = &'e Evidence> + Clone,
    ) -> Vec<Prior> {
        let of_texts = Prior {
            given: options.decimal,
            in_file: known_in_texts(options, evidence.clone()),
            trained: None,
            date_order: known_date_order(evidence.clone()),
            is_semicolon: self.delimiter == b';',
            is_typed: false,
        };
        let prior = |(place, evidence): (usize, &Evidence)| match options.has_numbers(place) {
            true => {
                let given = evidence.has_point().then_some(DecimalSign::Point);
                Prior { given, in_file: Some(DecimalSign::Point), is_typed: true, ..of_texts }
            }
            false => of_texts,
        };
        evidence.into_iter().enumerate().map(prior).collect()
    }

    /// How the cells of a column are to be understood.
    pub(crate) fn column(&self, place: usize) -> &ColumnFormat {
        self.columns.get(place).unwrap_or(&PLAIN)
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
        let notes = notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, code)| Note::new(code, []));
        notes.chain(self.unnamed.notes()).collect()
    }

    /// How the file is written down, in a caller's words.
    pub(crate) fn file_format(&self) -> FileFormat {
        let CellFormat { decimal, missing, .. } = &self.format;
        FileFormat {
            delimiter: char::from(self.delimiter),
            decimal: *decimal,
            header: self.has_header,
            skip: self.preamble.rows,
            missing: missing.clone(),
        }
    }

    /// Which words were read as missing in the columns of these names.
    pub(crate) fn missing_notes<'c>(
        &'c self,
        names: &'c [String],
        evidence: impl Iterator<Item = &'c Evidence>,
    ) -> Vec<Note> {
        let columns = names.iter().zip(evidence).enumerate();
        let columns = columns.map(|(place, (name, evidence))| (name.as_str(), evidence, self.column(place)));
        missing_notes(columns.filter(|(name, _, _)| !name.is_empty()), &self.format)
    }

    /// The rows of a part of a file, of which `rows_before` come before it. The first part has the header.
    pub(crate) fn rows<'b>(&self, part: &'b [u8], is_end: bool, rows_before: u64) -> Rows<'b> {
        let rows = Rows::of_window(part, self.delimiter, is_end, rows_before).numbered_after(self.uncounted);
        if rows_before == 0 { rows.skipping(self.preamble.bytes, self.preamble.rows) } else { rows }
    }

    /// The rows of a part without the header. In a table of one column an empty line is a row.
    ///
    /// # Errors
    /// Those of a header that cannot be read.
    pub(crate) fn data_rows<'b>(
        &self,
        part: &'b [u8],
        is_end: bool,
        rows_before: u64,
        n_columns: usize,
    ) -> Result<Rows<'b>> {
        let mut rows = self.rows(part, is_end, rows_before);
        if rows_before == 0 && self.has_header {
            rows.next()?;
        }
        // A record with one empty cell has quotes, so that an empty line is none.
        if n_columns == 1 && self.uncounted == 0 {
            rows.keep_empty_lines();
        }
        Ok(rows)
    }
}

/// The decimal sign that the columns of texts show. A column whose cells were numbers says nothing of them.
fn known_in_texts<'e>(options: &ReadOptions, evidence: impl IntoIterator<Item = &'e Evidence>) -> Option<DecimalSign> {
    let texts = evidence.into_iter().enumerate().filter(|(place, _)| !options.has_numbers(*place));
    known_decimal(texts.map(|(_, evidence)| evidence))
}

/// Plain digits with a decimal point.
static PLAIN: ColumnFormat = ColumnFormat::PLAIN;

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

/// Refuses options that say nothing of what the rows were.
fn check_origin(options: &ReadOptions) -> Result<()> {
    let (rows, is_of_no_use) = match options.origin {
        Origin::Csv => return Ok(()),
        Origin::Sheet => ("rows of a sheet have no delimiter", options.delimiter.is_some()),
        Origin::Records => (
            "records have no delimiter, no header and no lines above it",
            options.delimiter.is_some() || options.header.is_some() || options.skip > 0,
        ),
    };
    let message = format!("{rows}; leave these options out");
    if is_of_no_use { Err(Error::new(ErrorKind::InvalidOption, message)) } else { Ok(()) }
}

/// Refuses what is not text in a way that reads as a table.
fn check_text(beginning: &[u8]) -> Result<()> {
    let refuse = |message: &str| Err(Error::new(ErrorKind::Encoding, message));
    if beginning.starts_with(b"PK\x03\x04") {
        return refuse("this is a spreadsheet or an archive, not text; save the table as CSV");
    }
    match Encoding::of(beginning) {
        Encoding::Utf8 => {}
        Encoding::Utf16 { .. } => return refuse("the file is UTF-16; save it as UTF-8"),
        Encoding::Utf32 => return refuse("the file is UTF-32; save it as UTF-8"),
    }
    match beginning.iter().take(SAMPLE_BYTES).position(|byte| *byte == 0) {
        None => Ok(()),
        Some(at) => {
            let message = "this is not text: it has a zero byte; expected a table as CSV";
            Err(Error::new(ErrorKind::Encoding, message).at_byte(at as u64))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(csv: &str) -> Dialect {
        Dialect::of(csv.as_bytes(), true, &ReadOptions::default()).unwrap().0
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
            ("x,y\n\"1,5\",2\n", DecimalSign::Comma),
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
        assert_eq!(dialect("1,2\n3,4\n").names(["1", "2"].into_iter()).unwrap(), ["column_1", "column_2"]);
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
        let (dialect, _) = Dialect::of(csv, true, &options).unwrap();
        assert_eq!((dialect.delimiter, dialect.has_header, dialect.notes(&options)), (b',', true, Vec::new()));
        let refused = [
            ReadOptions { delimiter: Some('é'), ..ReadOptions::default() },
            ReadOptions { delimiter: Some('a'), ..ReadOptions::default() },
        ];
        for options in refused {
            assert_eq!(Dialect::of(csv, true, &options).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }
}
