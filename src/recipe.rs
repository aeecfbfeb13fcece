//! From a table to a model in one go: what the command line and the page both do when they train.

use crate::dataset::{Dataset, Roles};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::evaluate;
use crate::limits;
use crate::model::{Model, Split};
use crate::table::{Table, Task};
use crate::train::{Options, Trainer};

/// What to predict from a table, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The column to predict.
    pub target: String,
    /// Columns to leave out. By default none.
    pub drop: Vec<String>,
    /// What to predict: see [`Roles::task`].
    pub task: Option<Task>,
    /// The strength of the penalty: see [`Options::l2`].
    pub l2: Option<f64>,
    /// The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on.
    pub test: Option<f64>,
    /// The seed of the shuffle that chooses them: at most [`limits::WHOLE_NUMBER`]. By default 0.
    pub seed: u64,
    /// The most iterations of the solver: see [`Options::max_iterations`].
    pub max_iterations: Option<u64>,
    /// Hand out a fit that is short of its optimum. By default it is refused.
    pub accept_unconverged: bool,
    /// The model's name, for people. By default the target's.
    pub name: Option<String>,
    /// Seconds since 1970-01-01 UTC, to be written into the model.
    pub created: Option<u64>,
}

impl Recipe {
    /// A recipe with every default.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            drop: Vec::new(),
            task: None,
            l2: None,
            test: None,
            seed: 0,
            max_iterations: None,
            accept_unconverged: false,
            name: None,
            created: None,
        }
    }

    /// Splits if asked to, fits on the training rows and evaluates on the others.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`]; those of [`Dataset::new`], [`Dataset::split`], [`Trainer::new`], [`Trainer::run`] and [`Model::new`].
    pub fn train(&self, table: &Table) -> Result<Model> {
        for (option, value) in [("seed", self.seed), ("creation time", self.created.unwrap_or(0))] {
            if value > limits::WHOLE_NUMBER {
                let message = format!("expected a {option} of at most {}, found {value}", limits::WHOLE_NUMBER);
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
        let roles = Roles { target: self.target.clone(), drop: self.drop.clone(), task: self.task };
        let dataset = Dataset::new(table, &roles)?;
        let defaults = Options::default();
        let options = Options {
            l2: self.l2,
            max_iterations: self.max_iterations.unwrap_or(defaults.max_iterations),
            accept_unconverged: self.accept_unconverged,
            ..defaults
        };
        let name = self.name.as_ref().unwrap_or(&self.target);
        let Some(fraction) = self.test else {
            return Model::new(Trainer::new(&dataset, options)?.run()?, name, self.created);
        };
        let (training, held_out) = dataset.split(fraction, self.seed)?;
        let model = Model::new(Trainer::new(&training, options)?.run()?, name, self.created)?;
        let metrics = evaluate(&model, &held_out)?;
        model.with_metrics(metrics, Split { fraction, seed: self.seed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &[u8] = b"x,id,y\n1,a,5\n2,b,7\n3,c,9\n4,d,11\n5,e,13\n";

    #[test]
    fn every_row_is_fitted_on_unless_some_are_held_out() {
        let table = Table::parse(LINE).unwrap();
        let all = Recipe { drop: vec!["id".into()], ..Recipe::new("y") };
        let model = all.train(&table).unwrap();
        assert_eq!((model.provenance().n_rows, model.provenance().metrics), (5, None));
        let part = Recipe { test: Some(0.4), seed: 3, ..all }.train(&table).unwrap();
        assert_eq!(part.provenance().n_rows, 3);
        assert_eq!(part.provenance().split, Some(Split { fraction: 0.4, seed: 3 }));
        assert!(part.provenance().metrics.is_some());
    }

    #[test]
    fn a_column_dropped_twice_is_dropped_once() {
        let drop = vec!["id".into(), "id".into()];
        let model = Recipe { drop, ..Recipe::new("y") }.train(&Table::parse(LINE).unwrap()).unwrap();
        assert_eq!(model.schema().dropped, ["id"]);
        assert_eq!(Model::decode(&model.encode().unwrap()).unwrap(), model);
    }

    #[test]
    fn a_column_to_drop_must_exist() {
        let table = Table::parse(LINE).unwrap();
        let error = Recipe { drop: vec!["ids".into()], ..Recipe::new("y") }.train(&table).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
        assert!(error.message().contains("did you mean \"id\"?"), "{error}");
    }
}
