//! What the columns of a Parquet file hold.

use super::cells::{Int, decimal, decimal_of_bytes, float, float16, int96, text, time, timestamp, uuid};
use super::damaged::damaged;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::table::{RecordColumn, RecordTexts};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnDescriptor;
use std::borrow::Cow;

/// The largest whole number up to which a double holds every one.
const EXACT: i64 = 1 << 53;

/// A double holds every whole number of so many digits.
const EXACT_DIGITS: i32 = 15;

/// The most bytes of text in the rows of a part: a dictionary may make much of a small file.
const PART_BYTES: usize = 1 << 26;

/// A column with one value a row.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its position among all columns of the file.
    pub(super) leaf: usize,
    /// The level of a value that is there.
    level: i16,
    holds: Holds,
}

/// What the cells are, and how they become a number or a text.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Flags,
    Ints(Int),
    /// Whole numbers that may be larger than a double holds exactly: they are names of something, in their own digits.
    LongInts(Int),
    Floats,
    Doubles,
    /// Whole decimals of more digits than a double holds exactly, in their own digits.
    LongDecimals,
    /// So many digits stand behind the decimal point.
    Decimals(i32),
    DecimalsOfBytes(i32),
    HalfFloats,
    Dates,
    Times(TimeUnit),
    Timestamps(TimeUnit),
    OldTimestamps,
    Texts,
    Uuids,
}

impl Column {
    /// A column of a file's schema, or what it holds that is no value a row.
    pub(super) fn of(
        leaf: usize,
        column: &ColumnDescriptor,
        groups: &[RowGroupMetaData],
    ) -> std::result::Result<Self, &'static str> {
        if column.max_rep_level() > 0 {
            return Err("lists");
        }
        if column.path().parts().len() > 1 {
            return Err("records");
        }
        let holds = Holds::of(column, |int| are_exact(int, leaf, groups))?;
        Ok(Self { name: column.name().to_owned(), leaf, level: column.max_def_level(), holds })
    }

    /// Whether the cells are texts, not numbers.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.holds, Holds::Texts)
    }

    /// Moves a reader on by some rows.
    pub(super) fn skip(&self, reader: &mut ColumnReader, n_rows: usize) -> Result<()> {
        let skipped = match reader {
            ColumnReader::BoolColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::Int32ColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::Int64ColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::Int96ColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::FloatColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::DoubleColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::ByteArrayColumnReader(reader) => reader.skip_records(n_rows),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => reader.skip_records(n_rows),
        };
        check_rows(skipped.map_err(|error| damaged(&error))?, n_rows)
    }

    /// The next cells.
    pub(super) fn read(&self, reader: &mut ColumnReader, n_rows: usize) -> Result<RecordColumn> {
        let level = self.level;
        match reader {
            ColumnReader::BoolColumnReader(reader) => {
                texts(reader, level, n_rows, |flag| Ok((if *flag { "true" } else { "false" }).into()))
            }
            ColumnReader::Int32ColumnReader(reader) => match self.holds {
                Holds::Dates => texts(reader, level, n_rows, |days| Ok(timestamp(i64::from(*days), 1)?.into())),
                Holds::Times(unit) => {
                    texts(reader, level, n_rows, |value| Ok(time(i64::from(*value), a_day(unit))?.into()))
                }
                Holds::Decimals(scale) => {
                    numbers(reader, level, n_rows, |value| decimal(Some(i128::from(*value)), scale))
                }
                Holds::Ints(Int::Unsigned) => numbers(reader, level, n_rows, |value| Some(f64::from(*value as u32))),
                _ => numbers(reader, level, n_rows, |value| Some(f64::from(*value))),
            },
            ColumnReader::Int64ColumnReader(reader) => match self.holds {
                Holds::Times(unit) => texts(reader, level, n_rows, |value| Ok(time(*value, a_day(unit))?.into())),
                Holds::Timestamps(unit) => {
                    texts(reader, level, n_rows, |value| Ok(timestamp(*value, a_day(unit))?.into()))
                }
                Holds::Decimals(scale) => {
                    numbers(reader, level, n_rows, |value| decimal(Some(i128::from(*value)), scale))
                }
                Holds::LongDecimals => texts(reader, level, n_rows, |value| Ok(value.to_string().into())),
                Holds::LongInts(int) => texts(reader, level, n_rows, |value| Ok(int.digits(*value).into())),
                _ => numbers(reader, level, n_rows, |value| Some(*value as f64)),
            },
            ColumnReader::Int96ColumnReader(reader) => {
                texts(reader, level, n_rows, |value| Ok(int96(value.data()).into()))
            }
            ColumnReader::FloatColumnReader(reader) => numbers(reader, level, n_rows, |value| Some(float(*value))),
            ColumnReader::DoubleColumnReader(reader) => numbers(reader, level, n_rows, |value| Some(*value)),
            ColumnReader::ByteArrayColumnReader(reader) => self.read_bytes(reader, n_rows, ByteArray::data),
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                self.read_bytes(reader, n_rows, |value| value.data())
            }
        }
    }

    fn read_bytes<T: DataType>(
        &self,
        reader: &mut ColumnReaderImpl<T>,
        n_rows: usize,
        data: impl for<'v> Fn(&'v T::T) -> &'v [u8],
    ) -> Result<RecordColumn> {
        match self.holds {
            Holds::DecimalsOfBytes(scale) => {
                numbers(reader, self.level, n_rows, |value| decimal(decimal_of_bytes(data(value)), scale))
            }
            Holds::LongDecimals => texts(reader, self.level, n_rows, |value| {
                let whole = decimal_of_bytes(data(value)).ok_or_else(too_long)?;
                Ok(whole.to_string().into())
            }),
            Holds::HalfFloats => numbers(reader, self.level, n_rows, |value| float16(data(value))),
            Holds::Uuids => texts(reader, self.level, n_rows, |value| Ok(uuid(data(value)).into())),
            _ => texts(reader, self.level, n_rows, |value| Ok(text(data(value))?.into())),
        }
    }
}

