//! What each feature adds to a score.

/// The parts of one score of a row: they add up to the score, but for rounding.
pub(crate) struct ScoreParts {
    /// The score of a typical row.
    pub(crate) baseline: f64,
    /// What each feature adds, in the order of the schema.
    pub(crate) contributions: Vec<f64>,
    /// Their standard errors; none where they are exact.
    pub(crate) standard_errors: Vec<f64>,
}
