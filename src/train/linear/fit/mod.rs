//! A fit by ask and tell. It knows no rows: each question is about all of them, can be answered block by block in
//! any place, and goes on with the merged answer.

mod errors;
mod outcome;

use super::dependence::Dependence;
use super::derivatives::{Derivatives, Order};
use super::minimizer::{CostModel, Minimizer, Point, State};
use super::problem::LinearProblem;
use super::question::{Answer, Question};
use super::sample::{self, Sampling};
use super::{Options, Solver, Start, row_space, separation};
use crate::error::{Error, ErrorKind, Result, list_names};
use crate::model::Certificate;
use crate::preprocess::Preprocessor;
use crate::table::Schema;
use crate::train::Progress;
use crate::train::fit::TrainingSummary;
use errors::overflow;

/// The step still before the solver, as a part of the parameters, at which a fit within its tolerance is settled. Where
/// columns nearly depend on each other the gradient is small long before the coefficients are right, and a step is what
/// they are off by.
const SETTLED: f64 = 1e-8;

/// The most rounds that a fit within its tolerance goes on for: without a penalty it may never settle.
const MAX_ROUNDS_WITHIN: u32 = 10;

/// What is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Which columns depend on others, where there is no penalty.
    Dependence,
    /// Some of the rows, to begin on.
    Sample,
    /// All of them, to find the optimum among them where they are fewer than columns.
    RowSpace,
    Rounds,
    /// Whether classes are told apart, where there is no penalty: by the parameters, by the last step, and by the way since
    /// the tolerance was met, where the objective falls without end.
    SeparationByParameters,
    SeparationByStep,
    SeparationByPath,
    /// The gradient at an answer that was changed after the last round.
    Certificate,
    /// The second derivatives at the answer, for standard errors, where the solver did without them.
    Curvature,
    Done,
}

#[derive(Debug)]
pub(crate) struct LinearFit {
    problem: LinearProblem,
    summary: TrainingSummary,
    options: Options,
    /// What reading a number of a row costs in each round.
    reading_cost: f64,
    minimizer: Minimizer,
    /// The solver that fitted before the minimizer did.
    before: Option<&'static str>,
    dependence: Option<Dependence>,
    /// The rows to begin on, if not on all.
    sampling: Option<Sampling>,
    stage: Stage,
    progress: Progress,
    /// How many rounds ended within the tolerance.
    rounds_within: u32,
    /// The parameters in the first of them.
    first_within: Vec<f64>,
    /// The parameters that are handed out, and their certificate.
    answer: Vec<f64>,
    certificate: Option<Certificate>,
    /// Second derivatives at the answer.
    hessian: Option<Derivatives>,
    warnings: Vec<String>,
}

