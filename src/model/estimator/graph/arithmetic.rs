//! Operations on two numbers.

/// What is made of two vectors, number by number. A vector of one number goes with each of the other's. What is missing (NaN) stays
/// so; of a comparison it is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// a + b
    Add,
    /// a - b
    Subtract,
    /// a b
    Multiply,
    /// a / b
    Divide,
    /// The larger one.
    Maximum,
    /// The smaller one.
    Minimum,
    /// a to the power of b.
    Power,
    /// 1 where a < b, else 0.
    Less,
    /// 1 where a <= b, else 0.
    AtMost,
    /// 1 where a = b, else 0.
    Equal,
}

impl Arithmetic {
    /// Each with its kind in files.
    pub(crate) const ALL: [(Self, &'static str); 10] = [
        (Self::Add, "arithmetic/add"),
        (Self::Subtract, "arithmetic/subtract"),
        (Self::Multiply, "arithmetic/multiply"),
        (Self::Divide, "arithmetic/divide"),
        (Self::Maximum, "arithmetic/maximum"),
        (Self::Minimum, "arithmetic/minimum"),
        (Self::Power, "arithmetic/power"),
        (Self::Less, "arithmetic/less"),
        (Self::AtMost, "arithmetic/at-most"),
        (Self::Equal, "arithmetic/equal"),
    ];

    pub(crate) fn of(self, a: f64, b: f64) -> f64 {
        let one_where = |is_so: bool| f64::from(u8::from(is_so));
        match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Maximum => {
                if a > b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Self::Minimum => {
                if a < b || a.is_nan() {
                    a
                } else {
                    b
                }
            }
            Self::Power => libm::pow(a, b),
            Self::Less => one_where(a < b),
            Self::AtMost => one_where(a <= b),
            Self::Equal => one_where(a == b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_make_one() {
        let found = Arithmetic::ALL.map(|(arithmetic, _)| arithmetic.of(3.0, 2.0));
        assert_eq!(found, [5.0, 1.0, 6.0, 1.5, 3.0, 2.0, 9.0, 0.0, 0.0, 0.0]);
        let found = Arithmetic::ALL.map(|(arithmetic, _)| arithmetic.of(2.0, 2.0));
        assert_eq!(found, [4.0, 0.0, 4.0, 1.0, 2.0, 2.0, 4.0, 0.0, 1.0, 1.0]);
        for (a, b) in [(f64::NAN, 2.0), (2.0, f64::NAN)] {
            assert!(Arithmetic::Maximum.of(a, b).is_nan() && Arithmetic::Minimum.of(a, b).is_nan());
            assert_eq!(Arithmetic::AtMost.of(a, b), 0.0);
        }
    }
}
