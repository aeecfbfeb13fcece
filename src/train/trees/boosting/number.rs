//! Losses of a number.

use super::rows::Rows;
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::model::{Link, RegressionLoss};
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::exp;

/// A loss of a number, and what its derivatives need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct NumberLoss {
    pub(super) loss: RegressionLoss,
    /// Of a quantile.
    level: f64,
    /// The same in so few binary digits that its products with whole weights are exact: a row of weight 2 is two rows.
    slope: f64,
    /// The mean of the targets.
    mean: f64,
}

impl NumberLoss {
    /// `level` is that of [`RegressionLoss::Quantile`], `minimum` the least target, whose column is `target`.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a loss that is not for such numbers.
    pub(super) fn new(
        loss: RegressionLoss,
        level: Option<f64>,
        minimum: f64,
        target: &str,
        rows: &Rows,
    ) -> Result<Self> {
        let (is_taken, allowed) = match loss {
            RegressionLoss::Poisson => (minimum >= 0.0, "of at least 0"),
            RegressionLoss::Gamma => (minimum > 0.0, "above 0"),
            _ => (true, ""),
        };
        if !is_taken {
            let (name, found) = (loss.name(), Decimal(minimum));
            let message = format!(
                "the loss {name} is for numbers {allowed}, found {found}; take another loss, or leave such rows out"
            );
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(target));
        }
        const PARTS: f64 = (1_u32 << 30) as f64;
        let level = level.unwrap_or(0.5);
        Ok(Self { loss, level, slope: (level * PARTS).round() / PARTS, mean: rows.mean() })
    }

    /// The level of the quantile that predictions are; `None` where they are means.
    pub(super) fn quantile(self) -> Option<f64> {
        matches!(self.loss, RegressionLoss::AbsoluteError | RegressionLoss::Quantile).then_some(self.level)
    }

    /// How scores become predictions.
    pub(super) fn link(self) -> Link {
        match self.loss {
            RegressionLoss::Poisson | RegressionLoss::Gamma => Link::Exp,
            _ => Link::Identity,
        }
    }

    /// The best constant score.
    pub(super) fn base(self, rows: &Rows) -> f64 {
        match (self.quantile(), self.link()) {
            (Some(level), _) => rows.quantile(level, &|row| rows.targets[row], 0..rows.targets.len()),
            (None, Link::Exp) => ln(self.mean),
            (None, _) => self.mean,
        }
    }

    /// The prediction by a score, and its loss.
    #[inline(always)]
    pub(super) fn outputs(self, score: f64, target: f64) -> [f64; 2] {
        let predicted = if self.link() == Link::Exp { exp(score) } else { score };
        [predicted, loss_of(self.loss, self.level, target, predicted)]
    }

    /// The gradient and the hessian by the score, at a prediction.
    #[inline(always)]
    pub(super) fn derivatives(self, predicted: f64, target: f64) -> [f64; 2] {
        match self.loss {
            RegressionLoss::SquaredError => [predicted - target, 1.0],
            // Flat on both sides: only the gradient tells rows apart, by the side on which they lie.
            RegressionLoss::AbsoluteError | RegressionLoss::Quantile => {
                [if target > predicted { -self.slope } else { 1.0 - self.slope }, 1.0]
            }
            // Divided by the mean, so that they do not depend on the unit of the target.
            RegressionLoss::Poisson => [(predicted - target) / self.mean, predicted / self.mean],
            RegressionLoss::Gamma => {
                let ratio = target / predicted;
                [1.0 - ratio, ratio]
            }
        }
    }

    /// A leaf's value that goes no farther than the best one where the score is a logarithm: a step by the derivatives alone goes
    /// far beyond it there. For rows of one prediction it is the best.
    pub(super) fn limited(self, value: f64) -> f64 {
        match self.loss {
            RegressionLoss::Poisson if value > 0.0 => ln_1p(value),
            RegressionLoss::Gamma if value < 0.0 => -ln_1p(-value),
            _ => value,
        }
    }
}

/// The loss of a prediction; `level` is that of [`RegressionLoss::Quantile`]. Not below 0, which rounding might make of a deviance.
/// NaN for a target that the loss is not for.
pub(crate) fn loss_of(loss: RegressionLoss, level: f64, target: f64, predicted: f64) -> f64 {
    let error = target - predicted;
    match loss {
        RegressionLoss::SquaredError => error * error / 2.0,
        RegressionLoss::AbsoluteError => error.abs(),
        RegressionLoss::Quantile => {
            if error > 0.0 {
                level * error
            } else {
                (level - 1.0) * error
            }
        }
        RegressionLoss::Poisson if target == 0.0 => predicted,
        RegressionLoss::Poisson => not_below_0(target * ln(target / predicted) - error),
        RegressionLoss::Gamma => not_below_0(error / predicted - ln(target / predicted)),
    }
}

fn not_below_0(number: f64) -> f64 {
    if number < 0.0 { 0.0 } else { number }
}
