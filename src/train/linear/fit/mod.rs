//! A fit by ask and tell. It does not access rows. Each question is about all rows. Blocks answer it in any place, and
//! the fit is told the merged answer.

mod certify;
mod errors;
mod outcome;
mod separable;
mod solvers;

use super::dependence::{DEPENDENT, Dependence};
use super::derivatives::{Derivatives, Order};
use super::gap::Gap;
use super::minimizer::{CostModel, Minimizer, Point, State};
use super::problem::LinearProblem;
use super::question::{Answer, Question};
use super::sample::{self, Sampling};
use super::separation::Search;
use super::{Options, Solver, Start, row_space};
use crate::error::{Error, ErrorKind, Result, list_names};
use crate::model::Certificate;
use crate::note::{Note, codes};
use crate::preprocess::Preprocessor;
use crate::table::Schema;
use crate::train::Progress;
use crate::train::fit::TrainingSummary;
use errors::overflow;

/// The size of the next step, relative to the parameters, at which a fit within its tolerance ends. Where columns
/// nearly depend on each other, the gradient is small long before the coefficients are accurate. The step estimates
/// their error.
const SETTLED: f64 = 1e-8;

/// The maximum number of iterations within the tolerance: without a penalty the step may never become small.
const MAX_ITERATIONS_WITHIN: u32 = 10;

/// The stage of a fit, which decides its next question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Without a penalty: which columns depend on others.
    Dependence,
    /// A sample of the rows, for a warm start.
    Sample,
    /// All rows, for a start from the row space.
    RowSpace,
    Iterations,
    /// Without a penalty: whether the classes are separated along the parameters.
    SeparationByParameters,
    /// Without a penalty: whether anything shows that the classes may be separated along another direction.
    SeparationSigns,
    /// Whether they are: the derivatives where the search starts, and then its directions.
    SeparationStart,
    SeparationSearch,
    /// The Hessian at the best point, for its gap.
    Gap,
    /// The gradient at an answer that was changed after the last iteration.
    Certificate,
    /// The Hessian at the answer, for standard errors, where the solver did not compute it.
    Hessian,
    Done,
}

#[derive(Debug)]
pub(crate) struct LinearFit {
    problem: LinearProblem,
    summary: TrainingSummary,
    options: Options,
    /// The cost of reading a number of a row in each iteration.
    reading_cost: f64,
    minimizer: Minimizer,
    /// The solver that ran before the minimizer.
    before: Option<&'static str>,
    dependence: Option<Dependence>,
    /// Whether columns that are nearly combinations of others are left without a coefficient, since no fit was found with them.
    leaves_near: bool,
    /// The sample to start on, if there is one.
    sampling: Option<Sampling>,
    stage: Stage,
    progress: Progress,
    /// The number of iterations that ended within the tolerance.
    iterations_within: u32,
    /// What the tolerance is multiplied by in the iterations: less than 1 once an answer met it on the independent columns only.
    strictness: f64,
    /// The final parameters, and their certificate.
    answer: Vec<f64>,
    certificate: Option<Certificate>,
    gap: Gap,
    /// The directions that are left to look along for signs of separation; `None` until they were computed.
    signs_of_separation: Option<Vec<Vec<f64>>>,
    search: Option<Search>,
    /// A direction that separates the classes, how many features were looked at alone since, and the sum of the directions
    /// of those that do it.
    separating: Option<Vec<f64>>,
    n_alone: usize,
    separating_alone: Option<Vec<f64>>,
    /// The Hessian at the answer.
    hessian: Option<Derivatives>,
    warnings: Vec<Note>,
}

impl LinearFit {
    pub(in crate::train) fn new(
        problem: LinearProblem,
        summary: TrainingSummary,
        options: Options,
        reading_cost: f64,
    ) -> Self {
        // The reading cost only serves to choose a solver.
        let reading_cost = if options.solver == Solver::Auto { reading_cost } else { 0.0 };
        let costs = CostModel::of(&problem.objective, summary.n_rows, reading_cost);
        let minimizer = minimizer(options.solver, costs, problem.objective.start());
        let LinearProblem { objective, .. } = &problem;
        let sampling = Sampling::of(&summary.schema.target, objective.width(), objective.n_outputs());
        let sampling = sampling.filter(|_| minimizer.gains_by_sample());
        let stage = match sampling {
            _ if problem.l2 == 0.0 => Stage::Dependence,
            Some(_) => Stage::Sample,
            None if minimizer.wants_row_space() => Stage::RowSpace,
            None => Stage::Iterations,
        };
        let warnings = summary.notes.clone();
        Self {
            problem,
            summary,
            options,
            reading_cost,
            minimizer,
            before: None,
            dependence: None,
            leaves_near: false,
            sampling,
            stage,
            progress: Progress::start(),
            iterations_within: 0,
            strictness: 1.0,
            answer: Vec::new(),
            certificate: None,
            gap: Gap::NotAsked,
            signs_of_separation: None,
            search: None,
            separating: None,
            n_alone: 0,
            separating_alone: None,
            hessian: None,
            warnings,
        }
    }

