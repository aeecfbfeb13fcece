//! The limited-memory BFGS method with a preconditioner.

use super::cost_model::{CostModel, LBFGS_ITERATIONS};
use super::direction::Direction;
use super::point::Point;
use crate::numeric::elementary::ln;
use crate::numeric::linalg::Cholesky;
use crate::train::linear::derivatives::{Derivatives, Order};
use std::collections::VecDeque;
use tepal_kernels::{Kernel, Vectors, dot, dot_with, vectorized};

/// L-BFGS. The inverse Hessian is approximated by a preconditioner that the last steps correct (Nocedal and Wright,
/// "Numerical Optimization", algorithm 7.4).
///
/// The preconditioner is the block-diagonal Hessian at one point, one block per output. It holds the correlations of
/// the features within each class, and leaves the coupling of classes to the corrections. An estimate of the diagonal
/// serves where columns are too many to factor a square of them.
///
/// A new preconditioner is taken where it is likely to save more iterations than it costs. If many iterations still
/// remain, the full Hessian becomes the preconditioner. The full Hessian of a sample serves from the start, where that
/// is cheap. Ordered classes with little noise need the full Hessian: each class is strongly coupled to its neighbours.
#[derive(Debug)]
pub(super) struct Lbfgs {
    costs: CostModel,
    order: Order,
    preconditioner: Preconditioner,
    /// The number of preconditioners taken so far.
    taken: u32,
    steps: VecDeque<Correction>,
    /// The iterations since the preconditioner was taken, and the norm of the gradient then.
    iterations: u32,
    gradient_then: f64,
    /// The norm of the gradient at the start.
    first_gradient: f64,
    row_space: RowSpaceStart,
    /// The cost of the full Hessian as a preconditioner, in iterations; infinite where it is not to be taken.
    whole_cost: f64,
}

/// Whether to start from the row space.
#[derive(Debug, Clone, Copy, PartialEq)]
enum RowSpaceStart {
    /// The start does not apply, or was tried before.
    Never,
    /// The start is tried if many iterations seem to remain.
    Perhaps,
    Now,
}

#[derive(Debug, Clone)]
enum Preconditioner {
    /// The inverse of a diagonal.
    Diagonal(Vec<f64>),
    /// A Cholesky factor per output.
    Blocks(Vec<Cholesky>),
    /// The Cholesky factor of the full Hessian.
    Whole(Cholesky),
}

/// One step s, the change y of the gradient along it, and 1 / (s'y).
#[derive(Debug, Clone)]
struct Correction {
    step: Vec<f64>,
    change: Vec<f64>,
    inverse_product: f64,
}

/// The number of corrections that are stored.
const MEMORY: usize = 10;
/// The approximate number of iterations from a new preconditioner to convergence.
const FRESH_ITERATIONS: f64 = 15.0;
/// The minimum number of iterations from which the rate of convergence is estimated.
const TRIAL_ITERATIONS: u32 = 5;
/// The fraction of the first gradient that the estimate takes for convergence.
const END: f64 = 1e-10;

impl Lbfgs {
    pub(super) fn new(costs: CostModel) -> Self {
        let diagonal = Preconditioner::Diagonal(costs.diagonal.iter().map(|entry| 1.0 / entry).collect());
        let order = if costs.begins_with_blocks() { Order::BlockHessian } else { Order::Gradient };
        let row_space = match costs.row_space_cost() {
            cost if cost <= LBFGS_ITERATIONS => RowSpaceStart::Now,
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
            iterations: 0,
            gradient_then: f64::INFINITY,
            first_gradient: 0.0,
            row_space,
        }
    }

    /// L-BFGS with a block-diagonal preconditioner from the first evaluation on, and never with the full Hessian. On
    /// few rows of as many columns the full Hessian costs more than the whole fit.
    pub(super) fn preconditioned(costs: CostModel) -> Self {
        Self { order: Order::BlockHessian, whole_cost: f64::INFINITY, ..Self::new(costs) }
    }

    /// Stores the correction of a step, if there is one. On a convex loss s'y is positive, up to rounding.
    fn remember(&mut self, correction: Option<Correction>) {
        if let Some(correction) = correction {
            if self.steps.len() == MEMORY {
                self.steps.pop_front();
            }
            self.steps.push_back(correction);
        }
    }

    /// Takes a new preconditioner if a Hessian was asked for. Otherwise asks for one, or for a start from the row
    /// space, if that is worth its cost.
    fn precondition(&mut self, derivatives: &Derivatives) {
        let size = dot(&derivatives.gradient, &derivatives.gradient).sqrt();
        if self.first_gradient == 0.0 {
            self.first_gradient = size;
        }
        if self.order != Order::Gradient {
            self.take_hessian(derivatives);
            (self.iterations, self.gradient_then) = (0, size);
            return;
        }
        if self.gradient_then.is_infinite() {
            self.gradient_then = size;
        }
        if self.iterations < TRIAL_ITERATIONS {
            return;
        }
        let speed = ln(self.gradient_then / size) / f64::from(self.iterations);
        let iterations_left = ln(size / (END * self.first_gradient)) / speed.max(f64::MIN_POSITIVE);
        match self.row_space {
            RowSpaceStart::Never => self.order = self.hessian_worth_its_cost(iterations_left),
            RowSpaceStart::Perhaps if self.is_worth_row_space(iterations_left) => self.row_space = RowSpaceStart::Now,
            _ => {}
        }
    }

