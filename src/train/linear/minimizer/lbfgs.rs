//! The limited-memory BFGS method with a preconditioner.

use super::cost_model::{CostModel, LBFGS_ROUNDS};
use super::direction::Direction;
use super::point::Point;
use crate::numeric::elementary::ln;
use crate::numeric::linalg::Cholesky;
use crate::numeric::simd::{Kernel, vectorized};
use crate::numeric::{Vectors, dot, dot_with};
use crate::train::linear::derivatives::{Derivatives, Order};
use std::collections::VecDeque;

/// Follows a quadratic model whose curvature is a preconditioner corrected by the last steps (Nocedal and Wright,
/// "Numerical Optimization", algorithm 7.4).
///
/// The preconditioner is the curvature within each output, as it was at one point: it knows how features go together and
/// how far each class is decided, and leaves to the steps how classes go together. Where columns are too many to factor a
/// square of them an estimate of the diagonal serves. It is taken again where the rounds it is likely to save cost more than
/// it does; where these are still many it becomes the curvature of all outputs, as it is from a sample where that is cheap.
/// Classes in an order, each a step up the same scale, and with little noise need that: each goes with its neighbours.
#[derive(Debug)]
pub(super) struct Lbfgs {
    costs: CostModel,
    order: Order,
    preconditioner: Preconditioner,
    /// How many were taken so far.
    taken: u32,
    steps: VecDeque<Correction>,
    /// Rounds since the preconditioner was taken, and the size of the gradient then.
    rounds: u32,
    gradient_then: f64,
    /// The size of the gradient at the start.
    first_gradient: f64,
    row_space: RowSpaceStart,
    /// The cost of a preconditioner of all outputs, in rounds; infinite where none is to be taken.
    whole_cost: f64,
}

/// Whether to ask for the optimum among the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
enum RowSpaceStart {
    /// It is not looked for, or was asked for before.
    Never,
    /// If the way turns out to be long.
    Perhaps,
    Now,
}

#[derive(Debug, Clone)]
enum Preconditioner {
    /// The inverse of a diagonal.
    Diagonal(Vec<f64>),
    /// A factor per output.
    Blocks(Vec<Cholesky>),
    /// The factor of all outputs.
    Whole(Cholesky),
}

/// One step, the change of the gradient along it, and 1 over their product.
#[derive(Debug, Clone)]
struct Correction {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse_product: f64,
}

/// How many steps are remembered.
const MEMORY: usize = 10;
/// About how many rounds a fresh preconditioner needs to the end.
const FRESH_ROUNDS: f64 = 15.0;
/// The fewest rounds after which its worth can be told.
const TRIAL_ROUNDS: u32 = 5;
/// The part of the first gradient at which a fit is as good as over.
const END: f64 = 1e-10;

impl Lbfgs {
    pub(super) fn new(costs: CostModel) -> Self {
        let diagonal = Preconditioner::Diagonal(costs.diagonal.iter().map(|entry| 1.0 / entry).collect());
        let order = if costs.begins_with_blocks() { Order::BlockHessian } else { Order::Gradient };
        let row_space = match costs.row_space_cost() {
            cost if cost <= LBFGS_ROUNDS => RowSpaceStart::Now,
            cost if cost.is_finite() => RowSpaceStart::Perhaps,
            _ => RowSpaceStart::Never,
        };
        Self {
            whole_cost: costs.whole_cost(),
            costs,
            order,
            preconditioner: diagonal,
            taken: 0,
            steps: VecDeque::new(),
            rounds: 0,
            gradient_then: f64::INFINITY,
            first_gradient: 0.0,
            row_space,
        }
    }

    /// The same with a preconditioner of each output from the first evaluation on, and never of all: for few rows of as many
    /// columns, where that costs more than the whole fit.
    pub(super) fn preconditioned(costs: CostModel) -> Self {
        Self { order: Order::BlockHessian, whole_cost: f64::INFINITY, ..Self::new(costs) }
    }

    /// Remembers a step along which the gradient rose, as it does on a convex loss up to rounding.
    fn remember(&mut self, correction: Option<Correction>) {
        if let Some(correction) = correction {
            if self.steps.len() == MEMORY {
                self.steps.pop_front();
            }
            self.steps.push_back(correction);
        }
    }

