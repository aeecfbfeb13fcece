//! What a fit minimizes: a loss summed over rows, plus the penalty l2/2 * |coefficients|^2.
//!
//! Parameters lie output by output: the coefficients over the design's columns, then the intercept. Nothing here
//! knows solvers.

mod logistic;
mod multinomial;
mod squared_error;

use super::Certificate;
use crate::arithmetic::{dot, sum};
use crate::dataset::Target;
use ndarray::{ArrayView1, ArrayView2};

/// Loss and gradient at one point, summed over rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evaluation {
    pub(super) loss: f64,
    pub(super) gradient: Vec<f64>,
}

/// The loss of one row as a function of its outputs' scores.
trait RowLoss {
    /// Adds nothing up: returns the loss of row `row` and replaces `scores` by the loss's derivatives in them.
    fn loss_and_slopes(&self, row: usize, scores: &mut [f64]) -> f64;
}

/// A loss on given rows.
pub(super) struct Objective<'a> {
    design: ArrayView2<'a, f64>,
    target: &'a Target,
    n_outputs: usize,
    l2: f64,
    gradient_bounds: Vec<f64>,
}

impl<'a> Objective<'a> {
    /// The squared error for numbers, the log loss for classes: binary with one output, multinomial with one a class.
    pub(super) fn new(design: ArrayView2<'a, f64>, target: &'a Target, l2: f64) -> Self {
        let n_outputs = match target {
            Target::Numbers(_) => 1,
            Target::Classes { labels, .. } if labels.len() == 2 => 1,
            Target::Classes { labels, .. } => labels.len(),
        };
        let gradient_bounds = gradient_bounds(design, target, n_outputs);
        Self { design, target, n_outputs, l2, gradient_bounds }
    }

    pub(super) fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    /// Loss and gradient at `parameters`, penalty included.
    pub(super) fn evaluate(&self, parameters: &[f64]) -> Evaluation {
        match self.target {
            Target::Numbers(targets) => self.sum_rows(parameters, &squared_error::SquaredError { targets }),
            Target::Classes { codes, .. } if self.n_outputs == 1 => {
                self.sum_rows(parameters, &logistic::Logistic { codes })
            }
            Target::Classes { codes, .. } => self.sum_rows(parameters, &multinomial::Multinomial { codes }),
        }
    }

    /// Whether the scores tell classes apart so well that, without a penalty, there is no optimum: every row lies
    /// strictly on its own class's side (larger parameters of the same direction then have a smaller loss, for ever), or
    /// some rows have run off until nothing is left of their loss, which is how a fit ends when only some can be told
    /// apart (Albert and Anderson, "On the existence of maximum likelihood estimates in logistic regression models",
    /// 1984: complete and quasi-complete separation).
    pub(super) fn separates(&self, parameters: &[f64]) -> bool {
        /// The lead in log-odds at which a row's own class has a probability within 1e-8 of 1.
        const RUN_OFF: f64 = 18.4;
        let Target::Classes { codes, .. } = self.target else { return false };
        let mut scores = vec![0.0; self.n_outputs];
        let mut features = Vec::with_capacity(self.design.ncols());
        let leads = self.design.rows().into_iter().zip(codes).map(|(row, code)| {
            self.score_row(row, parameters, &mut features, &mut scores);
            match scores.as_slice() {
                [score] if *code == 1 => *score,
                [score] => -score,
                scores => {
                    let others = scores.iter().enumerate().filter(|(class, _)| class != code).map(|(_, score)| *score);
                    scores[*code] - others.fold(f64::NEG_INFINITY, f64::max)
                }
            }
        });
        let (mut every_row_leads, mut some_row_ran_off) = (true, false);
        leads.for_each(|lead| {
            every_row_leads &= lead > 0.0;
            some_row_ran_off |= lead > RUN_OFF;
        });
        every_row_leads || some_row_ran_off
    }

    /// Copies a row into `features`, contiguous, and writes its scores.
    fn score_row(&self, row: ArrayView1<'_, f64>, parameters: &[f64], features: &mut Vec<f64>, scores: &mut [f64]) {
        features.clear();
        features.extend(row.iter().copied());
        let width = features.len() + 1;
        for (score, output) in scores.iter_mut().zip(parameters.chunks_exact(width)) {
            *score = dot(features, output) + output[width - 1];
        }
    }

    fn sum_rows(&self, parameters: &[f64], row_loss: &impl RowLoss) -> Evaluation {
        let width = self.design.ncols() + 1;
        let mut evaluation = Evaluation { loss: 0.0, gradient: vec![0.0; parameters.len()] };
        let mut scores = vec![0.0; self.n_outputs];
        let mut features = Vec::with_capacity(width);
        for (index, row) in self.design.rows().into_iter().enumerate() {
            self.score_row(row, parameters, &mut features, &mut scores);
            evaluation.loss += row_loss.loss_and_slopes(index, &mut scores);
            for (slope, gradient) in scores.iter().zip(evaluation.gradient.chunks_exact_mut(width)) {
                for (gradient, feature) in gradient.iter_mut().zip(&features) {
                    *gradient += slope * feature;
                }
                gradient[width - 1] += slope;
            }
        }
        let outputs = parameters.chunks_exact(width).zip(evaluation.gradient.chunks_exact_mut(width));
        for (output, gradient) in outputs {
            let coefficients = &output[..width - 1];
            evaluation.loss += 0.5 * self.l2 * dot(coefficients, coefficients);
            for (gradient, coefficient) in gradient.iter_mut().zip(coefficients) {
                *gradient += self.l2 * coefficient;
            }
        }
        evaluation
    }

