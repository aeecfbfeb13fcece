//! The iterate and its line search, which all methods share.

use super::line_search::{LineSearch, ROUNDING, Verdict};
use super::point::{Point, State};
use crate::numeric::dot;
use crate::train::linear::derivatives::Derivatives;

/// The current point of a minimizer, and the step on trial.
#[derive(Debug)]
pub(super) struct Iterate {
    /// The best point so far; `None` before the first evaluation.
    pub(super) point: Option<Point>,
    /// The direction of the current or the last line search; empty at the start.
    pub(super) direction: Vec<f64>,
    /// The parameters to evaluate next.
    pub(super) trial: Vec<f64>,
    pub(super) state: State,
    search: Option<LineSearch>,
}

/// The outcome of a trial.
pub(super) enum Outcome {
    /// The trial is the new point. Holds the previous point, if there was one.
    Arrived(Option<Point>),
    /// The line search goes on along the same direction.
    Trying,
    /// The restart was rejected, since the objective is higher there.
    Stayed,
    /// The line search failed: no step along the direction decreases the objective.
    LineSearchFailed,
}

impl Iterate {
    pub(super) fn new(start: Vec<f64>) -> Self {
        Self { point: None, direction: Vec::new(), trial: start, state: State::Running, search: None }
    }

    pub(super) fn tell(&mut self, derivatives: Derivatives) -> Outcome {
        if let Some(search) = &mut self.search {
            match search.tell(derivatives.loss, dot(&derivatives.gradient, &self.direction)) {
                Verdict::Take => {}
                Verdict::Again => {
                    self.try_step();
                    return Outcome::Trying;
                }
                Verdict::GiveUp => return Outcome::LineSearchFailed,
            }
        } else if let Some(Point { derivatives: here, .. }) = &self.point {
            let is_higher = derivatives.loss > here.loss + ROUNDING * here.loss.abs();
            if is_higher || derivatives.loss.is_nan() {
                return Outcome::Stayed;
            }
        }
        let parameters = std::mem::take(&mut self.trial);
        Outcome::Arrived(self.point.replace(Point { parameters, derivatives }))
    }

    /// Tries these parameters next. The iterate moves there unless the objective is higher.
    pub(super) fn restart_at(&mut self, to: Vec<f64>) {
        self.trial = to;
        self.search = None;
    }

    /// Begins a line search along a direction. The minimizer stalls without a direction, and on one that does not
    /// descend.
    pub(super) fn begin_line_search(&mut self, direction: Option<Vec<f64>>) {
        let Some(Point { derivatives: Derivatives { loss, gradient, .. }, .. }) = &self.point else { return };
        let Some(direction) = direction else { return self.state = State::Stalled };
        let slope = dot(gradient, &direction);
        // The objective is at least 0. Where its tangent reaches 0 within a quarter of the step, the quadratic model is
        // far off. The first trial is then twice the step at which the tangent reaches 0.
        let furthest = 2.0 * loss / -slope;
        let is_too_long = 0.0 < furthest && furthest < 0.5;
        self.search = Some(LineSearch::new(*loss, slope, if is_too_long { furthest } else { 1.0 }));
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
    fn a_restart_is_taken_unless_the_objective_is_higher() {
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