    /// Takes a new preconditioner if the evaluation brought one. Otherwise asks for one, or for a start from the row space,
    /// if that is worth its cost.
    fn precondition(&mut self, evaluation: &Derivatives) {
        let size = dot(&evaluation.gradient, &evaluation.gradient).sqrt();
        if self.first_gradient == 0.0 {
            self.first_gradient = size;
        }
        if self.order != Order::Gradient {
            self.take_curvature(evaluation);
            (self.rounds, self.gradient_then) = (0, size);
            return;
        }
        if self.gradient_then.is_infinite() {
            self.gradient_then = size;
        }
        if self.rounds < TRIAL_ROUNDS {
            return;
        }
        let speed = ln(self.gradient_then / size) / f64::from(self.rounds);
        let rounds_left = ln(size / (END * self.first_gradient)) / speed.max(f64::MIN_POSITIVE);
        match self.row_space {
            RowSpaceStart::Never => self.order = self.curvature_worth_having(rounds_left),
            RowSpaceStart::Perhaps if self.is_worth_row_space(rounds_left) => self.row_space = RowSpaceStart::Now,
            _ => {}
        }
    }

    /// Whether the rounds left seem to cost more than a start from the row space. The estimate may be far too low, so the
    /// start is also taken after rounds that cost as much, unless the end is near: then the detour was at most as long as
    /// the way.
    fn is_worth_row_space(&self, rounds_left: f64) -> bool {
        let cost = self.costs.row_space_cost();
        rounds_left > cost || (f64::from(self.rounds) > cost && rounds_left > FRESH_ROUNDS)
    }

    /// What a new preconditioner is to be made of, if that seems to save more rounds than it costs: the curvature of all
    /// outputs once that within each has been tried. Another of the same kind may be as slow, so the rounds since the last one
    /// must have cost as much; not since the first, which mostly is that of the start or of a sample.
    fn curvature_worth_having(&self, rounds_left: f64) -> Order {
        let saves = |cost: f64| rounds_left > cost + FRESH_ROUNDS;
        let saves_again = |cost: f64| saves(cost) && (self.taken == 1 || f64::from(self.rounds) >= cost);
        let (blocks, whole) = (self.costs.block_cost(), self.whole_cost);
        match self.preconditioner {
            Preconditioner::Diagonal(_) if saves(blocks) => Order::BlockHessian,
            Preconditioner::Blocks(ref blocks) if blocks.len() > 1 && saves(whole) => Order::Hessian,
            Preconditioner::Blocks(_) if saves_again(blocks) => Order::BlockHessian,
            Preconditioner::Whole(_) if saves_again(whole) => Order::Hessian,
            _ => Order::Gradient,
        }
    }

    /// Takes the curvature that was wanted for the preconditioner, and asks for it no more.
    fn take_curvature(&mut self, evaluation: &Derivatives) {
        let (width, hessian) = (self.costs.width, &evaluation.hessian);
        let taken = match std::mem::replace(&mut self.order, Order::Gradient) {
            Order::Gradient => None,
            Order::BlockHessian => {
                let factors = hessian.chunks_exact(width * width).map(|square| regular_factor(square, width));
                factors.collect::<Option<_>>().map(Preconditioner::Blocks)
            }
            Order::Hessian => {
                let order = width * self.costs.n_outputs;
                regular_factor(&self.costs.square(hessian), order).map(Preconditioner::Whole)
            }
        };
        if let Some(taken) = taken {
            self.preconditioner = taken;
            self.taken += 1;
            self.steps.clear();
        }
    }

    fn two_loops(&self, gradient: &[f64]) -> Vec<f64> {
        vectorized(TwoLoops { lbfgs: self, gradient })
    }

    #[inline(always)]
    fn apply_preconditioner<V: Vectors>(&self, vectors: V, direction: &mut [f64]) {
        match &self.preconditioner {
            Preconditioner::Diagonal(inverse) => {
                let scale = match self.steps.back() {
                    // The last step tells how far the diagonal is off on the whole (Nocedal and Wright, equation 7.20).
                    Some(Correction { change, inverse_product, .. }) => {
                        let scaled: Vec<f64> =
                            change.iter().zip(inverse).map(|(change, inverse)| change * inverse).collect();
                        1.0 / (inverse_product * dot_with(vectors, &scaled, change))
                    }
                    None => 1.0,
                };
                direction.iter_mut().zip(inverse).for_each(|(value, inverse)| *value *= scale * inverse);
            }
            Preconditioner::Whole(factor) => factor.solve(direction),
            Preconditioner::Blocks(blocks) => {
                let parts = direction.chunks_exact_mut(direction.len() / blocks.len());
                blocks.iter().zip(parts).for_each(|(block, part)| block.solve(part));
            }
        }
        self.costs.centre_outputs(direction);
    }
}

