//! Classes that the features tell apart without error.
//!
//! Without a penalty such a fit has no optimum: along a direction in which no row's own class falls behind and some row's
//! gets ahead, the loss falls for ever (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic
//! regression models", 1984: complete and quasi-complete separation). The gradient falls below any limit meanwhile, so the
//! certificate alone would be given.

use crate::error::Result;
use crate::numeric::order::sorted_positions;
use crate::numeric::tree_sum::Merge;
use bincode::{Decode, Encode};

/// How far behind a row's class may seem, as a part of the largest lead, when it is only rounding and what the rest of
/// the fit still has to settle.
const BEHIND: f64 = 1e-6;
/// The least lead, in log-odds, that a step of a fit without end gains; at an optimum a step gains none.
const STRIDE: f64 = 1e-3;

/// The smallest and the largest lead of a row's own class over the others, along a direction of the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Encode, Decode)]
pub(crate) struct MarginRange {
    pub(crate) smallest: f64,
    pub(crate) largest: f64,
}

impl MarginRange {
    /// Takes in another range.
    pub(super) fn widen(&mut self, other: Self) {
        self.smallest = self.smallest.min(other.smallest);
        self.largest = self.largest.max(other.largest);
    }

    /// Whether the direction of the parameters themselves tells every row apart.
    pub(super) fn separate(self) -> bool {
        self.smallest > 0.0
    }

    /// Whether the direction of the last step does, or some rows while it leaves the others where they are.
    pub(super) fn step_separates(self) -> bool {
        self.largest > STRIDE && self.smallest >= -BEHIND * self.largest
    }
}

impl Merge for MarginRange {
    fn merge(&mut self, later: Self) -> Result<()> {
        self.widen(later);
        Ok(())
    }
}

/// The columns that matter in a direction: those with at least a hundredth of the largest change per deviation, the
/// largest first.
pub(super) fn columns(direction: &[f64], width: usize, n_columns: usize) -> Vec<usize> {
    let size = |column: usize| direction.chunks_exact(width).map(|output| output[column].abs()).fold(0.0, f64::max);
    let largest = (0..n_columns).map(size).fold(0.0, f64::max);
    let mut columns = sorted_positions(n_columns, &|a, b| size(b).total_cmp(&size(a)));
    columns.retain(|column| size(*column) >= 0.01 * largest);
    columns
}
