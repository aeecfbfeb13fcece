//! Tables as they come, and the schema that says what their columns hold.

#[cfg(feature = "train")]
mod number;
#[cfg(feature = "train")]
mod parse;
#[cfg(feature = "train")]
mod values;

mod label;
mod names;
mod schema;

pub(crate) use names::NameIndex;

pub use label::{Label, Labels};
#[cfg(feature = "train")]
pub(crate) use number::number;
pub use schema::{FeatureSchema, Schema, TargetSchema, Task};
#[cfg(feature = "train")]
pub(crate) use values::EMPTY_CELL;
#[cfg(feature = "train")]
pub use values::{Column, Table, Values};