impl Direction for Lbfgs {
    fn name(&self) -> &'static str {
        "lbfgs"
    }

    fn order(&self) -> Order {
        self.order
    }

    fn evaluated(&mut self) {
        self.rounds += 1;
    }

    fn arrived(&mut self, before: Option<&Point>, point: &Point) {
        self.remember(before.and_then(|before| Correction::new(before, point)));
        self.precondition(&point.evaluation);
    }

    fn wants_row_space(&self) -> bool {
        self.row_space == RowSpaceStart::Now
    }

    fn row_space_was_tried(&mut self) {
        self.row_space = RowSpaceStart::Never;
        (self.rounds, self.gradient_then) = (0, f64::INFINITY);
    }

    fn leave_rows(&mut self, at: &[f64], evaluate: &dyn Fn(&[f64], Order) -> Derivatives) {
        // It may have been about to ask those rows for something else.
        self.order = if self.costs.affords_whole() {
            Order::Hessian
        } else if self.costs.can_hold_blocks() && self.rounds > 0 {
            Order::BlockHessian
        } else {
            Order::Gradient
        };
        if self.order != Order::Gradient {
            self.take_curvature(&evaluate(at, self.order));
        }
        self.steps.clear();
        (self.rounds, self.gradient_then) = (0, f64::INFINITY);
    }

    fn direction(&mut self, point: &Point) -> Option<Vec<f64>> {
        let gradient = &point.evaluation.gradient;
        let direction = self.two_loops(gradient);
        if dot(gradient, &direction) < 0.0 || !self.forget() {
            return Some(direction);
        }
        Some(self.two_loops(gradient))
    }

    fn forget(&mut self) -> bool {
        let had_memory = !self.steps.is_empty();
        self.steps.clear();
        had_memory
    }
}

/// The direction that the steps taken so far make of a gradient (Nocedal and Wright, algorithm 7.4).
struct TwoLoops<'a> {
    lbfgs: &'a Lbfgs,
    gradient: &'a [f64],
}

impl Kernel for TwoLoops<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Vec<f64> {
        let Self { lbfgs, gradient } = self;
        let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
        let mut shares = Vec::with_capacity(MEMORY);
        for Correction { step, change, inverse_product } in lbfgs.steps.iter().rev() {
            let share = inverse_product * dot_with(vectors, step, &direction);
            direction.iter_mut().zip(change).for_each(|(value, change)| *value -= share * change);
            shares.push(share);
        }
        lbfgs.apply_preconditioner(vectors, &mut direction);
        for (Correction { step, change, inverse_product }, share) in lbfgs.steps.iter().zip(shares.into_iter().rev()) {
            let correction = share - inverse_product * dot_with(vectors, change, &direction);
            direction.iter_mut().zip(step).for_each(|(value, step)| *value += correction * step);
        }
        direction
    }
}

impl Correction {
    fn new(from: &Point, to: &Point) -> Option<Self> {
        let difference = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
        let step = difference(&to.parameters, &from.parameters);
        let change = difference(&to.evaluation.gradient, &from.evaluation.gradient);
        let product = dot(&step, &change);
        (product > 0.0).then(|| Self { step, change, inverse_product: 1.0 / product })
    }
}

/// The factor of a square, or of the next square that has one: rows that are all decided have no curvature left.
fn regular_factor(square: &[f64], width: usize) -> Option<Cholesky> {
    let largest = (0..width).map(|index| square[index * (width + 1)]).fold(0.0, f64::max);
    [1e-14, 1e-10, 1e-6].into_iter().find_map(|shift| {
        let mut square = square.to_vec();
        (0..width).for_each(|index| square[index * (width + 1)] += shift * largest);
        Cholesky::new(square, width)
    })
}