    pub(crate) fn problem(&self) -> &LinearProblem {
        &self.problem
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.summary.schema
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress
    }

    /// The best parameters so far.
    pub(crate) fn parameters(&self) -> Start {
        let parameters = match self.minimizer.point() {
            Some(point) => &point.parameters,
            None => self.minimizer.ask().0,
        };
        let parameters = self.problem.objective.of_design(parameters.to_vec());
        Start::of_parameters(&parameters, &self.summary.schema, &self.problem.preprocessor, self.problem.intercept)
    }

    /// Starts at these parameters.
    pub(crate) fn start_from(&mut self, start: &Start) -> Result<()> {
        let LinearProblem { preprocessor, intercept, objective, .. } = &self.problem;
        let parameters = start.to_parameters(&self.summary.schema, preprocessor, *intercept, objective.n_outputs())?;
        self.begin_at(objective.to_design(parameters));
        Ok(())
    }

    /// Starts at the answer of another solver.
    #[cfg(feature = "linfa")]
    pub(crate) fn go_on_from(&mut self, solver: &'static str, parameters: Vec<f64>) {
        self.before = Some(solver);
        self.begin_at(parameters);
    }

    /// Starts at these parameters of the design, on all rows.
    fn begin_at(&mut self, parameters: Vec<f64>) {
        self.sampling = None;
        if matches!(self.stage, Stage::Sample | Stage::RowSpace) {
            self.stage = Stage::Iterations;
        }
        self.restart(parameters);
    }

    fn restart(&mut self, mut parameters: Vec<f64>) {
        let costs = self.costs();
        for output in parameters.chunks_exact_mut(self.problem.objective.width()) {
            self.dependence.iter().flat_map(|found| &found.dependent).for_each(|column| output[*column] = 0.0);
        }
        costs.centre_outputs(&mut parameters);
        self.minimizer = minimizer(self.options.solver, costs, parameters);
    }

    /// The next question; `None` when the fit is done.
    pub(crate) fn ask(&self) -> Option<Question> {
        let evaluate = |parameters: &[f64], order| Question::Derivatives { parameters: parameters.to_vec(), order };
        Some(match self.stage {
            Stage::Dependence => Question::Gram,
            Stage::Sample => Question::Sample(self.sampling.clone()?),
            Stage::RowSpace => Question::Rows,
            Stage::Iterations => {
                let (parameters, order) = self.minimizer.ask();
                evaluate(parameters, order)
            }
            Stage::SeparationByParameters | Stage::SeparationSigns | Stage::SeparationSearch => {
                Question::Margins { direction: self.margin_direction()? }
            }
            Stage::SeparationStart => evaluate(&vec![0.0; self.answer.len()], Order::Gradient),
            Stage::Gap => evaluate(&self.minimizer.point()?.parameters, Order::Hessian),
            Stage::Certificate => evaluate(&self.answer, Order::Gradient),
            Stage::Hessian => evaluate(&self.answer, Order::Hessian),
            Stage::Done => return None,
        })
    }

    /// Takes the merged answer of all rows.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when the first loss is not finite, [`ErrorKind::NotConverged`] for separable classes
    /// without a penalty, [`ErrorKind::Internal`] for an answer to another question.
    pub(crate) fn tell(&mut self, answer: Answer) -> Result<()> {
        let other_question = || Error::new(ErrorKind::Internal, "no question was asked");
        answer.check(&self.ask().ok_or_else(other_question)?, &self.problem.objective)?;
        match (self.stage, answer) {
            (Stage::Dependence, Answer::Gram(gram)) if self.leaves_near => return self.leave_near_columns(&gram),
            (Stage::Dependence, Answer::Gram(gram)) => self.find_dependence(&gram),
            (Stage::Sample, Answer::Rows(rows)) => {
                sample::warm_up(&mut self.minimizer, &self.problem.objective, rows);
                self.stage = Stage::Iterations;
            }
            (Stage::RowSpace, Answer::Rows(rows)) => {
                let optimum = row_space::optimum(rows, &self.problem.objective, self.options.tolerance);
                self.minimizer.restart_at(optimum);
                self.stage = Stage::Iterations;
            }
            (Stage::Iterations, Answer::Derivatives(sum)) => return self.end_iteration(sum),
            (_, Answer::Margins(margins)) => return self.tell_margins(margins),
            (Stage::SeparationStart, Answer::Derivatives(sum)) => {
                let zeros = vec![0.0; self.answer.len()];
                let derivatives = self.problem.objective.finish(sum, &zeros, Order::Gradient);
                return self.search_for_separation(&derivatives);
            }
            (Stage::Gap, Answer::Derivatives(sum)) => {
                let parameters = self.minimizer.point().map_or(&[][..], |point| &point.parameters);
                let derivatives = self.problem.objective.finish(sum, parameters, Order::Hessian);
                self.gap = self.gap_by_hessian(&derivatives);
                self.hessian = Some(derivatives);
                self.certify_answer();
            }
            (Stage::Certificate, Answer::Derivatives(sum)) => {
                let derivatives = self.problem.objective.finish(sum, &self.answer, Order::Gradient);
                let certificate = self.problem.objective.certify(&derivatives, self.options.tolerance);
                // The gap is that of the independent columns: it says nothing of a gradient along the others.
                let gap = self.gap.known().filter(|_| certificate.converged());
                let certificate = Certificate { gap, ..certificate };
                self.certificate = Some(certificate);
                match certificate.converged() {
                    true => self.set_stage(Stage::Done),
                    false if self.goes_on_stricter() => self.stage = Stage::Iterations,
                    // The columns only seem to be combinations of others.
                    false => self.ask_for_near_columns(),
                }
            }
            (Stage::Hessian, Answer::Derivatives(sum)) => {
                self.hessian = Some(self.problem.objective.finish(sum, &self.answer, Order::Hessian));
                self.set_stage(Stage::Done);
            }
            _ => return Err(Error::new(ErrorKind::Internal, "an answer came to another question")),
        }
        Ok(())
    }

