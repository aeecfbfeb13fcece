//! The best split of a node by one column.

use super::bins::Bins;
use super::sums::{Sums, Units};
use crate::numeric::order::sorted_positions;

/// Up to so many categories each is tried against the others; more are sorted by their gradients, with a penalty for the choice.
const FEW_CATEGORIES: usize = 4;
const CATEGORY_L2: f64 = 10.0;

/// A gain of less than this part of what was explained before is rounding.
const LEAST_GAIN: f64 = 1e-12;

/// What decides whether a split is worth it. Everything is in the units of the sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judge<'a> {
    units: Units,
    l2: f64,
    category_l2: f64,
    least_hessian: f64,
    least_weight: i64,
    monotone: &'a [Direction],
}

/// How the prediction may go with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Direction {
    #[default]
    Free,
    Up,
    Down,
}

/// The least and the largest value that a leaf may have, in units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    low: f64,
    high: f64,
}

impl Bounds {
    pub(super) const NONE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
}

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

impl<'a> Judge<'a> {
    /// `least_weight` is the least weight of the rows in a leaf, `least_hessian` the least second derivative: below it rounding
    /// decides. `monotone` has a direction per column, or none at all.
    pub(super) fn new(units: Units, l2: f64, least_hessian: f64, least_weight: i64, monotone: &'a [Direction]) -> Self {
        Self {
            units,
            l2: units.hessian.units(l2),
            category_l2: units.hessian.units(CATEGORY_L2),
            least_hessian: units.hessian.units(least_hessian),
            least_weight: least_weight.max(1),
            monotone,
        }
    }

    /// The value that is best within the bounds for a gradient and a hessian, in units.
    pub(super) fn value(&self, gradient: f64, hessian: f64, bounds: Bounds) -> f64 {
        let curvature = hessian + self.l2;
        let value = if curvature > 0.0 { -gradient / curvature } else { 0.0 };
        value.clamp(bounds.low, bounds.high)
    }

    /// The best split by a column, whose histogram is given; `None` where none gains anything.
    pub(super) fn best(
        &self,
        column: usize,
        bins: &Bins,
        histogram: &[Sums],
        all: Sums,
        bounds: Bounds,
    ) -> Option<Split> {
        let missing = histogram[bins.n_bins()];
        let n_categories = bins.n_categories();
        let more_l2 = if n_categories.is_some_and(|n| n > FEW_CATEGORIES) { self.category_l2 } else { 0.0 };
        let mut search = Search::new(self, column, all, bounds, more_l2);
        match n_categories {
            Some(n) if n <= FEW_CATEGORIES => {
                (0..n).for_each(|bin| search.consider_both(histogram[bin], missing, bin));
                search.split(missing, |bin| vec![bin as u8])
            }
            None => {
                search.along(0..bins.n_bins(), histogram, missing);
                search.split(missing, |last| (0..=last as u8).collect())
            }
            Some(n) => {
                let order = self.by_gradient(&histogram[..n]);
                search.along(order.iter().copied(), histogram, missing);
                search.split(missing, |last| order[..=last].iter().map(|bin| *bin as u8).collect())
            }
        }
    }

    /// The categories that have rows, by their mean gradient: a best set is among the first ones of that order (Fisher, "On
    /// grouping for maximum homogeneity", 1958).
    fn by_gradient(&self, histogram: &[Sums]) -> Vec<usize> {
        let mean =
            |bin: usize| self.units.gradient(histogram[bin]) / (self.units.hessian(histogram[bin]) + self.category_l2);
        let order = sorted_positions(histogram.len(), &|a, b| mean(a).total_cmp(&mean(b)));
        order.into_iter().filter(|bin| !histogram[*bin].is_empty()).collect()
    }

    /// The bounds of both children.
    pub(super) fn bounds(&self, split: &Split, all: Sums, bounds: Bounds) -> [Bounds; 2] {
        let direction = self.monotone.get(split.column).copied().unwrap_or_default();
        let value = |sums: Sums| self.value(self.units.gradient(sums), self.units.hessian(sums), bounds);
        let (left, right) = (value(split.sums), value(all - split.sums));
        let middle = left / 2.0 + right / 2.0;
        let (below, above) = (Bounds { high: middle, ..bounds }, Bounds { low: middle, ..bounds });
        match direction {
            Direction::Free => [bounds; 2],
            Direction::Up => [below, above],
            Direction::Down => [above, below],
        }
    }
}

