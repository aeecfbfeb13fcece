//! When a fit goes on with another solver.

use super::LinearFit;
use crate::train::linear::Solver;
use crate::train::linear::minimizer::{CostModel, Minimizer, PATIENCE, State};

/// How much stricter the tolerance becomes each time, and until when.
const STRICTER: f64 = 0.01;
const STRICTEST: f64 = 1e-5;

impl LinearFit {
    /// Whether iterations to a stricter tolerance follow an answer that was spread over dependent columns and is not within
    /// the tolerance on those.
    pub(super) fn goes_on_stricter(&mut self) -> bool {
        let Some(dependence) = &self.dependence else { return false };
        let can_go_on = self.minimizer.state() == State::Running && self.progress.round < self.options.max_iterations;
        if !can_go_on || self.strictness < STRICTEST {
            return false;
        }
        self.problem.objective.freeze(dependence.dependent.clone());
        self.strictness *= STRICTER;
        true
    }

    /// Whether the solver that `auto` chose goes no further, or L-BFGS goes too slowly, and the other one can go on.
    pub(super) fn may_change_solver(&self) -> bool {
        if self.options.solver != Solver::Auto || self.before.is_some() {
            return false;
        }
        let (rounds, most) = (self.progress.round, self.options.max_iterations);
        let is_stalled = self.minimizer.state() == State::Stalled;
        if rounds >= most || !is_stalled && rounds < PATIENCE {
            return false;
        }
        match self.minimizer.is_newton() {
            true => is_stalled,
            false => self.costs().is_newtons_turn(is_stalled, rounds, most),
        }
    }

    /// Goes on from the best point with the other solver.
    pub(super) fn change_solver(&mut self) {
        let Some(point) = self.minimizer.point() else { return };
        let (costs, parameters) = (self.costs(), point.parameters.clone());
        self.before = Some(self.minimizer.name());
        let next = match self.minimizer.is_newton() {
            true => Minimizer::lbfgs(costs, parameters),
            false => Minimizer::newton(costs, parameters),
        };
        self.minimizer.hand_over_to(next);
    }

    pub(super) fn costs(&self) -> CostModel {
        CostModel::of(&self.problem.objective, self.summary.n_rows, self.reading_cost)
    }
}
