//! Weights, means and deviations of features and target, in a second pass over the blocks.

use super::Block;
use super::summary::Summary;
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::simd::add_deviations;
use bincode::{Decode, Encode};

/// What standardizing and the scale of a gradient need to know of the rows.
///
/// With sample weights w the mean is the sum of w x over the sum of w, and the deviation is that of the population: the
/// root of the sum of w (x - mean)^2 over the sum of w. That is what the same rows give when each stands w times.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    pub(crate) n_rows: usize,
    /// The sum of the weights, positive.
    pub(crate) weight: f64,
    /// Per feature the mean and the population variance of the values that are there, before any rounding is taken for
    /// none; without meaning for categories.
    pub(crate) means: Vec<f64>,
    pub(crate) variances: Vec<f64>,
    /// Per feature what the rounding of its mean left: the mean of the deviations from it.
    corrections: Vec<f64>,
    /// Per feature the sum of the weights of the rows in which it is missing, and of those with each category; none for
    /// numbers.
    pub(crate) missing_weights: Vec<f64>,
    pub(crate) category_weights: Vec<Vec<f64>>,
    /// Per feature the sums of the weights of the dates in each month, then on each day of the week; none for others.
    pub(crate) date_weights: Vec<Vec<f64>>,
    /// The sum of the weights in each class; empty for numbers.
    pub(crate) class_weights: Vec<f64>,
    /// The target's mean, and the weighted sum of its squared deviations; 0 for classes.
    pub(crate) target_mean: f64,
    pub(crate) target_spread: f64,
}

impl Moments {
    /// The moments, from the sums of [`Deviations::of_block`]: a second look at the rows, from the means of the first,
    /// corrected for the rounding of those (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
    /// equation 1.7). Moments that overflow are left infinite or NaN.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for another number of sums.
    pub(super) fn new(summary: &Summary, deviations: Deviations, sums: &[f64]) -> Result<Self> {
        if sums.len() != 2 + 2 * deviations.means.len() {
            return Err(Error::new(ErrorKind::Internal, "an answer has another number of sums"));
        }
        let weight = summary.weight;
        let spread = |deviation: f64, square: f64, weight: f64| square - deviation * deviation / weight;
        let (target, features) = sums.split_at(2);
        let (deviation, squares) = features.split_at(deviations.means.len());
        let per_weight = |feature: usize, sum: f64, weight: f64| {
            let weight = weight - summary.missing_weights[feature];
            if weight > 0.0 { sum / weight } else { 0.0 }
        };
        let variance = |feature: usize| {
            let present = weight - summary.missing_weights[feature];
            per_weight(feature, spread(deviation[feature], squares[feature], present), weight)
        };
        let correction = |feature: usize| per_weight(feature, deviation[feature], weight);
        Ok(Self {
            n_rows: summary.n_rows as usize,
            weight,
            variances: (0..deviation.len()).map(variance).collect(),
            corrections: (0..deviation.len()).map(correction).collect(),
            means: deviations.means,
            missing_weights: summary.missing_weights.clone(),
            category_weights: summary.category_weights.clone(),
            date_weights: summary.date_weights.clone(),
            class_weights: summary.class_weights.clone(),
            target_mean: deviations.target_mean.unwrap_or(0.0),
            target_spread: spread(target[0], target[1], weight),
        })
    }

    /// Mean and population variance of a feature's numbers when `fill` stands where they are missing: the two groups'
    /// variances and the distance of their means put together (Chan, Golub and LeVeque, equation 2.1). The distance is that
    /// from the mean before its rounding: of a column that varies by little it would be mostly that.
    pub(crate) fn filled(&self, feature: usize, fill: f64) -> (f64, f64) {
        let (mean, variance, missing) = (self.means[feature], self.variances[feature], self.missing_weights[feature]);
        if missing == 0.0 {
            return (mean, variance);
        }
        let correction = self.corrections[feature];
        let (share, distance) = (missing / self.weight, (fill - mean) - correction);
        (mean + (correction + share * distance), (1.0 - share) * (variance + share * distance * distance))
    }
}

/// What deviations are measured from.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct Deviations {
    means: Vec<f64>,
    /// `None` for classes.
    target_mean: Option<f64>,
}

impl Deviations {
    /// `None` when every weight is 0.
    pub(super) fn from(summary: &Summary) -> Option<Self> {
        let weight = summary.weight;
        let target_mean = summary.class_rows.is_empty().then_some(summary.target_weighted / weight);
        let means = (0..summary.sums.len()).map(|feature| summary.mean(feature)).collect();
        (weight > 0.0).then_some(Self { means, target_mean })
    }

    /// Weighted sums of deviations and of their squares: those of the target, then the features' deviations, then their
    /// squares.
    pub(super) fn of_block(&self, block: &Block<'_>) -> Vec<f64> {
        let n_features = self.means.len();
        let mut sums = vec![0.0; 2 + 2 * n_features];
        let (of_target, of_features) = sums.split_at_mut(2);
        if let Some(mean) = self.target_mean {
            let (deviation, square) = of_target.split_at_mut(1);
            add_deviations(&block.targets, &block.weights, &[mean], deviation, square);
        }
        let (deviations, squares) = of_features.split_at_mut(n_features);
        add_deviations(&block.features, &block.weights, &self.means, deviations, squares);
        sums
    }
}

impl Block<'_> {
    /// The weight of a row: 1 when there are none.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.get(row).copied().unwrap_or(1.0)
    }
}
