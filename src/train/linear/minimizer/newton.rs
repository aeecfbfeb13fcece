//! Newton's method with a safeguarded step.

use super::cost_model::CostModel;
use super::direction::Direction;
use super::point::Point;
use crate::numeric::dot;
use crate::numeric::elementary::largest;
use crate::numeric::linalg::Cholesky;
use crate::train::linear::derivatives::{Derivatives, Order};

pub(super) const NAME: &str = "newton";

/// Newton's method: the step leads to the minimum of the quadratic with the gradient and the Hessian of the objective.
/// The line search shortens the step where the objective does not decrease enough (Boyd and Vandenberghe, "Convex
/// Optimization", section 9.5). The quadratic is exact for least squares. For other losses, each step near the optimum
/// doubles the number of correct digits.
#[derive(Debug)]
pub(super) struct Newton {
    pub(super) costs: CostModel,
}

impl Direction for Newton {
    fn name(&self) -> &'static str {
        NAME
    }

    fn order(&self) -> Order {
        Order::Hessian
    }

    fn gains_by_sample(&self) -> bool {
        self.costs.newton_factor_cost() < 0.1 * self.costs.newton_row_cost()
    }

    fn direction(&mut self, point: &Point) -> Option<Vec<f64>> {
        self.costs.newton_direction(&point.derivatives.gradient, &point.derivatives.hessian)
    }
}

/// The Levenberg-Marquardt shift of a Hessian that is singular to working precision, as a fraction of its own diagonal.
/// The shift grows from the first value until the Hessian has a Cholesky factor.
const FIRST_SHIFT: f64 = 1e-12;
const SHIFT_GROWTH: f64 = 100.0;
const LAST_SHIFT: f64 = 1e12;

/// The curvature that counts as none, as a fraction of that at the intercept-only model.
const FLAT: f64 = 1e-7;

impl CostModel {
    /// Half the square of the Newton decrement: how far the quadratic model at a point is above its minimum. `None` where the
    /// Hessian has no factor.
    pub(crate) fn half_squared_decrement(&self, derivatives: &Derivatives) -> Option<f64> {
        let factor = Cholesky::new(self.square(&derivatives.hessian), derivatives.gradient.len())?;
        let mut step = derivatives.gradient.clone();
        factor.solve(&mut step);
        let gap = 0.5 * dot(&derivatives.gradient, &step);
        gap.is_finite().then_some(gap.max(0.0))
    }

    /// The part of some parameters along which the objective hardly curves. (shift / (Hessian + shift))² leaves a direction as
    /// it is where the curvature is far below the shift, and nothing of it where it is far above. `None` where the matrix has
    /// no factor.
    pub(crate) fn flat_part(&self, parameters: &[f64], hessian: &[f64]) -> Option<Vec<f64>> {
        let order = parameters.len();
        let (mut matrix, shift) = (self.square(hessian), FLAT * largest(&self.diagonal));
        (0..order).for_each(|index| matrix[index * (order + 1)] += shift);
        let factor = Cholesky::new(matrix, order)?;
        let mut part = parameters.to_vec();
        for _ in 0..2 {
            factor.solve(&mut part);
            part.iter_mut().for_each(|entry| *entry *= shift);
        }
        part.iter().all(|entry| entry.is_finite()).then_some(part)
    }

    /// The Newton step: the solution of Hessian * step = -gradient; `None` where there is none.
    pub(crate) fn newton_direction(&self, gradient: &[f64], hessian: &[f64]) -> Option<Vec<f64>> {
        let order = gradient.len();
        let matrix = self.square(hessian);
        let mut shift = 0.0;
        while shift <= LAST_SHIFT {
            let mut shifted = matrix.clone();
            (0..order).for_each(|index| shifted[index * (order + 1)] *= 1.0 + shift);
            if let Some(factor) = Cholesky::new(shifted, order) {
                let mut direction: Vec<f64> = gradient.iter().map(|derivative| -derivative).collect();
                factor.solve(&mut direction);
                return direction.iter().all(|step| step.is_finite()).then_some(direction);
            }
            shift = if shift == 0.0 { FIRST_SHIFT } else { shift * SHIFT_GROWTH };
        }
        None
    }

    /// The full Hessian as one matrix, of which the lower triangle is valid.
    ///
    /// Adding one number to the same parameter of every class changes no probability. A multinomial loss is flat along
    /// that direction, and without a penalty the objective is flat too. For such a parameter the square of the sum over
    /// the classes is added, on the parameter's own scale. This changes no step, since the gradient has no component
    /// along the direction.
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
