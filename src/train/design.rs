//! Blocks of rows as the objective sees them.

use crate::dataset::Block;
use crate::preprocess::{Preprocessor, Scaling};

/// Rows of preprocessed features, with the intercept's 1 at the end if there is one.
#[derive(Debug, Clone, Default)]
pub(crate) struct DesignBlock {
    /// The columns, row by row.
    pub(crate) rows: Vec<f64>,
    /// Per row the number to predict, or the position of its class.
    pub(crate) targets: Vec<f64>,
    /// Per row how much it counts: its sample weight times the weight of its class. Empty when every row counts once.
    pub(crate) weights: Vec<f64>,
}

impl DesignBlock {
    /// `class_weights` has one weight per class, or is empty.
    pub(crate) fn new(block: Block, preprocessor: &Preprocessor, intercept: bool, class_weights: &[f64]) -> Self {
        let width = preprocessor.n_outputs() + usize::from(intercept);
        let n_features = preprocessor.scalings().len();
        // Columns at a time, and constant ones left out: no choice is made within a row.
        let varying = |(column, scaling): (usize, &Scaling)| match *scaling {
            Scaling::Constant => None,
            Scaling::Standard { mean, deviation } => Some((column, mean, deviation)),
        };
        let columns: Vec<(usize, f64, f64)> = preprocessor.scalings().iter().enumerate().filter_map(varying).collect();
        let mut rows = vec![1.0; block.targets.len() * width];
        for (row, raw) in rows.chunks_exact_mut(width).zip(block.features.chunks_exact(n_features)) {
            for (value, (column, mean, deviation)) in row.iter_mut().zip(&columns) {
                *value = (raw[*column] - mean) / deviation;
            }
        }
        let weights = match class_weights {
            [] => block.weights,
            weights => {
                let of_class = |(row, class): (usize, &f64)| block.weight(row) * weights[*class as usize];
                block.targets.iter().enumerate().map(of_class).collect()
            }
        };
        Self { rows, targets: block.targets, weights }
    }

    /// The weights of some rows; none when every row counts once.
    #[inline(always)]
    pub(crate) fn weights_of(&self, first: usize, n_rows: usize) -> &[f64] {
        self.weights.get(first..first + n_rows).unwrap_or_default()
    }
}
