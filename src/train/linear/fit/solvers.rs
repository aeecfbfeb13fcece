//! When a fit goes on with another solver.

use super::LinearFit;
use crate::train::linear::Solver;
use crate::train::linear::minimizer::{CostModel, Minimizer, State};

impl LinearFit {
    /// Whether a solver that was chosen for its cost goes no further, or L-BFGS too slowly, and the other one can go on.
    pub(super) fn may_change_solver(&self) -> bool {
        if self.options.solver != Solver::Auto || self.before.is_some() {
            return false;
        }
        let (rounds, costs) = (self.progress.round, self.costs());
        let is_stalled = self.minimizer.state() == State::Stalled && rounds < self.options.max_iterations;
        match self.minimizer.is_newton() {
            true => is_stalled,
            false => is_stalled && costs.can_hold_whole() || costs.is_newtons_turn(rounds, self.options.max_iterations),
        }
    }

    /// Goes on from these parameters with the other solver.
    pub(super) fn change_solver(&mut self, before: &'static str, parameters: Vec<f64>) {
        self.before = Some(before);
        self.minimizer = match self.minimizer.is_newton() {
            true => Minimizer::lbfgs(self.costs(), parameters),
            false => Minimizer::newton(self.costs(), parameters),
        };
    }

    pub(super) fn costs(&self) -> CostModel {
        CostModel::of(&self.problem.objective, self.summary.n_rows, self.reading_cost)
    }
}
