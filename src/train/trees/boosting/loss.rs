//! What a round reduces: the log loss of classes, or a loss of a number by [`RegressionLoss`].

use super::number::NumberLoss;
use super::rows::Rows;
use crate::dataset::write_blocks;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Link, RegressionLoss};
use crate::numeric::elementary::{exp_of_negative, ln, ln_1p};
use crate::table::TargetSchema;
use crate::train::trees::fixed_point::{FixedPoint, SUM_BITS, sum};
use crate::train::trees::prepare::too_large;
use crate::train::trees::sums::{Sums, Units, WeightUnit};
use tepal_kernels::{Kernel, Vectors, vectorized};

/// The loss, by the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Loss {
    Number(NumberLoss),
    Logistic,
    Softmax { n_classes: usize },
}

/// So many rows at a time.
pub(super) const ROWS_AT_A_TIME: usize = 1024;

impl Loss {
    /// The loss that the options ask for. `quantile` is that of [`RegressionLoss::Quantile`].
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a loss that the target does not have.
    pub(super) fn new(
        asked: Option<RegressionLoss>,
        quantile: Option<f64>,
        target: &TargetSchema,
        rows: &Rows,
    ) -> Result<Self> {
        match target {
            TargetSchema::Number { name, range } => {
                let minimum = range.map_or(f64::NEG_INFINITY, |range| range.minimum);
                NumberLoss::new(asked.unwrap_or_default(), quantile, minimum, name, rows).map(Self::Number)
            }
            TargetSchema::Classes { name, .. } if asked.is_some() => {
                let message = "classes have the log loss; leave the loss out, or make the target a number";
                Err(Error::new(ErrorKind::InvalidOption, message).in_column(name))
            }
            TargetSchema::Classes { classes, .. } => match classes.len() {
                2 => Ok(Self::Logistic),
                n_classes => Ok(Self::Softmax { n_classes }),
            },
        }
    }

    /// How scores become predictions.
    pub(super) fn link(self, target: &TargetSchema) -> Link {
        match self {
            Self::Number(loss) => loss.link(),
            Self::Logistic | Self::Softmax { .. } => Link::of(target),
        }
    }

    pub(super) fn n_scores(self) -> usize {
        match self {
            Self::Softmax { n_classes } => n_classes,
            _ => 1,
        }
    }

    /// The best constant scores: the mean of a number, its logarithm or its quantile, or the logarithms of the shares of the
    /// classes.
    pub(super) fn base(self, rows: &Rows) -> Vec<f64> {
        let n = rows.targets.len();
        let total = sum(n, &|row| rows.weights[row]);
        let share = |class: usize| {
            sum(n, &|row| if rows.targets[row] as usize == class { rows.weights[row] } else { 0.0 }) / total
        };
        match self {
            Self::Number(loss) => vec![loss.base(rows)],
            Self::Logistic => vec![ln(share(1) / share(0))],
            Self::Softmax { n_classes } => (0..n_classes).map(|class| ln(share(class))).collect(),
        }
    }

    /// Writes what these scores say, which stand row by row: per row its outputs, which are the score of a number or the
    /// probabilities of classes (of two that of the second), and then its loss, of weight 1.
    pub(super) fn write_outputs(self, rows: &Rows, scores: &[f64], out: &mut [f64]) {
        let (n_scores, width) = (self.n_scores(), self.n_scores() + 1);
        write_blocks(out, ROWS_AT_A_TIME * width, |begin, out| {
            let first = begin / width;
            let (scores, targets) = (&scores[first * n_scores..], &rows.targets[first..]);
            match self {
                Self::Number(loss) => {
                    for (out, (score, target)) in out.chunks_exact_mut(width).zip(scores.iter().zip(targets)) {
                        out.copy_from_slice(&loss.outputs(*score, *target));
                    }
                }
                Self::Logistic => vectorized(Logistic { scores, targets, out: out.as_chunks_mut().0 }),
                Self::Softmax { .. } => {
                    let given = scores.chunks_exact(n_scores).zip(targets);
                    out.chunks_exact_mut(width)
                        .zip(given)
                        .for_each(|(out, (scores, target))| softmax(scores, *target, out));
                }
            }
        });
    }

    /// The units for the gradients and hessians at these outputs.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] where the sum of a target's errors overflows.
    pub(super) fn units(self, rows: &Rows, outputs: &[f64], weight: WeightUnit) -> Result<Units> {
        let n = rows.targets.len();
        let heaviest = rows.weights.iter().copied().fold(0.0, f64::max);
        let (steepest, most_curved) = match self {
            Self::Logistic | Self::Softmax { .. } => (heaviest, heaviest / 4.0 * self.free()),
            Self::Number(loss) => {
                let largest = |of: usize| {
                    let of_row = |row: usize| {
                        let derivatives = loss.derivatives(outputs[2 * row], rows.targets[row]);
                        rows.weights[row] * derivatives[of].abs()
                    };
                    (0..n).map(of_row).fold(0.0, |largest, number| if number <= largest { largest } else { number })
                };
                (largest(0), largest(1))
            }
        };
        if !((steepest + most_curved) * n as f64).is_finite() {
            return Err(too_large());
        }
        Ok(Units {
            gradient: FixedPoint::new(n, steepest, SUM_BITS),
            hessian: FixedPoint::new(n, most_curved, weight.bits_left()),
            fine_hessian: FixedPoint::new(n, most_curved, SUM_BITS),
            weight,
        })
    }

