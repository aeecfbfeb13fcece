//! Tables that are written down: how, in which rows, and what their columns seem to hold.

mod canonical;
mod cell_format;
mod column_format;
mod dialect;
mod encoding;
mod evidence;
mod field;
mod header;
mod kind;
mod letters;
mod options;
mod parse;
mod preamble;
mod rows;
mod sniff;
mod values;
mod window;
mod written;

pub(crate) use cell_format::CellFormat;
pub use cell_format::MISSING;
pub(crate) use column_format::ColumnFormat;
pub(crate) use dialect::Dialect;
pub(crate) use evidence::{Evidence, Prior, known_decimal};
pub(crate) use field::{Field, read_number};
pub(crate) use kind::ColumnScan;
pub use kind::Kind;
pub use options::{FileFormat, ReadOptions};
pub(crate) use parse::EMPTY_FILE;
pub use parse::whole_rows;
pub(crate) use rows::{Cells, KeptRows, Rows, latin_1_note};
pub(crate) use sniff::SAMPLE_BYTES;
pub use values::{Column, Table, Texts, Values};
pub(crate) use values::{EMPTY_CELL, NO_ROWS, unknown_column};
pub use window::Windows;
pub(crate) use window::endless_row;
