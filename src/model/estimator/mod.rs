//! Fitted functions of prepared values, one family a file. Adding a family is a file here and a variant below; the
//! compiler lists the rest.

mod linear;
mod logistic;
mod multinomial;

pub use linear::Linear;
pub use logistic::Logistic;
pub use multinomial::Multinomial;

#[cfg(feature = "train")]
use crate::table::TargetSchema;

/// A fitted function of a row of prepared values.
#[derive(Debug, Clone, PartialEq)]
pub enum Estimator {
    /// A number: intercept plus weighted sum.
    Linear(Linear),
    /// Two classes.
    Logistic(Logistic),
    /// Three classes or more.
    Multinomial(Multinomial),
}

impl Estimator {
    /// The family that fits the target.
    #[cfg(feature = "train")]
    pub(super) fn from_fit(target: &TargetSchema, coefficients: &[Vec<f64>], intercepts: &[f64]) -> Self {
        match (target, coefficients, intercepts) {
            (TargetSchema::Number { .. }, [coefficients], [intercept]) => {
                Self::Linear(Linear { coefficients: coefficients.clone(), intercept: *intercept })
            }
            (_, [coefficients], [intercept]) => {
                Self::Logistic(Logistic { coefficients: coefficients.clone(), intercept: *intercept })
            }
            _ => {
                Self::Multinomial(Multinomial { coefficients: coefficients.concat(), intercepts: intercepts.to_vec() })
            }
        }
    }

    /// Writes the scores: the value of a regression, the log-odds of the second class, or one score per class.
    pub(super) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        out.clear();
        match self {
            Self::Linear(linear) => out.push(linear.score(prepared)),
            Self::Logistic(logistic) => out.push(logistic.score(prepared)),
            Self::Multinomial(multinomial) => multinomial.scores(prepared, out),
        }
    }

    /// Turns scores into what is predicted: the value, or one probability per class.
    pub(super) fn scores_to_outputs(&self, scores: &mut Vec<f64>) {
        match self {
            Self::Linear(_) => {}
            Self::Logistic(_) => logistic::to_probabilities(scores),
            Self::Multinomial(_) => crate::arithmetic::softmax_in_place(scores),
        }
    }

    /// The coefficients over prepared values and the intercept of each output.
    pub fn outputs(&self) -> Vec<(&[f64], f64)> {
        match self {
            Self::Linear(Linear { coefficients, intercept }) | Self::Logistic(Logistic { coefficients, intercept }) => {
                vec![(coefficients, *intercept)]
            }
            Self::Multinomial(multinomial) => multinomial.outputs().collect(),
        }
    }

    /// The family's name in the field's terms.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Linear(_) => "linear regression",
            Self::Logistic(_) => "logistic regression",
            Self::Multinomial(_) => "multinomial logistic regression",
        }
    }
}
