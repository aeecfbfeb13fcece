//! How one column of numbers is scaled.

/// (value - center) / scale.
#[derive(Debug, Clone, Copy, PartialEq, bincode::Encode, bincode::Decode)]
pub struct Scaling {
    /// What is taken off: the mean, the smallest value, the median, or 0.
    pub center: f64,
    /// What is divided by: the standard deviation, the range, the interquartile range, or 1; positive.
    pub scale: f64,
}

impl Scaling {
    /// No scaling.
    pub const NONE: Self = Self { center: 0.0, scale: 1.0 };

    /// The scaled value.
    pub fn apply(self, value: f64) -> f64 {
        (value - self.center) / self.scale
    }
}
