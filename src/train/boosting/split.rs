//! The best split of a node by one column.

use super::bins::BinnedColumn;
use super::fixed_point::FixedPoint;
use super::histogram::{Histogram, Sums};
use crate::numeric::order::sorted_positions;

/// What decides whether a split is worth it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge {
    pub(super) l2: f64,
    /// The units of gradients and of hessians.
    pub(super) units: [FixedPoint; 2],
    /// The least weight of the rows in a leaf.
    pub(super) least_weight: i64,
}

/// The least second derivative of a leaf: below it rounding decides.
const LEAST_HESSIAN: f64 = 1e-3;
/// Up to so many categories each is tried against the others; more are sorted by their gradients, with a penalty for the choice.
const FEW_CATEGORIES: usize = 4;
const CATEGORY_L2: f64 = 10.0;

/// A split of a node.
#[derive(Debug, Clone)]
pub(super) struct Split {
    pub(super) gain: f64,
    pub(super) column: usize,
    /// The bins that go left.
    pub(super) left: Vec<u8>,
    pub(super) missing_left: bool,
    /// The sums of what goes left, missing values included.
    pub(super) sums: Sums,
}

impl Judge {
    /// The value that is best for rows with these sums, before the learning rate.
    pub(super) fn value(&self, sums: Sums) -> f64 {
        let curvature = self.hessian(sums) + self.l2;
        if curvature > 0.0 { -self.gradient(sums) / curvature } else { 0.0 }
    }

    fn gradient(&self, sums: Sums) -> f64 {
        self.units[0].number(sums.gradient)
    }

    fn hessian(&self, sums: Sums) -> f64 {
        self.units[1].number(sums.hessian)
    }

    /// Twice what that value takes from the objective.
    fn score(&self, sums: Sums, more_l2: f64) -> f64 {
        let (gradient, curvature) = (self.gradient(sums), self.hessian(sums) + self.l2 + more_l2);
        if curvature > 0.0 { gradient * (gradient / curvature) } else { 0.0 }
    }

    fn allows(&self, sums: Sums) -> bool {
        sums.weight >= self.least_weight && self.hessian(sums) >= LEAST_HESSIAN
    }

    /// The best split by a column; `None` where none gains anything.
    pub(super) fn best(&self, column: usize, binned: &BinnedColumn, histogram: &Histogram, all: Sums) -> Option<Split> {
        let mut best: Option<Split> = None;
        let missing = histogram[binned.n_bins()];
        let more_l2 = match binned.n_categories() {
            Some(n) if n > FEW_CATEGORIES => CATEGORY_L2,
            _ => 0.0,
        };
        let before = self.score(all, more_l2);
        let mut consider = |left: Sums, bins: &[u8], missing_left: bool| {
            let right = all - left;
            if !self.allows(left) || !self.allows(right) {
                return;
            }
            let gain = self.score(left, more_l2) + self.score(right, more_l2) - before;
            if gain > best.as_ref().map_or(0.0, |best| best.gain) {
                best = Some(Split { gain, column, left: bins.to_vec(), missing_left, sums: left });
            }
        };
        // Without missing values they go with the heavier side.
        let mut consider_both = |left: Sums, bins: &[u8]| match missing.weight {
            0 => consider(left, bins, 2 * left.weight > all.weight),
            _ => {
                consider(left, bins, false);
                let mut with_missing = left;
                with_missing += missing;
                consider(with_missing, bins, true);
            }
        };
        match binned.n_categories() {
            Some(n) if n <= FEW_CATEGORIES => {
                (0..n).for_each(|bin| consider_both(histogram[bin], &[bin as u8]));
            }
            n => {
                let bins = match n {
                    None => (0..binned.n_bins()).collect(),
                    Some(n) => self.by_gradient(&histogram[..n]),
                };
                let bins: Vec<u8> = bins.into_iter().map(|bin| bin as u8).collect();
                let mut left = Sums::default();
                for (at, bin) in bins.iter().enumerate() {
                    let sums = histogram[usize::from(*bin)];
                    left += sums;
                    // A bin without rows of this node makes no other split.
                    if sums.weight > 0 {
                        consider_both(left, &bins[..=at]);
                    }
                }
            }
        }
        best
    }

    /// The categories that have rows, by their mean gradient: a best set is among the first ones of that order (Fisher, "On
    /// grouping for maximum homogeneity", 1958).
    fn by_gradient(&self, histogram: &[Sums]) -> Vec<usize> {
        let mean = |bin: usize| self.gradient(histogram[bin]) / (self.hessian(histogram[bin]) + CATEGORY_L2);
        let order = sorted_positions(histogram.len(), &|a, b| mean(a).total_cmp(&mean(b)));
        order.into_iter().filter(|bin| histogram[*bin].weight > 0).collect()
    }
}