impl Holds {
    /// What a column holds by its types: those of 2017 (`LogicalType`), or the earlier ones (`ConvertedType`).
    fn of(column: &ColumnDescriptor, are_exact: impl Fn(Int) -> bool) -> std::result::Result<Self, &'static str> {
        use ConvertedType as Old;
        let (logical, old, scale) = (column.logical_type_ref(), column.converted_type(), column.type_scale());
        let whole = |int: Int| if are_exact(int) { Self::Ints(int) } else { Self::LongInts(int) };
        let is_decimal = matches!(logical, Some(LogicalType::Decimal(_))) || old == Old::DECIMAL;
        let (scale, precision) = match logical {
            Some(LogicalType::Decimal(decimal)) => (decimal.scale, decimal.precision),
            _ => (scale, column.type_precision()),
        };
        if is_decimal && scale == 0 && precision > EXACT_DIGITS {
            return Ok(Self::LongDecimals);
        }
        Ok(match (column.physical_type(), logical) {
            (Type::BOOLEAN, _) => Self::Flags,
            (Type::FLOAT, _) => Self::Floats,
            (Type::DOUBLE, _) => Self::Doubles,
            (Type::INT96, _) => Self::OldTimestamps,
            (Type::INT32 | Type::INT64, _) if is_decimal => Self::Decimals(scale),
            (Type::INT32, Some(LogicalType::Date)) => Self::Dates,
            (Type::INT32 | Type::INT64, Some(LogicalType::Time(time))) => Self::Times(time.unit),
            (Type::INT64, Some(LogicalType::Timestamp(timestamp))) => Self::Timestamps(timestamp.unit),
            (Type::INT32, None) if old == Old::DATE => Self::Dates,
            (Type::INT32, None) if old == Old::TIME_MILLIS => Self::Times(TimeUnit::MILLIS),
            (Type::INT64, None) if old == Old::TIME_MICROS => Self::Times(TimeUnit::MICROS),
            (Type::INT64, None) if old == Old::TIMESTAMP_MILLIS => Self::Timestamps(TimeUnit::MILLIS),
            (Type::INT64, None) if old == Old::TIMESTAMP_MICROS => Self::Timestamps(TimeUnit::MICROS),
            (Type::INT32, Some(LogicalType::Integer(int))) if !int.is_signed => Self::Ints(Int::Unsigned),
            (Type::INT32, _) if old == Old::UINT_32 => Self::Ints(Int::Unsigned),
            (Type::INT32, _) => Self::Ints(Int::Signed),
            (Type::INT64, Some(LogicalType::Integer(int))) if !int.is_signed => whole(Int::Unsigned),
            (Type::INT64, _) if old == Old::UINT_64 => whole(Int::Unsigned),
            (Type::INT64, _) => whole(Int::Signed),
            (Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY, _) if is_decimal => Self::DecimalsOfBytes(scale),
            (Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16)) => Self::HalfFloats,
            (Type::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid)) => Self::Uuids,
            (Type::FIXED_LEN_BYTE_ARRAY, _) if old == Old::INTERVAL => return Err("intervals"),
            (Type::BYTE_ARRAY, None | Some(LogicalType::String | LogicalType::Enum | LogicalType::Json)) => Self::Texts,
            (Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY, _) => return Err("bytes"),
        })
    }
}

