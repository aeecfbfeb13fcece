//! Files of any length: read, scored and answered part by part. Memory does not grow with the file.

mod body;
mod csv;
mod lines;

pub(super) use csv::csv;
pub(super) use lines::json_lines;
