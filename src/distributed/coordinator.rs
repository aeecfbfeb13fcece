//! The worker that leads a fit.

use super::message::{Answer, Question, encode, merged, unexpected};
use crate::dataset::{Layout, Roles, Scanner, SearchingSurvey, Surveyed};
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::model::Model;
use crate::pipeline::Pipeline;
use crate::table::ReadOptions;
#[cfg(doc)]
use crate::train;
use crate::train::{Job, Progress};

/// The worker that leads a fit. It looks at the file once, to find where rows are, and then reads no more of it.
#[derive(Debug)]
pub struct Coordinator {
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Scan(Scanner),
    Survey {
        layout: Layout,
        survey: SearchingSurvey,
    },
    Surveyed {
        layout: Layout,
        rows: Surveyed,
    },
    Fit {
        job: Job,
        is_first: bool,
        n_blocks: usize,
        name: String,
        created: Option<u64>,
    },
    /// Only while one stage is made of another.
    Between,
}

impl Coordinator {
    /// Begins with a file that nothing is known of.
    pub fn new(roles: &Roles, options: &ReadOptions) -> Self {
        Self { stage: Stage::Scan(Scanner::new(roles.clone(), options.clone())) }
    }

    /// Which part of a file of this size is to be [pushed](Coordinator::push) next, by its first byte and its length;
    /// `None` when all was looked at.
    pub fn wants(&self, size: u64) -> Option<(u64, usize)> {
        match &self.stage {
            Stage::Scan(scanner) => scanner.wants(size),
            _ => None,
        }
    }

    /// Takes in the part that was wanted; `is_end` says that the file ends with it. Afterwards it is known where blocks
    /// begin and which classes there are.
    ///
    /// # Errors
    /// Those of [`crate::table::Table::parse`] and [`crate::dataset::Dataset::new`] that header, width of rows and target
    /// can have.
    pub fn push(&mut self, part: &[u8], is_end: bool) -> Result<()> {
        let Stage::Scan(scanner) = &mut self.stage else { return Err(unexpected()) };
        scanner.push(part, is_end)?;
        if is_end && let Stage::Scan(scanner) = std::mem::replace(&mut self.stage, Stage::Between) {
            let layout = scanner.finish()?;
            self.stage = Stage::Survey { survey: SearchingSurvey::new(layout.header().clone()), layout };
        }
        Ok(())
    }

    /// What a [`Worker`](super::Worker) needs to know of the file.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] before the file was looked at to its end.
    pub fn layout(&self) -> Result<Vec<u8>> {
        match &self.stage {
            Stage::Survey { layout, .. } => encode(layout),
            _ => Err(unexpected()),
        }
    }

    /// The most workers that can have a share; 0 before the file was looked at to its end.
    pub fn n_blocks(&self) -> usize {
        match &self.stage {
            Stage::Survey { layout, .. } | Stage::Surveyed { layout, .. } => layout.n_blocks(),
            Stage::Fit { n_blocks, .. } => *n_blocks,
            Stage::Scan(_) | Stage::Between => 0,
        }
    }

    /// The next question to every share; `None` when the stage is over: then comes [`Coordinator::fit`], and after it
    /// [`Coordinator::finish`].
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when it cannot be written down.
    pub fn ask(&self) -> Result<Option<Vec<u8>>> {
        let question = match &self.stage {
            Stage::Survey { survey, .. } => survey.ask().map(Question::Survey),
            Stage::Fit { job, is_first, .. } => job.ask().map(|question| {
                let setup = is_first.then(|| Box::new(job.setup()));
                Question::Fit { setup, question }
            }),
            Stage::Scan(_) | Stage::Surveyed { .. } | Stage::Between => None,
        };
        question.map(|question| encode(&question)).transpose()
    }

    /// Takes in the answers of all workers, in any order.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when blocks are missing or an answer is to another question; [`ErrorKind::InvalidRequest`] for
    /// two answers for one block; [`ErrorKind::UnsupportedVersion`] when one came from another build;
    /// [`ErrorKind::InvalidWeight`] when every weight is 0; those of a fit.
    pub fn tell(&mut self, answers: &[Vec<u8>]) -> Result<()> {
        let total = merged(answers)?;
        if !total.is_whole(self.n_blocks()) {
            return Err(unexpected());
        }
        match (&mut self.stage, total.total()?.ok_or_else(unexpected)?) {
            (Stage::Survey { survey, .. }, Answer::Survey(answer)) => {
                survey.tell(answer)?;
                if survey.ask().is_none()
                    && let Stage::Survey { layout, survey } = std::mem::replace(&mut self.stage, Stage::Between)
                {
                    let rows = survey.finish()?;
                    rows.moments()?;
                    self.stage = Stage::Surveyed { layout, rows };
                }
                Ok(())
            }
            (Stage::Fit { job, is_first, .. }, Answer::Fit(answer)) => {
                *is_first = false;
                job.tell(answer)
            }
            _ => Err(unexpected()),
        }
    }

    /// Begins the fit, once all is known of the rows.
    ///
    /// # Errors
    /// Those of [`crate::pipeline::Training::stream`].
    pub fn fit(&mut self, pipeline: &Pipeline) -> Result<()> {
        let Stage::Surveyed { layout, rows } = &self.stage else { return Err(unexpected()) };
        pipeline.check_stream(&rows.schema)?;
        let name = pipeline.model_name(&rows.schema);
        let job = Job::to_stream(rows, layout.notes(), pipeline.learner.clone())?;
        let n_blocks = layout.n_blocks();
        self.stage = Stage::Fit { job, is_first: true, n_blocks, name, created: pipeline.created };
        Ok(())
    }

    /// How far the fit is; `None` before it has begun.
    pub fn progress(&self) -> Option<Progress> {
        match &self.stage {
            Stage::Fit { job, .. } => Some(job.progress()),
            _ => None,
        }
    }

    /// The model.
    ///
    /// # Errors
    /// Those of [`train::Trainer::finish`] and [`train::Fit::into_model`].
    pub fn finish(self) -> Result<Model> {
        let Stage::Fit { job, name, created, .. } = self.stage else { return Err(unexpected()) };
        job.finish()?.into_model(name, created)
    }
}
