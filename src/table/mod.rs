//! Tables as they come, and the schema that says what their columns hold.

#[cfg(feature = "train")]
mod csv;
mod label;
mod names;
mod number;
mod schema;

#[cfg(feature = "train")]
pub use csv::{Column, Kind, MISSING, ReadOptions, Table, Texts, Values, Windows, whole_rows};
pub use label::{Label, Labels};
pub use number::DecimalSign;
pub use schema::{Domain, DroppedColumn, FeatureSchema, NumberDomain, Schema, Spread, TargetSchema, Task};

#[cfg(feature = "train")]
pub(crate) use csv::{
    CellFormat, Cells, ColumnScan, Dialect, EMPTY_CELL, EMPTY_FILE, Field, KeptRows, NO_ROWS, Rows, SAMPLE_BYTES,
    check_names, check_width, endless_row, latin_1_note, read_number, unknown_column,
};
pub(crate) use {label::unseen, names::NameIndex, number::reads_as};
