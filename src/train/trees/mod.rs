//! Learners whose models are decision trees, and what they share.
//!
//! Values become at most 255 bins a column. What a tree is fitted to becomes whole numbers, and sums of whole numbers are exact: a
//! fit has the same bits for any number of threads, on every target, and for any order of the rows.

mod bins;
pub mod boosting;
mod fixed_point;
pub mod forest;
mod grow;
mod histogram;
mod matrix;
mod open;
mod prepare;
mod random;
mod ranges;
mod split;
mod sums;
mod together;