/// The search for the best split by a column.
struct Search<'j> {
    judge: &'j Judge<'j>,
    column: usize,
    all: Sums,
    bounds: Bounds,
    direction: Direction,
    l2: f64,
    /// Twice what the best value takes from the objective: without a split, and with the best one so far.
    before: f64,
    best: f64,
    /// Its number, its sums, and whether missing values go left.
    found: Option<(usize, Sums, bool)>,
}

impl<'j> Search<'j> {
    fn new(judge: &'j Judge<'j>, column: usize, all: Sums, bounds: Bounds, more_l2: f64) -> Self {
        let l2 = judge.l2 + more_l2;
        let direction = judge.monotone.get(column).copied().unwrap_or_default();
        let mut search = Self { judge, column, all, bounds, direction, l2, before: 0.0, best: 0.0, found: None };
        search.before = search.explained(all, judge.value(judge.units.gradient(all), judge.units.hessian(all), bounds));
        search.best = search.before * (1.0 + LEAST_GAIN);
        search
    }

    /// Twice what a value takes from the objective of rows with these sums.
    fn explained(&self, sums: Sums, value: f64) -> f64 {
        let (gradient, hessian) = (self.judge.units.gradient(sums), self.judge.units.hessian(sums) + self.l2);
        -value * (2.0 * gradient + hessian * value)
    }

    /// The splits between the bins of an order.
    #[inline(always)]
    fn along(&mut self, order: impl Iterator<Item = usize>, histogram: &[Sums], missing: Sums) {
        let mut left = Sums::default();
        for (at, bin) in order.enumerate() {
            // A bin without rows of this node makes no other split.
            if !histogram[bin].is_empty() {
                left += histogram[bin];
                self.consider_both(left, missing, at);
            }
        }
    }

    #[inline(always)]
    fn consider_both(&mut self, left: Sums, missing: Sums, at: usize) {
        self.consider(left, at, false);
        if !missing.is_empty() {
            let mut with_missing = left;
            with_missing += missing;
            self.consider(with_missing, at, true);
        }
    }

    #[inline(always)]
    fn consider(&mut self, left: Sums, at: usize, missing_left: bool) {
        let (judge, units) = (self.judge, self.judge.units);
        let right = self.all - left;
        if units.weight(left) < judge.least_weight || units.weight(right) < judge.least_weight {
            return;
        }
        let (of_left, of_right) = (units.hessian(left), units.hessian(right));
        if of_left < judge.least_hessian || of_right < judge.least_hessian {
            return;
        }
        if !judge.monotone.is_empty() {
            return self.consider_bounded([left, right], at, missing_left);
        }
        let (g, h) = ([units.gradient(left), units.gradient(right)], [of_left + self.l2, of_right + self.l2]);
        // g0^2 / h0 + g1^2 / h1, which is divided only where it is the best.
        let (numerator, denominator) = (g[0] * g[0] * h[1] + g[1] * g[1] * h[0], h[0] * h[1]);
        if numerator > self.best * denominator {
            self.best = numerator / denominator;
            self.found = Some((at, left, missing_left));
        }
    }

    /// With the values that the bounds allow (as scikit-learn's and XGBoost's "basic" constraints).
    fn consider_bounded(&mut self, sides: [Sums; 2], at: usize, missing_left: bool) {
        let units = self.judge.units;
        let [low, high] = sides.map(|sums| {
            let value = -units.gradient(sums) / (units.hessian(sums) + self.l2);
            value.clamp(self.bounds.low, self.bounds.high)
        });
        let is_allowed = match self.direction {
            Direction::Free => true,
            Direction::Up => low <= high,
            Direction::Down => low >= high,
        };
        let explained = self.explained(sides[0], low) + self.explained(sides[1], high);
        if is_allowed && explained > self.best {
            self.best = explained;
            self.found = Some((at, sides[0], missing_left));
        }
    }

    /// The best split, whose bins are found by its number.
    fn split(self, missing: Sums, left: impl FnOnce(usize) -> Vec<u8>) -> Option<Split> {
        let (at, sums, missing_left) = self.found?;
        let weight = |sums| self.judge.units.weight(sums);
        // Without missing values they go with the heavier side.
        let missing_left = if missing.is_empty() { 2 * weight(sums) > weight(self.all) } else { missing_left };
        Some(Split { gain: self.best - self.before, column: self.column, left: left(at), missing_left, sums })
    }
}
