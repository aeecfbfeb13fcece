//! The cost of each minimizer, in multiplications.

use crate::limits;
use crate::train::linear::objective::Objective;

/// The sizes and the scales of an objective before its first evaluation.
#[derive(Debug, Clone)]
pub(crate) struct CostModel {
    /// Parameters per output.
    pub(super) width: usize,
    pub(super) n_outputs: usize,
    n_rows: usize,
    /// Whether the objective is quadratic.
    is_quadratic: bool,
    /// Whether every column has a penalty.
    is_penalized: bool,
    /// The cost of reading a number of a row in each iteration.
    reading_cost: f64,
    /// Per parameter of an output, the penalty's part of the Hessian's diagonal.
    pub(super) penalties: Vec<f64>,
    /// An estimate of the diagonal of the Hessian; positive.
    pub(super) diagonal: Vec<f64>,
}

/// The approximate number of iterations: of Newton's method, of Newton's method on a quadratic, and of L-BFGS.
const NEWTON_ITERATIONS: f64 = 8.0;
const QUADRATIC_ITERATIONS: f64 = 2.0;
pub(super) const LBFGS_ITERATIONS: f64 = 20.0;
/// The iterations that L-BFGS has in any case: ten times what it is chosen for.
pub(crate) const PATIENCE: u64 = 200;
/// The iterations that are kept for Newton's method.
const NEWTON_RESERVE: u64 = 100;
/// The cost of a multiplication in a square of columns, and in a factorization, relative to one in scores and
/// gradients.
const IN_SQUARE: f64 = 0.75;
const IN_FACTOR: f64 = 3.0;
/// The maximum number of entries of a preconditioner or a Hessian.
const MATRIX_CELLS: f64 = limits::SQUARE as f64;
/// The limits of a start from the row space. The first is the number of values in the rows, which are held in memory
/// beside a stream. The second is the number of multiplications, which run without a pause for up to a third of a
/// second.
const ROW_SPACE_CELLS: f64 = (1 << 22) as f64;
const ROW_SPACE_COST: f64 = 1e9;
/// The maximum cost of a preconditioner at the start, in iterations.
const FIRST_BLOCKS: f64 = 30.0;

/// Costs, in multiplications.
impl CostModel {
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

    pub(super) fn sizes(&self) -> (f64, f64, f64) {
        (self.n_rows as f64, self.width as f64, self.n_outputs as f64)
    }

