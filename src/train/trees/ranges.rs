//! The ranges of options that learners of trees share.

use crate::error::{Decimal, Error, ErrorKind, Result};
use std::ops::RangeInclusive;

fn refuse(message: String) -> Result<()> {
    Err(Error::new(ErrorKind::InvalidOption, message))
}

/// Checks a number of things.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] naming what was found and what is allowed, as all below.
pub(super) fn check_count(name: &str, found: u64, allowed: RangeInclusive<u64>) -> Result<()> {
    match allowed.contains(&found) {
        true => Ok(()),
        false => refuse(format!("expected from {} to {} {name}, found {found}", allowed.start(), allowed.end())),
    }
}

/// Checks the most splits on the way to a leaf, if there is such a number.
pub(super) fn check_depth(depth: Option<u64>) -> Result<()> {
    match depth {
        Some(found) if !(1..=64).contains(&found) => refuse(format!("expected a depth from 1 to 64, found {found}")),
        _ => Ok(()),
    }
}

/// Checks a part of a whole.
pub(super) fn check_fraction(name: &str, found: f64) -> Result<()> {
    match found > 0.0 && found <= 1.0 {
        true => Ok(()),
        false => refuse(format!("expected a {name} above 0 and at most 1, found {}", Decimal(found))),
    }
}

/// Checks the least weight of the rows in a leaf.
pub(super) fn check_min_rows(found: f64) -> Result<()> {
    match found > 0.0 && found.is_finite() {
        true => Ok(()),
        false => refuse(format!("expected the fewest rows of a leaf to be above 0, found {}", Decimal(found))),
    }
}
