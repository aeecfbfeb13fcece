//! Predictions of rows by the trees that did not see them.

use crate::model::OutOfBag;
use crate::train::trees::fixed_point::sum;

/// The sums of what trees say of rows that they did not see; of all rows where every tree sees all.
#[derive(Debug)]
pub(super) struct OutOfBagSums {
    n_scores: usize,
    /// Per row a sum for each score.
    sums: Vec<f64>,
    counts: Vec<u32>,
}

/// What the rows are to be predicted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Targets<'a> {
    pub(super) targets: &'a [f64],
    pub(super) weights: &'a [f64],
    /// 0 for a number.
    pub(super) n_classes: usize,
}

impl OutOfBagSums {
    pub(super) fn new(n_rows: usize, n_scores: usize) -> Self {
        Self { n_scores, sums: vec![0.0; n_rows * n_scores], counts: vec![0; n_rows] }
    }

    /// Adds what a tree says of a row.
    pub(super) fn add(&mut self, row: usize, values: &[f64]) {
        let sums = &mut self.sums[row * self.n_scores..][..self.n_scores];
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        self.counts[row] += 1;
    }

    fn mean(&self, row: usize, score: usize) -> f64 {
        self.sums[row * self.n_scores + score] / f64::from(self.counts[row])
    }

    /// What rows count that some tree did not see.
    fn weight(&self, row: usize, of: Targets<'_>) -> f64 {
        if self.counts[row] > 0 { of.weights[row] } else { 0.0 }
    }

    /// The mean squared error; of classes that of their probabilities, of two classes that of the second, which is the Brier score.
    pub(super) fn loss(&self, of: Targets<'_>) -> f64 {
        let error = |row: usize| -> f64 {
            let errors = (0..self.n_scores).map(|score| {
                let is_own = f64::from(u8::from(of.targets[row] as usize == score));
                let expected = if self.n_scores > 1 { is_own } else { of.targets[row] };
                (self.mean(row, score) - expected) * (self.mean(row, score) - expected)
            });
            errors.sum()
        };
        self.of_rows(of, &error)
    }

    /// The mean over the rows by their weights; 0 where every row was seen by every tree.
    fn of_rows(&self, of: Targets<'_>, what: &dyn Fn(usize) -> f64) -> f64 {
        let weighted = |row: usize| match self.weight(row, of) {
            0.0 => 0.0,
            weight => weight * what(row),
        };
        let total = sum(of.targets.len(), &|row| self.weight(row, of));
        if total > 0.0 { sum(of.targets.len(), &weighted) / total } else { 0.0 }
    }

    /// The figures; `None` where every row was seen by every tree.
    pub(super) fn figures(&self, of: Targets<'_>) -> Option<OutOfBag> {
        let rows = sum(of.targets.len(), &|row| self.weight(row, of));
        if rows <= 0.0 {
            return None;
        }
        let mean_squared_error = self.loss(of);
        if of.n_classes > 0 {
            // The first of those that are equally probable.
            let predicted = |row: usize| match self.n_scores {
                1 => usize::from(self.mean(row, 0) > 0.5),
                n => (0..n)
                    .reduce(|best, at| if self.mean(row, at) > self.mean(row, best) { at } else { best })
                    .unwrap_or(0),
            };
            let is_right = |row: usize| f64::from(u8::from(predicted(row) == of.targets[row] as usize));
            let accuracy = self.of_rows(of, &is_right);
            return Some(OutOfBag { rows, mean_squared_error, accuracy: Some(accuracy), r_squared: None });
        }
        let mean = self.of_rows(of, &|row| of.targets[row]);
        let variance = self.of_rows(of, &|row| (of.targets[row] - mean) * (of.targets[row] - mean));
        let r_squared = (variance > 0.0).then(|| 1.0 - mean_squared_error / variance);
        Some(OutOfBag { rows, mean_squared_error, accuracy: None, r_squared })
    }
}
