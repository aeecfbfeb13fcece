//! Tables as they come, and the schema that says what their columns hold.

mod label;
mod names;
#[cfg(feature = "train")]
mod number;
mod schema;
#[cfg(feature = "train")]
mod values;

#[cfg(feature = "train")]
mod parse;
#[cfg(feature = "train")]
mod rows;

pub use label::{Label, Labels};
pub use schema::{FeatureSchema, Schema, TargetSchema, Task};
#[cfg(feature = "train")]
pub use values::{Column, Table, Values};

pub(crate) use names::NameIndex;
#[cfg(feature = "train")]
pub(crate) use {
    number::number,
    rows::{Rows, check_width},
    values::{EMPTY_CELL, cell_to_number, check_names, unknown_column},
};
