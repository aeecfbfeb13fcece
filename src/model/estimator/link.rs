//! From scores to what is predicted.

use super::build::HAS_GRAPHS;
use super::precision::Precision;
use crate::numeric::{exp, logistic, one_vs_rest, softmax};
use crate::table::{Labels, TargetSchema};

/// How scores become outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The score is the predicted number.
    Identity,
    /// The score is the natural logarithm of the predicted number, which is above 0.
    Exp,
    /// The score is the logarithm of the odds of the predicted number, which is from 0 to 1.
    Logit,
    /// The score is the log-odds of the second of two classes.
    Logistic,
    /// The probabilities of the classes are the softmax of their scores.
    Softmax {
        /// The number of classes, at least 3.
        n_classes: usize,
    },
    /// A score is the log-odds of its class against all others. The probabilities of the classes are these logistic functions,
    /// divided by their sum.
    OneVsRest {
        /// The number of classes, at least 3.
        n_classes: usize,
    },
    /// The scores are the probabilities of the classes; of two classes the one score is that of the second.
    Shares {
        /// The number of classes, at least 2.
        n_classes: usize,
    },
}

impl Link {
    /// The usual link of a target, of an estimator that says no probabilities itself.
    pub fn of(target: &TargetSchema) -> Self {
        match target.classes().map(Labels::len) {
            None => Self::Identity,
            Some(2) => Self::Logistic,
            Some(n_classes) => Self::Softmax { n_classes },
        }
    }

    /// The link of a target, of an estimator that says probabilities itself.
    pub fn of_shares(target: &TargetSchema) -> Self {
        target.classes().map_or(Self::Identity, |classes| Self::Shares { n_classes: classes.len() })
    }

    /// Every link with the classes of a target.
    pub(in crate::model) fn all_with(target: &TargetSchema) -> [Self; 5] {
        let n_classes = target.classes().map_or(0, Labels::len);
        [Self::of(target), Self::of_shares(target), Self::Exp, Self::Logit, Self::OneVsRest { n_classes }]
    }

    /// Whether it makes predictions of this target.
    pub(in crate::model) fn fits(self, target: &TargetSchema) -> bool {
        let n_classes = target.classes().map(Labels::len);
        match self {
            Self::Exp | Self::Logit => n_classes.is_none(),
            Self::OneVsRest { n_classes: n } => HAS_GRAPHS && n > 2 && n_classes == Some(n),
            _ => [Self::of(target), Self::of_shares(target)].contains(&self),
        }
    }

    /// Whether it makes numbers of a score that are finite.
    pub(in crate::model) fn takes(self, score: f64, precision: Precision) -> bool {
        let is_finite = |exp: f64| match precision {
            Precision::Double => exp.is_finite(),
            Precision::Single => (exp as f32).is_finite(),
        };
        score.is_finite() && (self != Self::Exp || is_finite(exp(score)))
    }

    /// Whether scores are shares, if it takes these: a graph may make anything of a row.
    pub(in crate::model) fn takes_shares(self, scores: &[f64]) -> bool {
        !matches!(self, Self::Shares { .. }) || Self::are_shares(scores)
    }

    /// Whether numbers are from 0 to 1, and add up to 1 if there are several. Sums in 32 bits may lose 1e-3.
    pub(crate) fn are_shares(scores: &[f64]) -> bool {
        const ALLOWED: f64 = 1e-3;
        let is_share = |score: &f64| (-ALLOWED..=1.0 + ALLOWED).contains(score);
        let sum: f64 = scores.iter().sum();
        scores.iter().all(is_share) && (scores.len() == 1 || (sum - 1.0).abs() <= ALLOWED)
    }

    /// The number of scores that it takes.
    pub fn n_scores(self) -> usize {
        match self {
            Self::Identity | Self::Exp | Self::Logit | Self::Logistic | Self::Shares { n_classes: 2 } => 1,
            Self::Softmax { n_classes } | Self::OneVsRest { n_classes } | Self::Shares { n_classes } => n_classes,
        }
    }

    /// Of two classes the score of the first, by that of the second; and the other way round.
    pub(crate) fn turned(self, score: f64) -> f64 {
        match self {
            Self::Shares { .. } => 1.0 - score,
            _ => -score,
        }
    }

    /// Of two classes the probability of the one whose score this is.
    pub(crate) fn probability(self, score: f64) -> f64 {
        match self {
            Self::Shares { .. } => score,
            _ => logistic(score),
        }
    }

    /// Turns scores into outputs: the number, or one probability per class.
    pub(crate) fn apply(self, scores: &mut Vec<f64>, precision: Precision) {
        match self {
            _ if precision == Precision::Single => self.apply_in_single(scores),
            Self::Identity => {}
            Self::Exp => scores[0] = exp(scores[0]),
            Self::Logit => scores[0] = logistic(scores[0]),
            Self::Shares { n_classes: 2 } => scores.insert(0, 1.0 - scores[0]),
            Self::Shares { .. } => {}
            // Each from the score itself, not from the other, so that a small probability keeps all its digits.
            Self::Logistic => {
                let score = scores[0];
                scores.clear();
                scores.extend([logistic(-score), logistic(score)]);
            }
            Self::Softmax { .. } => softmax(scores),
            Self::OneVsRest { .. } if HAS_GRAPHS => one_vs_rest(scores),
            Self::OneVsRest { .. } => {}
        }
    }

    /// The same as XGBoost does it: in 32 bits but for the sum of a softmax (`src/common/math.h` of XGBoost 3.2). Its `expf` is the
    /// C library's, which in nearly every case is the exponential in 64 bits, rounded.
    #[inline(never)]
    fn apply_in_single(self, scores: &mut Vec<f64>) {
        /// From here on the exponential would overflow.
        const LARGEST: f32 = 88.7;
        let exp = |score: f32| exp(f64::from(score)) as f32;
        let logistic = |score: f64| f64::from(1.0 / (exp((-score as f32).min(LARGEST)) + 1.0));
        match self {
            Self::Shares { n_classes: 2 } if HAS_GRAPHS => scores.insert(0, f64::from(1.0 - scores[0] as f32)),
            // No sum in 32 bits has the last one.
            Self::Identity | Self::Shares { .. } | Self::OneVsRest { .. } => {}
            Self::Exp => scores[0] = f64::from(exp(scores[0] as f32)),
            Self::Logit => scores[0] = logistic(scores[0]),
            Self::Logistic => {
                let score = scores[0];
                scores.clear();
                scores.extend([logistic(-score), logistic(score)]);
            }
            Self::Softmax { .. } => {
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max) as f32;
                let mut total = 0.0;
                for score in scores.iter_mut() {
                    *score = f64::from(exp(*score as f32 - largest));
                    total += *score;
                }
                scores.iter_mut().for_each(|score| *score = f64::from(*score as f32 / total as f32));
            }
        }
    }
}
