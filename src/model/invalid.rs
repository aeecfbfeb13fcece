//! The error about parts that make no model.

use crate::error::{Error, ErrorKind};

/// Never inlined: errors are rare, and the predict build is small.
#[cold]
#[inline(never)]
pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidModel, message)
}
