//! Newton's method with a safeguarded step.

use super::cost_model::CostModel;
use super::direction::Direction;
use super::point::Point;
use crate::numeric::linalg::Cholesky;
use crate::train::linear::derivatives::Order;

/// Goes to the minimum of the quadratic that has the gradient and the curvature of the objective, or as far towards it as
/// the objective falls (Boyd and Vandenberghe, "Convex Optimization", section 9.5). The quadratic is exact for least squares;
/// elsewhere the number of right digits doubles with each step near the optimum.
#[derive(Debug)]
pub(super) struct Newton {
    pub(super) costs: CostModel,
}

impl Direction for Newton {
    fn name(&self) -> &'static str {
        "newton"
    }

    fn order(&self) -> Order {
        Order::Hessian
    }

    fn gains_by_sample(&self) -> bool {
        self.costs.newton_factor_cost() < 0.1 * self.costs.newton_row_cost()
    }

    fn direction(&mut self, point: &Point) -> Option<Vec<f64>> {
        self.costs.newton_direction(&point.evaluation.gradient, &point.evaluation.hessian)
    }
}

/// How much of its own diagonal is added to a curvature that is singular to working precision, at first, and how fast
/// that grows until it is not (Levenberg and Marquardt's way).
const FIRST_SHIFT: f64 = 1e-12;
const SHIFT_GROWTH: f64 = 100.0;
const LAST_SHIFT: f64 = 1e12;

impl CostModel {
    /// Newton's step: the solution of curvature * step = -gradient; `None` where there is none.
    fn newton_direction(&self, gradient: &[f64], hessian: &[f64]) -> Option<Vec<f64>> {
        let order = gradient.len();
        let matrix = self.square(hessian);
        let mut shift = 0.0;
        while shift <= LAST_SHIFT {
            let mut shifted = matrix.clone();
            (0..order).for_each(|index| shifted[index * (order + 1)] *= 1.0 + shift);
            if let Some(factor) = Cholesky::new(shifted, order) {
                let mut direction: Vec<f64> = gradient.iter().map(|slope| -slope).collect();
                factor.solve(&mut direction);
                return direction.iter().all(|step| step.is_finite()).then_some(direction);
            }
            shift = if shift == 0.0 { FIRST_SHIFT } else { shift * SHIFT_GROWTH };
        }
        None
    }

    /// The whole matrix of second derivatives, of which the lower triangle is valid.
    ///
    /// Adding one number to the same parameter of every class changes no probability, so along that direction a
    /// multinomial loss is flat, and without a penalty the objective is. There the square of the sum over the classes is
    /// added, on the parameter's own scale: it moves no step, since the gradient has no part along it.
    pub(super) fn square(&self, hessian: &[f64]) -> Vec<f64> {
        let (width, n_outputs) = (self.width, self.n_outputs);
        let order = width * n_outputs;
        let mut matrix = vec![0.0; order * order];
        let squares = hessian.chunks_exact(width * width).zip(Order::Hessian.squares(n_outputs));
        for (square, (first, second)) in squares {
            for row in 0..width {
                for column in 0..width {
                    let entry = square[row.max(column) * width + row.min(column)];
                    matrix[(first * width + row) * order + second * width + column] = entry;
                }
            }
        }
        if n_outputs > 1 {
            for column in (0..width).filter(|column| self.penalties[*column] == 0.0) {
                let place = |output: usize| output * width + column;
                let scale = (0..n_outputs).map(|output| matrix[place(output) * (order + 1)]).sum::<f64>();
                for (first, second) in Order::Hessian.squares(n_outputs) {
                    matrix[place(first) * order + place(second)] += scale / (n_outputs * n_outputs) as f64;
                }
            }
        }
        matrix
    }
}
