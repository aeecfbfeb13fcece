//! How far predictions may be off: bounds of conformal prediction (Vovk, Gammerman and Shafer, "Algorithmic Learning in a
//! Random World", 2005).
//!
//! Rows that the model was not fitted on say how far off it is. A row's score is |target - prediction| of a number. Of classes
//! it is the probability of the true one, or 1 where that is the most probable one. The bound of a level is the score that so many
//! of these rows keep, and one more row with them. A new row keeps it with at least that probability, whatever the model,
//! if it comes from where those rows came from.

use super::invalid::invalid;
use crate::error::Result;
use crate::table::Task;

/// The bounds of a model, one for each level.
#[derive(Debug, Clone, PartialEq)]
pub struct Conformal(Vec<ConformalBound>);

/// What a new row keeps with some probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConformalBound {
    /// The probability in percent, from 1 to 99.
    pub percent: u8,
    /// Of a number the largest distance between target and prediction. Of classes the probability from which on a class
    /// is in the set; the most probable one always is.
    pub bound: f64,
}

impl ConformalBound {
    /// The probability, between 0 and 1.
    pub fn level(&self) -> f64 {
        f64::from(self.percent) / 100.0
    }
}

impl Conformal {
    /// Bounds in ascending order of their levels. They are checked where a model is put together.
    pub fn new(bounds: Vec<ConformalBound>) -> Self {
        Self(bounds)
    }

    /// The bounds, in ascending order of their levels.
    pub fn bounds(&self) -> &[ConformalBound] {
        &self.0
    }

    /// Refuses bounds that are not possible: those of a higher level hold more.
    pub(super) fn check(&self, task: Task) -> Result<()> {
        let is_possible = |bound: &ConformalBound| {
            let largest = if task == Task::Regression { f64::MAX } else { 1.0 };
            (1..100).contains(&bound.percent) && (0.0..=largest).contains(&bound.bound)
        };
        let is_wider = |one: &ConformalBound, next: &ConformalBound| {
            let widens = if task == Task::Regression { one.bound <= next.bound } else { one.bound >= next.bound };
            one.percent < next.percent && widens
        };
        match !self.0.is_empty() && self.0.iter().all(is_possible) && self.0.is_sorted_by(is_wider) {
            true => Ok(()),
            false => Err(invalid("expected conformal bounds that hold more at higher levels")),
        }
    }
}
