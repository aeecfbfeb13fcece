//! Fits to rows on this machine: in memory, or in a file.

use super::fit::{Fit, TrainingSummary};
use super::job::Job;
use super::prepare::TrainingRows;
use super::rows::FitRows;
use super::trees::boosting::BoostingFit;
use super::trees::forest::ForestFit;
use super::{Learner, Progress, Start};
use crate::dataset::{Blocks, Dataset, Stream, map_blocks};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::table::Schema;
use std::borrow::Cow;

/// A running fit. [`Trainer::step`] does one iteration. Between two steps the caller can show progress, or stop the fit
/// by dropping it. [`Trainer::run`] does all iterations.
///
/// ```
/// # use tepal::dataset::{Dataset, Roles};
/// # use tepal::table::Table;
/// # use tepal::train::{Options, Trainer};
/// # fn main() -> tepal::error::Result<()> {
/// # let table = Table::parse(b"x,y\n1,a\n2,b\n3,a\n4,b\n5,b\n")?;
/// # let dataset = Dataset::new(&table, &Roles { target: "y".into(), ..Roles::default() })?;
/// let mut trainer = Trainer::new(&dataset, Options::default())?;
/// while !trainer.progress().done {
///     let progress = trainer.step()?;
///     println!("round {}: {}", progress.round, progress.objective);
/// }
/// let fit = trainer.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Trainer(Work);

#[derive(Debug)]
enum Work {
    /// Questions about all rows.
    Asked {
        rows: FitRows,
        job: Box<Job>,
    },
    /// Trees, from rows in memory.
    Boosted(Box<BoostingFit>),
    Forest(Box<ForestFit>),
}

impl Trainer {
    /// Checks the options and the rows, and prepares the rows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`], [`ErrorKind::TooFewRows`] when a class has no row or there are fewer rows than
    /// classes, [`ErrorKind::ConstantTarget`], [`ErrorKind::InvalidWeight`], [`ErrorKind::NoFeatures`] when every
    /// feature is constant, [`ErrorKind::NotFinite`] for values too large to standardize, [`ErrorKind::LimitExceeded`].
    pub fn new(dataset: &Dataset, learner: impl Into<Learner>) -> Result<Self> {
        let learner = match learner.into() {
            Learner::Boosting(options) => {
                return Ok(Self(Work::Boosted(Box::new(BoostingFit::new(dataset, options)?))));
            }
            Learner::Forest(options) => return Ok(Self(Work::Forest(Box::new(ForestFit::new(dataset, options)?)))),
            learner @ Learner::Linear(_) => learner,
        };
        let own = if learner.sees_positions() { dataset.with_own_categories()? } else { Cow::Borrowed(dataset) };
        let dataset = own.as_ref();
        let rows = TrainingRows::of_dataset(dataset)?;
        let mut job = Job::new(&rows, TrainingSummary::of_dataset(dataset), learner, 0.0)?;
        limits::check_product("numbers in the columns of a fit", dataset.n_rows(), job.row_width(), limits::CELLS)?;
        let blocks = dataset.rows();
        let blocks = map_blocks(blocks.n_blocks(), |index| Ok(job.prepare(blocks.block(index)?)))?;
        job.begin(dataset, &blocks)?;
        Ok(Self(Work::Asked { rows: FitRows::InMemory(blocks), job: Box::new(job) }))
    }

    /// A trainer on rows that are read again for every question.
    ///
    /// # Errors
    /// Those of [`Trainer::new`], and those of reading; [`ErrorKind::InvalidOption`] for linfa, which needs
    /// all rows in memory.
    pub fn stream(stream: Stream, learner: impl Into<Learner>) -> Result<Self> {
        let job = Job::to_stream(stream.surveyed(), stream.notes(), learner.into())?;
        Ok(Self(Work::Asked { rows: FitRows::Streamed(Box::new(stream)), job: Box::new(job) }))
    }

    /// Starts at these parameters instead of at the intercept-only model.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when they are those of another number of outputs, or of no column that this fit has,
    /// [`ErrorKind::NotFinite`].
    pub fn start_from(&mut self, start: &Start) -> Result<()> {
        match &mut self.0 {
            Work::Asked { job, .. } => job.start_from(start),
            Work::Boosted(_) | Work::Forest(_) => {
                let message = "trees begin at no model; leave the start out, or choose the linear learner";
                Err(Error::new(ErrorKind::InvalidOption, message))
            }
        }
    }

