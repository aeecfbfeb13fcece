//! Parquet files.

mod cells;
mod column;
mod damaged;

use super::guard::guarded;
use super::translated::CsvParts;
use crate::dataset::Source;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::note::{Note, codes};
use crate::table::{RecordBatch, RecordColumn, write_cell};
use bytes::Bytes;
use column::Column;
use damaged::damaged;
use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use std::fmt;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// About how many cells are in a part.
const PART_CELLS: usize = 1 << 17;

/// Opens a Parquet file, and says what was found out that a reader should know.
///
/// # Errors
/// [`ErrorKind::Encoding`] for a file that was cut or damaged, [`ErrorKind::Empty`], [`ErrorKind::LimitExceeded`].
pub(super) fn open(source: Box<dyn Source>) -> Result<(Box<dyn CsvParts>, Vec<Note>)> {
    let (file, notes) = guarded("Parquet file", || ParquetFile::open(source))?;
    Ok((Box::new(file), notes))
}

/// Texts may be long: a part has no more rows with some.
const PART_TEXTS: usize = 1 << 13;

/// The columns of a Parquet file that have one value a row.
struct ParquetFile {
    reader: SerializedFileReader<SourceReader>,
    columns: Vec<Column>,
    is_wanted: Vec<bool>,
    parts: Vec<RowsPart>,
    /// Readers that were left after a part, for the next one.
    idle: Mutex<Vec<Cursor>>,
    size: u64,
}

/// Rows of a row group.
#[derive(Debug, Clone, Copy)]
struct RowsPart {
    group: usize,
    /// The first of them, in the group and in the file.
    in_group: usize,
    in_file: u64,
    n_rows: usize,
}

/// The columns' readers at a row of a group.
struct Cursor {
    group: usize,
    row: usize,
    /// One per column, `None` for those that are not wanted.
    readers: Vec<Option<ColumnReader>>,
}

impl fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetFile").field("columns", &self.columns).field("parts", &self.parts.len()).finish()
    }
}

impl ParquetFile {
    /// Reads the end of the file, where its schema is.
    fn open(source: Box<dyn Source>) -> Result<(Self, Vec<Note>)> {
        let reader = SerializedFileReader::new(SourceReader(source.into())).map_err(|error| damaged(&error))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let leaves = schema.columns();
        limits::check("columns", leaves.len(), limits::COLUMNS)?;
        let found = leaves
            .iter()
            .enumerate()
            .map(|(leaf, column)| (column, Column::of(leaf, column, reader.metadata().row_groups())));
        let (mut columns, mut notes) = (Vec::new(), Vec::new());
        for (leaf, column) in found {
            match column {
                Ok(column) if is_pandas_index(&column.name) => {
                    notes.push(Note::new(codes::PANDAS_INDEX, [column.name.as_str().into()]));
                }
                Ok(column) => columns.push(column),
                Err(holds) => {
                    // A record has a column for each of its values.
                    let name = leaf.path().parts().first().map(String::as_str).unwrap_or_default();
                    let note = Note::new(codes::UNREAD_COLUMN, [name.into(), holds.into()]);
                    if !notes.contains(&note) {
                        notes.push(note);
                    }
                }
            }
        }
        if columns.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "the file has no column with one value a row"));
        }
        let most_rows = if columns.iter().any(Column::is_text) { PART_TEXTS } else { PART_CELLS };
        let rows_a_part = (PART_CELLS / columns.len()).clamp(1, most_rows);
        let (mut parts, mut in_file) = (Vec::new(), 0);
        for (group, metadata) in reader.metadata().row_groups().iter().enumerate() {
            let n_in_group = usize::try_from(metadata.num_rows()).unwrap_or(0);
            for in_group in (0..n_in_group).step_by(rows_a_part) {
                let n_rows = rows_a_part.min(n_in_group - in_group);
                parts.push(RowsPart { group, in_group, in_file, n_rows });
                in_file += n_rows as u64;
            }
        }
        if parts.is_empty() {
            return Err(Error::new(ErrorKind::Empty, "the file has no rows"));
        }
        // A number has some nine characters.
        let size = in_file * columns.len() as u64 * 10;
        let is_wanted = vec![true; columns.len()];
        Ok((Self { reader, columns, is_wanted, parts, idle: Mutex::default(), size }, notes))
    }

    fn rows(&self, index: usize) -> Result<RecordBatch> {
        guarded("Parquet file", || self.read_rows(index))
    }

    fn read_rows(&self, index: usize) -> Result<RecordBatch> {
        let part = self.parts[index];
        let mut cursor = self.cursor(part)?;
        let mut columns = Vec::with_capacity(self.columns.len());
        for (column, reader) in self.columns.iter().zip(&mut cursor.readers) {
            let read = match reader {
                Some(reader) => column.read(reader, part.n_rows),
                None => Ok(RecordColumn::Unread),
            };
            columns.push(read.map_err(|error| error.in_column(&column.name))?);
        }
        cursor.row += part.n_rows;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(cursor);
        Ok(RecordBatch::new(columns, part.n_rows))
    }

    /// Readers at the first row of a part: the nearest that were left before it, or new ones.
    fn cursor(&self, part: RowsPart) -> Result<Cursor> {
        let mut cursor = match self.idle_cursor(part) {
            Some(cursor) => cursor,
            None => self.new_cursor(part.group)?,
        };
        let n_between = part.in_group - cursor.row;
        if n_between > 0 {
            for (column, reader) in self.columns.iter().zip(&mut cursor.readers) {
                if let Some(reader) = reader {
                    column.skip(reader, n_between).map_err(|error| error.in_column(&column.name))?;
                }
            }
            cursor.row = part.in_group;
        }
        Ok(cursor)
    }

    /// A new one would decode the dictionaries of its columns again.
    fn idle_cursor(&self, part: RowsPart) -> Option<Cursor> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let before = |cursor: &Cursor| cursor.group == part.group && cursor.row <= part.in_group;
        let nearest = (0..idle.len()).filter(|at| before(&idle[*at])).max_by_key(|at| idle[*at].row);
        if nearest.is_none() {
            // Of those that were left elsewhere one for each thread may be of use yet.
            let n_idle = idle.len();
            idle.drain(..n_idle.saturating_sub(rayon::current_num_threads()));
        }
        nearest.map(|at| idle.swap_remove(at))
    }

    fn new_cursor(&self, group: usize) -> Result<Cursor> {
        let rows = self.reader.get_row_group(group).map_err(|error| damaged(&error))?;
        let reader = |column: &Column| {
            let reader = rows.get_column_reader(column.leaf);
            reader.map_err(|error| damaged(&error).in_column(&column.name))
        };
        let wanted = self.columns.iter().zip(&self.is_wanted);
        let readers = wanted.map(|(column, is_wanted)| is_wanted.then(|| reader(column)).transpose());
        Ok(Cursor { group, row: 0, readers: readers.collect::<Result<_>>()? })
    }
}

