//! JSON lines: a JSON object of names and values on each line.

use super::translated::CsvParts;
use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result, quote};
use crate::limits;
use crate::note::{Note, codes};
use crate::table::{RecordBatch, Windows, write_cell};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// About how many bytes of lines are in a part.
const PART_BYTES: usize = 1 << 20;

/// So many columns that some lines do not have are named.
const MOST_NOTES: usize = 8;

/// With more names than this, a line has at least one name in so many: else the lines are of no table.
const MANY_NAMES: usize = 1_000;
const NAMES_A_VALUE: u64 = 100;

/// The lines of a file. A column is in the place in which its name comes first; a value that a line does not have is missing.
#[derive(Debug)]
pub(super) struct JsonLines {
    source: Box<dyn Source>,
    names: Vec<String>,
    /// The column of a name; `None` for one that is left out.
    places: BTreeMap<String, Option<usize>>,
    parts: Vec<LinesPart>,
    have_numbers: Vec<bool>,
    notes: Vec<Note>,
}

/// Whole lines of the file.
#[derive(Debug)]
struct LinesPart {
    bytes: Range<u64>,
    lines_before: u64,
}

/// What was seen of a name.
#[derive(Debug, Default)]
struct Seen {
    name: String,
    n_lines: u64,
    n_nested: u64,
    /// The first line with an array or an object, and whether one has another value.
    nested: Option<(u64, &'static str)>,
    has_values: bool,
    has_numbers: bool,
}

/// The names and values of a line, in their order.
struct Pairs<'l>(Vec<(Cow<'l, str>, &'l RawValue)>);

/// A name, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Name<'l>(#[serde(borrow)] Cow<'l, str>);

impl<'de: 'l, 'l> Deserialize<'de> for Pairs<'l> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'l> Visitor<'l> for PairsVisitor {
            type Value = Pairs<'l>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of column names and values")
            }

            fn visit_map<A: MapAccess<'l>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((Name(name), value)) = map.next_entry::<Name<'l>, &'l RawValue>()? {
                    pairs.push((name, value));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

impl JsonLines {
    /// Reads the file once, for its names and where its lines are.
    ///
    /// # Errors
    /// [`ErrorKind::Encoding`] for a line that is no JSON object, [`ErrorKind::NotANumber`] for an array where other lines
    /// have a value, [`ErrorKind::BadHeader`] for a name that a line has twice, [`ErrorKind::LimitExceeded`].
    pub(super) fn open(source: Box<dyn Source>) -> Result<Self> {
        let (mut seen, mut parts): (Vec<Seen>, _) = (Vec::new(), Vec::new());
        let mut positions: BTreeMap<String, usize> = BTreeMap::new();
        let mut windows = Windows::new(PART_BYTES).refusing_endless_rows();
        let mut n_rows = 0;
        while let Some((offset, length)) = windows.wants(source.size()) {
            let window = source.read(offset, length)?;
            let is_end = offset + length as u64 == source.size();
            let whole =
                if is_end { length } else { window.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1) };
            let mut line = windows.rows_before();
            parts.push(LinesPart { bytes: offset..offset + whole as u64, lines_before: line });
            for text in lines(&window[..whole]) {
                line += 1;
                let Some(Pairs(pairs)) = pairs(text, line)? else { continue };
                n_rows += 1;
                for (name, value) in pairs {
                    let position = match positions.get(&*name) {
                        Some(position) => *position,
                        None => {
                            limits::check("columns", seen.len() + 1, limits::COLUMNS)?;
                            positions.insert(name.clone().into_owned(), seen.len());
                            seen.push(Seen { name: name.into_owned(), ..Seen::default() });
                            seen.len() - 1
                        }
                    };
                    seen[position].add(value, line);
                }
            }
            windows.advance(length, is_end, whole, line)?;
            let n_values: u64 = seen.iter().map(|seen| seen.n_lines).sum();
            if seen.len() > MANY_NAMES && n_values.saturating_mul(NAMES_A_VALUE) < n_rows * seen.len() as u64 {
                let message = format!(
                    "expected lines with the same names, found {} names of which a line has {} on average; write those of a table",
                    seen.len(),
                    n_values / n_rows
                );
                return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(line));
            }
        }
        if n_rows == 0 {
            return Err(Error::new(ErrorKind::Empty, "the file has no line with an object of names and values"));
        }
        let mut notes = Vec::new();
        let (mut names, mut have_numbers, mut places) = (Vec::new(), Vec::new(), BTreeMap::new());
        let n_partial = seen.iter().filter(|seen| seen.n_lines < n_rows && seen.nested.is_none()).count();
        if n_partial > MOST_NOTES {
            notes.push(Note::new(codes::NAMES_NOT_IN_ALL, [n_partial.into()]));
        }
        for seen in seen {
            notes.extend(seen.note(n_rows, n_partial <= MOST_NOTES)?);
            let is_column = seen.nested.is_none();
            places.insert(seen.name.clone(), is_column.then_some(names.len()));
            if is_column {
                names.push(seen.name);
                have_numbers.push(seen.has_numbers);
            }
        }
        if names.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "the lines have no name with a number or a text"));
        }
        Ok(Self { source, names, places, parts, have_numbers, notes })
    }

    /// What was found out that a reader should know.
    pub(super) fn notes(&self) -> &[Note] {
        &self.notes
    }
}

