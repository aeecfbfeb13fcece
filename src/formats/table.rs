//! Files with tables, in any format that is read. The first bytes say which one it is, never the file's name.

use super::excel;
use super::json_lines::JsonLines;
use super::parquet;
use super::regular::RegularFile;
use super::translated::{CsvParts, Translated};
use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::files::{self, STANDARD_INPUT, name};
use crate::limits;
use crate::note::{Note, Parameter, codes};
use crate::table::{Origin, ReadOptions, Table, to_utf_8};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many bytes say which format a file has.
const BEGINNING: usize = 512;

/// More than this is read from a Parquet file or from JSON lines again at each pass, instead of being kept in memory.
const KEPT_BYTES: u64 = 64 << 20;

/// A file with a table.
pub struct TableFile {
    path: PathBuf,
    content: Content,
    options: ReadOptions,
    notes: Vec<Note>,
}

/// The rows of a file with a table.
pub enum Content {
    /// CSV as it stands.
    Csv(Box<dyn Read>),
    /// Rows in parts of another format.
    Parts(Box<dyn CsvParts>),
}

/// The formats, by their first bytes.
enum Format {
    Csv,
    Utf16,
    JsonLines,
    Parquet,
    Workbook,
}

impl Format {
    fn of(beginning: &[u8]) -> Result<Self> {
        let refuse = |message: &str| Err(Error::new(ErrorKind::Encoding, message));
        let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning).trim_ascii_start();
        match beginning {
            // A column may be called so too.
            [b'P', b'A', b'R', b'1', rest @ ..] if !rest.first().is_some_and(is_text) => Ok(Self::Parquet),
            [b'P', b'A', b'R', b'E', ..] => refuse("the Parquet file is encrypted; write it without encryption"),
            [b'T', b'E', b'P', b'A', b'L', 1, ..] => {
                refuse("this is a model, not a table; the model comes first, then the rows")
            }
            [b'P', b'K', 3, 4, ..] => Ok(Self::Workbook),
            [0xD0, 0xCF, 0x11, 0xE0, ..] => refuse(
                "this is a workbook of an old format, or an encrypted one; save it as .xlsx without a password, or as CSV",
            ),
            // Or what is no text, which is said when it is read.
            _ if beginning.contains(&0) => Ok(Self::Utf16),
            _ if matches!(after(text, b'{'), Some(b'"' | b'}')) => Ok(Self::JsonLines),
            _ if after(text, b'[') == Some(b'{') => {
                refuse("this is one JSON array; write an object of names and values on each line (JSON lines)")
            }
            _ => Ok(Self::Csv),
        }
    }
}

/// Whether a byte is of a line of text.
fn is_text(byte: &u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r')
}

/// The first character behind one that a text begins with, blanks aside.
fn after(text: &[u8], first: u8) -> Option<u8> {
    text.strip_prefix(&[first])?.trim_ascii_start().first().copied()
}

impl TableFile {
    /// Looks at a file's first bytes, or at those of standard input. `sheet` is the sheet of a workbook.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::Encoding`] for a format that is not read, [`ErrorKind::InvalidOption`] for a sheet of
    /// a file that has none; those of the format.
    pub fn open(path: &Path, options: &ReadOptions, sheet: Option<&str>) -> Result<Self> {
        Self::find(path, options.clone(), sheet).map_err(|error| match error.kind() {
            ErrorKind::InvalidOption => error,
            _ => name(path, &error),
        })
    }

