//! Functions of one number.

use crate::numeric::{exp, logistic};

/// A function of each number of a vector. What is missing (NaN) stays so, but for [`Function::IsMissing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// |x|
    Absolute,
    /// The next whole number from x on.
    Ceiling,
    /// The error function.
    Erf,
    /// e^x
    Exp,
    /// e^x - 1
    ExpMinusOne,
    /// The last whole number up to x.
    Floor,
    /// 1 where x is missing, else 0.
    IsMissing,
    /// The natural logarithm.
    Log,
    /// ln(1 + x)
    LogOnePlus,
    /// 1 / (1 + e^-x)
    Logistic,
    /// The nearest whole number; of two the even one.
    Round,
    /// 1 above 0, -1 below, else 0.
    Sign,
    /// The square root.
    SquareRoot,
    /// The hyperbolic tangent.
    Tanh,
}

impl Function {
    /// Each with its kind in files.
    pub(crate) const ALL: [(Self, &'static str); 14] = [
        (Self::Absolute, "function/abs"),
        (Self::Ceiling, "function/ceil"),
        (Self::Erf, "function/erf"),
        (Self::Exp, "function/exp"),
        (Self::ExpMinusOne, "function/expm1"),
        (Self::Floor, "function/floor"),
        (Self::IsMissing, "function/is-missing"),
        (Self::Log, "function/log"),
        (Self::LogOnePlus, "function/log1p"),
        (Self::Logistic, "function/logistic"),
        (Self::Round, "function/round"),
        (Self::Sign, "function/sign"),
        (Self::SquareRoot, "function/sqrt"),
        (Self::Tanh, "function/tanh"),
    ];

    /// Its value. The bits are the same on every target.
    pub(super) fn of(self, x: f64) -> f64 {
        match self {
            Self::Absolute => x.abs(),
            Self::Ceiling => libm::ceil(x),
            Self::Erf => libm::erf(x),
            Self::Exp => exp(x),
            Self::ExpMinusOne => libm::expm1(x),
            Self::Floor => libm::floor(x),
            Self::IsMissing => f64::from(u8::from(x.is_nan())),
            Self::Log => libm::log(x),
            Self::LogOnePlus => libm::log1p(x),
            Self::Logistic => logistic(x),
            Self::Round => libm::rint(x),
            Self::Sign if x == 0.0 || x.is_nan() => x,
            Self::Sign => x.signum(),
            Self::SquareRoot => x.sqrt(),
            Self::Tanh => libm::tanh(x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_their_values() {
        let cases = [
            (Function::Absolute, -2.5, 2.5),
            (Function::Ceiling, 1.2, 2.0),
            (Function::Floor, -1.2, -2.0),
            (Function::Round, 2.5, 2.0),
            (Function::Sign, -0.1, -1.0),
            (Function::Sign, 0.0, 0.0),
            (Function::SquareRoot, 9.0, 3.0),
            (Function::Exp, 0.0, 1.0),
            (Function::ExpMinusOne, 0.0, 0.0),
            (Function::Log, 1.0, 0.0),
            (Function::LogOnePlus, 0.0, 0.0),
            (Function::Logistic, 0.0, 0.5),
            (Function::Tanh, 0.0, 0.0),
            (Function::Erf, 0.0, 0.0),
            (Function::IsMissing, 3.0, 0.0),
        ];
        for (function, x, y) in cases {
            assert_eq!(function.of(x), y, "{function:?}");
        }
        for (function, kind) in Function::ALL {
            let of_missing = function.of(f64::NAN);
            assert!(if function == Function::IsMissing { of_missing == 1.0 } else { of_missing.is_nan() }, "{kind}");
        }
    }
}
