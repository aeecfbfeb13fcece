//! What is said of Parquet files that cannot be read.

use crate::error::{Error, ErrorKind};
use parquet::errors::ParquetError;

/// What is said of a file that cannot be read.
pub(super) fn damaged(error: &ParquetError) -> Error {
    let reason = error.to_string();
    let codec = reason.split_once("Disabled feature at compile time: ").map(|(_, codec)| codec);
    let message = match (error, codec) {
        (_, Some(codec)) => {
            format!("the column is compressed by {codec}, which is not read; write it with snappy, zstd, gzip or lz4")
        }
        (ParquetError::NYI(_), _) => {
            format!("the Parquet file cannot be read: {reason}; write it with snappy, zstd, gzip or lz4")
        }
        _ => format!("the Parquet file was cut or damaged: {reason}; write it again"),
    };
    Error::new(ErrorKind::Encoding, message)
}
