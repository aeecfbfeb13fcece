//! Curves that turn what a model says into probabilities that can be believed: of the rows given 0.8, 80 % should be of
//! the positive class.
//!
//! A curve is fitted on rows that the model was not fitted on. Isotonic regression keeps the order of the rows, but for
//! ties that it makes; Platt's curve keeps it too, unless the model ranks backwards and the slope is negative. So the
//! area under the curve hardly changes: what changes is log loss and Brier score. Platt's curve has two numbers to
//! learn and suits few rows; isotonic regression has any shape that rises and wants a thousand rows or more
//! (Niculescu-Mizil and Caruana, "Predicting good probabilities with supervised learning", 2005).

mod isotonic;

pub use isotonic::Isotonic;

use super::estimator::Link;
use crate::numeric::logistic;

/// A fitted curve for the positive class of a model of two classes.
#[derive(Debug, Clone, PartialEq)]
pub enum Calibration {
    /// 1 / (1 + exp(-(slope s + intercept))) of the score s: log-odds, or a probability where the model says
    /// that itself. Of log-odds slope 1 and intercept 0 change nothing; a slope below 1 makes a model less sure of itself.
    Platt {
        /// Times the score.
        slope: f64,
        /// Added to that.
        intercept: f64,
    },
    /// A function of the probability that never falls. It can say 0 and 1, which makes the log loss of a row that
    /// proves it wrong as large as it gets.
    Isotonic(Isotonic),
}

impl Calibration {
    /// The calibrated probabilities of the positive class and of the other one, for the model's score of the former.
    pub(crate) fn probabilities(&self, link: Link, score: f64) -> [f64; 2] {
        match self {
            // Each from the score itself, so that a small one keeps all its digits.
            Self::Platt { slope, intercept } => {
                let score = slope * score + intercept;
                [logistic(score), logistic(-score)]
            }
            Self::Isotonic(isotonic) => {
                let share = isotonic.apply(link.probability(score));
                [share, 1.0 - share]
            }
        }
    }

    /// The calibrated probability of the positive class, from 0 to 1. The argument is the model's score of that
    /// class for Platt's curve, and the model's probability of it for isotonic regression.
    pub fn apply(&self, score_or_probability: f64) -> f64 {
        match self {
            Self::Platt { slope, intercept } => logistic(slope * score_or_probability + intercept),
            Self::Isotonic(isotonic) => isotonic.apply(score_or_probability),
        }
    }
}
