//! The arithmetic of a model.

/// In which numbers scores are added up and become predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// In those of 64 bits.
    #[default]
    Double,
    /// In those of 32 bits, as XGBoost does: each sum and each step of the link is rounded to one.
    Single,
}