    /// Writes the gradient and the hessian by a score of some rows, the first of which is given. One function for all losses: the
    /// loops over it would else be compiled for each.
    #[inline(never)]
    pub(super) fn write_derivatives(
        self,
        score: usize,
        rows: &Rows,
        outputs: &[f64],
        first: usize,
        out: &mut [[f64; 2]],
    ) {
        let width = self.n_scores() + 1;
        let is_softmax = matches!(self, Self::Softmax { .. });
        let free = self.free();
        let outputs = outputs[first * width + score..].iter().step_by(width);
        let weighted = rows.targets[first..].iter().zip(&rows.weights[first..]);
        for ((derivatives, output), (target, weight)) in out.iter_mut().zip(outputs).zip(weighted) {
            if let Self::Number(loss) = self {
                *derivatives = loss.derivatives(*output, *target).map(|number| weight * number);
                continue;
            }
            let own = if is_softmax { f64::from(u8::from(*target as usize == score)) } else { *target };
            *derivatives = [weight * (output - own), weight * (free * (output * (1.0 - output)))];
        }
    }

    /// Writes what each row adds to the sums of a tree of this score: nothing where the tree does not see it.
    pub(super) fn write_sums(
        self,
        score: usize,
        rows: &Rows,
        outputs: &[f64],
        units: &Units,
        sees: impl Fn(usize) -> bool + Sync,
        out: &mut [Sums],
    ) {
        write_blocks(out, ROWS_AT_A_TIME, |first, out| {
            let mut derivatives = [[0.0; 2]; ROWS_AT_A_TIME];
            self.write_derivatives(score, rows, outputs, first, &mut derivatives[..out.len()]);
            for ((row, sums), [gradient, hessian]) in (first..).zip(out).zip(derivatives) {
                let of_row = units.sums(gradient, hessian, units.weight.of(rows.sample_weights[row]));
                *sums = if sees(row) { of_row } else { Sums::default() };
            }
        });
    }

    /// Of K scores that may all move by the same, K - 1 are free (Friedman, 2001, equation 32).
    fn free(self) -> f64 {
        match self {
            Self::Softmax { n_classes } => n_classes as f64 / (n_classes - 1) as f64,
            _ => 1.0,
        }
    }

    /// The mean of the losses of all rows by these weights.
    pub(super) fn mean(self, outputs: &[f64], weights: &[f64]) -> f64 {
        let (n_rows, width) = (weights.len(), self.n_scores() + 1);
        sum(n_rows, &|row| weights[row] * outputs[row * width + width - 1]) / sum(n_rows, &|row| weights[row])
    }
}

/// The probabilities of the classes of a row, and then its loss.
#[inline(always)]
fn softmax(scores: &[f64], target: f64, out: &mut [f64]) {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut total = 0.0;
    for (out, score) in out.iter_mut().zip(scores) {
        *out = exp_of_negative(score - largest);
        total += *out;
    }
    let (probabilities, loss) = out.split_at_mut(scores.len());
    probabilities.iter_mut().for_each(|probability| *probability /= total);
    loss[0] = ln(total) + largest - scores[target as usize];
}

/// Outputs and losses of two classes, some rows at a time.
struct Logistic<'a> {
    scores: &'a [f64],
    targets: &'a [f64],
    out: &'a mut [[f64; 2]],
}

impl Kernel for Logistic<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: Vectors>(self, _: V) {
        /// Loops of a known length over numbers side by side become vectors.
        const ROWS: usize = 64;
        let (mut scores, mut signs, mut outputs, mut losses) = ([0.0; ROWS], [0.0; ROWS], [0.0; ROWS], [0.0; ROWS]);
        for ((out, given), targets) in
            self.out.chunks_mut(ROWS).zip(self.scores.chunks(ROWS)).zip(self.targets.chunks(ROWS))
        {
            for row in 0..out.len() {
                // The loss of the other class grows with the score.
                (scores[row], signs[row]) = (given[row], 1.0 - 2.0 * targets[row]);
            }
            for row in 0..ROWS {
                let (score, against) = (scores[row], signs[row] * scores[row]);
                let e = exp_of_negative(-score.abs());
                outputs[row] = if score >= 0.0 { 1.0 } else { e } / (1.0 + e);
                losses[row] = ln_1p(e) + if against > 0.0 { against } else { 0.0 };
            }
            for (row, out) in out.iter_mut().enumerate() {
                *out = [outputs[row], losses[row]];
            }
        }
    }
}