    pub(super) fn gradient_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        // Scores, derivatives, and an exponential at the cost of twenty multiplications.
        rows * (outputs * (2.0 * width + 20.0) + self.reading_cost * width)
    }

    /// Whether the full Hessian is within the limit of memory.
    pub(super) fn can_hold_whole(&self) -> bool {
        let (_, width, outputs) = self.sizes();
        width * outputs * width * outputs <= MATRIX_CELLS
    }

    /// The cost of a Cholesky factorization.
    pub(super) fn factor_cost(order: f64) -> f64 {
        IN_FACTOR * order * order * order / 6.0
    }

    pub(super) fn newton_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => self.newton_iterations() * (self.newton_row_cost() + self.newton_factor_cost()),
            false => f64::INFINITY,
        }
    }

    /// Whether Newton's method should go on instead of L-BFGS, which has not arrived after [`PATIENCE`] iterations or more,
    /// unless it is stalled: where it goes no further, has cost as much as a whole Newton fit, or has few iterations left.
    pub(crate) fn is_newtons_turn(&self, is_stalled: bool, iterations: u64, max_iterations: u64) -> bool {
        let is_dear = iterations as f64 * self.gradient_cost() >= self.newton_cost();
        self.can_hold_whole() && (is_stalled || is_dear || iterations + NEWTON_RESERVE >= max_iterations)
    }

    pub(super) fn newton_iterations(&self) -> f64 {
        if self.is_quadratic { QUADRATIC_ITERATIONS } else { NEWTON_ITERATIONS }
    }

    /// The cost of an iteration of Newton's method in work on rows; [`Self::newton_factor_cost`] is the rest.
    pub(super) fn newton_row_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        // One square for each pair of outputs: see `Order::summed_squares`.
        let squares = if self.n_outputs == 1 { 1.0 } else { outputs * (outputs - 1.0) / 2.0 };
        self.gradient_cost() + IN_SQUARE * rows * width * width / 2.0 * squares
    }

    pub(super) fn newton_factor_cost(&self) -> f64 {
        let (_, width, outputs) = self.sizes();
        Self::factor_cost(width * outputs)
    }

    pub(super) fn lbfgs_cost(&self) -> f64 {
        let (_, _, outputs) = self.sizes();
        let row_space = self.row_space_cost();
        // After a start from the row space one iteration certifies the point, and perhaps another one follows.
        let iterations = if row_space <= LBFGS_ITERATIONS { row_space + 2.0 } else { LBFGS_ITERATIONS };
        let blocks = if self.begins_with_blocks() { self.block_cost() / outputs } else { 0.0 };
        (iterations + blocks) * self.gradient_cost()
    }

    /// The cost of a start from the row space (see `train::linear::row_space`), in iterations. It is infinite where
    /// columns are not more than rows or not all penalized, above the limits, and where blocks are cheaper.
    pub(super) fn row_space_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        if !self.is_penalized || rows + 1.0 >= width || rows * width > ROW_SPACE_CELLS {
            return f64::INFINITY;
        }
        // The products of rows, and their pivoted factorization, which does not exploit symmetry.
        let product = IN_SQUARE * rows * rows / 2.0;
        let factor = 2.0 * Self::factor_cost(rows);
        // The fit has as many columns as rows. L-BFGS needs about twice its iterations there, and a second
        // preconditioner.
        let hessian_cost = outputs * (product * rows + Self::factor_cost(rows));
        let fit = match self.n_outputs {
            1 => self.newton_iterations() * hessian_cost,
            _ => 2.0 * (hessian_cost + LBFGS_ITERATIONS * 2.0 * rows * rows * outputs),
        };
        let cost = product * width + factor + fit;
        let in_iterations = cost / self.gradient_cost();
        if cost > ROW_SPACE_COST || self.block_cost() < in_iterations { f64::INFINITY } else { in_iterations }
    }

    /// The cost of the full Hessian as a preconditioner, in iterations; infinite where it is too large.
    pub(super) fn whole_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => (self.newton_row_cost() + self.newton_factor_cost()) / self.gradient_cost(),
            false => f64::INFINITY,
        }
    }

    /// The cost of a block-diagonal preconditioner, in iterations; infinite where it is too large.
    pub(super) fn block_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        if !self.can_hold_blocks() {
            return f64::INFINITY;
        }
        outputs * (IN_SQUARE * rows * width * width / 2.0 + Self::factor_cost(width)) / self.gradient_cost()
    }

    pub(super) fn can_hold_blocks(&self) -> bool {
        let (_, width, outputs) = self.sizes();
        outputs * width * width <= MATRIX_CELLS
    }

    /// Whether summing the full Hessian over a sample and factoring it costs less than an iteration.
    pub(super) fn affords_whole(&self) -> bool {
        self.can_hold_whole() && self.newton_factor_cost() <= 0.3 * self.gradient_cost()
    }

    /// Whether a block-diagonal preconditioner is worth its cost at the start, where all rows share one square.
    pub(super) fn begins_with_blocks(&self) -> bool {
        let (rows, width, outputs) = self.sizes();
        let cost = IN_SQUARE * rows * width * width / 2.0 + outputs * Self::factor_cost(width);
        let is_cheap = self.can_hold_blocks() && cost <= FIRST_BLOCKS * self.gradient_cost();
        is_cheap && self.row_space_cost().is_infinite()
    }

    /// Subtracts the mean over the outputs from every parameter of a multinomial model. Adding one number to all
    /// classes changes no probability, and a block-diagonal preconditioner does not remove that direction.
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
