//! What to predict from a table, and how.

use crate::dataset::Roles;
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::ThresholdRule;
use crate::limits;
use crate::model::RegressionLoss;
use crate::table::{Schema, TargetSchema};
use crate::train::calibrate::CalibrationMethod;
use crate::train::{Learner, boosting};

/// What to predict from a table, and how.
///
/// ```
/// use tepal::{Pipeline, Table};
///
/// # fn main() -> tepal::Result<()> {
/// let table = Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n")?;
/// let pipeline = Pipeline { test: Some(0.4), seed: 3, ..Pipeline::new("y") };
/// let model = pipeline.train(&table)?;
/// assert_eq!(model.provenance()?.n_rows, 3);
/// assert!(model.provenance()?.evaluation.is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Which column is predicted, which are left out, which holds weights.
    pub roles: Roles,
    /// What to fit, and how.
    pub learner: Learner,
    /// Another learner. Both go through the same folds, and the one that predicts their rows better is fitted to all rows: by the log
    /// loss, or by the root mean squared error of numbers; the first on a tie. A note says both figures. By default none.
    pub rival: Option<Learner>,
    /// The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on.
    pub test: Option<f64>,
    /// How many folds of the training rows to cross-validate over, each held out of a fit of its own. By default none,
    /// or [`Pipeline::FOLDS`] where calibration, a threshold, conformal answers or a rival need them.
    pub folds: Option<usize>,
    /// The seed of the shuffles that choose rows: at most [`limits::WHOLE_NUMBER`]. By default 0.
    pub seed: u64,
    /// How to calibrate the probabilities of two classes, on the folds. By default they are those of the fit.
    pub calibrate: Option<CalibrationMethod>,
    /// How to choose the threshold of two classes, on the folds. By default the more probable class is predicted.
    pub threshold: Option<ThresholdRule>,
    /// Whether predictions come with intervals of numbers or sets of classes that hold the truth in 80, 90 and 95 % of rows,
    /// from the errors on the folds. By default not.
    pub conformal: bool,
    /// The model's name, for people. By default the target's.
    pub name: Option<String>,
    /// Seconds since 1970-01-01 UTC, to be written into the model.
    pub created: Option<u64>,
}

impl Pipeline {
    /// The default number of folds, where folds are needed.
    pub const FOLDS: usize = 5;

    /// A pipeline with every default.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            roles: Roles { target: target.into(), ..Roles::default() },
            learner: Learner::default(),
            rival: None,
            test: None,
            folds: None,
            seed: 0,
            calibrate: None,
            threshold: None,
            conformal: false,
            name: None,
            created: None,
        }
    }
}

impl Pipeline {
    pub(super) fn check(&self, schema: &Schema) -> Result<()> {
        self.check_decision(&schema.target)?;
        if self.conformal
            && let Learner::Boosting(boosting::Options { loss: Some(RegressionLoss::Quantile), .. }) = self.learner
        {
            let message = "intervals lie around means and medians, and not around a quantile; leave conformal out, take another loss, or \
                           fit one model for a lower and one for an upper quantile";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        for (option, value) in [("seed", self.seed), ("creation time", self.created.unwrap_or(0))] {
            if value > limits::WHOLE_NUMBER {
                let message = format!("expected a {option} of at most {}, found {value}", limits::WHOLE_NUMBER);
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
        Ok(())
    }

    /// Whether the model can be fitted to rows that are read again at each pass: then none are held out, and no folds are
    /// made.
    pub fn takes_streams(&self) -> bool {
        self.check_streams().is_ok() && self.learner.takes_streams()
    }

    /// Refuses what rows that are read again at each pass cannot have.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`].
    pub fn check_streams(&self) -> Result<()> {
        if self.test.is_some() || self.folds.is_some() || self.needs_folds() {
            let message = "rows cannot be held out of a table that is read as a stream, nor folds made, which calibration, thresholds, conformal answers and a comparison of learners need; keep them in a file of their own";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        Ok(())
    }

    pub(crate) fn check_stream(&self, schema: &Schema) -> Result<()> {
        self.check_streams()?;
        self.check(schema)
    }

    /// Whether a calibration or a threshold comes behind the fit.
    pub(super) fn decides(&self) -> bool {
        self.calibrate.is_some() || self.threshold.is_some()
    }

    /// How many folds to make of so many rows.
    pub(super) fn n_folds(&self, n_rows: usize) -> Option<usize> {
        self.folds.or(self.needs_folds().then_some(Self::FOLDS.min(n_rows)))
    }

    /// Whether something is learnt on folds.
    fn needs_folds(&self) -> bool {
        let is_fixed = matches!(self.threshold, None | Some(ThresholdRule::Fixed(_)));
        self.calibrate.is_some() || !is_fixed || self.conformal || self.rival.is_some()
    }

    pub(crate) fn model_name(&self, schema: &Schema) -> String {
        self.name.clone().unwrap_or_else(|| schema.target.name().to_owned())
    }
}

impl Pipeline {
    /// Refuses what only a target of two classes has for another target.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`].
    fn check_decision(&self, target: &TargetSchema) -> Result<()> {
        let is_asked = self.calibrate.is_some() || self.threshold.is_some();
        if is_asked && target.classes().is_none_or(|classes| classes.len() != 2) {
            let message = "calibration and thresholds are for a target of two classes";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        match self.threshold {
            Some(rule) => rule.check(),
            None => Ok(()),
        }
    }
}
