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
    /// What only boosting has.
    pub boosting: BoostingChoice,
    /// See [`boosting::Options::seed`].
    pub seed: u64,
}

/// What a caller says of boosting alone: `None` and empty lists for the defaults of [`boosting::Options`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoostingChoice {
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
    /// Which part of the rows each round sees.
    pub subsample: Option<f64>,
    /// Which part of the columns each tree sees.
    pub max_features: Option<f64>,
    /// The rounds without a better prediction of rows held out.
    pub patience: Option<u64>,
    /// Which part of the rows is held out for that.
    pub validation: Option<f64>,
    /// With what the prediction may only grow.
    pub increasing: Vec<String>,
    /// With what it may only fall.
    pub decreasing: Vec<String>,
}

impl LearnerChoice {
    /// The learner with its options.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for an option that the learner does not have.
    pub fn learner(self) -> Result<Learner> {
        let refuse = |message: &str| Err(Error::new(ErrorKind::InvalidOption, message));
        let Self { learner, linear, boosting: own, seed } = self;
        if learner == LearnerName::Linear {
            return match own == BoostingChoice::default() {
                false => refuse(
                    "rounds, learning rate, leaves, depth, fewest rows, subsample, features, patience, validation, increasing and \
                     decreasing are for boosting; choose it as the learner, or leave them out",
                ),
                true => Ok(Learner::Linear(linear)),
            };
        }
        if own.validation.is_some() && own.patience.is_none() {
            return refuse(
                "rows are held out to stop early only with a patience; give one, or leave the validation out",
            );
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
            rounds: own.rounds.unwrap_or(defaults.rounds),
            learning_rate: own.learning_rate.unwrap_or(defaults.learning_rate),
            leaves: own.leaves.unwrap_or(defaults.leaves),
            depth: own.depth,
            min_rows: own.min_rows.unwrap_or(defaults.min_rows),
            subsample: own.subsample.unwrap_or(defaults.subsample),
            max_features: own.max_features.unwrap_or(defaults.max_features),
            patience: own.patience,
            validation: own.validation.unwrap_or(defaults.validation),
            seed,
            increasing: own.increasing,
            decreasing: own.decreasing,
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
        let own = BoostingChoice { rounds: Some(7), min_rows: Some(2.0), ..BoostingChoice::default() };
        let own = LearnerChoice { boosting: own, ..boosting.clone() };
        let expected = boosting::Options { rounds: 7, min_rows: 2.0, ..boosting::Options::default() };
        assert_eq!(own.learner().unwrap(), Learner::Boosting(expected));
        let shared =
            linear::Options { l2: Some(0.5), class_weight: ClassWeight::Balanced, ..linear::Options::default() };
        assert!(LearnerChoice { linear: shared, ..boosting.clone() }.learner().is_ok());
        let scaled =
            linear::Options { preprocess: preprocess::Options::scaled(Scale::None), ..linear::Options::default() };
        assert!(LearnerChoice { linear: scaled, ..boosting.clone() }.learner().is_err());
        let solver = linear::Options { solver: linear::Solver::Newton, ..linear::Options::default() };
        assert!(LearnerChoice { linear: solver, ..boosting.clone() }.learner().is_err());
        let own = BoostingChoice { depth: Some(3), ..BoostingChoice::default() };
        assert!(LearnerChoice { boosting: own, ..LearnerChoice::default() }.learner().is_err());
        let own = BoostingChoice { validation: Some(0.2), ..BoostingChoice::default() };
        assert!(LearnerChoice { boosting: own, ..boosting.clone() }.learner().is_err());
        assert_eq!(LearnerChoice::default().learner().unwrap(), Learner::default());
    }
}
