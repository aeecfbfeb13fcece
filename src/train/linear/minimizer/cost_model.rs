//! What each minimizer costs, in multiplications.

use crate::limits;
use crate::train::linear::objective::Objective;

/// What a solver needs to know of an objective before it has been evaluated.
#[derive(Debug, Clone)]
pub(crate) struct CostModel {
    /// Parameters per output.
    pub(super) width: usize,
    pub(super) n_outputs: usize,
    n_rows: usize,
    /// Whether a quadratic is all there is to it.
    is_quadratic: bool,
    /// Whether every column has a penalty.
    is_penalized: bool,
    /// What reading a number of a row costs in each round.
    reading_cost: f64,
    /// Per parameter of an output its part in the curvature that no row has a hand in.
    pub(super) penalties: Vec<f64>,
    /// An estimate of the diagonal of the curvature, positive.
    pub(super) diagonal: Vec<f64>,
}

/// About how many rounds each needs, and Newton's method where its quadratic is exact.
const NEWTON_ROUNDS: f64 = 8.0;
const QUADRATIC_ROUNDS: f64 = 2.0;
pub(super) const LBFGS_ROUNDS: f64 = 20.0;
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
        // Scores and slopes, and an exponential as dear as twenty multiplications.
        rows * (outputs * (2.0 * width + 20.0) + self.reading_cost * width)
    }

    /// Whether all second derivatives at once are few enough for memory.
    pub(super) fn can_hold_whole(&self) -> bool {
        let (_, width, outputs) = self.sizes();
        width * outputs * width * outputs <= MATRIX_CELLS
    }

    /// What Cholesky's method costs.
    pub(super) fn factor_cost(order: f64) -> f64 {
        IN_FACTOR * order * order * order / 6.0
    }

    pub(super) fn newton_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => self.newton_rounds() * (self.newton_row_cost() + self.newton_factor_cost()),
            false => f64::INFINITY,
        }
    }

    pub(super) fn newton_rounds(&self) -> f64 {
        if self.is_quadratic { QUADRATIC_ROUNDS } else { NEWTON_ROUNDS }
    }

    /// What a round of Newton's costs in work on rows, and beside it.
    pub(super) fn newton_row_cost(&self) -> f64 {
        let (rows, width, outputs) = self.sizes();
        // A square for each pair of outputs: see `Order::summed_squares`.
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
        // A start from the row space leaves a round to certify it, and perhaps another.
        let rounds = if row_space <= LBFGS_ROUNDS { row_space + 2.0 } else { LBFGS_ROUNDS };
        let blocks = if self.begins_with_blocks() { self.block_cost() / outputs } else { 0.0 };
        (rounds + blocks) * self.gradient_cost()
    }

    /// What the optimum costs among the rows (see `train::row_space`), in rounds; infinite where it is not looked for: where
    /// columns are not more, or not all penalized, rows and columns too many, or blocks cheaper.
    pub(super) fn row_space_cost(&self) -> f64 {
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
    pub(super) fn whole_cost(&self) -> f64 {
        match self.can_hold_whole() {
            true => (self.newton_row_cost() + self.newton_factor_cost()) / self.gradient_cost(),
            false => f64::INFINITY,
        }
    }

    /// The cost of one of each output, in rounds; infinite where it is too large.
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

    /// Whether summing all second derivatives over a sample and factoring them costs less than a round.
    pub(super) fn affords_whole(&self) -> bool {
        self.can_hold_whole() && self.newton_factor_cost() <= 0.3 * self.gradient_cost()
    }

    /// Whether a preconditioner is worth its cost at the start, where all rows share one square.
    pub(super) fn begins_with_blocks(&self) -> bool {
        let (rows, width, outputs) = self.sizes();
        let cost = IN_SQUARE * rows * width * width / 2.0 + outputs * Self::factor_cost(width);
        let is_cheap = self.can_hold_blocks() && cost <= FIRST_BLOCKS * self.gradient_cost();
        is_cheap && self.row_space_cost().is_infinite()
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
