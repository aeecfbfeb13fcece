//! What a round reduces: half the squared error of a number, or the log loss of classes.

use crate::dataset::map_blocks;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::elementary::{exp_of_negative, ln, ln_1p};
use crate::train::trees::fixed_point::{FixedPoint, SUM_BITS};
use crate::train::trees::sums::{Sums, Units, WeightUnit};

/// The rows that count, with what they are to be predicted.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) targets: Vec<f64>,
    /// What they count: their sample weights times those of their classes, all above 0.
    pub(super) weights: Vec<f64>,
    /// Their sample weights.
    pub(super) sample_weights: Vec<f64>,
}

/// The loss, by the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    Squared,
    Logistic,
    Softmax { n_classes: usize },
}

/// So many rows at a time.
const ROWS_AT_A_TIME: usize = 4096;

/// What the scores of all rows say.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// Row by row: the scores of a number, and the probabilities of classes, of two that of the second.
    pub(super) values: Vec<f64>,
    /// Per row its loss, of weight 1.
    pub(super) losses: Vec<f64>,
}

impl Loss {
    pub(super) fn of(n_classes: usize) -> Self {
        match n_classes {
            0 => Self::Squared,
            2 => Self::Logistic,
            n_classes => Self::Softmax { n_classes },
        }
    }

    pub(super) fn n_scores(self) -> usize {
        match self {
            Self::Squared | Self::Logistic => 1,
            Self::Softmax { n_classes } => n_classes,
        }
    }

    /// The best constant scores: the mean of a number, or the logarithms of the shares of the classes.
    pub(super) fn base(self, rows: &Rows) -> Vec<f64> {
        let n = rows.targets.len();
        let total = sum(n, |row| rows.weights[row]);
        let share = |class: usize| {
            sum(n, |row| if rows.targets[row] as usize == class { rows.weights[row] } else { 0.0 }) / total
        };
        match self {
            Self::Squared => {
                // From the middle of the range, so that large targets that differ little keep their digits.
                let range = rows.targets.iter().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
                let middle = range.0 / 2.0 + range.1 / 2.0;
                vec![middle + sum(n, |row| rows.weights[row] * (rows.targets[row] - middle)) / total]
            }
            Self::Logistic => vec![ln(share(1) / share(0))],
            Self::Softmax { n_classes } => (0..n_classes).map(|class| ln(share(class))).collect(),
        }
    }

