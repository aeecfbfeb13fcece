//! From a table to a model in one go: what the command line and the page both do when they train.

use crate::dataset::{Dataset, Roles, Stream};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::evaluate;
use crate::limits;
use crate::model::{Model, Split};
use crate::table::{Schema, Table};
use crate::train::{Options, Progress, Trainer};

/// What to predict from a table, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// Which column is predicted, which are left out, which holds weights.
    pub roles: Roles,
    /// How to fit.
    pub options: Options,
    /// The fraction of rows to hold out for evaluation, between 0 and 1. By default every row is fitted on.
    pub test: Option<f64>,
    /// The seed of the shuffle that chooses them: at most [`limits::WHOLE_NUMBER`]. By default 0.
    pub seed: u64,
    /// The model's name, for people. By default the target's.
    pub name: Option<String>,
    /// Seconds since 1970-01-01 UTC, to be written into the model.
    pub created: Option<u64>,
}

impl Recipe {
    /// A recipe with every default.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            roles: Roles { target: target.into(), ..Roles::default() },
            options: Options::default(),
            test: None,
            seed: 0,
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
        training.finish()
    }
}

impl Recipe {
    fn check(&self) -> Result<()> {
        for (option, value) in [("seed", self.seed), ("creation time", self.created.unwrap_or(0))] {
            if value > limits::WHOLE_NUMBER {
                let message = format!("expected a {option} of at most {}, found {value}", limits::WHOLE_NUMBER);
                return Err(Error::new(ErrorKind::InvalidOption, message));
            }
        }
        Ok(())
    }

    pub(crate) fn check_stream(&self) -> Result<()> {
        if self.test.is_some() {
            let message =
                "rows cannot be held out of a table that is read as a stream; keep them in a file of their own";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        self.check()
    }

    pub(crate) fn model_name(&self, schema: &Schema) -> String {
        self.name.clone().unwrap_or_else(|| schema.target.name().to_owned())
    }
}

/// A recipe under way: the rows are split, and the fit goes on round by round. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Training {
    trainer: Trainer,
    held_out: Option<(Dataset, Split)>,
    name: String,
    created: Option<u64>,
}

impl Training {
    /// Holds rows out if asked to, and prepares the others. The recipe's roles have been given already.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`]; those of [`Dataset::split`] and [`Trainer::new`].
    pub fn new(dataset: &Dataset, recipe: &Recipe) -> Result<Self> {
        recipe.check()?;
        let (trainer, held_out) = match recipe.test {
            None => (Trainer::new(dataset, recipe.options.clone())?, None),
            Some(fraction) => {
                let (training, held_out) = dataset.split(fraction, recipe.seed)?;
                let split = Split { fraction, seed: recipe.seed };
                (Trainer::new(&training, recipe.options.clone())?, Some((held_out, split)))
            }
        };
        let name = recipe.model_name(dataset.schema());
        Ok(Self { trainer, held_out, name, created: recipe.created })
    }

    /// The same for rows that are read again in every round.
    ///
    /// # Errors
    /// Those of [`Training::new`] and [`Trainer::stream`]; [`ErrorKind::InvalidOption`] for rows held out: keep those in a
    /// file of their own.
    pub fn stream(stream: Stream, recipe: &Recipe) -> Result<Self> {
        recipe.check_stream()?;
        let name = recipe.model_name(&stream.surveyed().schema);
        Ok(Self {
            trainer: Trainer::stream(stream, recipe.options.clone())?,
            held_out: None,
            name,
            created: recipe.created,
        })
    }

    /// Begins at a model of the same columns and classes.
    ///
    /// # Errors
    /// Those of [`Model::start`] and [`Trainer::start_from`].
    pub fn start_from(&mut self, model: &Model) -> Result<()> {
        let start = model.start(self.trainer.schema())?;
        self.trainer.start_from(&start)
    }

    /// How far the fit is.
    pub fn progress(&self) -> Progress {
        self.trainer.progress()
    }

    /// Does one round.
    ///
    /// # Errors
    /// Those of [`Trainer::step`].
    pub fn step(&mut self) -> Result<Progress> {
        self.trainer.step()
    }

    /// The model, evaluated on the rows that were held out.
    ///
    /// # Errors
    /// Those of [`Trainer::finish`], [`Model::new`] and [`evaluate`].
    pub fn finish(self) -> Result<Model> {
        let model = Model::new(self.trainer.finish()?, self.name, self.created)?;
        let Some((held_out, split)) = self.held_out else { return Ok(model) };
        let metrics = evaluate(&model, &held_out)?;
        model.with_metrics(metrics, split)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::DroppedColumn;

    const LINE: &[u8] = b"x,id,y\n1,a,5\n2,b,7\n3,c,9\n4,d,11\n5,e,13\n";

    fn without_id(names: &[&str]) -> Recipe {
        let mut recipe = Recipe::new("y");
        recipe.roles.drop = names.iter().map(|name| (*name).to_owned()).collect();
        recipe
    }

    #[test]
    fn every_row_is_fitted_on_unless_some_are_held_out() {
        let table = Table::parse(LINE).unwrap();
        let all = without_id(&["id"]);
        let model = all.train(&table).unwrap();
        assert_eq!((model.provenance().n_rows, model.provenance().metrics), (5, None));
        let part = Recipe { test: Some(0.4), seed: 3, ..all }.train(&table).unwrap();
        assert_eq!(part.provenance().n_rows, 3);
        assert_eq!(part.provenance().split, Some(Split { fraction: 0.4, seed: 3 }));
        assert!(part.provenance().metrics.is_some());
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
        let recipe = Recipe::new("y");
        let first = recipe.train(&table).unwrap();
        // The same columns in another order.
        let turned: String = (0..60).map(|i| format!("{},{},{}\n", i * 5 % 13, i * 7 % 11, i * i % 7 % 2)).collect();
        let turned = Table::parse(format!("v,u,y\n{turned}").as_bytes()).unwrap();
        let mut again = Training::new(&Dataset::new(&turned, &recipe.roles).unwrap(), &recipe).unwrap();
        again.start_from(&first).unwrap();
        assert!(again.step().unwrap().relative_gradient < 1e-9);
        let other = Table::parse(format!("u,w,y\n{rows}").as_bytes()).unwrap();
        let mut other = Training::new(&Dataset::new(&other, &recipe.roles).unwrap(), &recipe).unwrap();
        assert_eq!(other.start_from(&first).unwrap_err().kind(), ErrorKind::InvalidOption);
    }

    #[test]
    fn a_column_to_drop_must_exist() {
        let table = Table::parse(LINE).unwrap();
        let error = without_id(&["ids"]).train(&table).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownColumn);
        assert!(error.message().contains("did you mean \"id\"?"), "{error}");
    }
}