    fn find(path: &Path, mut options: ReadOptions, sheet: Option<&str>) -> Result<Self> {
        let is_input = path == Path::new(STANDARD_INPUT);
        let io_error = |error: io::Error| Error::new(ErrorKind::Io, error.to_string());
        let mut reader: Box<dyn Read> = match is_input {
            true => Box::new(io::stdin()),
            false => Box::new(File::open(path).map_err(io_error)?),
        };
        if !is_input && path.is_dir() {
            return Err(Error::new(ErrorKind::Io, "expected a file that can be read more than once, found a folder"));
        }
        let mut beginning = Vec::new();
        reader.by_ref().take(BEGINNING as u64).read_to_end(&mut beginning).map_err(io_error)?;
        let format = Format::of(&beginning)?;
        if sheet.is_some() && !matches!(format, Format::Workbook) {
            return Err(Error::new(ErrorKind::InvalidOption, "the file is no workbook, so it has no sheets"));
        }
        let whole = |reader: Box<dyn Read>, beginning: Vec<u8>| -> Result<Vec<u8>> {
            let mut bytes = beginning;
            reader.take(limits::TABLE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(io_error)?;
            limits::check("bytes in a table", bytes.len(), limits::TABLE_BYTES)?;
            Ok(bytes)
        };
        let source = |reader: Box<dyn Read>, beginning: Vec<u8>| -> Result<Box<dyn Source>> {
            match RegularFile::open(path) {
                Ok(file) if !is_input => Ok(Box::new(file)),
                // What can be read once only is kept.
                _ => Ok(Box::new(whole(reader, beginning)?)),
            }
        };
        let (content, origin, number_columns, notes) = match format {
            Format::Csv => {
                (Content::Csv(Box::new(Cursor::new(beginning).chain(reader))), Origin::Csv, Vec::new(), Vec::new())
            }
            Format::Utf16 => {
                let text = to_utf_8(&whole(reader, beginning)?)?.into_owned();
                match Format::of(&text[..text.len().min(BEGINNING)])? {
                    Format::JsonLines => json_lines(Box::new(text))?,
                    _ => (Content::Csv(Box::new(Cursor::new(text))), Origin::Csv, Vec::new(), Vec::new()),
                }
            }
            Format::JsonLines => json_lines(source(reader, beginning)?)?,
            Format::Parquet => {
                let (parts, notes) = parquet::open(source(reader, beginning)?)?;
                let number_columns = parts.number_columns();
                (Content::Parts(parts), Origin::Records, number_columns, notes)
            }
            Format::Workbook => {
                let (csv, number_columns, notes) = excel::read(whole(reader, beginning)?, sheet)?;
                (Content::Csv(Box::new(Cursor::new(csv))), Origin::Sheet, number_columns, notes)
            }
        };
        options.origin = origin;
        options.number_columns = number_columns;
        Ok(Self { path: path.to_owned(), content, options, notes })
    }

    /// How the rows are to be read: as the caller said, and as the format says.
    pub fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// What was found out about the file that its reader should know, in sentences.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The columns that hold no values and are left out, as the notes say.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        let codes = [codes::UNREAD_COLUMN, codes::NESTED_VALUES].map(|code| code.name);
        let notes = self.notes.iter().filter(move |note| codes.contains(&note.code()));
        notes.filter_map(|note| match note.parameters().first() {
            Some(Parameter::Text(name)) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether the table cannot be kept in memory.
    pub fn is_too_large(&self) -> bool {
        match &self.content {
            Content::Csv(_) => files::size(&self.path) > limits::TABLE_BYTES as u64,
            Content::Parts(parts) => parts.size() > limits::TABLE_BYTES as u64,
        }
    }

    /// Whether the table is better read again at each pass than kept in memory, where a fit can do so.
    pub fn is_large(&self) -> bool {
        match &self.content {
            Content::Csv(_) => self.is_too_large(),
            Content::Parts(parts) => parts.size() > KEPT_BYTES,
        }
    }

    /// The rows, to be read once.
    pub fn into_content(self) -> Content {
        self.content
    }

    /// The table, in memory.
    ///
    /// # Errors
    /// Those of [`Table::read`], and [`ErrorKind::Io`].
    pub fn into_table(self) -> Result<Table> {
        let Self { content, options, .. } = self;
        let bytes = match content {
            Content::Csv(reader) => {
                let mut bytes = Vec::new();
                let read = reader.take(limits::TABLE_BYTES as u64 + 1).read_to_end(&mut bytes);
                read.map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
                bytes
            }
            Content::Parts(parts) => Translated::whole(parts.as_ref())?,
        };
        Table::read(&bytes, &options)
    }

    /// The table as a CSV file that can be read at any place, again and again.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] for what is no regular file, and those of the format.
    pub fn into_source(self) -> Result<Box<dyn Source>> {
        match self.content {
            Content::Csv(_) if self.options.origin == Origin::Csv && self.path != Path::new(STANDARD_INPUT) => {
                Ok(Box::new(RegularFile::open(&self.path)?))
            }
            Content::Csv(mut reader) => {
                let mut bytes = Vec::new();
                reader.read_to_end(&mut bytes).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
                Ok(Box::new(bytes))
            }
            Content::Parts(parts) => Ok(Box::new(Translated::new(Arc::from(parts))?)),
        }
    }
}

type Found = (Content, Origin, Vec<bool>, Vec<Note>);

fn json_lines(source: Box<dyn Source>) -> Result<Found> {
    let lines = JsonLines::open(source)?;
    let (number_columns, notes) = (lines.number_columns(), lines.notes().to_vec());
    Ok((Content::Parts(Box::new(lines)), Origin::Records, number_columns, notes))
}

/// Bytes that are in memory.
impl Source for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(self.get(from..from.saturating_add(length)).unwrap_or_default().to_vec())
    }
}
