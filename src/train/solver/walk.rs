//! From point to point: what every solver does between two directions.

use super::line_search::{LineSearch, Verdict};
use super::{Point, State};
use crate::arithmetic::dot;
use crate::train::evaluation::Evaluation;

/// Where a solver stands, and the step it is trying.
#[derive(Debug)]
pub(super) struct Walk {
    /// The best point so far; `None` before the first evaluation.
    pub(super) point: Option<Point>,
    /// The step it is about to try, or tried last; empty at the start.
    pub(super) direction: Vec<f64>,
    /// The parameters to be evaluated next.
    pub(super) trial: Vec<f64>,
    pub(super) state: State,
    search: Option<LineSearch>,
}

/// What an evaluation of the trial led to.
pub(super) enum Outcome {
    /// A new point, and the one before if there was one.
    Arrived(Option<Point>),
    /// Another trial along the same direction.
    Trying,
    /// The direction leads nowhere.
    Lost,
}

impl Walk {
    pub(super) fn new(start: Vec<f64>) -> Self {
        Self { point: None, direction: Vec::new(), trial: start, state: State::Running, search: None }
    }

    pub(super) fn tell(&mut self, evaluation: Evaluation) -> Outcome {
        if let Some(search) = &mut self.search {
            match search.tell(evaluation.loss, dot(&evaluation.gradient, &self.direction)) {
                Verdict::Take => {}
                Verdict::Again => {
                    self.try_step();
                    return Outcome::Trying;
                }
                Verdict::GiveUp => return Outcome::Lost,
            }
        }
        let parameters = std::mem::take(&mut self.trial);
        Outcome::Arrived(self.point.replace(Point { parameters, evaluation }))
    }

    /// Goes along a direction; stalls where there is none or the objective does not fall along it.
    pub(super) fn set_out(&mut self, direction: Option<Vec<f64>>) {
        let Some(Point { evaluation: Evaluation { loss, gradient, .. }, .. }) = &self.point else { return };
        let Some(direction) = direction else { return self.state = State::Stalled };
        let slope = dot(gradient, &direction);
        // No objective is below 0. Where the model foretells a fall to far below it, it knows nothing of the curvature yet,
        // and the first trial goes as far as the tangent needs to twice the way.
        let furthest = 2.0 * loss / -slope;
        let is_absurd = 0.0 < furthest && furthest < 0.5;
        self.search = Some(LineSearch::new(*loss, slope, if is_absurd { furthest } else { 1.0 }));
        self.direction = direction;
        match slope < 0.0 {
            true => self.try_step(),
            false => self.state = State::Stalled,
        }
    }

    fn try_step(&mut self) {
        let (Some(point), Some(search)) = (&self.point, &self.search) else { return };
        let moved = point.parameters.iter().zip(&self.direction);
        self.trial = moved.map(|(parameter, change)| parameter + search.step() * change).collect();
    }
}
