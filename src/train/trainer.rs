//! Preprocess, fit round by round, certify.

use super::evaluation::{Evaluation, Want};
use super::rank::Dependence;
use super::rows::{Prepared, TrainingRows};
use super::solver::{Engine, Point, Shape, State};
use super::{Certificate, Fit, Options, Solver, Start, separation};
use crate::dataset::{Blocks, Dataset, Stream};
use crate::error::{Decimal, Error, ErrorKind, Result, list_names};
use crate::preprocess::{Preprocessor, Scaling};
use crate::table::Schema;

/// A fit under way. [`Trainer::step`] does one round, so that whoever drives it can show progress, or stop by dropping it;
/// [`Trainer::run`] does all of them.
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
pub struct Trainer {
    rows: TrainingRows,
    prepared: Prepared,
    origin: Origin,
    options: Options,
    engine: Engine,
    /// Who fitted before the engine did.
    before: Option<&'static str>,
    dependence: Option<Dependence>,
    progress: Progress,
    /// How many rounds ended within the tolerance.
    rounds_within: u32,
    warnings: Vec<String>,
}

/// What a fit takes over from its rows into the model.
#[derive(Debug)]
struct Origin {
    schema: Schema,
    n_rows: usize,
    weights: Option<String>,
    table_digest: [u8; 32],
}

/// The step still before the solver, as a part of the parameters, at which a fit within its tolerance is settled. Where
/// columns nearly depend on each other the gradient is small long before the coefficients are right, and a step is what
/// they are off by.
const SETTLED: f64 = 1e-8;

/// The most rounds that a fit within its tolerance goes on for: without a penalty it may never settle.
const MAX_ROUNDS_WITHIN: u32 = 10;

/// How far a fit is.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// How many rounds were done.
    pub round: u64,
    /// The lowest objective so far; infinite before the first round.
    pub objective: f64,
    /// The relative gradient there: see [`Certificate`].
    pub relative_gradient: f64,
    /// An estimate of the part of the work that is done, from 0 to 1: how far the digits of the relative gradient have
    /// come. It never falls.
    pub share: f64,
    /// Whether there is nothing left to do but [`Trainer::finish`].
    pub done: bool,
}

impl Trainer {
    /// Checks the options and that the rows can be fitted at all, and preprocesses them.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`], [`ErrorKind::TooFewRows`] when a class has no row or there are fewer rows than
    /// classes, [`ErrorKind::ConstantTarget`], [`ErrorKind::InvalidWeight`], [`ErrorKind::NoFeatures`] when every feature
    /// is constant, [`ErrorKind::NotFinite`] for values too large to standardize, [`ErrorKind::LimitExceeded`].
    pub fn new(dataset: &Dataset, options: Options) -> Result<Self> {
        let prepared = Prepared::new(dataset.schema(), &dataset.moments()?, &options)?;
        let kept = (0..dataset.rows().n_blocks()).map(|index| Ok(prepared.design(dataset.rows().block(index)?)));
        let rows = TrainingRows::Kept(kept.collect::<Result<_>>()?);
        let origin = Origin {
            schema: dataset.schema().clone(),
            n_rows: dataset.n_rows(),
            weights: dataset.weights_name().map(str::to_owned),
            table_digest: dataset.digest(),
        };
        let mut trainer = Self::of(rows, prepared, origin, options)?;
        if trainer.options.solver == Solver::Linfa {
            trainer.begin_with_linfa(dataset)?;
        }
        Ok(trainer)
    }

