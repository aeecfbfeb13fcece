//! From probabilities to a class.

/// How a model of two classes decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The probability of the positive class from which on a row is predicted as it; from 0 to 1.
    pub threshold: f64,
    /// How it was chosen, in words.
    pub rule: String,
}
