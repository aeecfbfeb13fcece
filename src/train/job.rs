//! A fit as questions about all rows, each answered block by block.
//!
//! A job is asked for its next [`Question`]. Each block of rows has an [`Answer`]; the answers are merged, and the job
//! is told the sum. A question may ask for many sums at once, such as all second derivatives: its answer merges as one
//! value. The workers of a job need its [`Setup`] once, before the first question.

use super::fit::{Fit, TrainingSummary};
use super::linear::{self, DesignBlock, LinearFit, LinearProblem};
use super::prepare::TrainingRows;
use super::{Learner, Progress, Start};
use crate::dataset::{Block, Dataset, Surveyed};
use crate::error::{Error, ErrorKind, Result};
use crate::note::Note;
use crate::numeric::tree_sum::Merge;
use crate::table::Schema;
use bincode::{Decode, Encode};

/// The approximate cost of reading a number of a CSV file, in multiplications.
const READING_COST: f64 = 40.0;

/// A running fit, of any learner.
#[derive(Debug)]
pub(crate) enum Job {
    Linear(Box<LinearFit>),
}

/// What a worker needs to answer the questions of a job: how rows are prepared, and what is minimized.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Setup {
    Linear(LinearProblem),
}

/// A block of rows, prepared for a learner.
#[derive(Debug)]
pub(crate) enum PreparedBlock {
    Linear(DesignBlock),
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Question {
    Linear(linear::Question),
}

#[derive(Debug, Clone, Encode, Decode)]
pub(crate) enum Answer {
    Linear(linear::Answer),
}

impl Merge for Answer {
    fn merge(&mut self, later: Self) -> Result<()> {
        let (Self::Linear(answer), Self::Linear(later)) = (self, later);
        answer.merge(later)
    }
}

impl PreparedBlock {
    /// The number of values in the block.
    pub(crate) fn size(&self) -> usize {
        let Self::Linear(block) = self;
        block.size()
    }
}

impl Setup {
    pub(crate) fn prepare(&self, block: Block<'_>) -> PreparedBlock {
        let Self::Linear(problem) = self;
        PreparedBlock::Linear(problem.design(block))
    }

    pub(crate) fn answer(&self, question: &Question, block: &PreparedBlock) -> Answer {
        let (Self::Linear(problem), Question::Linear(question), PreparedBlock::Linear(block)) = (self, question, block);
        Answer::Linear(question.answer(&problem.objective, block))
    }
}

impl Job {
    /// `reading_cost` is the cost of reading a number of a row in each iteration, in multiplications.
    pub(super) fn new(
        rows: &TrainingRows<'_>,
        summary: TrainingSummary,
        learner: Learner,
        reading_cost: f64,
    ) -> Result<Self> {
        let options = learner.into_linear()?;
        let summary = summary.weighted(rows.moments);
        let problem = LinearProblem::new(rows, &options)?;
        Ok(Self::Linear(Box::new(LinearFit::new(problem, summary, options, reading_cost))))
    }

    /// A fit to the rows of a surveyed stream. `notes` are sentences about the rows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for linfa, which needs all rows in memory; those of [`super::Trainer::new`].
    pub(crate) fn to_stream(surveyed: &Surveyed, notes: &[Note], learner: Learner) -> Result<Self> {
        if let Learner::Linear(linear::Options { solver: linear::Solver::Linfa, .. }) = learner {
            let message = "the solver linfa needs all rows in memory; choose newton or lbfgs";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let rows = TrainingRows::of_stream(surveyed)?;
        Self::new(&rows, TrainingSummary::of_stream(surveyed, rows.moments.n_rows, notes), learner, READING_COST)
    }

    /// Begins the fit with the work that needs all rows in memory at once.
    ///
    /// # Errors
    /// Those of the learner.
    pub(super) fn begin(&mut self, dataset: &Dataset, blocks: &[PreparedBlock]) -> Result<()> {
        let Self::Linear(fit) = self;
        let designs: Vec<_> = blocks.iter().map(|PreparedBlock::Linear(design)| design).collect();
        linear::begin(fit, dataset, &designs)
    }

    /// The next question; `None` when the fit is done.
    pub(crate) fn ask(&self) -> Option<Question> {
        let Self::Linear(fit) = self;
        fit.ask().map(Question::Linear)
    }

    /// Takes the merged answer of all rows.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] for an answer to another question; those of the learner.
    pub(crate) fn tell(&mut self, answer: Answer) -> Result<()> {
        let (Self::Linear(fit), Answer::Linear(answer)) = (self, answer);
        fit.tell(answer)
    }

    pub(crate) fn setup(&self) -> Setup {
        let Self::Linear(fit) = self;
        Setup::Linear(fit.problem().clone())
    }

    pub(super) fn prepare(&self, block: Block<'_>) -> PreparedBlock {
        let Self::Linear(fit) = self;
        PreparedBlock::Linear(fit.problem().design(block))
    }

    pub(super) fn answer(&self, question: &Question, block: &PreparedBlock) -> Answer {
        let (Self::Linear(fit), Question::Linear(question), PreparedBlock::Linear(block)) = (self, question, block);
        Answer::Linear(question.answer(&fit.problem().objective, block))
    }

    /// The number of columns of a prepared row.
    pub(super) fn row_width(&self) -> usize {
        let Self::Linear(fit) = self;
        fit.problem().objective.width()
    }

    pub(super) fn schema(&self) -> &Schema {
        let Self::Linear(fit) = self;
        fit.schema()
    }

    pub(crate) fn progress(&self) -> Progress {
        let Self::Linear(fit) = self;
        fit.progress()
    }

    pub(super) fn start_from(&mut self, start: &Start) -> Result<()> {
        let Self::Linear(fit) = self;
        fit.start_from(start)
    }

    pub(super) fn parameters(&self) -> Start {
        let Self::Linear(fit) = self;
        fit.parameters()
    }

    /// Ends the iterations: the best parameters so far are the answer. Questions about the answer may remain.
    pub(super) fn end_iterations(&mut self) -> Result<()> {
        let Self::Linear(fit) = self;
        fit.end_iterations()
    }

    /// Returns the fit once every question was answered.
    ///
    /// # Errors
    /// Those of [`super::Trainer::finish`].
    pub(crate) fn finish(self) -> Result<Fit> {
        let Self::Linear(fit) = self;
        fit.finish()
    }
}
