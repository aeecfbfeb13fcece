//! What a caller says of a fit, of whichever learner.

use super::{Learner, boosting, forest, linear};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ForestKind, Interactions, RegressionLoss};
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
    /// [`Learner::Forest`] of a kind.
    Forest(ForestKind),
    /// The linear learner or boosting: whichever predicts the rows of folds better.
    Auto,
}

impl LearnerName {
    /// Every learner by its name.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("linear", Self::Linear),
        ("boosting", Self::Boosting),
        ("forest", Self::Forest(ForestKind::Forest)),
        ("extra-trees", Self::Forest(ForestKind::ExtraTrees)),
        ("tree", Self::Forest(ForestKind::Tree)),
        ("auto", Self::Auto),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, other)| *other == self).map_or("", |(name, _)| name)
    }
}

impl Learner {
    /// Its name, as [`LearnerName`] has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Linear(_) => LearnerName::Linear.name(),
            Self::Boosting(_) => LearnerName::Boosting.name(),
            Self::Forest(options) => LearnerName::Forest(options.kind).name(),
        }
    }
}

/// What a caller says of a fit, of whichever learner: what one learner has and another has not is refused for the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LearnerChoice {
    /// What is fitted.
    pub learner: LearnerName,
    /// The options of a linear fit. Of these trees have the weights of the classes, and what becomes of unseen categories, dates and
    /// missing values; boosting has the penalty too.
    pub linear: linear::Options,
    /// What only trees have.
    pub trees: TreesChoice,
    /// See [`boosting::Options::seed`] and [`forest::Options::seed`].
    pub seed: u64,
}

/// What a caller says of trees: `None` and empty lists for the defaults of [`boosting::Options`] and [`forest::Options`], which say
/// what they mean.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TreesChoice {
    /// What boosting reduces, of a number.
    pub loss: Option<RegressionLoss>,
    /// The level of a quantile.
    pub quantile: Option<f64>,
    /// Rounds of boosting.
    pub rounds: Option<u64>,
    /// The learning rate of boosting.
    pub learning_rate: Option<f64>,
    /// The trees of a forest.
    pub trees: Option<u64>,
    /// The most leaves.
    pub leaves: Option<u64>,
    /// The most splits on the way to a leaf.
    pub depth: Option<u64>,
    /// The least weight of the rows in a leaf.
    pub min_rows: Option<f64>,
    /// Which part of the rows each round or tree sees.
    pub subsample: Option<f64>,
    /// Which part of the columns each tree of boosting, or each node of other trees, looks at.
    pub max_features: Option<f64>,
    /// What a leaf of a forest or of a single tree costs.
    pub pruning: Option<f64>,
    /// The rounds of boosting without a better prediction of rows held out.
    pub patience: Option<u64>,
    /// Which part of the rows is held out for that.
    pub validation: Option<f64>,
    /// With what the prediction of boosting may only grow.
    pub increasing: Vec<String>,
    /// With what it may only fall.
    pub decreasing: Vec<String>,
    /// What may stand together on a way to a leaf of boosting.
    pub interactions: Interactions,
}

impl TreesChoice {
    /// The options that were given and that a learner does not have.
    fn without_use(&self, learner: LearnerName) -> Vec<&'static str> {
        let is_boosting = learner == LearnerName::Boosting;
        let is_forest = matches!(learner, LearnerName::Forest(_));
        let has_many = learner != LearnerName::Forest(ForestKind::Tree);
        let options = [
            ("loss", self.loss.is_some(), is_boosting),
            ("quantile", self.quantile.is_some(), is_boosting),
            ("rounds", self.rounds.is_some(), is_boosting),
            ("learning rate", self.learning_rate.is_some(), is_boosting),
            ("trees", self.trees.is_some(), is_forest && has_many),
            ("leaves", self.leaves.is_some(), is_boosting || is_forest),
            ("depth", self.depth.is_some(), is_boosting || is_forest),
            ("fewest rows", self.min_rows.is_some(), is_boosting || is_forest),
            ("subsample", self.subsample.is_some(), is_boosting || is_forest),
            ("max features", self.max_features.is_some(), is_boosting || is_forest),
            ("pruning", self.pruning.is_some(), is_forest),
            ("patience", self.patience.is_some(), is_boosting),
            ("validation", self.validation.is_some(), is_boosting),
            ("increasing", !self.increasing.is_empty(), is_boosting),
            ("decreasing", !self.decreasing.is_empty(), is_boosting),
            ("interactions", self.interactions != Interactions::All, is_boosting),
        ];
        options.into_iter().filter(|(_, is_given, is_used)| *is_given && !is_used).map(|(name, ..)| name).collect()
    }
}

impl linear::Options {
    /// Those of these options that boosting has too; the others at their defaults.
    fn of_trees(&self) -> Self {
        let preprocess::Options { unseen, date_parts, impute_always, .. } = self.preprocess;
        Self {
            l2: self.l2,
            class_weight: self.class_weight,
            preprocess: preprocess::Options { unseen, date_parts, impute_always, ..preprocess::Options::default() },
            ..Self::default()
        }
    }
}