/// Whether a column is what pandas makes of an index without a name, which its CSV has no name for either.
fn is_pandas_index(name: &str) -> bool {
    let level = name.strip_prefix("__index_level_").and_then(|rest| rest.strip_suffix("__"));
    level.is_some_and(|level| !level.is_empty() && level.bytes().all(|byte| byte.is_ascii_digit()))
}

impl CsvParts for ParquetFile {
    fn n_parts(&self) -> usize {
        self.parts.len()
    }

    fn lines_before(&self, index: usize) -> u64 {
        // The header is one.
        self.parts[index].in_file + u64::from(index > 0)
    }

    fn part(&self, index: usize) -> Result<Vec<u8>> {
        let mut csv = Vec::new();
        if index == 0 {
            for (at, column) in self.columns.iter().enumerate() {
                csv.extend(if at > 0 { &b","[..] } else { b"" });
                write_cell(&mut csv, &column.name);
            }
            csv.push(b'\n');
        }
        self.rows(index)?.write_csv(&mut csv);
        Ok(csv)
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn number_columns(&self) -> Vec<bool> {
        self.columns.iter().map(|column| !column.is_text()).collect()
    }

    fn select(&mut self, columns: &[usize]) {
        self.is_wanted = (0..self.columns.len()).map(|place| columns.contains(&place)).collect();
        self.idle.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn records(&self, index: usize) -> Option<Result<RecordBatch>> {
        Some(self.rows(index))
    }
}

/// A source as the parquet crate reads it.
struct SourceReader(Arc<dyn Source>);

impl Length for SourceReader {
    fn len(&self) -> u64 {
        self.0.size()
    }
}

impl ChunkReader for SourceReader {
    type T = io::BufReader<From>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        Ok(io::BufReader::new(From { source: Arc::clone(&self.0), offset: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let is_inside = start.checked_add(length as u64).is_some_and(|end| end <= self.0.size());
        if !is_inside {
            return Err(ParquetError::EOF("bytes past the end of the file".into()));
        }
        let read = self.0.read(start, length);
        read.map(Bytes::from).map_err(|error| ParquetError::External(error.to_string().into()))
    }
}

/// A source from an offset on.
struct From {
    source: Arc<dyn Source>,
    offset: u64,
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.size().saturating_sub(self.offset).min(buffer.len() as u64) as usize;
        let bytes = self.source.read(self.offset, length).map_err(io::Error::other)?;
        buffer[..length].copy_from_slice(&bytes);
        self.offset += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::is_pandas_index;

    #[test]
    fn the_index_of_pandas_is_known_by_its_name() {
        assert!(is_pandas_index("__index_level_0__") && is_pandas_index("__index_level_12__"));
        for name in ["__index_level___", "__index_level_a__", "index_level_0", "__index_level_0", "id"] {
            assert!(!is_pandas_index(name), "{name}");
        }
    }
}
