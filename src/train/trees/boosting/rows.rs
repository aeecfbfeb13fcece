//! The rows of a fit, with what they are to be predicted.

use crate::dataset::quantile;
use crate::numeric::order::sort_pairs;
use crate::train::trees::fixed_point::{middle, sum};

/// The rows that count, with what they are to be predicted.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) targets: Vec<f64>,
    /// What they count: their sample weights times those of their classes. 0 for those held out.
    pub(super) weights: Vec<f64>,
    /// Their sample weights. 0 for those held out.
    pub(super) sample_weights: Vec<f64>,
    /// What rows held out count; empty where none are.
    pub(super) held_out: Vec<f64>,
}

impl Rows {
    /// The mean of the targets, by the weights.
    pub(super) fn mean(&self) -> f64 {
        let (n, middle) = (self.targets.len(), middle(&self.targets));
        let distance = sum(n, &|row| self.weights[row] * (self.targets[row] - middle));
        middle + distance / sum(n, &|row| self.weights[row])
    }

    /// A quantile of what these rows have, by their weights; 0 where none has a weight.
    pub(super) fn quantile(&self, level: f64, of: &dyn Fn(usize) -> f64, rows: impl Iterator<Item = usize>) -> f64 {
        let weighted = rows.filter(|row| self.weights[*row] > 0.0).map(|row| (of(row), self.weights[row]));
        let mut pairs: Vec<(f64, f64)> = weighted.collect();
        let are_weighted = pairs.iter().any(|(_, weight)| *weight != 1.0);
        // In an order that is not that of the rows, so that their weights are summed in it.
        if are_weighted {
            sort_pairs(&mut pairs);
        }
        let (numbers, weights): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        quantile(numbers, if are_weighted { &weights } else { &[] }, level).unwrap_or_default()
    }
}
