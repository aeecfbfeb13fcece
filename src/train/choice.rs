//! What a caller says of a fit, of whichever learner.

use super::{Learner, boosting, linear};
use crate::error::{Error, ErrorKind, Result};
use crate::preprocess;

/// A learner by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LearnerName {
    /// [`Learner::Linear`].
    #[default]
    Linear,
    /// [`Learner::Boosting`].
    Boosting,
}

impl LearnerName {
    /// Every learner by its name.
    pub const NAMES: [(&'static str, Self); 2] = [("linear", Self::Linear), ("boosting", Self::Boosting)];
}

/// What a caller says of a fit, of whichever learner: what one learner has and the other has not is refused for the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearnerChoice {
    /// What is fitted.
    pub learner: LearnerName,
    /// The options of a linear fit. Of these boosting has the penalty, the weights of the classes, and what becomes of unseen
    /// categories, dates and missing values.
    pub linear: linear::Options,
    /// See [`boosting::Options::rounds`], as the following.
    pub rounds: Option<u64>,
    /// The learning rate.
    pub learning_rate: Option<f64>,
    /// The most leaves.
    pub leaves: Option<u64>,
    /// The most splits on the way to a leaf.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf.
    pub min_rows: Option<f64>,
}

impl LearnerChoice {
    /// The learner with its options.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for an option that the learner does not have.
    pub fn learner(self) -> Result<Learner> {
        let refuse = |message: &str| Err(Error::new(ErrorKind::InvalidOption, message));
        let Self { learner, linear, rounds, learning_rate, leaves, depth, min_rows } = self;
        if learner == LearnerName::Linear {
            let has_own = rounds.or(leaves).or(depth).is_some() || learning_rate.or(min_rows).is_some();
            return match has_own {
                true => refuse(
                    "rounds, learning rate, leaves, depth and fewest rows are for boosting; choose it as the learner, or leave \
                     them out",
                ),
                false => Ok(Learner::Linear(linear)),
            };
        }
        let preprocess::Options { unseen, date_parts, impute_always, .. } = linear.preprocess;
        let shared = linear::Options {
            l2: linear.l2,
            class_weight: linear.class_weight,
            preprocess: preprocess::Options { unseen, date_parts, impute_always, ..preprocess::Options::default() },
            ..linear::Options::default()
        };
        if linear != shared {
            return refuse(
                "boosting imputes, encodes and scales nothing, has an intercept and needs no solver; leave such options out, or \
                 choose the linear learner",
            );
        }
        let defaults = boosting::Options::default();
        Ok(Learner::Boosting(boosting::Options {
            rounds: rounds.unwrap_or(defaults.rounds),
            learning_rate: learning_rate.unwrap_or(defaults.learning_rate),
            leaves: leaves.unwrap_or(defaults.leaves),
            depth,
            min_rows: min_rows.unwrap_or(defaults.min_rows),
            l2: linear.l2.unwrap_or(defaults.l2),
            class_weight: linear.class_weight,
            unseen,
            missing_always: impute_always,
            date_parts,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ClassWeight;
    use crate::preprocess::Scale;

    #[test]
    fn no_option_is_passed_over() {
        let boosting = LearnerChoice { learner: LearnerName::Boosting, ..LearnerChoice::default() };
        assert_eq!(boosting.clone().learner().unwrap(), Learner::Boosting(boosting::Options::default()));
        let own = LearnerChoice { rounds: Some(7), min_rows: Some(2.0), ..boosting.clone() };
        let expected = boosting::Options { rounds: 7, min_rows: 2.0, ..boosting::Options::default() };
        assert_eq!(own.learner().unwrap(), Learner::Boosting(expected));
        let shared =
            linear::Options { l2: Some(0.5), class_weight: ClassWeight::Balanced, ..linear::Options::default() };
        assert!(LearnerChoice { linear: shared, ..boosting.clone() }.learner().is_ok());
        let scaled =
            linear::Options { preprocess: preprocess::Options::scaled(Scale::None), ..linear::Options::default() };
        assert!(LearnerChoice { linear: scaled, ..boosting.clone() }.learner().is_err());
        let solver = linear::Options { solver: linear::Solver::Newton, ..linear::Options::default() };
        assert!(LearnerChoice { linear: solver, ..boosting }.learner().is_err());
        assert!(LearnerChoice { depth: Some(3), ..LearnerChoice::default() }.learner().is_err());
        assert_eq!(LearnerChoice::default().learner().unwrap(), Learner::default());
    }
}
