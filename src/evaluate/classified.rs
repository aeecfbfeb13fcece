//! Rows of known classes, and what a model said of them.

/// Rows whose class is known with the probabilities that a model gave for them.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Classified<'r> {
    /// How many classes there are.
    pub n_classes: usize,
    /// The class of each row, from 0.
    pub codes: &'r [usize],
    /// Rows x `n_classes`, row by row, from 0 to 1.
    pub probabilities: &'r [f64],
    /// How often each row counts, at least 0; empty where every row counts once.
    pub weights: &'r [f64],
}

impl<'r> Classified<'r> {
    /// Rows that count once each.
    pub fn new(n_classes: usize, codes: &'r [usize], probabilities: &'r [f64]) -> Self {
        Self { n_classes, codes, probabilities, weights: &[] }
    }

    /// The same rows, each counted as often as it weighs.
    pub fn weighted(self, weights: &'r [f64]) -> Self {
        Self { weights, ..self }
    }
}