    /// The same for rows that are read again in every round.
    ///
    /// # Errors
    /// Those of [`Trainer::new`], and those of reading; [`ErrorKind::InvalidOption`] for linfa, which needs all rows in
    /// memory.
    pub fn stream(stream: Stream, options: Options) -> Result<Self> {
        if options.solver == Solver::Linfa {
            let message = "the solver linfa needs all rows in memory; choose newton or lbfgs";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        let prepared = Prepared::new(stream.schema(), stream.moments(), &options)?;
        let origin = Origin {
            schema: stream.schema().clone(),
            n_rows: stream.n_rows(),
            weights: stream.weights_name().map(str::to_owned),
            table_digest: stream.digest(),
        };
        Self::of(TrainingRows::Read(Box::new(stream)), prepared, origin, options)
    }

    fn of(rows: TrainingRows, prepared: Prepared, origin: Origin, options: Options) -> Result<Self> {
        let Prepared { preprocessor, mut objective, l2, intercept: _ } = prepared.clone();
        let mut warnings = Vec::new();
        let mut dependence = None;
        if l2 == 0.0 {
            let gram = rows.sum(&prepared, |block| objective.gram(block))?;
            dependence = Dependence::of(&gram, objective.width(), options.intercept);
            if let Some(dependence) = &dependence {
                objective.freeze(dependence.dependent.clone());
                let names = list_names(names(&origin.schema, &preprocessor, &dependence.dependent));
                warnings.push(format!(
                    "on these {} rows the columns {names} are linear combinations of the columns before them, so many \
                     coefficients give the same predictions; those of least norm were taken",
                    origin.n_rows
                ));
            }
        }
        let shape = Shape::of(&objective, origin.n_rows, rows.reading_cost());
        let engine = engine(options.solver, shape, objective.start());
        let progress =
            Progress { round: 0, objective: f64::INFINITY, relative_gradient: f64::INFINITY, share: 0.0, done: false };
        let prepared = Prepared { objective, ..prepared };
        Ok(Self {
            rows,
            prepared,
            origin,
            options,
            engine,
            before: None,
            dependence,
            progress,
            rounds_within: 0,
            warnings,
        })
    }

    /// Begins at these parameters instead of at the model that knows only the intercept.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when they are those of another number of features or outputs, [`ErrorKind::NotFinite`].
    pub fn start_from(&mut self, start: &Start) -> Result<()> {
        let n_outputs = self.prepared.objective.n_outputs();
        let parameters = start.to_parameters(&self.prepared.preprocessor, self.options.intercept, n_outputs)?;
        self.restart(parameters);
        Ok(())
    }

    /// Where the fit stands: what another one can [start from](Trainer::start_from).
    pub fn parameters(&self) -> Start {
        let parameters = match self.engine.point() {
            Some(point) => &point.parameters,
            None => self.engine.ask().0,
        };
        Start::of_parameters(parameters, &self.prepared.preprocessor, self.options.intercept)
    }

    /// What the training rows hold.
    pub fn schema(&self) -> &Schema {
        &self.origin.schema
    }

    /// How far the fit is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Does one round: evaluates the loss on every row once. Does nothing once the fit is done.
    ///
    /// # Errors
    /// [`ErrorKind::FitFailed`] when the very first loss is not a number.
    pub fn step(&mut self) -> Result<Progress> {
        if self.progress.done {
            return Ok(self.progress);
        }
        let (parameters, want) = self.engine.ask();
        let evaluation = self.evaluate(parameters, want)?;
        if self.progress.round == 0 && !evaluation.loss.is_finite() {
            return Err(overflow());
        }
        self.engine.tell(evaluation);
        self.progress.round += 1;
        let Some(Point { evaluation, .. }) = self.engine.point() else { return Ok(self.progress) };
        let Certificate { relative_gradient, objective, .. } =
            self.prepared.objective.certify(evaluation, self.options.tolerance);
        let digits = |gradient: f64| -crate::arithmetic::ln(gradient);
        let share = digits(relative_gradient) / digits(self.options.tolerance);
        self.progress = Progress {
            round: self.progress.round,
            objective,
            relative_gradient,
            share: share.clamp(self.progress.share, 1.0),
            done: false,
        };
        if relative_gradient <= self.options.tolerance {
            self.rounds_within += 1;
        }
        let is_settled = self.engine.next_step() <= SETTLED || self.rounds_within > MAX_ROUNDS_WITHIN;
        self.progress.done = self.rounds_within > 0 && is_settled
            || self.engine.state() == State::Stalled
            || self.progress.round >= self.options.max_iterations;
        Ok(self.progress)
    }

    /// Does every round that is left, and finishes.
    ///
    /// # Errors
    /// Those of [`Trainer::step`] and [`Trainer::finish`].
    pub fn run(mut self) -> Result<Fit> {
        while !self.progress.done {
            self.step()?;
        }
        self.finish()
    }

    /// Certifies what was found.
    ///
    /// # Errors
    /// [`ErrorKind::NotConverged`] with the figure, unless [`Options::accept_unconverged`], and for classes that are
    /// separable where there is no penalty, since that fit has no optimum; [`ErrorKind::FitFailed`] when a parameter
    /// overflowed.
    pub fn finish(mut self) -> Result<Fit> {
        if self.progress.round == 0 {
            self.step()?;
        }
        let Some(point) = self.engine.point() else { return Err(overflow()) };
        if self.prepared.l2 == 0.0 && self.prepared.objective.is_classification() {
            self.refuse_separation(point)?;
        }
        let mut parameters = point.parameters.clone();
        let (width, intercept) = (self.prepared.objective.width(), self.options.intercept);
        if let Some(dependence) = &self.dependence {
            let units = self.units();
            for output in parameters.chunks_exact_mut(width) {
                dependence.spread(output, &units).ok_or_else(overflow)?;
            }
        }
        // The dependent columns' part of the gradient as well.
        self.prepared.objective.freeze(Vec::new());
        let evaluation = self.evaluate(&parameters, Want::Gradient)?;
        let certificate = self.prepared.objective.certify(&evaluation, self.options.tolerance);
        let figures = [certificate.relative_gradient, certificate.objective];
        if !parameters.iter().chain(&figures).all(|number| number.is_finite()) {
            return Err(overflow());
        }
        let solver = match self.before {
            Some(before) if self.progress.round > 1 => format!("{before}, finished by {}", self.engine.name()),
            Some(before) => before.to_owned(),
            None => self.engine.name().to_owned(),
        };
        if !certificate.converged() && !self.options.accept_unconverged {
            return Err(not_converged(&certificate, &solver, self.progress.round));
        }
        let n_columns = width - usize::from(intercept);
        let outputs = || parameters.chunks_exact(width);
        Ok(Fit {
            coefficients: outputs().map(|output| output[..n_columns].to_vec()).collect(),
            intercepts: outputs().map(|output| if intercept { output[n_columns] } else { 0.0 }).collect(),
            schema: self.origin.schema,
            preprocessor: self.prepared.preprocessor,
            certificate,
            l2: self.prepared.l2,
            options: self.options,
            weights: self.origin.weights,
            solver,
            rounds: self.progress.round,
            warnings: self.warnings,
            n_rows: self.origin.n_rows as u64,
            table_digest: self.origin.table_digest,
        })
    }

    fn restart(&mut self, mut parameters: Vec<f64>) {
        let shape = Shape::of(&self.prepared.objective, self.origin.n_rows, self.rows.reading_cost());
        for output in parameters.chunks_exact_mut(self.prepared.objective.width()) {
            self.dependence.iter().flat_map(|found| &found.dependent).for_each(|column| output[*column] = 0.0);
        }
        shape.centre_outputs(&mut parameters);
        self.engine = engine(self.options.solver, shape, parameters);
    }

    fn evaluate(&self, parameters: &[f64], want: Want) -> Result<Evaluation> {
        let objective = &self.prepared.objective;
        let sum = self.rows.sum(&self.prepared, |block| objective.evaluate_block(block, parameters, want))?;
        Ok(objective.finish(sum, parameters, want))
    }

    /// Per column what a coefficient of 1 counts in the norm, as in the penalty; 0 for the intercept.
    fn units(&self) -> Vec<f64> {
        let unit = |scaling: &Scaling| match *scaling {
            Scaling::Constant => None,
            Scaling::Standard { deviation, .. } if !self.options.standardize => Some(1.0 / deviation),
            Scaling::Standard { .. } => Some(1.0),
        };
        self.prepared
            .preprocessor
            .scalings()
            .iter()
            .filter_map(unit)
            .chain(self.options.intercept.then_some(0.0))
            .collect()
    }

    /// The direction in which classes are told apart, if the parameters or the last step are one.
    fn separating<'d>(&'d self, parameters: &'d [f64]) -> Result<Option<&'d [f64]>> {
        let objective = &self.prepared.objective;
        let leads = |direction: &[f64]| self.rows.sum(&self.prepared, |block| objective.leads(block, direction));
        if leads(parameters)?.separate() {
            return Ok(Some(parameters));
        }
        let step = self.engine.direction();
        Ok(leads(step)?.step_separates().then_some(step))
    }

    fn refuse_separation(&self, point: &Point) -> Result<()> {
        let (width, n_columns) = (self.prepared.objective.width(), self.prepared.preprocessor.n_outputs());
        let found = self.separating(&point.parameters)?;
        let Some(direction) = found else { return Ok(()) };
        let columns = separation::columns(direction, width, n_columns);
        let names = list_names(names(&self.origin.schema, &self.prepared.preprocessor, &columns));
        let message = format!(
            "the features tell classes apart without error, along the columns {names}; without a penalty their \
             coefficients grow without end and there is no optimum; give an l2 above 0"
        );
        Err(Error::new(ErrorKind::NotConverged, message))
    }

    #[cfg(feature = "linfa")]
    fn begin_with_linfa(&mut self, dataset: &Dataset) -> Result<()> {
        let TrainingRows::Kept(blocks) = &self.rows else { return Ok(()) };
        let proposal =
            super::linfa::propose(dataset, &self.prepared.objective, blocks, self.prepared.l2, &self.options)?;
        self.before = Some(proposal.solver);
        self.restart(proposal.parameters);
        Ok(())
    }

    #[cfg(not(feature = "linfa"))]
    fn begin_with_linfa(&mut self, _: &Dataset) -> Result<()> {
        let message = "this build is without linfa; leave the solver out, or choose newton or lbfgs";
        Err(Error::new(ErrorKind::InvalidOption, message))
    }
}

fn engine(solver: Solver, shape: Shape, start: Vec<f64>) -> Engine {
    match solver {
        Solver::Newton => Engine::newton(shape, start),
        Solver::Lbfgs => Engine::lbfgs(shape, start),
        Solver::Auto | Solver::Linfa => Engine::cheapest(shape, start),
    }
}

/// The names of a design's columns, constant features left out.
fn names<'s>(schema: &'s Schema, preprocessor: &Preprocessor, columns: &[usize]) -> Vec<&'s str> {
    let features = schema.features.iter().zip(preprocessor.scalings());
    let varying =
        features.filter(|(_, scaling)| **scaling != Scaling::Constant).map(|(feature, _)| feature.name.as_str());
    let varying: Vec<&str> = varying.collect();
    columns.iter().filter_map(|column| varying.get(*column).copied()).collect()
}

