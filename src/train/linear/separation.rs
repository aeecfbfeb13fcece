//! Separation: classes that a linear function of the features tells apart without error.
//!
//! The margins of a row are the score of its own class less that of each other class. Without a penalty, separated classes
//! have no optimum. Along a direction with no negative margin and some positive one, the loss decreases without end (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression models", 1984:
//! complete and quasi-complete separation). The gradient then falls below any tolerance, so the certificate alone does
//! not show it.

use crate::error::Result;
use crate::numeric::order::sorted_positions;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// The most negative margin that counts as rounding and incomplete convergence, as a fraction of the largest margin.
const BEHIND: f64 = 1e-9;
/// The same in the part of the parameters along which the objective hardly curves.
const BEHIND_FLAT: f64 = 1e-9;
/// The smallest margin, in log-odds, that a step gains in a fit without an optimum. At an optimum a step gains none.
const STRIDE: f64 = 1e-3;

/// The smallest and the largest margin of the rows, along a direction of the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(crate) struct MarginRange {
    pub(crate) smallest: f64,
    pub(crate) largest: f64,
}

impl MarginRange {
    /// Extends the range by another one.
    pub(super) fn widen(&mut self, other: Self) {
        self.smallest = self.smallest.min(other.smallest);
        self.largest = self.largest.max(other.largest);
    }

    /// Whether the parameters separate the classes completely: every margin along them is positive.
    pub(super) fn separate(self) -> bool {
        self.smallest > 0.0
    }

    /// Whether the last step separates the classes, completely or quasi-completely.
    pub(super) fn step_separates(self) -> bool {
        self.separates_but(BEHIND)
    }

    /// The range along the opposite direction.
    pub(super) fn reversed(self) -> Self {
        Self { smallest: -self.largest, largest: -self.smallest }
    }

    /// Whether the part of the parameters along which the objective hardly curves does.
    pub(super) fn flat_part_separates(self) -> bool {
        self.separates_but(BEHIND_FLAT)
    }

    fn separates_but(self, behind: f64) -> bool {
        self.largest > STRIDE && self.smallest >= -behind * self.largest
    }
}

impl Merge for MarginRange {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.widen(later);
        Ok(())
    }
}

/// The columns with at least a hundredth of the largest change per standard deviation in a direction, the largest
/// first.
pub(super) fn columns(direction: &[f64], width: usize, n_columns: usize) -> Vec<usize> {
    let size = |column: usize| direction.chunks_exact(width).map(|output| output[column].abs()).fold(0.0, f64::max);
    let largest = (0..n_columns).map(size).fold(0.0, f64::max);
    let mut columns = sorted_positions(n_columns, &|a, b| size(b).total_cmp(&size(a)));
    columns.retain(|column| size(*column) >= 0.01 * largest);
    columns
}