    /// Whether the remaining iterations are likely to cost more than a start from the row space. The estimate may be
    /// far too low. So the start is also tried after iterations of the same cost, unless few seem to remain. This at
    /// most doubles the cost.
    fn is_worth_row_space(&self, iterations_left: f64) -> bool {
        let cost = self.costs.row_space_cost();
        iterations_left > cost || (f64::from(self.iterations) > cost && iterations_left > FRESH_ITERATIONS)
    }

    /// The order of the Hessian that is likely to save more iterations as a preconditioner than it costs;
    /// [`Order::Gradient`] for none. The full Hessian follows the block-diagonal one. Another Hessian of the same order
    /// may converge as slowly, so the iterations since the last one must have cost as much. The first one is exempt: it
    /// is mostly that of the start or of a sample.
    fn hessian_worth_its_cost(&self, iterations_left: f64) -> Order {
        let saves = |cost: f64| iterations_left > cost + FRESH_ITERATIONS;
        let saves_again = |cost: f64| saves(cost) && (self.taken == 1 || f64::from(self.iterations) >= cost);
        let (blocks, whole) = (self.costs.block_cost(), self.whole_cost);
        match self.preconditioner {
            Preconditioner::Diagonal(_) if saves(blocks) => Order::BlockHessian,
            Preconditioner::Blocks(ref blocks) if blocks.len() > 1 && saves(whole) => Order::Hessian,
            Preconditioner::Blocks(_) if saves_again(blocks) => Order::BlockHessian,
            Preconditioner::Whole(_) if saves_again(whole) => Order::Hessian,
            _ => Order::Gradient,
        }
    }

    /// Makes a preconditioner of the Hessian that was asked for, and asks for no further one.
    fn take_hessian(&mut self, derivatives: &Derivatives) {
        let (width, hessian) = (self.costs.width, &derivatives.hessian);
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
                    // The last correction gives the scale of the diagonal (Nocedal and Wright, equation 7.20).
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
        self.iterations += 1;
    }

    fn arrived(&mut self, before: Option<&Point>, point: &Point) {
        self.remember(before.and_then(|before| Correction::new(before, point)));
        self.precondition(&point.derivatives);
    }

    fn wants_row_space(&self) -> bool {
        self.row_space == RowSpaceStart::Now
    }

    fn row_space_was_tried(&mut self) {
        self.row_space = RowSpaceStart::Never;
        (self.iterations, self.gradient_then) = (0, f64::INFINITY);
    }

    fn leave_rows(&mut self, at: &[f64], evaluate: &dyn Fn(&[f64], Order) -> Derivatives) {
        // The previous order was for another iteration on these rows. This evaluation is the last one on them.
        self.order = if self.costs.affords_whole() {
            Order::Hessian
        } else if self.costs.can_hold_blocks() && self.iterations > 0 {
            Order::BlockHessian
        } else {
            Order::Gradient
        };
        if self.order != Order::Gradient {
            self.take_hessian(&evaluate(at, self.order));
        }
        self.steps.clear();
        (self.iterations, self.gradient_then) = (0, f64::INFINITY);
    }

    fn direction(&mut self, point: &Point) -> Option<Vec<f64>> {
        let gradient = &point.derivatives.gradient;
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

/// The two-loop recursion (Nocedal and Wright, algorithm 7.4): the approximate inverse Hessian times the negative
/// gradient.
struct TwoLoops<'a> {
    lbfgs: &'a Lbfgs,
    gradient: &'a [f64],
}

impl Kernel for TwoLoops<'_> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) -> Vec<f64> {
        let Self { lbfgs, gradient } = self;
        let mut direction: Vec<f64> = gradient.iter().map(|derivative| -derivative).collect();
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
        let change = difference(&to.derivatives.gradient, &from.derivatives.gradient);
        let product = dot(&step, &change);
        (product > 0.0).then(|| Self { step, change, inverse_product: 1.0 / product })
    }
}

/// The Cholesky factor of a square, with the smallest of three shifts of its diagonal at which it exists. Second
/// derivatives vanish in rows whose probabilities are near 0 and 1.
fn regular_factor(square: &[f64], width: usize) -> Option<Cholesky> {
    let largest = (0..width).map(|index| square[index * (width + 1)]).fold(0.0, f64::max);
    [1e-14, 1e-10, 1e-6].into_iter().find_map(|shift| {
        let mut square = square.to_vec();
        (0..width).for_each(|index| square[index * (width + 1)] += shift * largest);
        Cholesky::new(square, width)
    })
}
