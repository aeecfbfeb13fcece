//! Solvers as state machines: they say at which parameters they want to know what, and are told. They know no rows: where
//! somebody who does may be quicker, they say so.

mod lbfgs;
mod line_search;
mod newton;
mod walk;

use super::evaluation::{Evaluation, Want};
use super::objective::Objective;
use crate::arithmetic::largest;
use crate::limits;
use lbfgs::Lbfgs;
use newton::Newton;
use std::fmt::Debug;
use walk::{Outcome, Walk};

/// What a solver needs to know of an objective before it has been evaluated.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Parameters per output.
    width: usize,
    n_outputs: usize,
    n_rows: usize,
    /// Whether a quadratic is all there is to it.
    is_quadratic: bool,
    /// Whether every column has a penalty.
    is_penalized: bool,
    /// What reading a number of a row costs in each round.
    reading_cost: f64,
    /// Per parameter of an output its part in the curvature that no row has a hand in.
    penalties: Vec<f64>,
    /// An estimate of the diagonal of the curvature, positive.
    diagonal: Vec<f64>,
}

/// Parameters and what is known there.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) parameters: Vec<f64>,
    pub(crate) evaluation: Evaluation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Running,
    /// No step helps any more, which is how far rounding lets it come.
    Stalled,
}

/// How a solver chooses its directions.
trait Method: Debug + Send + Sync {
    fn name(&self) -> &'static str;

    /// What is wanted at the next trial.
    fn want(&self) -> Want;

    /// Counts an evaluation, also one that led nowhere.
    fn evaluated(&mut self) {}

    /// Learns from the way to a new point.
    fn arrived(&mut self, _before: Option<&Point>, _point: &Point) {}

    /// Whether most of a round is work on rows.
    fn gains_by_sample(&self) -> bool {
        true
    }

    /// Whether somebody who sees the rows is likely to be at the optimum sooner.
    fn wants_leap(&self) -> bool {
        false
    }

    /// Learns that this was tried; how far it led shows in the next evaluation.
    fn leapt(&mut self) {}

    /// Learns what it can from rows that are about to be others, where it stands.
    fn leave_rows(&mut self, _at: &[f64], _evaluate: &dyn Fn(&[f64], Want) -> Evaluation) {}

    /// Where to go from a point; `None` where it knows no way.
    fn direction(&mut self, point: &Point) -> Option<Vec<f64>>;

    /// Drops what it learned, if there was anything: a memory may mislead.
    fn forget(&mut self) -> bool {
        false
    }
}

/// A solver under way.
#[derive(Debug)]
pub(crate) struct Engine {
    walk: Walk,
    method: Box<dyn Method>,
}

impl Engine {
    pub(crate) fn newton(shape: Shape, start: Vec<f64>) -> Self {
        Self { walk: Walk::new(start), method: Box::new(Newton { shape }) }
    }

    pub(crate) fn lbfgs(shape: Shape, start: Vec<f64>) -> Self {
        Self { walk: Walk::new(start), method: Box::new(Lbfgs::new(shape)) }
    }

    /// L-BFGS with a preconditioner of each output from the start, and never of all.
    pub(crate) fn preconditioned_lbfgs(shape: Shape, start: Vec<f64>) -> Self {
        Self { walk: Walk::new(start), method: Box::new(Lbfgs::preconditioned(shape)) }
    }

