//! Tables as they come, and the schema that says what their columns hold.

#[cfg(feature = "train")]
mod csv;
pub(crate) mod date;
mod label;
mod names;
pub(crate) mod number;
mod schema;

#[cfg(feature = "train")]
pub use csv::{
    Column, FileFormat, Kind, MISSING, Moment, Origin, ReadOptions, RecordBatch, RecordColumn, RecordTexts, Table,
    Texts, TimeOfDay, Values, Windows, has_either_sign, to_utf_8, whole_rows,
};
pub use label::{Label, Labels};
pub use number::DecimalSign;
pub(crate) use schema::read_flag;
pub use schema::{Domain, DroppedColumn, FeatureSchema, NumberDomain, Schema, Spread, TargetRange, TargetSchema, Task};

#[cfg(feature = "train")]
pub(crate) use csv::{
    CellFormat, Cells, ColumnFormat, ColumnScan, Dialect, EMPTY_FILE, Evidence, Field, KeptRows, NO_ROWS, Prior,
    RecordCell, SAMPLE_BYTES, check_weight, endless_row, hint_of_names, infinite_number, latin_1_note, read_number,
    read_weight, twins, unknown_column, write_cell, write_number,
};
pub(crate) use date::{DATE_PARTS, date_parts_of, iso_days};
pub(crate) use label::unseen;
pub(crate) use names::NameIndex;
pub(crate) use number::{reads_as, trim};
