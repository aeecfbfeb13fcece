//! Tables as they come, and the schema that says what their columns hold.

mod label;
mod names;
mod number;
mod schema;
mod window;

#[cfg(feature = "train")]
mod dialect;
#[cfg(feature = "train")]
mod field;
#[cfg(feature = "train")]
mod kind;
#[cfg(feature = "train")]
mod parse;
#[cfg(feature = "train")]
mod rows;
#[cfg(feature = "train")]
mod values;

pub use label::{Label, Labels};
pub use schema::{Domain, DroppedColumn, FeatureSchema, NumberDomain, Schema, Spread, TargetSchema, Task};
pub use window::Windows;
#[cfg(feature = "train")]
pub use {
    dialect::{MISSING, ReadOptions},
    kind::Kind,
    number::DecimalSign,
    values::{Column, Table, Texts, Values},
};

#[cfg(feature = "train")]
pub(crate) use {
    dialect::{CellFormat, Dialect, SAMPLE_BYTES},
    field::{Field, read_number},
    kind::ColumnScan,
    parse::EMPTY_FILE,
    rows::{Cells, Rows, check_width, latin_1_note},
    values::{EMPTY_CELL, NO_ROWS, check_names, unknown_column},
};
pub(crate) use {label::unseen, names::NameIndex, number::reads_as};
