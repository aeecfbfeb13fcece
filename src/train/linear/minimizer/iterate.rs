//! From point to point: what every solver does between two directions.

use super::line_search::{LineSearch, ROUNDING, Verdict};
use super::point::{Point, State};
use crate::numeric::dot;
use crate::train::linear::derivatives::Derivatives;

/// Where a solver stands, and the step it is trying.
#[derive(Debug)]
pub(super) struct Iterate {
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
    /// A restart led up, so it stays where it was.
    Stayed,
    /// The direction leads nowhere.
    LineSearchFailed,
}

impl Iterate {
    pub(super) fn new(start: Vec<f64>) -> Self {
        Self { point: None, direction: Vec::new(), trial: start, state: State::Running, search: None }
    }

    pub(super) fn tell(&mut self, evaluation: Derivatives) -> Outcome {
        if let Some(search) = &mut self.search {
            match search.tell(evaluation.loss, dot(&evaluation.gradient, &self.direction)) {
                Verdict::Take => {}
                Verdict::Again => {
                    self.try_step();
                    return Outcome::Trying;
                }
                Verdict::GiveUp => return Outcome::LineSearchFailed,
            }
        } else if let Some(Point { evaluation: here, .. }) = &self.point {
            let is_higher = evaluation.loss > here.loss + ROUNDING * here.loss.abs();
            if is_higher || evaluation.loss.is_nan() {
                return Outcome::Stayed;
            }
        }
        let parameters = std::mem::take(&mut self.trial);
        Outcome::Arrived(self.point.replace(Point { parameters, evaluation }))
    }

    /// Tries these parameters next, wherever it stands, and goes on from there unless the objective is higher.
    pub(super) fn restart_at(&mut self, to: Vec<f64>) {
        self.trial = to;
        self.search = None;
    }

    /// Goes along a direction; stalls where there is none or the objective does not fall along it.
    pub(super) fn begin_line_search(&mut self, direction: Option<Vec<f64>>) {
        let Some(Point { evaluation: Derivatives { loss, gradient, .. }, .. }) = &self.point else { return };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_is_taken_unless_it_leads_up() {
        let at = |loss: f64| Derivatives { loss, gradient: vec![1.0], hessian: Vec::new() };
        let mut iterate = Iterate::new(vec![0.0]);
        iterate.restart_at(vec![5.0]);
        assert!(matches!(iterate.tell(at(2.0)), Outcome::Arrived(None)));
        for (loss, is_taken) in [(3.0, false), (f64::NAN, false), (2.0, true), (1.0, true), (f64::INFINITY, false)] {
            iterate.begin_line_search(Some(vec![-1.0]));
            let before = iterate.point.as_ref().map(|point| point.parameters.clone());
            iterate.restart_at(vec![loss]);
            let outcome = iterate.tell(at(loss));
            assert_eq!(matches!(outcome, Outcome::Arrived(Some(_))), is_taken, "{loss}");
            let after = iterate.point.as_ref().map(|point| point.parameters.clone());
            assert_eq!(after, if is_taken { Some(vec![loss]) } else { before }, "{loss}");
        }
    }
}
