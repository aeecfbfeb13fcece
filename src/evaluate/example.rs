//! The rows that tests/golden/figures.py gives to scikit-learn, for the tests beside it.

/// Which rows are of the positive class.
pub(super) const IS_POSITIVE: [bool; 12] =
    [false, false, true, false, true, true, false, true, false, true, true, false];
/// Their probabilities of the positive class: two ties, each of a positive and a negative row.
pub(super) const SCORES: [f64; 12] = [0.1, 0.3, 0.3, 0.45, 0.5, 0.62, 0.5, 0.8, 0.2, 0.9, 0.15, 0.7];
/// Rows of three classes.
pub(super) const CODES: [usize; 8] = [0, 1, 2, 1, 0, 2, 1, 1];
/// Their probabilities, 8 x 3.
#[rustfmt::skip]
pub(super) const PROBABILITIES: [f64; 24] = [
    0.7, 0.2, 0.1,
    0.1, 0.6, 0.3,
    0.2, 0.5, 0.3,
    0.3, 0.3, 0.4,
    0.5, 0.25, 0.25,
    0.1, 0.1, 0.8,
    0.2, 0.7, 0.1,
    0.6, 0.3, 0.1,
];
