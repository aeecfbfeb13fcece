//! A start from the row space, for more columns than rows. With a penalty the optimal coefficients are combinations of
//! rows (Schölkopf, Herbrich and Smola, "A generalized representer theorem", 2001). The fit has then as many columns as
//! there are independent rows (Hastie and Tibshirani, "Efficient quadratic regularization for expression arrays", 2004,
//! section 2). It is only a start: the certificate on all columns decides the answer.

use super::design::{DesignBlock, DesignRows};
use super::minimizer::{CostModel, Minimizer, State};
use super::objective::Objective;
use crate::numeric::linalg::PivotedFactor;
use crate::numeric::simd::{Columns, Part, ROW_STEP, add_products};
use tepal_kernels::{Kernel, Vectors, vectorized};

/// The tolerance in the row space, as a fraction of that on the columns.
const WITHIN: f64 = 0.1;
/// The iterations within which the gradient has to halve, of Newton's method and of L-BFGS. Otherwise only rounding is
/// left, or the iterations on all columns do the rest.
const NEWTON_PATIENCE: usize = 15;
const LBFGS_PATIENCE: usize = 100;
/// The number of columns in a partial product of rows: the values of all rows in so many columns stay in the cache.
const PART: usize = 32 * ROW_STEP;

/// The optimum of an objective on fewer rows than columns, where every column has a penalty. It is as accurate as
/// rounding allows, or has a relative gradient of `tolerance`. `None` where products of rows overflow or are all 0.
pub(super) fn optimum(rows: DesignRows, objective: &Objective, tolerance: f64) -> Option<Vec<f64>> {
    let (width, n_outputs) = (objective.width(), objective.n_outputs());
    let DesignRows { rows, targets, weights } = that_count(rows, width);
    let n_rows = targets.len();
    let n_columns = width - usize::from(objective.has_intercept());
    let scales: Vec<f64> = objective.penalties()[..n_columns].iter().map(|penalty| 1.0 / penalty.sqrt()).collect();
    let mut products = vec![0.0; n_rows * n_rows];
    vectorized(RowProducts { rows: &rows, width, scales: &scales, products: &mut products });
    let factor = PivotedFactor::new(&products, n_rows);
    let rank = factor.pivots.len();
    if rank == 0 {
        return None;
    }

    let among_rows = objective.in_row_space(rank);
    // The remaining values of 1 are the intercept.
    let mut reduced_rows = vec![1.0; n_rows * among_rows.width()];
    for (row, factors) in reduced_rows.chunks_exact_mut(among_rows.width()).zip(factor.rows()) {
        row[..rank].copy_from_slice(factors);
    }
    let block = DesignBlock::of_rows(DesignRows { rows: reduced_rows, targets, weights });
    // No entry of the gradient on the columns exceeds the norm of the gradient in the row space divided by the column's
    // scale. The entry of the intercept is equal in both.
    let smallest = scales.iter().copied().fold(1.0, f64::min);
    let reduced = minimize(&among_rows, &block, WITHIN * tolerance * smallest / ((rank * n_outputs) as f64).sqrt());

    let mut parameters = vec![0.0; width * n_outputs];
    for (output, reduced) in parameters.chunks_exact_mut(width).zip(reduced.chunks_exact(among_rows.width())) {
        let mut of_pivots = reduced[..rank].to_vec();
        factor.solve_transposed(&mut of_pivots);
        for (pivot, part) in factor.pivots.iter().zip(of_pivots) {
            output.iter_mut().zip(&rows[pivot * width..][..n_columns]).for_each(|(sum, value)| *sum += part * value);
        }
        output.iter_mut().zip(&scales).for_each(|(coefficient, scale)| *coefficient *= scale * scale);
        if let (Some(intercept), Some(found)) = (output.get_mut(n_columns), reduced.get(rank)) {
            *intercept = *found;
        }
    }
    parameters.iter().all(|parameter| parameter.is_finite()).then_some(parameters)
}

/// The rows with a weight above 0. Extreme values in the others would dominate the products.
fn that_count(all: DesignRows, width: usize) -> DesignRows {
    if !all.weights.contains(&0.0) {
        return all;
    }
    let mut counting = DesignRows::default();
    for ((row, target), weight) in all.rows.chunks_exact(width).zip(all.targets).zip(all.weights) {
        if weight > 0.0 {
            counting.rows.extend_from_slice(row);
            counting.targets.push(target);
            counting.weights.push(weight);
        }
    }
    counting
}

fn minimize(objective: &Objective, block: &DesignBlock, tolerance: f64) -> Vec<f64> {
    let (costs, start) = (CostModel::of(objective, block.n_rows(), 0.0), objective.start());
    let (mut minimizer, patience) = match objective.n_outputs() {
        1 => (Minimizer::newton(costs, start.clone()), NEWTON_PATIENCE),
        _ => (Minimizer::preconditioned_lbfgs(costs, start.clone()), LBFGS_PATIENCE),
    };
    let (mut last_half, mut iterations_since) = (f64::INFINITY, 0);
    while iterations_since < patience && minimizer.state() == State::Running {
        let (parameters, order) = minimizer.ask();
        let derivatives = objective.finish(objective.evaluate_block(block, parameters, order), parameters, order);
        minimizer.tell(derivatives);
        iterations_since += 1;
        let Some(point) = minimizer.point() else { break };
        let certificate = objective.certify(&point.derivatives, tolerance);
        if certificate.converged() {
            break;
        }
        if certificate.relative_gradient < 0.5 * last_half {
            (last_half, iterations_since) = (certificate.relative_gradient, 0);
        }
    }
    minimizer.point().map_or(start, |point| point.parameters.clone())
}

/// The products of rows whose columns are scaled, in the lower triangle of `products`.
struct RowProducts<'a> {
    rows: &'a [f64],
    width: usize,
    scales: &'a [f64],
    products: &'a mut [f64],
}

impl Kernel for RowProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, vectors: V) {
        let Self { rows, width, scales, products } = self;
        let mut part = vec![0.0; rows.len() / width * PART];
        for first in (0..scales.len()).step_by(PART) {
            let scales = &scales[first..scales.len().min(first + PART)];
            part.fill(0.0);
            for (part, row) in part.chunks_exact_mut(PART).zip(rows.chunks_exact(width)) {
                let scaled = row[first..].iter().zip(scales).map(|(value, scale)| value * scale);
                part.iter_mut().zip(scaled).for_each(|(value, scaled)| *value = scaled);
            }
            let columns = Columns::new(&part, PART);
            add_products(vectors, products, columns, columns, Part::Lower);
        }
    }
}
