//! Newton's method with a safeguarded step.

use super::line_search::{LineSearch, Verdict};
use super::{Point, Shape, State};
use crate::arithmetic::{Cholesky, dot};
use crate::train::evaluation::{Evaluation, Want};

/// Goes to the minimum of the quadratic that has the gradient and the curvature of the objective, or as far towards it as
/// the objective falls (Boyd and Vandenberghe, "Convex Optimization", section 9.5). The quadratic is exact for least squares;
/// elsewhere the number of right digits doubles with each step near the optimum.
#[derive(Debug, Clone)]
pub(crate) struct Newton {
    shape: Shape,
    /// Where it stands, once that was evaluated.
    point: Option<Point>,
    direction: Vec<f64>,
    search: Option<LineSearch>,
    trial: Vec<f64>,
    state: State,
}

impl Newton {
    pub(super) fn new(shape: Shape, start: Vec<f64>) -> Self {
        Self { shape, point: None, direction: Vec::new(), search: None, trial: start, state: State::Running }
    }

    pub(super) fn ask(&self) -> (&[f64], Want) {
        (&self.trial, Want::Curvature)
    }

    pub(super) fn point(&self) -> Option<&Point> {
        self.point.as_ref()
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn direction(&self) -> &[f64] {
        &self.direction
    }

    pub(super) fn tell(&mut self, evaluation: Evaluation) {
        if let Some(search) = &mut self.search {
            match search.tell(evaluation.loss, dot(&evaluation.gradient, &self.direction)) {
                Verdict::Take => {}
                Verdict::Again => return self.try_step(),
                Verdict::GiveUp => return self.state = State::Stalled,
            }
        }
        let point = Point { parameters: std::mem::take(&mut self.trial), evaluation };
        let Evaluation { loss, gradient, curvature } = &point.evaluation;
        let Some(direction) = self.shape.newton_direction(gradient, curvature) else {
            self.state = State::Stalled;
            self.point = Some(point);
            return;
        };
        let slope = dot(gradient, &direction);
        self.search = Some(LineSearch::new(*loss, slope, 1.0));
        self.direction = direction;
        self.point = Some(point);
        match slope < 0.0 {
            true => self.try_step(),
            false => self.state = State::Stalled,
        }
    }

    fn try_step(&mut self) {
        let (Some(point), Some(search)) = (&self.point, &self.search) else { return };
        self.trial = point.moved(&self.direction, search.step());
    }
}

/// How much of its own diagonal is added to a curvature that is singular to working precision, at first, and how fast
/// that grows until it is not (Levenberg and Marquardt's way).
const FIRST_SHIFT: f64 = 1e-12;
const SHIFT_GROWTH: f64 = 100.0;
const LAST_SHIFT: f64 = 1e12;

impl Shape {
    /// The solution of curvature * direction = -gradient; `None` where there is none.
    fn newton_direction(&self, gradient: &[f64], curvature: &[f64]) -> Option<Vec<f64>> {
        let order = gradient.len();
        let matrix = self.square(curvature);
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
    fn square(&self, curvature: &[f64]) -> Vec<f64> {
        let (width, n_outputs) = (self.width, self.n_outputs);
        let order = width * n_outputs;
        let mut matrix = vec![0.0; order * order];
        let squares = curvature.chunks_exact(width * width).zip(Want::Curvature.squares(n_outputs));
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
                for (first, second) in Want::Curvature.squares(n_outputs) {
                    matrix[place(first) * order + place(second)] += scale / (n_outputs * n_outputs) as f64;
                }
            }
        }
        matrix
    }
}
