//! Files with tables, in every format that the command line reads.

#[cfg_attr(not(feature = "excel"), path = "no_excel.rs")]
mod excel;
mod guard;
mod json_lines;
#[cfg_attr(not(feature = "parquet"), path = "no_parquet.rs")]
mod parquet;
mod regular;
mod table;
mod translated;

pub use regular::RegularFile;
pub use table::{Content, TableFile};
pub use translated::CsvParts;
