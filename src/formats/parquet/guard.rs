//! What is said of files that cannot be read, panics of the parquet crate included.

use crate::error::{Error, ErrorKind, Result};
use parquet::errors::ParquetError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// What comes of some work of the parquet crate. It takes a file's figures as they are: where they contradict one another it
/// may panic, which says no more than that the file is damaged.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let hook = take_hook();
        set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                hook(info);
            }
        }));
    });
    let before = IS_GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(before);
    outcome.unwrap_or_else(|_| {
        let message = "the Parquet file was cut or damaged: its figures contradict one another; write it again";
        Err(Error::new(ErrorKind::Encoding, message))
    })
}

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
