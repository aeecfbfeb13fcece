//! What a round reduces: half the squared error of a number, or the log loss of classes.

use super::fixed_point::FixedPoint;
use super::histogram::Sums;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::elementary::ln;
use crate::numeric::{exp, logistic};

/// The rows that count, with what they are to be predicted.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) targets: Vec<f64>,
    /// Their sample weights, all above 0.
    pub(super) weights: Vec<f64>,
    /// Per class what its rows count beside their weights; empty for numbers.
    pub(super) class_weights: Vec<f64>,
}

/// The loss, by the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    Squared,
    Logistic,
    Softmax { n_classes: usize },
}

impl Rows {
    fn weight(&self, row: usize) -> f64 {
        let of_class = self.class_weights.get(self.targets[row] as usize).copied().unwrap_or(1.0);
        self.weights[row] * of_class
    }
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
        let sum = |of: &dyn Fn(usize) -> f64| {
            let largest = (0..n).map(|row| of(row).abs()).fold(0.0, f64::max);
            let unit = FixedPoint::new(n, largest);
            unit.number((0..n).map(|row| unit.of(of(row))).sum())
        };
        let total = sum(&|row| rows.weight(row));
        let share =
            |class: usize| sum(&|row| if rows.targets[row] as usize == class { rows.weight(row) } else { 0.0 }) / total;
        match self {
            Self::Squared => {
                // From the middle of the range, so that large targets that differ little keep their digits.
                let range = rows.targets.iter().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(*y), b.max(*y)));
                let middle = range.0 / 2.0 + range.1 / 2.0;
                vec![middle + sum(&|row| rows.weight(row) * (rows.targets[row] - middle)) / total]
            }
            Self::Logistic => vec![ln(share(1) / share(0))],
            Self::Softmax { n_classes } => (0..n_classes).map(|class| ln(share(class))).collect(),
        }
    }

    /// The mean loss at these scores, which stand row by row.
    pub(super) fn mean(self, rows: &Rows, scores: &[f64]) -> f64 {
        let (mut loss, mut total) = (0.0, 0.0);
        for (row, scores) in scores.chunks_exact(self.n_scores()).enumerate() {
            let (weight, target) = (rows.weight(row), rows.targets[row]);
            total += weight;
            loss += weight
                * match self {
                    Self::Squared => (scores[0] - target) * (scores[0] - target) / 2.0,
                    Self::Logistic => log_of_sum(&[0.0, if target == 1.0 { -scores[0] } else { scores[0] }]),
                    Self::Softmax { .. } => log_of_sum(scores) - scores[target as usize],
                };
        }
        loss / total
    }

    /// What a tree of this score is fitted to, and the units of its gradients and hessians. `outputs` are the scores, or for
    /// more than two classes their probabilities.
    ///
    /// # Errors
    /// [`ErrorKind::NotFinite`] where the squares of a target overflow.
    pub(super) fn gradients(
        self,
        score: usize,
        rows: &Rows,
        outputs: &[f64],
        weights: &[i64],
    ) -> Result<(Vec<Sums>, [FixedPoint; 2])> {
        let pair = |row: usize| {
            let (weight, target, output) =
                (rows.weight(row), rows.targets[row], outputs[row * self.n_scores() + score]);
            match self {
                Self::Squared => (weight * (output - target), weight),
                Self::Logistic => {
                    let (p, q) = (logistic(output), logistic(-output));
                    (weight * if target == 1.0 { -q } else { p }, weight * p * q)
                }
                Self::Softmax { n_classes } => {
                    let own = f64::from(u8::from(target as usize == score));
                    // Of K scores that may all move by the same, K - 1 are free (Friedman, 2001, equation 32).
                    let free = n_classes as f64 / (n_classes - 1) as f64;
                    (weight * (output - own), weight * free * output * (1.0 - output))
                }
            }
        };
        let n = rows.targets.len();
        let pairs: Vec<(f64, f64)> = (0..n).map(pair).collect();
        let largest = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).fold(0.0, f64::max);
        let (steepest, most_curved) = (largest(|pair| pair.0.abs()), largest(|pair| pair.1));
        if !(steepest * n as f64).is_finite() {
            let message = "the target's values are so large that their errors overflow; rescale the column";
            return Err(Error::new(ErrorKind::NotFinite, message));
        }
        let units = [FixedPoint::new(n, steepest), FixedPoint::new(n, most_curved)];
        let sums = pairs.iter().zip(weights).map(|((gradient, hessian), weight)| Sums {
            gradient: units[0].of(*gradient),
            hessian: units[1].of(*hessian),
            weight: *weight,
        });
        Ok((sums.collect(), units))
    }
}

/// The logarithm of the sum of exp(s), without overflow.
fn log_of_sum(scores: &[f64]) -> f64 {
    let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + ln(scores.iter().map(|score| exp(score - largest)).sum())
}
