//! From a point to a direction.

use super::point::Point;
use crate::train::linear::derivatives::{Derivatives, Order};
use std::fmt::Debug;

/// How a solver chooses its directions.
pub(super) trait Direction: Debug + Send + Sync {
    fn name(&self) -> &'static str;

    /// What is wanted at the next trial.
    fn order(&self) -> Order;

    /// Counts an evaluation, also one that led nowhere.
    fn evaluated(&mut self) {}

    /// Learns from the way to a new point.
    fn arrived(&mut self, _before: Option<&Point>, _point: &Point) {}

    /// Whether most of a round is work on rows.
    fn gains_by_sample(&self) -> bool {
        true
    }

    /// Whether a search among the rows is likely to be at the optimum sooner.
    fn wants_row_space(&self) -> bool {
        false
    }

    /// Learns that this was tried; how far it led shows in the next evaluation.
    fn row_space_was_tried(&mut self) {}

    /// Learns what it can from rows that are about to be others, where it stands.
    fn leave_rows(&mut self, _at: &[f64], _evaluate: &dyn Fn(&[f64], Order) -> Derivatives) {}

    /// Where to go from a point; `None` where it knows no way.
    fn direction(&mut self, point: &Point) -> Option<Vec<f64>>;

    /// Drops what it learned, if there was anything: a memory may mislead.
    fn forget(&mut self) -> bool {
        false
    }
}
