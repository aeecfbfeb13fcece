//! A pipeline under way.

use super::settings::Pipeline;
use super::validation::Validation;
use crate::dataset::{Dataset, Roles, Stream};
use crate::error::Result;
use crate::evaluate::{Report, evaluate};
use crate::model::{Model, Split};
use crate::table::Table;
use crate::train::{Progress, Start, Trainer};
use std::borrow::Cow;

/// A pipeline under way: the rows are split, and the fits go on round by round, those to folds first. Dropping it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Training {
    trainer: Trainer,
    /// The folds, while the trainer is that of one of them or its answer is still needed.
    validation: Option<Validation>,
    held_out: Option<(Dataset, Split)>,
    pipeline: Pipeline,
    name: String,
    start: Option<Start>,
}

/// What a training ends with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Outcome {
    /// The model.
    pub model: Model,
    /// What it achieved on the rows held out, curves and all; the model's file has the figures.
    pub report: Option<Report>,
}

impl Training {
    /// Holds rows out if asked to, and prepares the others. The pipeline's roles have been given already.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`](crate::error::ErrorKind::InvalidOption); those of [`Dataset::split`],
    /// [`crate::evaluate::folds`] and [`Trainer::new`].
    pub fn new(dataset: &Dataset, pipeline: &Pipeline) -> Result<Self> {
        pipeline.check(dataset.schema())?;
        let (training, held_out) = match pipeline.test {
            None => (Cow::Borrowed(dataset), None),
            Some(fraction) => {
                let (training, held_out) = dataset.split(fraction, pipeline.seed)?;
                (Cow::Owned(training), Some((held_out, Split { fraction, seed: pipeline.seed })))
            }
        };
        let name = pipeline.model_name(dataset.schema());
        let (validation, first) = match pipeline.n_folds(training.n_rows()) {
            None => (None, training),
            Some(n_folds) => {
                let (validation, first) = Validation::new(training.into_owned(), n_folds, pipeline.seed)?;
                (Some(validation), Cow::Owned(first))
            }
        };
        let trainer = Trainer::new(&first, pipeline.learner.clone());
        let trainer = match &validation {
            Some(validation) => trainer.map_err(|error| validation.in_fold(0, error))?,
            None => trainer?,
        };
        Ok(Self { trainer, validation, held_out, pipeline: pipeline.clone(), name, start: None })
    }

    /// The same for rows that are read again in every round.
    ///
    /// # Errors
    /// Those of [`Training::new`] and [`Trainer::stream`];
    /// [`ErrorKind::InvalidOption`](crate::error::ErrorKind::InvalidOption) for rows held out and for folds: keep those in
    /// a file of their own.
    pub fn stream(stream: Stream, pipeline: &Pipeline) -> Result<Self> {
        let schema = &stream.surveyed().schema;
        pipeline.check_stream(schema)?;
        let name = pipeline.model_name(schema);
        let trainer = Trainer::stream(stream, pipeline.learner.clone())?;
        Ok(Self { trainer, validation: None, held_out: None, pipeline: pipeline.clone(), name, start: None })
    }

    /// Begins the fit to all training rows at a model of the same columns and classes.
    ///
    /// # Errors
    /// Those of [`Start::of_model`] and [`Trainer::start_from`].
    pub fn start_from(&mut self, model: &Model) -> Result<()> {
        let start = Start::of_model(model, self.trainer.schema())?;
        match self.is_last() {
            true => self.trainer.start_from(&start),
            false => {
                self.start = Some(start);
                Ok(())
            }
        }
    }

    /// Whether the fit under way is the one to all training rows.
    fn is_last(&self) -> bool {
        self.validation.as_ref().is_none_or(Validation::is_over)
    }

    /// How far it all is.
    pub fn progress(&self) -> Progress {
        let progress = self.trainer.progress();
        match &self.validation {
            None => progress,
            Some(validation) => Progress {
                fraction: validation.fraction(progress.fraction),
                done: progress.done && validation.is_over(),
                ..progress
            },
        }
    }

    /// Does one round of the fit under way, and goes on to the next fold after the last one.
    ///
    /// # Errors
    /// Those of [`Trainer::step`] and [`Trainer::finish`].
    pub fn step(&mut self) -> Result<Progress> {
        if !self.trainer.progress().done {
            self.trainer.step()?;
        }
        if self.trainer.progress().done
            && let Some(validation) = self.validation.as_mut().filter(|validation| !validation.is_over())
        {
            let next = Trainer::new(&validation.rows_after_this()?, self.pipeline.learner.clone());
            let next = next.map_err(|error| validation.in_fold(validation.fold() + 1, error))?;
            let fitted = std::mem::replace(&mut self.trainer, next);
            validation.end_fold(fitted.finish()?.into_model("", None)?, &self.pipeline)?;
            if self.is_last()
                && let Some(start) = self.start.take()
            {
                self.trainer.start_from(&start)?;
            }
        }
        Ok(self.progress())
    }

    /// The model, evaluated on the rows that were held out. The folds that are left are gone through first.
    ///
    /// # Errors
    /// Those of [`Trainer::finish`], [`crate::train::Fit::into_model`] and [`evaluate`].
    pub fn finish(mut self) -> Result<Outcome> {
        while !self.is_last() {
            self.step()?;
        }
        let mut fit = self.trainer.finish()?;
        if let Some(validation) = &mut self.validation {
            validation.test_recipe(&self.pipeline)?;
        }
        let validation = self.validation.as_mut().filter(|_| self.pipeline.conformal);
        let conformal = validation.map(Validation::conformal).transpose()?;
        fit.warnings.extend(self.validation.as_ref().map(Validation::notes).unwrap_or_default());
        fit.warnings.extend(conformal.iter().filter_map(|(_, note)| note.clone()));
        let mut model = fit.into_model(self.name, self.pipeline.created)?;
        let decide = Validation::decide(self.validation.as_ref(), &self.pipeline)?;
        if let (calibration, decision) = decide
            && (calibration.is_some() || decision.is_some())
        {
            model = model.with_decision(calibration, decision)?;
        }
        if let Some((conformal, _)) = conformal {
            model = model.with_conformal(conformal)?;
        }
        let (report, evaluation) = match self.held_out {
            None => (None, None),
            Some((held_out, split)) => {
                let report = evaluate(&model, &held_out)?;
                let evaluation = report.evaluation(Some(split));
                (Some(report), Some(evaluation))
            }
        };
        let cross_validation = self.validation.as_ref().map(Validation::summary);
        if evaluation.is_some() || cross_validation.is_some() {
            model = model.with_evaluation(evaluation, cross_validation)?;
        }
        Ok(Outcome { model, report })
    }
}

impl Pipeline {
    /// Splits if asked to, fits on the training rows and evaluates on the others.
    ///
    /// # Errors
    /// Those of [`Dataset::new`], [`Training::new`], [`Training::step`] and [`Training::finish`].
    pub fn train(&self, table: &Table) -> Result<Model> {
        let keep_constants = self.roles.keep_constants || !self.learner.has_intercept();
        let roles = Roles { keep_constants, ..self.roles.clone() };
        let mut training = Training::new(&Dataset::new(table, &roles)?, self)?;
        while !training.progress().done {
            training.step()?;
        }
        Ok(training.finish()?.model)
    }
}