/// Whether the file says of a column of whole numbers that a double holds each exactly.
fn are_exact(int: Int, leaf: usize, groups: &[RowGroupMetaData]) -> bool {
    groups.iter().all(|group| match group.column(leaf).statistics() {
        Some(Statistics::Int64(statistics)) => {
            let is_exact = |bound: Option<&i64>| {
                bound.is_some_and(|bound| match int {
                    Int::Signed => (-EXACT..=EXACT).contains(bound),
                    // The largest are negative here.
                    Int::Unsigned => (0..=EXACT).contains(bound),
                })
            };
            let is_empty = statistics.null_count_opt() == u64::try_from(group.num_rows()).ok();
            is_empty || is_exact(statistics.min_opt()) && is_exact(statistics.max_opt())
        }
        _ => false,
    })
}

/// How many units a day has.
fn a_day(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 86_400_000,
        TimeUnit::MICROS => 86_400_000_000,
        TimeUnit::NANOS => 86_400_000_000_000,
    }
}

fn check_rows(found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    let message = "the Parquet file was cut or damaged: the column has fewer rows than its group; write it again";
    Err(Error::new(ErrorKind::Encoding, message))
}

/// The next values, and for each row whether it has one; empty if all have.
fn values<T: DataType>(reader: &mut ColumnReaderImpl<T>, level: i16, n_rows: usize) -> Result<(Vec<T::T>, Vec<i16>)> {
    let (mut values, mut levels) = (Vec::with_capacity(n_rows), Vec::new());
    let read = reader.read_records(n_rows, (level > 0).then_some(&mut levels), None, &mut values);
    let (n_read, n_values, _) = read.map_err(|error| damaged(&error))?;
    check_rows(n_read, n_rows)?;
    let n_expected = if level > 0 { levels.iter().filter(|found| **found == level).count() } else { n_rows };
    check_rows(n_values.min(values.len()), n_expected)?;
    Ok((values, levels))
}

fn too_long() -> Error {
    Error::new(ErrorKind::NotANumber, "a decimal has more than 38 digits; write it as a double, or as a text")
}

fn numbers<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    level: i16,
    n_rows: usize,
    number: impl Fn(&T::T) -> Option<f64>,
) -> Result<RecordColumn> {
    let (values, levels) = values(reader, level, n_rows)?;
    let number = |value: &T::T| number(value).ok_or_else(too_long);
    if levels.is_empty() {
        return values.iter().map(number).collect::<Result<_>>().map(RecordColumn::Numbers);
    }
    let mut values = values.iter();
    let cells = levels.iter().map(|found| match (*found == level).then(|| values.next()).flatten() {
        Some(value) => number(value),
        None => Ok(f64::NAN),
    });
    cells.collect::<Result<_>>().map(RecordColumn::Numbers)
}

fn texts<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    level: i16,
    n_rows: usize,
    text: impl for<'v> Fn(&'v T::T) -> Result<Cow<'v, str>>,
) -> Result<RecordColumn> {
    let (values, levels) = values(reader, level, n_rows)?;
    let (mut texts, mut n_bytes) = (RecordTexts::default(), 0);
    let mut values = values.iter();
    for row in 0..n_rows {
        match (levels.is_empty() || levels[row] == level).then(|| values.next()).flatten() {
            Some(value) => {
                let text = text(value)?;
                n_bytes += text.len();
                limits::check("bytes in a cell", text.len(), limits::CELL_BYTES)?;
                limits::check("bytes of text in some rows of a column", n_bytes, PART_BYTES)?;
                texts.push(&text);
            }
            None => texts.push(""),
        }
    }
    Ok(RecordColumn::Texts(texts))
}
