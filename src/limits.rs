//! Budgets for everything that is read from outside, each with its reason.
//!
//! A limit is checked before memory is taken: the error names what was found and what is allowed.

use crate::error::{Error, ErrorKind, Result};

/// The largest model file, in bytes: a linear model of 100 classes on 50,000 features is 40 MB.
pub const MODEL_BYTES: usize = 64 << 20;

/// The largest file of another tool's model, in bytes: it takes some times as much memory while it is read.
pub const FOREIGN_BYTES: usize = 512 << 20;

/// The largest table, in bytes, that is read whole into memory.
pub const TABLE_BYTES: usize = 512 << 20;

/// The most cells of a table, and of any matrix made of one: a number takes 8 bytes and a short text about 40, and a
/// browser tab holds 4 GiB in all.
pub const CELLS: usize = 64 << 20;

/// The most columns in a table: beyond it a table has more often lost its line ends than gained features.
pub const COLUMNS: usize = 100_000;

/// The most classes of a target: one probability is computed, and one output column written, for each.
pub const CLASSES: usize = 10_000;

/// The longest name of a column, in bytes: it is repeated in the name of each category's column.
pub const NAME_BYTES: usize = 1_000;

/// The longest cell of a table, in bytes: a longer one has more often lost the quote at its end.
pub const CELL_BYTES: usize = 1 << 20;

/// The longest row of a table, in bytes: in a longer one a quote has more often been left open.
pub const ROW_BYTES: usize = 1 << 24;

/// The most categories of a feature: each has a column of its own, and a text with more is more often a name than a kind.
pub const CATEGORIES: usize = 1_000;

/// The most parameters of a fit (features times classes): the solver keeps about 25 vectors of this length.
pub const PARAMETERS: usize = 8 << 20;

/// The most numbers of a square that a fit sums over the rows: 64 MB, of which some ten are held while they are merged.
pub const SQUARE: usize = 8 << 20;

/// The most bins of a boosted fit, one for each value of a row: a byte each, beside the table's 8.
pub const BINS: usize = 256 << 20;

/// The most trees of a model, and the most nodes of all of them: these take 40 bytes each in memory.
pub const TREES: usize = 100_000;
/// See [`TREES`].
pub const NODES: usize = 4 << 20;

/// The most operations of a graph: a network has some for each layer, an ensemble some for each estimator.
pub const GRAPH_NODES: usize = 100_000;

/// The most steps to part one row's score among the features, leaves times squared depth: some seconds.
pub const EXPLAINING: usize = 1 << 30;

/// The most splits on the way to a leaf: an explanation goes as deep by calls of a function.
pub const DEPTH: usize = 512;

/// The largest request body of the server, in bytes, unless it is told otherwise: some 10,000 rows of ten features by name.
pub const BODY_BYTES: usize = 2 << 20;

/// The most rows of one request: its answer, some 200 bytes a row, is held in memory.
pub const REQUEST_ROWS: usize = 100_000;

/// The most numbers of one answer: 32 MB, and some 80 MB as text.
pub const ANSWER_NUMBERS: usize = 4 << 20;

/// The most columns of a request's row: a form has hundreds at most, and each unknown one is compared with the features.
pub const REQUEST_COLUMNS: usize = 10_000;

/// The most values of a model's record: a column that was left out has two, a threshold six.
pub const RECORD_VALUES: usize = 1 << 20;

/// The largest count, seed or time: the largest whole number below which JavaScript holds every one.
pub const WHOLE_NUMBER: u64 = (1 << 53) - 1;

/// Refuses `found` when it is above `allowed`; `what` is the plural noun of the message.
pub(crate) fn check(what: &str, found: usize, allowed: usize) -> Result<()> {
    if found > allowed {
        let message = format!("expected at most {allowed} {what}, found {found}");
        return Err(Error::new(ErrorKind::LimitExceeded, message));
    }
    Ok(())
}

/// Refuses the product of two counts when it is above `allowed` or overflows.
pub(crate) fn check_product(what: &str, a: usize, b: usize, allowed: usize) -> Result<()> {
    check(what, a.saturating_mul(b), allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_itself_is_allowed() {
        assert!(check("columns", 5, 5).is_ok());
        let error = check("columns", 6, 5).unwrap_err();
        assert_eq!(error.to_string(), "expected at most 5 columns, found 6");
    }
}