    fn set_stage(&mut self, stage: Stage) {
        self.stage = stage;
        self.progress.done = stage == Stage::Done;
    }

    fn find_dependence(&mut self, gram: &[f64]) {
        let LinearProblem { preprocessor, objective, intercept, .. } = &mut self.problem;
        self.dependence = Dependence::of(gram, objective.width(), *intercept, DEPENDENT);
        self.stage = if self.sampling.is_some() { Stage::Sample } else { Stage::Iterations };
        let Some(dependence) = &self.dependence else { return };
        objective.freeze(dependence.dependent.clone());
        let unexpected = preprocessor.without_last_categories(&dependence.dependent);
        if !unexpected.is_empty() {
            let columns = names(&self.summary.schema, preprocessor, &unexpected);
            let parameters = [self.summary.n_rows.into(), columns.as_str().into()];
            self.warnings.push(Note::new(codes::DEPENDENT_COLUMNS, parameters));
        }
        let start = self.minimizer.ask().0.to_vec();
        self.restart(start);
    }

    fn end_iteration(&mut self, sum: Derivatives) -> Result<()> {
        let (parameters, order) = self.minimizer.ask();
        let derivatives = self.problem.objective.finish(sum, parameters, order);
        if self.progress.round == 0 && !derivatives.loss.is_finite() {
            return Err(overflow());
        }
        self.minimizer.tell(derivatives);
        self.progress.round += 1;
        let Some(Point { derivatives, .. }) = self.minimizer.point() else { return Ok(()) };
        let tolerance = self.options.tolerance * self.strictness;
        let certificate = self.problem.objective.certify(derivatives, tolerance);
        self.progress.come_to(&certificate);
        if certificate.converged() {
            self.iterations_within += 1;
        }
        if !certificate.converged() && self.may_change_solver() {
            self.change_solver();
            return Ok(());
        }
        if !certificate.converged() && self.may_leave_near_columns() {
            self.ask_for_near_columns();
            return Ok(());
        }
        let is_near = || self.minimizer.next_step() <= SETTLED && self.is_within_gap();
        let is_settled = || is_near() || self.iterations_within > MAX_ITERATIONS_WITHIN;
        // The gradient does not decrease in every iteration, so a fit within the tolerance may leave it again.
        if certificate.converged() && is_settled()
            || self.minimizer.state() == State::Stalled
            || self.progress.round >= self.options.max_iterations
        {
            self.end_iterations()?;
        } else if self.minimizer.wants_row_space() {
            self.stage = Stage::RowSpace;
        }
        Ok(())
    }

    /// Ends the iterations: the best parameters so far are the answer. Questions about the answer may remain. A second
    /// call does nothing.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when they overflowed.
    pub(crate) fn end_iterations(&mut self) -> Result<()> {
        let (Stage::Iterations | Stage::RowSpace, Some(point)) = (self.stage, self.minimizer.point()) else {
            return Ok(());
        };
        self.answer = point.parameters.clone();
        if let Some(dependence) = self.dependence.as_ref().filter(|_| !self.leaves_near) {
            let objective = &self.problem.objective;
            for output in self.answer.chunks_exact_mut(objective.width()) {
                dependence.spread(output, objective.units()).ok_or_else(overflow)?;
            }
        }
        if self.may_be_separated() {
            self.stage = Stage::SeparationByParameters;
        } else {
            self.certify_answer();
        }
        Ok(())
    }
}

fn minimizer(solver: Solver, costs: CostModel, start: Vec<f64>) -> Minimizer {
    match solver {
        Solver::Newton => Minimizer::newton(costs, start),
        Solver::Lbfgs => Minimizer::lbfgs(costs, start),
        Solver::Auto | Solver::Linfa => Minimizer::cheapest(costs, start),
    }
}

/// The names of some of a design's columns.
fn names(schema: &Schema, preprocessor: &Preprocessor, columns: &[usize]) -> String {
    let names = preprocessor.column_names(schema);
    list_names(columns.iter().filter_map(|column| names.get(*column)).map(String::as_str))
}
