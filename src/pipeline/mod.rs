//! From a table to a model in one go: what the command line and the page both do when they train.

mod training;
mod validation;

pub use training::{Outcome, Training};

use crate::dataset::{Dataset, Roles};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::ThresholdRule;
use crate::limits;
use crate::model::Model;
use crate::table::{Schema, Table};
use crate::train::Learner;
use crate::train::calibrate::CalibrationMethod;

/// What to predict from a table, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Which column is predicted, which are left out, which holds weights.
    pub roles: Roles,
    /// What to fit, and how.
    pub learner: Learner,
    /// The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on.
    pub test: Option<f64>,
    /// How many folds of the training rows to cross-validate over, each held out of a fit of its own. By default none,
    /// or [`Pipeline::FOLDS`] where calibration or a threshold needs them.
    pub folds: Option<usize>,
    /// The seed of the shuffles that choose rows: at most [`limits::WHOLE_NUMBER`]. By default 0.
    pub seed: u64,
    /// How to calibrate the probabilities of two classes, on the folds. By default they are those of the fit.
    pub calibrate: Option<CalibrationMethod>,
    /// How to choose the threshold of two classes, on the folds. By default the more probable class is predicted.
    pub threshold: Option<ThresholdRule>,
    /// The model's name, for people. By default the target's.
    pub name: Option<String>,
    /// Seconds since 1970-01-01 UTC, to be written into the model.
    pub created: Option<u64>,
}

impl Pipeline {
    /// How many folds there are where they are needed and nobody said how many.
    pub const FOLDS: usize = 5;

    /// A pipeline with every default.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            roles: Roles { target: target.into(), ..Roles::default() },
            learner: Learner::default(),
            test: None,
            folds: None,
            seed: 0,
            calibrate: None,
            threshold: None,
            name: None,
            created: None,
        }
    }

    /// Splits if asked to, fits on the training rows and evaluates on the others.
    ///
    /// # Errors
    /// Those of [`Dataset::new`], [`Training::new`], [`Training::step`] and [`Training::finish`].
    pub fn train(&self, table: &Table) -> Result<Model> {
        let mut training = Training::new(&Dataset::new(table, &self.roles)?, self)?;
        while !training.progress().done {
            training.step()?;
        }
        Ok(training.finish()?.model)
    }
}