impl LinearFit {
    pub(in crate::train) fn new(
        problem: LinearProblem,
        summary: TrainingSummary,
        options: Options,
        reading_cost: f64,
    ) -> Self {
        // It helps to choose a solver. A named solver does not depend on it.
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
            None => Stage::Rounds,
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
            sampling,
            stage,
            progress: Progress::start(),
            rounds_within: 0,
            first_within: Vec::new(),
            answer: Vec::new(),
            certificate: None,
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

    /// Where the fit stands.
    pub(crate) fn parameters(&self) -> Start {
        let parameters = match self.minimizer.point() {
            Some(point) => &point.parameters,
            None => self.minimizer.ask().0,
        };
        Start::of_parameters(parameters, &self.summary.schema, &self.problem.preprocessor, self.options.intercept)
    }

    /// Begins at these parameters.
    pub(crate) fn start_from(&mut self, start: &Start) -> Result<()> {
        let n_outputs = self.problem.objective.n_outputs();
        let LinearProblem { preprocessor, intercept, .. } = &self.problem;
        self.begin_at(start.to_parameters(&self.summary.schema, preprocessor, *intercept, n_outputs)?);
        Ok(())
    }

    /// Begins at what another solver found.
    #[cfg(feature = "linfa")]
    pub(crate) fn go_on_from(&mut self, solver: &'static str, parameters: Vec<f64>) {
        self.before = Some(solver);
        self.begin_at(parameters);
    }

    /// Begins at these parameters, on all rows.
    fn begin_at(&mut self, parameters: Vec<f64>) {
        self.sampling = None;
        if matches!(self.stage, Stage::Sample | Stage::RowSpace) {
            self.stage = Stage::Rounds;
        }
        self.restart(parameters);
    }

    fn restart(&mut self, mut parameters: Vec<f64>) {
        let costs = CostModel::of(&self.problem.objective, self.summary.n_rows, self.reading_cost);
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
            Stage::Rounds => {
                let (parameters, order) = self.minimizer.ask();
                evaluate(parameters, order)
            }
            Stage::SeparationByParameters => {
                Question::Margins { direction: self.minimizer.point().map(|point| point.parameters.clone())? }
            }
            Stage::SeparationByStep => Question::Margins { direction: self.minimizer.direction().to_vec() },
            Stage::SeparationByPath => Question::Margins { direction: self.path_within() },
            Stage::Certificate => evaluate(&self.answer, Order::Gradient),
            Stage::Curvature => evaluate(&self.answer, Order::Hessian),
            Stage::Done => return None,
        })
    }

    /// Takes in the answer of all rows.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when the very first loss is not a number, [`ErrorKind::NotConverged`] for separable
    /// classes without a penalty.
    pub(crate) fn tell(&mut self, answer: Answer) -> Result<()> {
        match (self.stage, answer) {
            (Stage::Dependence, Answer::Gram(gram)) => self.find_dependence(&gram),
            (Stage::Sample, Answer::Rows(rows)) => {
                sample::warm_up(&mut self.minimizer, &self.problem.objective, rows);
                self.stage = Stage::Rounds;
            }
            (Stage::RowSpace, Answer::Rows(rows)) => {
                let optimum = row_space::optimum(rows, &self.problem.objective, self.options.tolerance);
                self.minimizer.restart_at(optimum);
                self.stage = Stage::Rounds;
            }
            (Stage::Rounds, Answer::Derivatives(sum)) => return self.end_round(sum),
            (Stage::SeparationByParameters, Answer::Margins(margins)) => {
                if margins.separate() {
                    return Err(self.separable(self.minimizer.point().map_or(&[], |point| &point.parameters)));
                }
                self.stage = Stage::SeparationByStep;
            }
            (Stage::SeparationByStep, Answer::Margins(margins)) => {
                if margins.step_separates() {
                    return Err(self.separable(self.minimizer.direction()));
                }
                match self.rounds_within > 1 {
                    true => self.stage = Stage::SeparationByPath,
                    false => self.certify_answer(),
                }
            }
            (Stage::SeparationByPath, Answer::Margins(margins)) => {
                if margins.step_separates() {
                    return Err(self.separable(&self.path_within()));
                }
                self.certify_answer();
            }
            (Stage::Certificate, Answer::Derivatives(sum)) => {
                let evaluation = self.problem.objective.finish(sum, &self.answer, Order::Gradient);
                self.certificate = Some(self.problem.objective.certify(&evaluation, self.options.tolerance));
                self.set_stage(Stage::Done);
            }
            (Stage::Curvature, Answer::Derivatives(sum)) => {
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
        let LinearProblem { preprocessor, objective, .. } = &mut self.problem;
        self.dependence = Dependence::of(gram, objective.width(), self.options.intercept);
        self.stage = if self.sampling.is_some() { Stage::Sample } else { Stage::Rounds };
        let Some(dependence) = &self.dependence else { return };
        objective.freeze(dependence.dependent.clone());
        let unexpected = preprocessor.without_last_categories(&dependence.dependent);
        if !unexpected.is_empty() {
            self.warnings.push(format!(
                "on these {} rows the columns {} are linear combinations of the columns before them, so many \
                 coefficients give the same predictions; those of least norm were taken",
                self.summary.n_rows,
                names(&self.summary.schema, preprocessor, &unexpected)
            ));
        }
        let start = self.minimizer.ask().0.to_vec();
        self.restart(start);
    }

    fn end_round(&mut self, sum: Derivatives) -> Result<()> {
        let (parameters, order) = self.minimizer.ask();
        let evaluation = self.problem.objective.finish(sum, parameters, order);
        if self.progress.round == 0 && !evaluation.loss.is_finite() {
            return Err(overflow());
        }
        self.minimizer.tell(evaluation);
        self.progress.round += 1;
        let Some(Point { parameters, evaluation }) = self.minimizer.point() else { return Ok(()) };
        let certificate = self.problem.objective.certify(evaluation, self.options.tolerance);
        self.progress.come_to(&certificate);
        if certificate.converged() {
            if self.rounds_within == 0 {
                self.first_within = parameters.clone();
            }
            self.rounds_within += 1;
        }
        let is_settled = || self.minimizer.next_step() <= SETTLED || self.rounds_within > MAX_ROUNDS_WITHIN;
        // The gradient does not fall in every round: one that was within the tolerance may have left it since.
        if certificate.converged() && is_settled()
            || self.minimizer.state() == State::Stalled
            || self.progress.round >= self.options.max_iterations
        {
            self.end_rounds()?;
        } else if self.minimizer.wants_row_space() {
            self.stage = Stage::RowSpace;
        }
        Ok(())
    }

    /// Takes the parameters as they are, if that was not done yet. There may be questions left about them.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when they overflowed.
    pub(crate) fn end_rounds(&mut self) -> Result<()> {
        let (Stage::Rounds | Stage::RowSpace, Some(point)) = (self.stage, self.minimizer.point()) else {
            return Ok(());
        };
        self.answer = point.parameters.clone();
        if let Some(dependence) = &self.dependence {
            let objective = &self.problem.objective;
            for output in self.answer.chunks_exact_mut(objective.width()) {
                dependence.spread(output, objective.units()).ok_or_else(overflow)?;
            }
        }
        if self.problem.l2 == 0.0 && self.problem.objective.is_classification() {
            self.stage = Stage::SeparationByParameters;
        } else {
            self.certify_answer();
        }
        Ok(())
    }

    /// The last evaluation is the answer's, unless the answer was spread over dependent columns since.
    fn certify_answer(&mut self) {
        if self.dependence.is_some() {
            self.problem.objective.freeze(Vec::new());
            return self.set_stage(Stage::Certificate);
        }
        let tolerance = self.options.tolerance;
        let Some(point) = self.minimizer.point() else { return self.set_stage(Stage::Done) };
        let certificate = self.problem.objective.certify(&point.evaluation, tolerance);
        self.certificate = Some(certificate);
        let is_known = point.evaluation.hessian.len() == self.answer.len() * self.answer.len();
        match self.reason_to_withhold(&certificate) {
            None if is_known => {
                self.hessian = Some(point.evaluation.clone());
                self.set_stage(Stage::Done);
            }
            None => self.set_stage(Stage::Curvature),
            Some(_) => self.set_stage(Stage::Done),
        }
    }

    /// How far the parameters came since the tolerance was met.
    fn path_within(&self) -> Vec<f64> {
        let now = self.minimizer.point().map_or(&[][..], |point| &point.parameters);
        now.iter().zip(&self.first_within).map(|(now, first)| now - first).collect()
    }

    fn separable(&self, direction: &[f64]) -> Error {
        let (width, n_columns) = (self.problem.objective.width(), self.problem.preprocessor.n_columns());
        let columns = separation::columns(direction, width, n_columns);
        let names = names(&self.summary.schema, &self.problem.preprocessor, &columns);
        let message = format!(
            "the features tell classes apart without error, along the columns {names}; without a penalty their \
             coefficients grow without end and there is no optimum; give an l2 above 0"
        );
        Error::new(ErrorKind::NotConverged, message)
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