    /// The one that is likely to be done first.
    pub(crate) fn cheapest(shape: Shape, start: Vec<f64>) -> Self {
        match shape.newton_cost() <= shape.lbfgs_cost() {
            true => Self::newton(shape, start),
            false => Self::lbfgs(shape, start),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.method.name()
    }

    /// The parameters to evaluate and what is wanted there.
    pub(crate) fn ask(&self) -> (&[f64], Want) {
        (&self.walk.trial, self.method.want())
    }

    /// Takes in what was asked for.
    pub(crate) fn tell(&mut self, evaluation: Evaluation) {
        let Self { walk, method } = self;
        method.evaluated();
        let has_way = match walk.tell(evaluation) {
            Outcome::Trying => return,
            Outcome::Stayed => true,
            Outcome::Lost => method.forget(),
            Outcome::Arrived(before) => {
                walk.point.iter().for_each(|point| method.arrived(before.as_ref(), point));
                true
            }
        };
        let direction = if has_way { walk.point.as_ref().and_then(|point| method.direction(point)) } else { None };
        walk.set_out(direction);
    }

    /// Whether rounds on a part of the rows cost a part of those on all.
    pub(crate) fn gains_by_sample(&self) -> bool {
        self.method.gains_by_sample()
    }

    /// Whether it wants parameters that somebody found who sees the rows.
    pub(crate) fn wants_leap(&self) -> bool {
        self.method.wants_leap()
    }

    /// Takes in those parameters, or that there are none. They are tried next, and left if the objective is higher there.
    pub(crate) fn leap(&mut self, to: Option<Vec<f64>>) {
        self.method.leapt();
        to.into_iter().for_each(|to| self.walk.leap(to));
    }

    /// Goes on from the best point so far on other rows; `evaluate` is about those so far.
    pub(crate) fn change_rows(&mut self, evaluate: impl Fn(&[f64], Want) -> Evaluation) {
        if let Some(Point { parameters, .. }) = self.walk.point.take() {
            self.method.leave_rows(&parameters, &evaluate);
            self.walk = Walk::new(parameters);
        }
    }

    /// The best point so far; `None` before the first evaluation.
    pub(crate) fn point(&self) -> Option<&Point> {
        self.walk.point.as_ref()
    }

    pub(crate) fn state(&self) -> State {
        self.walk.state
    }

    /// The step it is about to try, or tried last; empty at the start.
    pub(crate) fn direction(&self) -> &[f64] {
        &self.walk.direction
    }

    /// The largest change that this step makes, as a part of the largest parameter; NaN where one of them is.
    pub(crate) fn next_step(&self) -> f64 {
        let parameters = self.point().map_or(0.0, |point| largest(&point.parameters));
        match largest(self.direction()) {
            0.0 => 0.0,
            step => step / parameters,
        }
    }
}

/// About how many rounds each needs, and Newton's method where its quadratic is exact.
const NEWTON_ROUNDS: f64 = 8.0;
const QUADRATIC_ROUNDS: f64 = 2.0;
const LBFGS_ROUNDS: f64 = 20.0;
/// What a multiplication costs in a square of columns, and in a factorization, beside one in scores and gradients.
const IN_SQUARE: f64 = 0.75;
const IN_FACTOR: f64 = 3.0;
/// The most numbers that a preconditioner or a matrix of second derivatives may have.
const MATRIX_CELLS: f64 = limits::SQUARE as f64;
/// The most numbers of rows among which an optimum is looked for, which are held in memory beside a stream, and the most
/// multiplications that takes: it is done in one go, in up to a third of a second.
const ROW_SPACE_CELLS: f64 = (1 << 22) as f64;
const ROW_SPACE_COST: f64 = 1e9;
/// The most rounds' worth of work that is put into a preconditioner before its need is seen.
const FIRST_BLOCKS: f64 = 30.0;

/// Costs, in multiplications.
impl Shape {
    pub(crate) fn of(objective: &Objective, n_rows: usize, reading_cost: f64) -> Self {
        Self {
            width: objective.width(),
            n_outputs: objective.n_outputs(),
            n_rows,
            is_quadratic: !objective.is_classification(),
            is_penalized: objective.penalizes_columns(),
            reading_cost,
            penalties: objective.penalties().to_vec(),
            diagonal: objective.diagonal(n_rows),
        }
    }

    fn sizes(&self) -> (f64, f64, f64) {
        (self.n_rows as f64, self.width as f64, self.n_outputs as f64)
    }

    fn gradient_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        // Scores and slopes, and an exponential as dear as twenty multiplications.
        rows * (outputs * (2.0 * width + 20.0) + self.reading_cost * width)
    }

    /// Whether all second derivatives at once are few enough for memory.
    fn can_hold_whole(&self) -> bool {
        let (_, width, outputs) = self.sizes();
        width * outputs * width * outputs <= MATRIX_CELLS
    }

    /// What Cholesky's method costs.
    fn factor_cost(order: f64) -> f64 {
        IN_FACTOR * order * order * order / 6.0
    }

