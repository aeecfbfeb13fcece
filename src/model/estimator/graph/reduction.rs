//! What a vector is in one number.

use crate::numeric::sum;

/// What a vector becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// The sum.
    Sum,
    /// The mean.
    Mean,
    /// The product.
    Product,
    /// The largest number.
    Maximum,
    /// The smallest number.
    Minimum,
    /// Where the largest number stands, counted from 0; the first of equal ones.
    PlaceOfMaximum,
}

impl Reduction {
    /// Each with its kind in files.
    pub(crate) const ALL: [(Self, &'static str); 6] = [
        (Self::Sum, "reduce/sum"),
        (Self::Mean, "reduce/mean"),
        (Self::Product, "reduce/product"),
        (Self::Maximum, "reduce/maximum"),
        (Self::Minimum, "reduce/minimum"),
        (Self::PlaceOfMaximum, "reduce/place-of-maximum"),
    ];

    pub(super) fn of(self, numbers: &[f64]) -> f64 {
        let best = |is_better: fn(f64, f64) -> bool| {
            let mut at = 0;
            for (next, number) in numbers.iter().enumerate() {
                // What is missing stays so.
                if is_better(*number, numbers[at]) || number.is_nan() && !numbers[at].is_nan() {
                    at = next;
                }
            }
            at
        };
        match self {
            Self::Sum => sum(numbers),
            Self::Mean => sum(numbers) / numbers.len() as f64,
            Self::Product => numbers.iter().product(),
            Self::Maximum => numbers[best(|a, b| a > b)],
            Self::Minimum => numbers[best(|a, b| a < b)],
            Self::PlaceOfMaximum => best(|a, b| a > b) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_becomes_a_number() {
        let found = Reduction::ALL.map(|(reduction, _)| reduction.of(&[2.0, 5.0, -1.0, 5.0]));
        assert_eq!(found, [11.0, 2.75, -50.0, 5.0, -1.0, 1.0]);
        assert!(Reduction::Maximum.of(&[1.0, f64::NAN, 3.0]).is_nan());
        assert!(Reduction::Minimum.of(&[f64::NAN, 3.0]).is_nan());
    }
}