impl Seen {
    fn add(&mut self, value: &RawValue, line: u64) {
        self.n_lines += 1;
        let nested = match value.get().as_bytes().first() {
            Some(b'[') => "an array",
            Some(b'{') => "an object",
            Some(b'n') => return,
            first => {
                self.has_values = true;
                self.has_numbers |= first.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
                return;
            }
        };
        self.n_nested += 1;
        self.nested.get_or_insert((line, nested));
    }

    /// What to say of a column that is left out, or that some lines do not have.
    fn note(&self, n_rows: u64, is_counted: bool) -> Result<Option<Note>> {
        let name = self.name.as_str();
        match self.nested {
            Some((line, found)) if self.has_values => {
                let message = format!(
                    "expected a number, text, true, false or null as in other lines, found {found}; write one value a column"
                );
                Err(Error::new(ErrorKind::NotANumber, message).at_row(line).in_column(name))
            }
            Some((_, found)) => {
                Ok(Some(Note::new(codes::NESTED_VALUES, [name.into(), found.into(), self.n_nested.into()])))
            }
            None if self.n_lines < n_rows && is_counted => {
                Ok(Some(Note::new(codes::NAME_NOT_IN_ALL, [name.into(), self.n_lines.into(), n_rows.into()])))
            }
            None => Ok(None),
        }
    }
}

impl CsvParts for JsonLines {
    fn n_parts(&self) -> usize {
        self.parts.len()
    }

    fn lines_before(&self, index: usize) -> u64 {
        // The header is one.
        self.parts[index].lines_before + u64::from(index > 0)
    }

    fn part(&self, index: usize) -> Result<Vec<u8>> {
        let LinesPart { bytes, lines_before } = &self.parts[index];
        let text = self.source.read(bytes.start, (bytes.end - bytes.start) as usize)?;
        let mut csv = Vec::with_capacity(text.len());
        if index == 0 {
            self.names.iter().for_each(|name| {
                write_cell(&mut csv, name);
                csv.push(b',');
            });
            end_line(&mut csv);
        }
        let mut cells: Vec<Cow<'_, str>> = Vec::new();
        for (at, line) in lines(&text).enumerate() {
            let number = lines_before + at as u64 + 1;
            cells.clear();
            if let Some(Pairs(pairs)) = pairs(line, number)? {
                cells.resize(self.names.len(), "".into());
                for (name, value) in pairs {
                    let place = self.places.get(&*name);
                    let place = place.ok_or_else(|| Error::new(ErrorKind::Io, "the file changed while it was read"))?;
                    if let Some(place) = place {
                        cells[*place] = cell(value).map_err(|error| no_json(&error, number, line))?;
                    }
                }
            }
            if let [only] = cells.as_slice()
                && only.is_empty()
            {
                // An empty line would be no row.
                csv.extend(b"\"\"");
            }
            for cell in &cells {
                write_cell(&mut csv, cell);
                csv.push(b',');
            }
            end_line(&mut csv);
        }
        Ok(csv)
    }

    fn size(&self) -> u64 {
        self.source.size()
    }

    fn number_columns(&self) -> Vec<bool> {
        self.have_numbers.clone()
    }

    fn select(&mut self, _columns: &[usize]) {}

    fn records(&self, _index: usize) -> Option<Result<RecordBatch>> {
        None
    }
}

/// Makes a line end of the comma behind the last cell; a line without cells is empty.
fn end_line(csv: &mut Vec<u8>) {
    if csv.ends_with(b",") {
        csv.pop();
    }
    csv.push(b'\n');
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')
}

/// The names and values of a line; `None` for an empty one.
fn pairs(line: &[u8], number: u64) -> Result<Option<Pairs<'_>>> {
    let line = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let pairs: Pairs<'_> = serde_json::from_slice(line).map_err(|error| no_json(&error, number, line))?;
    let mut names: Vec<&str> = pairs.0.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => {
            let message = "the line has two values of this name; rename one";
            Err(Error::new(ErrorKind::BadHeader, message).at_row(number).in_column(pair[0]))
        }
        None => Ok(Some(pairs)),
    }
}

/// A value as a cell: a number in its own digits.
fn cell(value: &RawValue) -> std::result::Result<Cow<'_, str>, serde_json::Error> {
    match value.get() {
        "null" => Ok("".into()),
        text if text.starts_with('"') => serde_json::from_str::<Name<'_>>(text).map(|Name(text)| text),
        text => Ok(text.into()),
    }
}

fn no_json(error: &serde_json::Error, number: u64, line: &[u8]) -> Error {
    let has = |word: &str| line.windows(word.len()).any(|window| window == word.as_bytes());
    let remedy = match line.trim_ascii_start().first() {
        Some(b'[') => "; write an object of names and values on each line".to_owned(),
        _ if has("NaN") || has("Infinity") => {
            "; JSON has no NaN and no infinity: write null for a missing value".to_owned()
        }
        _ => String::new(),
    };
    // The place in the line is the row's.
    let reason = error.to_string();
    let reason = reason.split(" at line 1 ").collect::<Vec<_>>().join(" at ");
    let message = format!("the line is no JSON object of names and values: {}{remedy}", quote(&reason));
    Error::new(ErrorKind::Encoding, message).at_row(number)
}
