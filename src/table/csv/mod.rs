//! Tables that are written down: how, in which rows, and what their columns seem to hold.

mod dialect;
mod field;
mod kind;
mod parse;
mod rows;
mod values;
mod window;

pub(crate) use dialect::{CellFormat, Dialect, SAMPLE_BYTES};
pub use dialect::{MISSING, ReadOptions};
pub(crate) use field::{Field, read_number};
pub(crate) use kind::ColumnScan;
pub use kind::Kind;
pub(crate) use parse::EMPTY_FILE;
pub use parse::whole_rows;
pub(crate) use rows::{Cells, KeptRows, Rows, check_width, latin_1_note};
pub use values::{Column, Table, Texts, Values};
pub(crate) use values::{EMPTY_CELL, NO_ROWS, check_names, unknown_column};
pub use window::Windows;
pub(crate) use window::endless_row;