    /// The best parameters so far of a linear fit, which another fit can [start from](Trainer::start_from); `None` for other
    /// learners.
    pub fn parameters(&self) -> Option<Start> {
        match &self.0 {
            Work::Asked { job, .. } => Some(job.parameters()),
            Work::Boosted(_) | Work::Forest(_) => None,
        }
    }

    /// What the training rows hold.
    pub fn schema(&self) -> &Schema {
        match &self.0 {
            Work::Asked { job, .. } => job.schema(),
            Work::Boosted(fit) => fit.schema(),
            Work::Forest(fit) => fit.schema(),
        }
    }

    /// The progress of the fit.
    pub fn progress(&self) -> Progress {
        match &self.0 {
            Work::Asked { job, .. } => job.progress(),
            Work::Boosted(fit) => fit.progress(),
            Work::Forest(fit) => fit.progress(),
        }
    }

    /// Passes over every row once. Most passes are an iteration of the solver. The others are:
    ///
    /// - for many rows, a sample to start on;
    /// - for more columns than rows, a start from the row space;
    /// - without a penalty, dependent columns before the first iteration, and separable classes after the last one;
    /// - after the last iteration, derivatives at the answer that the solver did not compute.
    ///
    /// Boosting grows a tree, a forest one for each thread. Does nothing once the fit is done.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when the first loss is not finite; [`ErrorKind::NotConverged`] for separable classes
    /// without a penalty, since that fit has no optimum; those of reading.
    pub fn step(&mut self) -> Result<Progress> {
        match &mut self.0 {
            Work::Asked { rows, job } => {
                if let Some(question) = job.ask() {
                    job.tell(rows.answer(job, &question)?)?;
                }
            }
            Work::Boosted(fit) => fit.step()?,
            Work::Forest(fit) => fit.step()?,
        }
        Ok(self.progress())
    }

    /// Does the remaining iterations, and finishes.
    ///
    /// # Errors
    /// Those of [`Trainer::step`] and [`Trainer::finish`].
    pub fn run(mut self) -> Result<Fit> {
        while !self.progress().done {
            self.step()?;
        }
        self.finish()
    }

