//! Minimizers as state machines. A minimizer asks for derivatives at trial parameters, and is told them. It does not
//! access rows. It reports where a start from the row space is likely to be faster.

mod cost_model;
mod direction;
mod iterate;
mod lbfgs;
mod line_search;
mod newton;
mod point;

pub(crate) use cost_model::{CostModel, PATIENCE};
pub(crate) use point::{Point, State};

use super::derivatives::{Derivatives, Order};
use crate::numeric::dot;
use crate::numeric::elementary::largest;
use direction::Direction;
use iterate::{Iterate, Outcome};
use lbfgs::Lbfgs;
use newton::Newton;

/// A running minimizer.
#[derive(Debug)]
pub(crate) struct Minimizer {
    iterate: Iterate,
    method: Box<dyn Direction>,
}

impl Minimizer {
    pub(crate) fn newton(costs: CostModel, start: Vec<f64>) -> Self {
        Self { iterate: Iterate::new(start), method: Box::new(Newton { costs }) }
    }

    pub(crate) fn lbfgs(costs: CostModel, start: Vec<f64>) -> Self {
        Self { iterate: Iterate::new(start), method: Box::new(Lbfgs::new(costs)) }
    }

    /// L-BFGS with a block-diagonal preconditioner from the start, one block per output. It never asks for the full
    /// Hessian.
    pub(crate) fn preconditioned_lbfgs(costs: CostModel, start: Vec<f64>) -> Self {
        Self { iterate: Iterate::new(start), method: Box::new(Lbfgs::preconditioned(costs)) }
    }

    /// The method with the lower estimated cost.
    pub(crate) fn cheapest(costs: CostModel, start: Vec<f64>) -> Self {
        match costs.newton_cost() <= costs.lbfgs_cost() {
            true => Self::newton(costs, start),
            false => Self::lbfgs(costs, start),
        }
    }

    /// Becomes another minimizer, which begins at the best point and has it for the case that it is stopped at once.
    pub(crate) fn hand_over_to(&mut self, next: Self) {
        let before = std::mem::replace(self, next);
        self.iterate.point = before.iterate.point;
    }

    pub(crate) fn is_newton(&self) -> bool {
        self.name() == newton::NAME
    }

    pub(crate) fn name(&self) -> &'static str {
        self.method.name()
    }

    /// The parameters to evaluate next, and the order of derivatives to compute there.
    pub(crate) fn ask(&self) -> (&[f64], Order) {
        (&self.iterate.trial, self.method.order())
    }

    /// Takes the derivatives that were asked for.
    pub(crate) fn tell(&mut self, derivatives: Derivatives) {
        let Self { iterate, method } = self;
        method.evaluated();
        let has_way = match iterate.tell(derivatives) {
            Outcome::Trying => return,
            Outcome::Stayed => true,
            Outcome::LineSearchFailed => method.forget(),
            Outcome::Arrived(before) => {
                iterate.point.iter().for_each(|point| method.arrived(before.as_ref(), point));
                true
            }
        };
        let direction = if has_way { iterate.point.as_ref().and_then(|point| method.direction(point)) } else { None };
        iterate.begin_line_search(direction);
    }

    /// Whether an iteration on a fraction of the rows costs about that fraction of an iteration on all rows.
    pub(crate) fn gains_by_sample(&self) -> bool {
        self.method.gains_by_sample()
    }

    /// Whether a restart at the optimum in the row space is likely to be faster.
    pub(crate) fn wants_row_space(&self) -> bool {
        self.method.wants_row_space()
    }

    /// Tries these parameters next, if there are any. They are rejected if the objective is higher there.
    pub(crate) fn restart_at(&mut self, to: Option<Vec<f64>>) {
        self.method.row_space_was_tried();
        to.into_iter().for_each(|to| self.iterate.restart_at(to));
    }

    /// Continues from the best point on other rows. `evaluate` is the objective on the rows so far.
    pub(crate) fn change_rows(&mut self, evaluate: impl Fn(&[f64], Order) -> Derivatives) {
        if let Some(Point { parameters, .. }) = self.iterate.point.take() {
            self.method.leave_rows(&parameters, &evaluate);
            self.iterate = Iterate::new(parameters);
        }
    }

    /// The best point so far; `None` before the first evaluation.
    pub(crate) fn point(&self) -> Option<&Point> {
        self.iterate.point.as_ref()
    }

    pub(crate) fn state(&self) -> State {
        self.iterate.state
    }

    /// The direction of the current or the last line search; empty at the start.
    pub(crate) fn direction(&self) -> &[f64] {
        &self.iterate.direction
    }

    /// How fast the objective falls along the direction, per whole step; 0 without one.
    pub(crate) fn descent(&self) -> f64 {
        match self.point() {
            Some(point) if !self.direction().is_empty() => -dot(&point.derivatives.gradient, self.direction()),
            _ => 0.0,
        }
    }

    /// The largest entry of the direction, relative to the largest parameter; NaN where an entry is NaN.
    pub(crate) fn next_step(&self) -> f64 {
        let parameters = self.point().map_or(0.0, |point| largest(&point.parameters));
        match largest(self.direction()) {
            0.0 => 0.0,
            step => step / parameters,
        }
    }
}