    /// The absolute size of gradient that is surely within a relative one.
    pub(super) fn absolute_tolerance(&self, relative: f64) -> f64 {
        relative * self.gradient_bounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Certifies `parameters`.
    pub(super) fn certify(&self, parameters: &[f64], tolerance: f64) -> Certificate {
        let Evaluation { loss, gradient } = self.evaluate(parameters);
        let relative_gradient = gradient
            .iter()
            .zip(&self.gradient_bounds)
            .map(|(gradient, bound)| gradient.abs() / bound)
            // A NaN anywhere must not be lost, as `f64::max` would lose it.
            .fold(0.0, |largest, quotient| if quotient <= largest { largest } else { quotient });
        Certificate { relative_gradient, tolerance, objective: loss }
    }
}

/// For each parameter the largest gradient that the intercept-only model could have: see [`Certificate`].
fn gradient_bounds(design: ArrayView2<'_, f64>, target: &Target, n_outputs: usize) -> Vec<f64> {
    let n_rows = design.nrows() as f64;
    let mut column_norms: Vec<f64> = design.columns().into_iter().map(|column| norm(&column.to_vec())).collect();
    column_norms.push(n_rows.sqrt());
    let residual_norms: Vec<f64> = match target {
        Target::Numbers(targets) => {
            let mean = sum(targets) / n_rows;
            vec![norm(&targets.iter().map(|target| target - mean).collect::<Vec<_>>())]
        }
        Target::Classes { codes, .. } => (0..n_outputs)
            .map(|output| {
                let class = if n_outputs == 1 { 1 } else { output };
                let count = codes.iter().filter(|code| **code == class).count() as f64;
                // The sum of squares of count rows at 1 - share and the others at -share.
                (count * (1.0 - count / n_rows)).sqrt()
            })
            .collect(),
    };
    residual_norms.iter().flat_map(|residual| column_norms.iter().map(move |column| column * residual)).collect()
}

fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Labels;
    use ndarray::Array2;

    fn design() -> Array2<f64> {
        Array2::from_shape_fn((12, 3), |(row, column)| ((row * 7 + column * 5) % 11) as f64 / 5.0 - 1.0)
    }

    fn targets() -> [Target; 3] {
        let classes = |n: usize| Target::Classes {
            labels: Labels::from_numbers((0..n).map(|class| class as f64).collect()).unwrap(),
            codes: (0..12).map(|row| row * 5 % 7 % n).collect(),
        };
        [Target::Numbers((0..12).map(|row| f64::from(row * row % 7)).collect()), classes(2), classes(3)]
    }

    #[test]
    fn gradients_are_the_slopes_of_the_losses() {
        let design = design();
        for target in targets() {
            let objective = Objective::new(design.view(), &target, 0.7);
            let at: Vec<f64> = (0..4 * objective.n_outputs()).map(|i| (i as f64 * 1.3).sin()).collect();
            let gradient = objective.evaluate(&at).gradient;
            for parameter in 0..at.len() {
                let step = 1e-6;
                let loss = |delta: f64| {
                    let mut moved = at.clone();
                    moved[parameter] += delta;
                    objective.evaluate(&moved).loss
                };
                let slope = (loss(step) - loss(-step)) / (2.0 * step);
                let error = (slope - gradient[parameter]).abs();
                assert!(error < 1e-6, "{target:?}, parameter {parameter}: {slope} against {}", gradient[parameter]);
            }
        }
    }

    #[test]
    fn the_certificate_is_one_at_most_for_the_intercept_only_model() {
        let design = design();
        for target in targets() {
            let objective = Objective::new(design.view(), &target, 0.0);
            let mut start = vec![0.0; 4 * objective.n_outputs()];
            match &target {
                Target::Numbers(numbers) => start[3] = sum(numbers) / 12.0,
                Target::Classes { codes, .. } => {
                    let share = |class| codes.iter().filter(|code| **code == class).count() as f64 / 12.0;
                    if objective.n_outputs() == 1 {
                        start[3] = (share(1) / share(0)).ln();
                    } else {
                        (0..3).for_each(|class| start[4 * class + 3] = share(class).ln());
                    }
                }
            }
            let certificate = objective.certify(&start, 1e-8);
            assert!(certificate.relative_gradient <= 1.0 && !certificate.converged(), "{certificate:?}");
        }
    }

    #[test]
    fn the_certificate_does_not_depend_on_units() {
        let design = design();
        let [Target::Numbers(numbers), ..] = targets() else { panic!("expected numbers") };
        let relative = |scale: f64| {
            let target = Target::Numbers(numbers.iter().map(|number| number * scale).collect());
            let parameters: Vec<f64> = [0.1, 0.2, 0.3, 0.4].iter().map(|parameter| parameter * scale).collect();
            Objective::new(design.view(), &target, 0.0).certify(&parameters, 1e-8).relative_gradient
        };
        assert!((relative(1.0) / relative(1000.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_gradient_that_is_not_a_number_is_not_converged() {
        let design = design();
        let [target, ..] = targets();
        let certificate = Objective::new(design.view(), &target, 0.0).certify(&[f64::NAN; 4], 1e-8);
        assert!(!certificate.converged());
    }
}