fn overflow() -> Error {
    let message = "no fit was found for these rows: a number overflowed; rescale the columns, or give a stronger l2";
    Error::new(ErrorKind::FitFailed, message)
}

fn not_converged(certificate: &Certificate, solver: &str, rounds: u64) -> Error {
    let Certificate { relative_gradient, tolerance, objective } = *certificate;
    let (relative_gradient, tolerance, objective) =
        (Decimal(relative_gradient), Decimal(tolerance), Decimal(objective));
    let message = format!(
        "{solver} stopped short of the optimum after {rounds} rounds: the relative gradient is {relative_gradient}, \
         expected at most {tolerance} (objective {objective}); allow more iterations, give a stronger l2, or accept the \
         fit as unconverged"
    );
    Error::new(ErrorKind::NotConverged, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Roles;
    use crate::table::Table;

    fn dataset(csv: &str) -> Dataset {
        let roles = Roles { target: "y".into(), ..Roles::default() };
        Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles).unwrap()
    }

    #[test]
    fn a_line_is_found_exactly() {
        let data = dataset("x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n");
        let fit = Trainer::new(&data, Options::default()).unwrap().run().unwrap();
        assert!(fit.certificate.converged(), "{:?}", fit.certificate);
        assert!((fit.coefficients[0][0] - 8f64.sqrt()).abs() < 1e-15);
        assert_eq!(fit.intercepts, [9.0]);
    }

    #[test]
    fn dependent_columns_are_named_and_share_what_they_explain() {
        // b is 2 a + 2, so that its standardized column is that of a.
        let data = dataset("a,c,b,y\n1,7,4,1\n2,7,6,3\n4,7,10,2\n3,7,8,5\n");
        for solver in [Solver::Newton, Solver::Lbfgs] {
            let fit = Trainer::new(&data, Options { solver, ..Options::default() }).unwrap().run().unwrap();
            let [warning] = fit.warnings.as_slice() else { panic!("{:?}", fit.warnings) };
            assert!(warning.contains("columns \"b\" are"), "{warning}");
            assert!((fit.coefficients[0][0] - fit.coefficients[0][1]).abs() < 1e-14, "{:?}", fit.coefficients);
            assert!(fit.certificate.converged());
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
            second.start_from(&first.parameters()).unwrap();
            let resumed = second.step().unwrap();
            assert!((resumed.objective - stopped.objective).abs() < 1e-9, "{stopped:?} {resumed:?}");
            assert!(second.run().unwrap().certificate.converged());
        }
        let other = dataset("u,y\n1,a\n2,b\n3,a\n4,b\n");
        let start = Trainer::new(&other, Options::default()).unwrap().parameters();
        let mut trainer = Trainer::new(&data, Options::default()).unwrap();
        assert_eq!(trainer.start_from(&start).unwrap_err().kind(), ErrorKind::WrongLength);
    }

    #[test]
    fn progress_never_goes_back() {
        let rows: String =
            (0..90).map(|i| format!("{},{},{}\n", i * 7 % 11, i * 5 % 13, ["a", "b"][i * i % 5 % 2])).collect();
        let mut trainer = Trainer::new(&dataset(&format!("u,v,y\n{rows}")), Options::default()).unwrap();
        let mut before = trainer.progress();
        while !trainer.progress().done {
            let now = trainer.step().unwrap();
            assert!(now.round == before.round + 1 && now.share >= before.share && now.objective <= before.objective);
            before = now;
        }
        assert_eq!((before.share, trainer.step().unwrap()), (1.0, before));
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
        assert!(!fit.certificate.converged());
    }
}
