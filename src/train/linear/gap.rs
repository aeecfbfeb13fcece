//! How far an objective may be above its optimum. A small gradient alone does not say it: with a small penalty, and where classes
//! are nearly separated, the objective at the optimum is small too.

/// What is known of the gap at the best point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Gap {
    NotAsked,
    /// The bound, relative to the objective.
    Known(f64),
    /// There are too many parameters.
    Unknown,
}

impl Gap {
    pub(crate) fn known(self) -> Option<f64> {
        match self {
            Self::Known(gap) => Some(gap),
            Self::NotAsked | Self::Unknown => None,
        }
    }
}
