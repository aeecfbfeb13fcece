//! Which rows and columns a tree sees, and which rows are held out to stop early.

use crate::numeric::order::sorted_positions;
use crate::train::trees::random::uniform;

/// The stream of the rows that are held out, and the first of those of rounds and of trees.
const HELD_OUT: u64 = 0;
const ROWS: u64 = 1 << 32;
const COLUMNS: u64 = 2 << 32;

/// Per row whether it is held out: of each class this fraction, but not all of it. `class_of` says the class of a row, and 0
/// where numbers are predicted.
pub(super) fn held_out(n_rows: usize, fraction: f64, seed: u64, class_of: impl Fn(usize) -> usize) -> Vec<bool> {
    let mut classes: Vec<Vec<usize>> = Vec::new();
    for row in 0..n_rows {
        classes.resize(classes.len().max(class_of(row) + 1), Vec::new());
        classes[class_of(row)].push(row);
    }
    let mut is_held_out = vec![false; n_rows];
    for rows in classes {
        let chance = |at: usize| uniform(seed, HELD_OUT, rows[at] as u64);
        let order = sorted_positions(rows.len(), &|a, b| chance(a).total_cmp(&chance(b)));
        let n = ((rows.len() as f64 * fraction).round() as usize).min(rows.len().saturating_sub(1));
        order[..n].iter().for_each(|at| is_held_out[rows[*at]] = true);
    }
    is_held_out
}

/// Whether a row is among this fraction of all in a round.
#[inline]
pub(super) fn has_row(fraction: f64, seed: u64, round: u64, row: usize) -> bool {
    fraction >= 1.0 || uniform(seed, ROWS + round, row as u64) < fraction
}

/// The columns that a tree may split by: this fraction of all, at least one.
pub(super) fn columns(n_columns: usize, fraction: f64, seed: u64, tree: u64) -> Vec<usize> {
    let chance = |column: usize| uniform(seed, COLUMNS + tree, column as u64);
    let mut order = sorted_positions(n_columns, &|a, b| chance(a).total_cmp(&chance(b)));
    order.truncate(((n_columns as f64 * fraction).ceil() as usize).max(1));
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_kept() {
        let of_class = |row: usize| usize::from(row.is_multiple_of(10));
        let is_held_out = held_out(1000, 0.2, 7, of_class);
        let count = |class: usize| (0..1000).filter(|row| of_class(*row) == class && is_held_out[*row]).count();
        assert_eq!((count(0), count(1)), (180, 20));
        assert_eq!(held_out(3, 0.99, 7, |row| row), [false; 3]);
        let n = (0..10_000).filter(|row| has_row(0.3, 1, 5, *row)).count();
        assert!((2800..3200).contains(&n), "{n}");
        assert_eq!([1.0, 0.5, 0.01].map(|fraction| columns(7, fraction, 0, 3).len()), [7, 4, 1]);
        assert_ne!(columns(100, 0.1, 0, 3), columns(100, 0.1, 0, 4));
    }
}
