//! Search directions.

use super::point::Point;
use crate::train::linear::derivatives::{Derivatives, Order};
use std::fmt::Debug;

/// A method of choosing search directions.
pub(super) trait Direction: Debug + Send + Sync {
    fn name(&self) -> &'static str;

    /// The order of derivatives to compute at the next trial.
    fn order(&self) -> Order;

    /// Counts an iteration: an evaluation of the derivatives, also at a trial that is rejected.
    fn evaluated(&mut self) {}

    /// Updates the method after a step to a new point.
    fn arrived(&mut self, _before: Option<&Point>, _point: &Point) {}

    /// Whether work on rows dominates the cost of an iteration.
    fn gains_by_sample(&self) -> bool {
        true
    }

    /// Whether a start from the row space is likely to reach the optimum sooner.
    fn wants_row_space(&self) -> bool {
        false
    }

    /// Records that a start from the row space was tried. The next evaluation shows its result.
    fn row_space_was_tried(&mut self) {}

    /// Updates the method at a point before the rows change. `_evaluate` is the objective on the rows so far.
    fn leave_rows(&mut self, _at: &[f64], _evaluate: &dyn Fn(&[f64], Order) -> Derivatives) {}

    /// The search direction at a point; `None` where there is none.
    fn direction(&mut self, point: &Point) -> Option<Vec<f64>>;

    /// Clears the memory of past steps, and returns whether there was any. Old steps can make a direction useless.
    fn forget(&mut self) -> bool {
        false
    }
}
