//! A pipeline under way.

use super::contest::{self, Contest};
use super::settings::Pipeline;
use super::validation::Validation;
use crate::dataset::{Dataset, Roles, Stream};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::{Report, evaluate};
use crate::model::{Model, Split};
use crate::note::Note;
use crate::table::Table;
use crate::train::{Learner, Progress, Start, Trainer};
use std::borrow::Cow;

/// A pipeline under way: the rows are split, and the fits go on round by round, those to folds first. Dropping it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Training {
    trainer: Trainer,
    /// The folds, while the trainer is that of one of them or its answer is still needed.
    validation: Option<Validation>,
    /// The learner that goes through the folds after the one under way.
    rival: Option<Learner>,
    /// How many learners go through the folds.
    n_learners: usize,
    /// The one that has been through them before.
    contest: Option<Contest>,
    /// How the contest ended.
    contest_note: Option<Note>,
    held_out: Option<(Dataset, Split)>,
    /// Its learner is the one under way.
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
        Ok(Self { validation, held_out, ..Self::of(trainer, pipeline.clone(), name) })
    }

    fn of(trainer: Trainer, mut pipeline: Pipeline, name: String) -> Self {
        let rival = pipeline.rival.take();
        let (validation, contest, contest_note, held_out, start) = (None, None, None, None, None);
        let n_learners = if rival.is_some() { 2 } else { 1 };
        Self { trainer, validation, rival, n_learners, contest, contest_note, held_out, pipeline, name, start }
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
        Ok(Self::of(trainer, pipeline.clone(), name))
    }

    /// Begins the fit to all training rows at a model of the same columns and classes.
    ///
    /// # Errors
    /// Those of [`Start::of_model`] and [`Trainer::start_from`].
    pub fn start_from(&mut self, model: &Model) -> Result<()> {
        if self.n_learners > 1 {
            let message =
                "learners that are compared begin at no model; leave the start out, or choose the linear learner";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
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
            Some(validation) => {
                let n_folds = validation.n_folds();
                let n_before = if self.rival.is_none() { (self.n_learners - 1) * n_folds } else { 0 };
                let n_done = (n_before + validation.fold()) as f64 + progress.fraction;
                Progress {
                    fraction: n_done / (self.n_learners * n_folds + 1) as f64,
                    done: progress.done && validation.is_over(),
                    ..progress
                }
            }
        }
    }

    /// Does one round of the fit under way, and goes on to the next fold after the last one.
    ///
    /// # Errors
    /// Those of [`Trainer::step`] and [`Trainer::finish`].
    pub fn step(&mut self) -> Result<Progress> {
        if let Err(error) = self.advance() {
            let is_of_rival = self.contest.is_some() && contest::is_unsuited(&error);
            let Some(contest) = self.contest.take().filter(|_| is_of_rival) else { return Err(error) };
            let note = contest::gave_up(&self.pipeline.learner, error.message());
            self.end_contest(contest.learner, contest.validation, note)?;
        }
        Ok(self.progress())
    }

    fn advance(&mut self) -> Result<()> {
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
            if self.is_last() {
                self.go_on()?;
            }
        }
        Ok(())
    }

    /// After the last fold: the rival's turn, the end of the contest, or the fit to all rows.
    fn go_on(&mut self) -> Result<()> {
        let Some(validation) = &self.validation else { return Ok(()) };
        if let Some(rival) = self.rival.take() {
            let (of_rival, first) = validation.again()?;
            let before = std::mem::replace(&mut self.pipeline.learner, rival.clone());
            if let Some(validation) = self.validation.replace(of_rival) {
                self.contest = Some(Contest { learner: before, validation });
            }
            self.trainer = Trainer::new(&first, rival)?;
        } else if let Some(contest) = self.contest.take() {
            match contest.judge(&self.pipeline.learner, validation) {
                (true, note) => self.contest_note = Some(note),
                (false, note) => self.end_contest(contest.learner, contest.validation, note)?,
            }
        } else if let Some(start) = self.start.take() {
            self.trainer.start_from(&start)?;
        }
        Ok(())
    }

    /// Goes back to the learner that was through the folds first.
    fn end_contest(&mut self, learner: Learner, validation: Validation, note: Note) -> Result<()> {
        self.trainer = Trainer::new(validation.rows(), learner.clone())?;
        self.pipeline.learner = learner;
        self.validation = Some(validation);
        self.contest_note = Some(note);
        Ok(())
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
        fit.warnings.extend(self.contest_note);
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