    /// Certifies the answer. Before the last iteration the answer is short of the optimum. Trees are those of the rounds so
    /// far.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] with the figure, unless
    /// [`Options::accept_unconverged`](super::Options::accept_unconverged); [`ErrorKind::FitFailed`] when a parameter
    /// overflowed; those of [`Trainer::step`].
    pub fn finish(mut self) -> Result<Fit> {
        while self.progress().round == 0 {
            self.step()?;
        }
        if let Work::Asked { job, .. } = &mut self.0 {
            job.end_iterations()?;
            while !self.progress().done {
                self.step()?;
            }
        }
        match self.0 {
            Work::Asked { job, .. } => job.finish(),
            Work::Boosted(fit) => fit.finish(),
            Work::Forest(fit) => fit.finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::{Options, Solver};

    fn dataset(csv: &str) -> Dataset {
        Dataset::of_csv(csv, "y").unwrap()
    }

    #[test]
    fn a_line_is_found_exactly() {
        let data = dataset("x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n");
        let fit = Trainer::new(&data, Options::default()).unwrap().run().unwrap();
        assert!(
            fit.record.as_linear().unwrap().certificate.converged(),
            "{:?}",
            fit.record.as_linear().unwrap().certificate
        );
        let line = fit.estimator.as_linear().unwrap();
        assert!((line.coefficients[0] - 2.0).abs() < 1e-15);
        assert_eq!(line.intercepts, [9.0]);
    }

    #[test]
    fn dependent_columns_are_named_and_share_what_they_explain() {
        // b is 2 a + 2, so that its standardized column is that of a, and a step of b counts for half a step of a.
        let data = dataset("a,c,b,y\n1,7,4,1\n2,7,6,3\n4,7,10,2\n3,7,8,5\n");
        for solver in [Solver::Newton, Solver::Lbfgs] {
            let fit = Trainer::new(&data, Options { solver, ..Options::default() }).unwrap().run().unwrap();
            let [warning] = fit.warnings.as_slice() else { panic!("{:?}", fit.warnings) };
            assert!(warning.to_string().contains("columns \"b\" are"), "{warning}");
            let coefficients = &fit.estimator.as_linear().unwrap().coefficients;
            assert!((coefficients[0] - 2.0 * coefficients[1]).abs() < 1e-14, "{coefficients:?}");
            assert!(fit.record.as_linear().unwrap().certificate.converged());
        }
        let ridge = Options { l2: Some(1.0), ..Options::default() };
        assert!(Trainer::new(&data, ridge).unwrap().run().unwrap().warnings.is_empty());
    }

    #[test]
    fn a_fit_that_was_stopped_goes_on_from_its_parameters() {
        let rows: String =
            (0..90).map(|i| format!("{},{},{}\n", i * 7 % 11, i * 5 % 13, ["a", "b", "c"][i * i % 5 % 3])).collect();
        let data = dataset(&format!("u,v,y\n{rows}"));
        for solver in [Solver::Newton, Solver::Lbfgs] {
            let trainer = || Trainer::new(&data, Options { solver, ..Options::default() }).unwrap();
            let mut first = trainer();
            let stopped = (0..4).map(|_| first.step().unwrap()).last().unwrap();
            let mut second = trainer();
            second.start_from(&first.parameters().unwrap()).unwrap();
            let resumed = second.step().unwrap();
            assert!((resumed.objective - stopped.objective).abs() < 1e-9, "{stopped:?} {resumed:?}");
            assert!(second.run().unwrap().record.as_linear().unwrap().certificate.converged());
        }
        let other = dataset("w,y\n1,a\n2,b\n3,a\n4,b\n");
        let start = Trainer::new(&other, Options::default()).unwrap().parameters().unwrap();
        let mut trainer = Trainer::new(&data, Options::default()).unwrap();
        assert_eq!(trainer.start_from(&start).unwrap_err().kind(), ErrorKind::WrongLength);
    }

    #[test]
    fn squares_that_memory_does_not_hold_are_refused() {
        let header: String = (0..3000).map(|column| format!("x{column},")).collect();
        let row = |i: usize| (0..3000).map(|column| format!("{},", (i * 7 + column * 13) % 11)).collect::<String>();
        let rows: String = (0..6).map(|i| format!("{}{}\n", row(i), ["a", "b"][i % 2])).collect();
        let data = dataset(&format!("{header}y\n{rows}"));
        let fit = |l2, solver| Trainer::new(&data, Options { l2: Some(l2), solver, ..Options::default() });
        for (l2, solver) in [(0.0, Solver::Lbfgs), (1.0, Solver::Newton)] {
            assert_eq!(fit(l2, solver).unwrap_err().kind(), ErrorKind::LimitExceeded);
        }
        assert!(fit(1.0, Solver::Auto).unwrap().run().is_ok());
    }

    #[test]
    fn progress_never_goes_back() {
        let rows: String =
            (0..90).map(|i| format!("{},{},{}\n", i * 7 % 11, i * 5 % 13, ["a", "b"][i * i % 5 % 2])).collect();
        let mut trainer = Trainer::new(&dataset(&format!("u,v,y\n{rows}")), Options::default()).unwrap();
        let mut before = trainer.progress();
        while !trainer.progress().done {
            let now = trainer.step().unwrap();
            assert!(
                now.round == before.round + 1 && now.fraction >= before.fraction && now.objective <= before.objective
            );
            before = now;
        }
        assert_eq!((before.fraction, trainer.step().unwrap()), (1.0, before));
    }

    #[test]
    fn a_constant_target_is_refused() {
        let error = Trainer::new(&dataset("x,y\n1,5\n2,5\n"), Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConstantTarget);
    }

    #[test]
    fn classes_without_rows_are_refused() {
        let data = dataset("x,y\n1,a\n2,b\n3,c\n4,a\n");
        for rows in [&[0, 1][..], &[0, 1, 3]] {
            let part = data.select(rows).unwrap();
            assert_eq!(Trainer::new(&part, Options::default()).unwrap_err().kind(), ErrorKind::TooFewRows);
        }
    }

    #[test]
    fn a_fit_short_of_its_optimum_is_refused_with_the_figure() {
        let rows: String = (0..40).map(|i| format!("{},{},{}\n", i, (i * 7) % 13, ["a", "b"][i / 3 % 2])).collect();
        let data = dataset(&format!("u,v,y\n{rows}"));
        // No sum of rounded terms gets this near to zero.
        let short = Options { tolerance: 1e-300, ..Options::default() };
        let error = Trainer::new(&data, short.clone()).unwrap().run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotConverged);
        assert!(error.message().contains("the relative gradient is"), "{error}");
        let accepted = Options { accept_unconverged: true, ..short };
        let fit = Trainer::new(&data, accepted).unwrap().run().unwrap();
        assert!(!fit.record.as_linear().unwrap().certificate.converged());
    }
}
