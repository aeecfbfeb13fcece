//! From probabilities to a class.

use crate::note::Note;

/// How a model of two classes decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The probability of the positive class from which on a row is predicted as it; from 0 to 1.
    pub threshold: f64,
    /// How it was chosen, where that is recorded.
    pub rule: Option<Note>,
}