impl Pipeline {
    fn check(&self, schema: &Schema) -> Result<()> {
        self.check_decision(&schema.target)?;
        for (option, value) in [("seed", self.seed), ("creation time", self.created.unwrap_or(0))] {
            if value > limits::WHOLE_NUMBER {
                let message = format!("expected a {option} of at most {}, found {value}", limits::WHOLE_NUMBER);
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
        Ok(())
    }

    pub(crate) fn check_stream(&self, schema: &Schema) -> Result<()> {
        if self.test.is_some() || self.n_folds().is_some() {
            let message = "rows cannot be held out of a table that is read as a stream, nor folds made; keep them in a file of their own";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        self.check(schema)
    }

    /// How many folds to make.
    fn n_folds(&self) -> Option<usize> {
        let is_fixed = matches!(self.threshold, None | Some(ThresholdRule::Fixed(_)));
        self.folds.or((self.calibrate.is_some() || !is_fixed).then_some(Self::FOLDS))
    }

    pub(crate) fn model_name(&self, schema: &Schema) -> String {
        self.name.clone().unwrap_or_else(|| schema.target.name().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Split;
    use crate::table::DroppedColumn;

    const LINE: &[u8] = b"x,id,y\n1,a,5\n2,b,7\n3,c,9\n4,d,11\n5,e,13\n";

    fn without_id(names: &[&str]) -> Pipeline {
        let mut pipeline = Pipeline::new("y");
        pipeline.roles.drop = names.iter().map(|name| (*name).to_owned()).collect();
        pipeline
    }

    #[test]
    fn every_row_is_fitted_on_unless_some_are_held_out() {
        let table = Table::parse(LINE).unwrap();
        let all = without_id(&["id"]);
        let model = all.train(&table).unwrap();
        assert_eq!((model.provenance().n_rows, &model.provenance().evaluation), (5, &None));
        let part = Pipeline { test: Some(0.4), seed: 3, ..all }.train(&table).unwrap();
        assert_eq!(part.provenance().n_rows, 3);
        let evaluation = part.provenance().evaluation.as_ref().unwrap();
        assert_eq!(evaluation.split, Some(Split { fraction: 0.4, seed: 3 }));
    }

    #[test]
    fn a_column_dropped_twice_is_dropped_once() {
        let model = without_id(&["id", "id"]).train(&Table::parse(LINE).unwrap()).unwrap();
        assert_eq!(model.schema().dropped, [DroppedColumn { name: "id".into(), reason: None }]);
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
    }

    #[test]
    fn a_fit_can_begin_at_another_model() {
        let rows: String = (0..60).map(|i| format!("{},{},{}\n", i * 7 % 11, i * 5 % 13, i * i % 7 % 2)).collect();
        let table = Table::parse(format!("u,v,y\n{rows}").as_bytes()).unwrap();
        let pipeline = Pipeline::new("y");
        let first = pipeline.train(&table).unwrap();
        // The same columns in another order.
        let turned: String = (0..60).map(|i| format!("{},{},{}\n", i * 5 % 13, i * 7 % 11, i * i % 7 % 2)).collect();
        let turned = Table::parse(format!("v,u,y\n{turned}").as_bytes()).unwrap();
        let mut again = Training::new(&Dataset::new(&turned, &pipeline.roles).unwrap(), &pipeline).unwrap();
        again.start_from(&first).unwrap();
        assert!(again.step().unwrap().relative_gradient < 1e-9);
        let other = Table::parse(format!("u,w,y\n{rows}").as_bytes()).unwrap();
        let mut other = Training::new(&Dataset::new(&other, &pipeline.roles).unwrap(), &pipeline).unwrap();
        assert_eq!(other.start_from(&first).unwrap_err().kind(), ErrorKind::InvalidOption);
    }

    #[test]
    fn a_column_to_drop_must_exist() {
        let table = Table::parse(LINE).unwrap();
        let error = without_id(&["ids"]).train(&table).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
        assert!(error.message().contains("did you mean \"id\"?"), "{error}");
    }

    /// Two classes that a feature tells apart now and then, and a category beside it.
    fn two_classes() -> Table {
        let row = |i: usize| {
            let (x, wave) = (i * 37 % 101, i * 61 % 89);
            let class = if x + wave > 95 { "yes" } else { "no" };
            format!("{x},{},{class}\n", ["u", "v", "w"][i % 3])
        };
        Table::parse(format!("x,c,y\n{}", (0..240).map(row).collect::<String>()).as_bytes()).unwrap()
    }

    #[test]
    fn folds_give_a_mean_and_a_spread() {
        let table = two_classes();
        let pipeline = Pipeline { folds: Some(4), seed: 5, ..Pipeline::new("y") };
        let model = pipeline.train(&table).unwrap();
        let folds = model.provenance().cross_validation.as_ref().unwrap();
        assert_eq!((folds.folds, folds.seed), (4, 5));
        let accuracy = folds.figures.iter().find(|figure| figure.name == "accuracy").unwrap();
        assert!(accuracy.mean > 0.7 && accuracy.standard_deviation.unwrap() < 0.2, "{accuracy:?}");
        // The model itself is fitted to every row, as without folds.
        let plain = Pipeline::new("y").train(&table).unwrap();
        assert_eq!((plain.estimator(), plain.provenance().n_rows), (model.estimator(), 240));
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
    }

    #[test]
    fn probabilities_are_calibrated_and_a_threshold_is_chosen_on_folds() {
        let table = two_classes();
        for method in [CalibrationMethod::Platt, CalibrationMethod::Isotonic] {
            let threshold = Some(ThresholdRule::Sensitivity(0.95));
            let pipeline = Pipeline { calibrate: Some(method), threshold, test: Some(0.25), ..Pipeline::new("y") };
            let model = pipeline.train(&table).unwrap();
            assert!(
                model.calibration().is_some() && model.decision().unwrap().threshold < 0.5,
                "{:?}",
                model.decision()
            );
            let evaluation = model.provenance().evaluation.as_ref().unwrap();
            assert_eq!((evaluation.thresholds.len(), evaluation.confusion.len()), (19, 2));
            assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
        }
    }

    #[test]
    fn what_only_two_classes_have_is_refused_for_others() {
        let pipeline = Pipeline { calibrate: Some(CalibrationMethod::Platt), ..Pipeline::new("y") };
        let error = pipeline.train(&Table::parse(b"x,y\n1,5\n2,7\n3,8\n4,11\n5,13\n").unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "calibration and thresholds are for a target of two classes");
    }

    #[test]
    fn progress_goes_through_the_folds_and_never_back() {
        let pipeline = Pipeline { folds: Some(3), ..Pipeline::new("y") };
        let mut training = Training::new(&Dataset::new(&two_classes(), &pipeline.roles).unwrap(), &pipeline).unwrap();
        let mut before = training.progress().share;
        while !training.progress().done {
            let now = training.step().unwrap().share;
            assert!(now >= before, "{now} after {before}");
            before = now;
        }
        assert_eq!(before, 1.0);
    }
}