impl LearnerChoice {
    /// The learner with its options, and the one that it is to be compared with, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for an option that the learner does not have.
    pub fn learners(self) -> Result<(Learner, Option<Learner>)> {
        if self.learner != LearnerName::Auto {
            return self.learner().map(|learner| (learner, None));
        }
        const OF_BOOSTING_ALONE: [&str; 5] = ["loss", "quantile", "increasing", "decreasing", "interactions"];
        let given = self.trees.without_use(LearnerName::Linear);
        let passed_over: Vec<&str> = given.into_iter().filter(|name| OF_BOOSTING_ALONE.contains(name)).collect();
        if !passed_over.is_empty() {
            let message = format!(
                "auto compares boosting with the linear learner, which has no {}; leave that out, or choose the learner boosting",
                passed_over.join(" and no ")
            );
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let boosting = Self { learner: LearnerName::Boosting, linear: self.linear.of_trees(), ..self };
        Ok((Learner::Linear(self.linear), Some(boosting.learner()?)))
    }

    fn learner(self) -> Result<Learner> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        let Self { learner, linear, trees: own, seed } = self;
        let without_use = own.without_use(learner);
        if !without_use.is_empty() {
            let has_all = |other: &LearnerName| own.without_use(*other).is_empty() && *other != LearnerName::Auto;
            let others = LearnerName::NAMES.iter().filter(|(_, other)| has_all(other)).map(|(name, _)| *name);
            let remedy = match others.collect::<Vec<_>>().as_slice() {
                [] => "leave that out: no learner has all of these".to_owned(),
                others => format!("leave that out, or choose the learner {}", others.join(", ")),
            };
            let names = without_use.join(" and no ");
            return refuse(format!("the learner {} has no {names}; {remedy}", learner.name()));
        }
        if learner == LearnerName::Linear {
            return Ok(Learner::Linear(linear));
        }
        if own.validation.is_some() && own.patience.is_none() {
            return refuse(
                "rows are held out to stop early only with a patience; give one, or leave the validation out".into(),
            );
        }
        let preprocess::Options { unseen, date_parts, impute_always, .. } = linear.preprocess;
        if linear != linear.of_trees() {
            return refuse(
                "trees impute, encode and scale nothing, have an intercept and need no solver; leave such options out, or choose the \
                 linear learner"
                    .into(),
            );
        }
        let LearnerName::Forest(kind) = learner else {
            let defaults = boosting::Options::default();
            return Ok(Learner::Boosting(boosting::Options {
                loss: own.loss,
                quantile: own.quantile,
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
                interactions: own.interactions,
                l2: linear.l2.unwrap_or(defaults.l2),
                class_weight: linear.class_weight,
                unseen,
                missing_always: impute_always,
                date_parts,
            }));
        };
        if linear.l2.is_some() {
            return refuse(format!("the learner {} has no penalty; leave l2 out, or take a pruning", learner.name()));
        }
        let defaults = forest::Options::of(kind);
        Ok(Learner::Forest(forest::Options {
            kind,
            trees: own.trees.unwrap_or(defaults.trees),
            leaves: own.leaves.unwrap_or(defaults.leaves),
            depth: own.depth,
            min_rows: own.min_rows.unwrap_or(defaults.min_rows),
            max_features: own.max_features,
            subsample: own.subsample.unwrap_or(defaults.subsample),
            pruning: own.pruning.unwrap_or(defaults.pruning),
            seed,
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
        let own = TreesChoice { rounds: Some(7), min_rows: Some(2.0), ..TreesChoice::default() };
        let own = LearnerChoice { trees: own, ..boosting.clone() };
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
        let own = TreesChoice { depth: Some(3), ..TreesChoice::default() };
        assert!(LearnerChoice { trees: own, ..LearnerChoice::default() }.learner().is_err());
        let own = TreesChoice { validation: Some(0.2), ..TreesChoice::default() };
        assert!(LearnerChoice { trees: own, ..boosting.clone() }.learner().is_err());
        assert_eq!(LearnerChoice::default().learner().unwrap(), Learner::default());
        // Each of two learners that are compared has the options that it has.
        let solver = linear::Options { solver: linear::Solver::Newton, l2: Some(0.5), ..linear::Options::default() };
        let own = TreesChoice { rounds: Some(7), ..TreesChoice::default() };
        let auto = LearnerChoice { learner: LearnerName::Auto, linear: solver.clone(), trees: own, seed: 0 };
        let boosting = boosting::Options { rounds: 7, l2: 0.5, ..boosting::Options::default() };
        let expected = (Learner::Linear(solver), Some(Learner::Boosting(boosting)));
        assert_eq!(auto.clone().learners().unwrap(), expected);
        for trees in [
            TreesChoice { trees: Some(5), ..TreesChoice::default() },
            TreesChoice { loss: Some(RegressionLoss::Poisson), ..TreesChoice::default() },
            TreesChoice { quantile: Some(0.5), ..TreesChoice::default() },
            TreesChoice { decreasing: vec!["x".into()], ..TreesChoice::default() },
            TreesChoice { interactions: Interactions::None, ..TreesChoice::default() },
        ] {
            assert!(LearnerChoice { trees, ..auto.clone() }.learners().is_err());
        }
        for kind in [ForestKind::Tree, ForestKind::Forest, ForestKind::ExtraTrees] {
            let forest = LearnerChoice { learner: LearnerName::Forest(kind), ..LearnerChoice::default() };
            assert_eq!(forest.clone().learner().unwrap(), Learner::Forest(forest::Options::of(kind)));
            let own = TreesChoice { pruning: Some(0.1), leaves: Some(5), ..TreesChoice::default() };
            assert!(LearnerChoice { trees: own, ..forest.clone() }.learner().is_ok());
            let own = TreesChoice { rounds: Some(5), trees: Some(5), ..TreesChoice::default() };
            let error = LearnerChoice { trees: own, ..forest.clone() }.learner().unwrap_err();
            assert_eq!(error.message().contains("no rounds and no trees"), kind == ForestKind::Tree, "{error}");
            let linear = linear::Options { l2: Some(1.0), ..linear::Options::default() };
            assert!(LearnerChoice { linear, ..forest }.learner().is_err());
        }
    }
}