    fn newton_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => self.newton_rounds() * (self.newton_row_cost() + self.newton_factor_cost()),
            false => f64::INFINITY,
        }
    }

    fn newton_rounds(&self) -> f64 {
        if self.is_quadratic { QUADRATIC_ROUNDS } else { NEWTON_ROUNDS }
    }

    /// What a round of Newton's costs in work on rows, and beside it.
    fn newton_row_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        // A square for each pair of outputs: see `Want::summed_squares`.
        let squares = if self.n_outputs == 1 { 1.0 } else { outputs * (outputs - 1.0) / 2.0 };
        self.gradient_cost() + IN_SQUARE * rows * width * width / 2.0 * squares
    }

    fn newton_factor_cost(&self) -> f64 {
        let (_, width, outputs) = self.sizes();
        Self::factor_cost(width * outputs)
    }

    fn lbfgs_cost(&self) -> f64 {
        let (_, _, outputs) = self.sizes();
        let leap = self.leap_cost();
        // A leap at the start leaves a round to certify it, and perhaps another.
        let rounds = if leap <= LBFGS_ROUNDS { leap + 2.0 } else { LBFGS_ROUNDS };
        let blocks = if self.begins_with_blocks() { self.block_cost() / outputs } else { 0.0 };
        (rounds + blocks) * self.gradient_cost()
    }

    /// What the optimum costs among the rows (see `train::row_space`), in rounds; infinite where it is not looked for: where
    /// columns are not more, or not all penalized, rows and columns too many, or blocks cheaper.
    fn leap_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        if !self.is_penalized || rows + 1.0 >= width || rows * width > ROW_SPACE_CELLS {
            return f64::INFINITY;
        }
        // The products of rows, and their factor with pivots, which has no symmetry to gain by.
        let product = IN_SQUARE * rows * rows / 2.0;
        let factor = 2.0 * Self::factor_cost(rows);
        // The fit to as many columns as rows, where L-BFGS needs about twice its rounds and a second preconditioner.
        let second_derivatives = outputs * (product * rows + Self::factor_cost(rows));
        let fit = match self.n_outputs {
            1 => self.newton_rounds() * second_derivatives,
            _ => 2.0 * (second_derivatives + LBFGS_ROUNDS * 2.0 * rows * rows * outputs),
        };
        let cost = product * width + factor + fit;
        let in_rounds = cost / self.gradient_cost();
        if cost > ROW_SPACE_COST || self.block_cost() < in_rounds { f64::INFINITY } else { in_rounds }
    }

    /// The cost of a preconditioner of all outputs, in rounds; infinite where it is too large.
    fn whole_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => (self.newton_row_cost() + self.newton_factor_cost()) / self.gradient_cost(),
            false => f64::INFINITY,
        }
    }

    /// The cost of one of each output, in rounds; infinite where it is too large.
    fn block_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        if !self.can_hold_blocks() {
            return f64::INFINITY;
        }
        outputs * (IN_SQUARE * rows * width * width / 2.0 + Self::factor_cost(width)) / self.gradient_cost()
    }

    fn can_hold_blocks(&self) -> bool {
        let (_, width, outputs) = self.sizes();
        outputs * width * width <= MATRIX_CELLS
    }

    /// Whether summing all second derivatives over a sample and factoring them costs less than a round.
    fn affords_whole(&self) -> bool {
        self.can_hold_whole() && self.newton_factor_cost() <= 0.3 * self.gradient_cost()
    }

    /// Whether a preconditioner is worth its cost at the start, where all rows share one square.
    fn begins_with_blocks(&self) -> bool {
        let (rows, width, outputs) = self.sizes();
        let cost = IN_SQUARE * rows * width * width / 2.0 + outputs * Self::factor_cost(width);
        let is_cheap = self.can_hold_blocks() && cost <= FIRST_BLOCKS * self.gradient_cost();
        is_cheap && self.leap_cost().is_infinite()
    }

    /// Takes the mean over the outputs off every parameter of a multinomial model: adding one number to all classes
    /// changes nothing, and a preconditioner that looks at one class at a time does not know.
    pub(crate) fn centre_outputs(&self, values: &mut [f64]) {
        if self.n_outputs == 1 {
            return;
        }
        for column in 0..self.width {
            let places = || (column..column + self.width * self.n_outputs).step_by(self.width);
            let mean = places().map(|place| values[place]).sum::<f64>() / self.n_outputs as f64;
            places().for_each(|place| values[place] -= mean);
        }
    }
}