    /// What these scores say, which stand row by row.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub(super) fn outputs(self, rows: &Rows, scores: &[f64]) -> Result<Outputs> {
        let (n_rows, n_scores) = (rows.targets.len(), self.n_scores());
        let blocks = map_blocks(n_rows.div_ceil(ROWS_AT_A_TIME), |block| {
            let range = block * ROWS_AT_A_TIME..((block + 1) * ROWS_AT_A_TIME).min(n_rows);
            let mut values = scores[range.start * n_scores..range.end * n_scores].to_vec();
            let losses = self.transform(&mut values, &rows.targets[range]);
            Ok((values, losses))
        })?;
        let (values, losses): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
        Ok(Outputs { values: values.concat(), losses: losses.concat() })
    }

    /// Makes outputs of scores, and tells the loss of each row.
    fn transform(self, values: &mut [f64], targets: &[f64]) -> Vec<f64> {
        match self {
            Self::Squared => {
                let errors = values.iter().zip(targets).map(|(score, target)| score - target);
                errors.map(|error| error * error / 2.0).collect()
            }
            Self::Logistic => {
                let loss = |(score, target): (&mut f64, &f64)| {
                    let e = exp_of_negative(-score.abs());
                    // The loss of the other class grows with the score.
                    let against = if *target == 1.0 { -*score } else { *score };
                    *score = if *score >= 0.0 { 1.0 } else { e } / (1.0 + e);
                    ln_1p(e) + if against > 0.0 { against } else { 0.0 }
                };
                values.iter_mut().zip(targets).map(loss).collect()
            }
            Self::Softmax { n_classes } => {
                let loss = |(scores, target): (&mut [f64], &f64)| {
                    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                    let own = scores[*target as usize];
                    scores.iter_mut().for_each(|score| *score = exp_of_negative(*score - largest));
                    let total: f64 = scores.iter().sum();
                    scores.iter_mut().for_each(|score| *score /= total);
                    ln(total) + largest - own
                };
                values.chunks_exact_mut(n_classes).zip(targets).map(loss).collect()
            }
        }
    }

    /// The units for the gradients and hessians at these outputs.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] where the sum of a target's errors overflows.
    pub(super) fn units(self, rows: &Rows, outputs: &[f64], weight: WeightUnit) -> Result<Units> {
        let n = rows.targets.len();
        let heaviest = rows.weights.iter().copied().fold(0.0, f64::max);
        let (steepest, most_curved) = match self {
            Self::Squared => {
                let error = |row: usize| rows.weights[row] * (outputs[row] - rows.targets[row]).abs();
                ((0..n).map(error).fold(0.0, f64::max), heaviest)
            }
            Self::Logistic => (heaviest, heaviest / 4.0),
            Self::Softmax { n_classes } => (heaviest, heaviest / 4.0 * free(n_classes)),
        };
        if !(steepest * n as f64).is_finite() {
            let message = "the target's values are so large that their errors overflow; rescale the column";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        Ok(Units {
            gradient: FixedPoint::new(n, steepest, SUM_BITS),
            hessian: FixedPoint::new(n, most_curved, weight.bits_left()),
            fine_hessian: FixedPoint::new(n, most_curved, SUM_BITS),
            weight,
        })
    }

    /// The gradient and the hessian of a row by a score.
    #[inline(always)]
    pub(super) fn derivatives(self, score: usize, rows: &Rows, outputs: &[f64], row: usize) -> (f64, f64) {
        let (weight, target) = (rows.weights[row], rows.targets[row]);
        match self {
            Self::Squared => (weight * (outputs[row] - target), weight),
            Self::Logistic => (weight * (outputs[row] - target), weight * (outputs[row] * (1.0 - outputs[row]))),
            Self::Softmax { n_classes } => {
                let output = outputs[row * n_classes + score];
                let own = if target as usize == score { 1.0 } else { 0.0 };
                (weight * (output - own), weight * free(n_classes) * (output * (1.0 - output)))
            }
        }
    }

    /// What each row adds to the sums of a tree of this score.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub(super) fn sums(self, score: usize, rows: &Rows, outputs: &[f64], units: &Units) -> Result<Vec<Sums>> {
        let n_rows = rows.targets.len();
        let blocks = map_blocks(n_rows.div_ceil(ROWS_AT_A_TIME), |block| {
            let range = block * ROWS_AT_A_TIME..((block + 1) * ROWS_AT_A_TIME).min(n_rows);
            let sums = |row: usize| {
                let (gradient, hessian) = self.derivatives(score, rows, outputs, row);
                units.sums(gradient, hessian, units.weight.of(rows.sample_weights[row]))
            };
            Ok(range.map(sums).collect::<Vec<Sums>>())
        })?;
        Ok(blocks.concat())
    }
}

/// Of K scores that may all move by the same, K - 1 are free (Friedman, 2001, equation 32).
fn free(n_classes: usize) -> f64 {
    n_classes as f64 / (n_classes - 1) as f64
}

/// A sum over so many rows that does not depend on their order.
pub(super) fn sum(n: usize, of: impl Fn(usize) -> f64) -> f64 {
    let largest = (0..n).map(|row| of(row).abs()).fold(0.0, f64::max);
    let unit = FixedPoint::new(n, largest, SUM_BITS);
    unit.number((0..n).map(|row| unit.of(of(row))).sum::<i64>() as f64)
}
