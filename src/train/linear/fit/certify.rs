//! The certificate of a fit: its gradient, and how far its objective may be above the optimum.

use super::{LinearFit, Stage};
use crate::model::Certificate;
use crate::train::linear::Solver;
use crate::train::linear::derivatives::Derivatives;
use crate::train::linear::gap::Gap;
use crate::train::linear::minimizer::State;

/// The most parameters of which the Hessian is asked for, only to know the gap.
const MOST_PARAMETERS: usize = 1000;

/// A bound by the penalty is taken if it is this part of the limit: the curvature that it assumes for intercepts is a guess.
const BY_PENALTY: f64 = 1e-3;

impl LinearFit {
    /// Looks for the gap at the best point. It remains [`Gap::NotAsked`] where the Hessian has to be asked for.
    pub(super) fn find_gap(&mut self) {
        let Some(point) = self.minimizer.point().filter(|_| self.gap == Gap::NotAsked) else { return };
        let (objective, derivatives) = (&self.problem.objective, &point.derivatives);
        let by_penalty = objective.relative_gap(objective.gap_by_penalty(derivatives), derivatives.loss);
        if by_penalty <= BY_PENALTY * self.gap_limit() {
            self.gap = Gap::Known(by_penalty);
        } else if let Some(known) = self.hessian() {
            self.gap = self.gap_by_hessian(known);
        } else if objective.width() * objective.n_outputs() > MOST_PARAMETERS {
            self.gap = Gap::Unknown;
        }
    }

    /// The derivatives at the answer with the whole Hessian: the solver's own, or those that were asked for.
    pub(super) fn hessian(&self) -> Option<&Derivatives> {
        let is_whole =
            |derivatives: &&Derivatives| derivatives.hessian.len() == self.problem.objective.n_hessian_entries();
        let of_solver = || self.minimizer.point().map(|point| &point.derivatives).filter(is_whole);
        self.hessian.as_ref().or_else(of_solver)
    }

    /// The gap by half the square of the Newton decrement (Boyd and Vandenberghe, "Convex Optimization", section 9.5.1).
    pub(super) fn gap_by_hessian(&self, derivatives: &Derivatives) -> Gap {
        match self.costs().half_squared_decrement(derivatives) {
            Some(gap) => Gap::Known(self.problem.objective.relative_gap(gap, derivatives.loss)),
            None => Gap::Unknown,
        }
    }

    /// Whether the next step lowers the objective by more than the gap that is allowed, as far as the solver knows.
    pub(super) fn is_within_gap(&self) -> bool {
        let Some(point) = self.minimizer.point() else { return false };
        let gap = 0.5 * self.minimizer.descent();
        self.problem.objective.relative_gap(gap, point.derivatives.loss) <= self.gap_limit()
    }

    fn gap_limit(&self) -> f64 {
        Certificate::GAP * self.options.tolerance
    }

    /// Whether iterations follow, since the gap is too wide.
    pub(super) fn goes_on_for_gap(&mut self) -> bool {
        let is_wide = self.gap.known().is_some_and(|gap| gap > self.gap_limit());
        // A fit that its caller ends early is left as it is.
        if !is_wide || self.iterations_within == 0 || self.progress.round >= self.options.max_iterations {
            return false;
        }
        let (is_newton, is_stalled) = (self.minimizer.is_newton(), self.minimizer.state() == State::Stalled);
        if self.options.solver == Solver::Auto && self.before.is_none() && (is_stalled || !is_newton) {
            self.change_solver();
        } else if is_stalled || !self.becomes_stricter() {
            return false;
        }
        self.iterations_within = 0;
        (self.gap, self.hessian, self.signs_of_separation) = (Gap::NotAsked, None, None);
        self.stage = Stage::Iterations;
        true
    }

    /// Certifies the answer by the last derivatives, unless it was spread over dependent columns since.
    pub(super) fn certify_answer(&mut self) {
        self.find_gap();
        if self.gap == Gap::NotAsked {
            return self.set_stage(Stage::Gap);
        }
        if self.goes_on_for_gap() {
            return;
        }
        if self.looks_for_signs() {
            return self.set_stage(Stage::SeparationSigns);
        }
        if self.dependence.is_some() && !self.leaves_near {
            self.problem.objective.freeze(Vec::new());
            return self.set_stage(Stage::Certificate);
        }
        let tolerance = self.options.tolerance;
        let Some(point) = self.minimizer.point() else { return self.set_stage(Stage::Done) };
        let certificate = self.problem.objective.certify(&point.derivatives, tolerance);
        let certificate = Certificate { gap: self.gap.known(), ..certificate };
        self.certificate = Some(certificate);
        let is_needed = self.reason_to_withhold(&certificate).is_none() && self.hessian().is_none();
        self.set_stage(if is_needed { Stage::Hessian } else { Stage::Done });
    }
}
