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

pub use label::{Label, Labels};
pub use schema::{FeatureSchema, Schema, TargetSchema, Task};
#[cfg(feature = "train")]
pub use values::{Column, Table, Values};

pub(crate) use names::NameIndex;
#[cfg(feature = "train")]
pub(crate) use {number::number, values::EMPTY_CELL};
