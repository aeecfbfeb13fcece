//! When a fit goes on with another solver, or without some columns.

use super::errors::nearly_dependent;
use super::{LinearFit, Stage};
use crate::error::Result;
use crate::note::{Note, codes};
use crate::train::linear::Solver;
use crate::train::linear::dependence::{Dependence, NEARLY_DEPENDENT};
use crate::train::linear::gap::Gap;
use crate::train::linear::minimizer::{CostModel, Minimizer, PATIENCE, State};
use crate::train::linear::problem::LinearProblem;

/// How much stricter the tolerance becomes each time, and until when.
const STRICTER: f64 = 0.01;
const STRICTEST: f64 = 1e-5;

impl LinearFit {
    /// Whether iterations to a stricter tolerance follow an answer that was spread over dependent columns and is not within
    /// the tolerance on those.
    pub(super) fn goes_on_stricter(&mut self) -> bool {
        let Some(dependence) = &self.dependence else { return false };
        let dependent = dependence.dependent.clone();
        let can_go_on = self.minimizer.state() == State::Running && self.progress.round < self.options.max_iterations;
        if !can_go_on || !self.becomes_stricter() {
            return false;
        }
        self.problem.objective.freeze(dependent);
        true
    }

    pub(super) fn becomes_stricter(&mut self) -> bool {
        let can_be = self.strictness >= STRICTEST;
        if can_be {
            self.strictness *= STRICTER;
        }
        can_be
    }

    /// Whether no solver goes further, and columns that are nearly combinations of others may be why.
    pub(super) fn may_leave_near_columns(&self) -> bool {
        self.minimizer.state() == State::Stalled && self.problem.l2 == 0.0 && !self.leaves_near
    }

    pub(super) fn ask_for_near_columns(&mut self) {
        self.leaves_near = true;
        self.stage = Stage::Dependence;
    }

    /// Begins again without the columns that are nearly combinations of those before them. Where there are none beside those
    /// that are exactly so, the fit ends as it stands.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::NotConverged`] without an intercept; those of [`LinearFit::end_iterations`].
    pub(super) fn leave_near_columns(&mut self, gram: &[f64]) -> Result<()> {
        let LinearProblem { preprocessor, objective, intercept, .. } = &mut self.problem;
        let near = Dependence::of(gram, objective.width(), *intercept, NEARLY_DEPENDENT);
        let known = self.dependence.as_ref().map_or(&[][..], |dependence| &dependence.dependent);
        // Those that were taken for combinations, and missed the tolerance, are no more than nearly so.
        let more = near.filter(|near| near.dependent.len() > known.len() || self.certificate.is_some());
        self.stage = Stage::Iterations;
        let Some(near) = more else {
            self.leaves_near = false;
            return self.end_iterations();
        };
        if !*intercept {
            if self.options.accept_unconverged {
                self.leaves_near = false;
                return self.end_iterations();
            }
            // A number far from 0 is nearly the sum of a complete set of categories, and tells much beside it.
            let columns = super::names(&self.summary.schema, preprocessor, &near.dependent);
            return Err(nearly_dependent(&columns));
        }
        objective.freeze(near.dependent.clone());
        let columns =
            super::names(&self.summary.schema, preprocessor, &preprocessor.without_last_categories(&near.dependent));
        self.warnings.retain(|note| note.code() != codes::DEPENDENT_COLUMNS.name);
        self.warnings.push(Note::new(codes::NEARLY_DEPENDENT_COLUMNS, [columns.as_str().into()]));
        self.dependence = Some(near);
        (self.gap, self.hessian, self.signs_of_separation) = (Gap::NotAsked, None, None);
        self.before = None;
        self.progress.round = 0;
        let start = self.problem.objective.start();
        self.minimizer = super::minimizer(self.options.solver, self.costs(), start);
        Ok(())
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
            // Half of the rounds are left to the other one.
            true => is_stalled || 2 * rounds >= most,
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
