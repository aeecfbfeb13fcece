//! Train, predict and inspect on the command line.
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tepal::dataset::{Dataset, Roles, Source, Stream};
use tepal::error::{Error, ErrorKind, Result};
use tepal::file::{self, CsvFile};
use tepal::limits;
use tepal::model::{Metrics, Model};
use tepal::preprocess::Scaling;
use tepal::recipe::{Recipe, Training};
use tepal::table::{Table, TargetSchema, Task};
use tepal::train::{ClassWeight, Options, Progress, Solver};
use tepal::wire::{Description, write_predictions_csv};

/// Small prediction models for tables.
#[derive(Parser)]
#[command(name = "tepal", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fit a model to a CSV file
    #[command(after_help = "Example: tepal train iris.csv --target species --test 0.2 --seed 7 -o iris.tepal")]
    Train(Box<TrainArguments>),
    /// Predict the rows of a CSV file; writes CSV
    #[command(after_help = "Example: tepal predict iris.tepal rows.csv > predictions.csv")]
    Predict {
        /// The model file
        model: PathBuf,
        /// The rows as CSV with a header; - for standard input
        #[arg(default_value = file::STANDARD_INPUT)]
        rows: PathBuf,
    },
    /// Say what a model expects, what it predicts and where it comes from
    Inspect {
        /// The model file
        model: PathBuf,
        /// Everything, as JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct TrainArguments {
    /// The table as CSV with a header; - for standard input
    table: PathBuf,
    /// The column to predict
    #[arg(long)]
    target: String,
    /// Where to write the model
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Columns to leave out, separated by commas; may be given again
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    drop: Vec<String>,
    /// What to predict; by default text is classified, and numbers are a regression unless they have two values
    #[arg(long)]
    task: Option<TaskArgument>,
    /// The strength of the penalty, 1/C of scikit-learn; by default 1 for classification, 0 for regression
    #[arg(long, allow_negative_numbers = true)]
    l2: Option<f64>,
    /// The fraction of rows to hold out for evaluation; by default every row is fitted on
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    test: Option<f64>,
    /// The seed of the shuffle that chooses them
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A column of sample weights: a row of weight 2 counts as two
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Let all classes count the same, however many rows they have
    #[arg(long)]
    balanced: bool,
    /// Fit without an intercept: a row of zeros has the score 0
    #[arg(long)]
    no_intercept: bool,
    /// Penalize the coefficients of the columns as they are, instead of those of standardized columns
    #[arg(long)]
    no_standardize: bool,
    /// Who fits; auto takes newton or lbfgs, whichever is likely to be done first
    #[arg(long, default_value = "auto", value_parser = solver_names())]
    solver: Solver,
    /// A model of the same columns and classes to begin at
    #[arg(long, value_name = "MODEL")]
    start: Option<PathBuf>,
    /// The most rounds of the solver
    #[arg(long)]
    max_iterations: Option<u64>,
    /// Read the table again in every round instead of keeping it in memory; always so above 512 MB
    #[arg(long)]
    stream: bool,
    /// How many threads to use; by default one per core. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Write a model that is short of its optimum instead of refusing it
    #[arg(long)]
    accept_unconverged: bool,
    /// The model's name; by default the target's
    #[arg(long)]
    name: Option<String>,
    /// The creation time to write into the model, in seconds since 1970; by default now
    #[arg(long, value_name = "SECONDS", env = "SOURCE_DATE_EPOCH")]
    created: Option<u64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum TaskArgument {
    Classification,
    Regression,
}

fn solver_names() -> impl TypedValueParser<Value = Solver> {
    let by_name = |name: String| Solver::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, solver)| solver);
    PossibleValuesParser::new(Solver::NAMES.map(|(name, _)| name)).map(move |name| by_name(name).unwrap_or_default())
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Train(arguments) => train(*arguments),
        Command::Predict { model, rows } => predict(&model, &rows),
        Command::Inspect { model, json } => inspect(&model, json),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tepal: {error}");
            ExitCode::from(error.kind().exit_code())
        }
    }
}

fn train(arguments: TrainArguments) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).ok();
    let defaults = Options::default();
    let recipe = Recipe {
        roles: Roles {
            target: arguments.target,
            drop: arguments.drop,
            task: arguments.task.map(|task| match task {
                TaskArgument::Classification => Task::Classification,
                TaskArgument::Regression => Task::Regression,
            }),
            weights: arguments.weights,
        },
        options: Options {
            l2: arguments.l2,
            standardize: !arguments.no_standardize,
            intercept: !arguments.no_intercept,
            class_weight: if arguments.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
            solver: arguments.solver,
            max_iterations: arguments.max_iterations.unwrap_or(defaults.max_iterations),
            accept_unconverged: arguments.accept_unconverged,
            ..defaults
        },
        test: arguments.test,
        seed: arguments.seed,
        name: arguments.name,
        created: arguments.created.or(now),
    };
    let start = arguments.start.as_deref().map(file::read_model).transpose()?;
    let is_stream = arguments.stream || file::size(&arguments.table) > limits::TABLE_BYTES as u64;
    let model = in_threads(arguments.threads, || fit(&arguments.table, is_stream, &recipe, start.as_ref()))?;
    let model = model?;
    file::write(&arguments.output, &model.encode()?)?;
    print(&format!("{}written to      {}\n", summary(&model), arguments.output.display()))
}

/// Fits, with a line of progress on a terminal once it takes longer than a second.
fn fit(table: &Path, is_stream: bool, recipe: &Recipe, start: Option<&Model>) -> Result<Model> {
    let status = Arc::new(Status::new());
    // An error about the rows names the file they are in; one about an option has nothing to do with it.
    let named = |error: Error| match error.kind() {
        ErrorKind::InvalidOption => error,
        _ => file::name(table, &error),
    };
    let training = if is_stream {
        let file = Watched { file: CsvFile::open(table)?, n_read: AtomicU64::new(0), status: Arc::clone(&status) };
        let stream = Stream::open(Box::new(file), &recipe.roles).map_err(named)?;
        Training::stream(stream, recipe)
    } else {
        let dataset = Dataset::new(&read_table(table)?, &recipe.roles).map_err(named)?;
        Training::new(&dataset, recipe)
    };
    let mut training = training.map_err(named)?;
    if let Some(start) = start {
        training.start_from(start)?;
    }
    while !training.progress().done {
        let Progress { round, objective, relative_gradient, share, .. } = training.step().map_err(named)?;
        let percent = 100.0 * share;
        status.set(format!(
            "{percent:.0} %, round {round}, objective {objective:.10e}, gradient {relative_gradient:.1e}"
        ));
        status.show("");
    }
    status.clear();
    training.finish().map_err(named)
}

/// A line on the terminal that says how far a fit is, once it takes longer than a second. Elsewhere it says nothing.
struct Status {
    begin: Instant,
    is_terminal: bool,
    text: Mutex<(String, Option<Instant>)>,
}

impl Status {
    fn new() -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self { begin: Instant::now(), is_terminal, text: Mutex::new(("reading".into(), None)) }
    }

    fn set(&self, text: String) {
        if let Ok(mut line) = self.text.lock() {
            line.0 = text;
        }
    }

    /// Shows the text with a note, at most ten times a second.
    fn show(&self, note: &str) {
        let Ok(mut line) = self.text.lock() else { return };
        let is_soon = line.1.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if self.is_terminal && !is_soon && self.begin.elapsed() > Duration::from_secs(1) {
            eprint!("\r{}{note}\x1b[K", line.0);
            line.1 = Some(Instant::now());
        }
    }

    fn clear(&self) {
        if self.text.lock().is_ok_and(|line| line.1.is_some()) {
            eprint!("\r\x1b[K");
        }
    }
}

/// A file that shows which pass over it is going on.
struct Watched {
    file: CsvFile,
    n_read: AtomicU64,
    status: Arc<Status>,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}

impl Source for Watched {
    fn size(&self) -> u64 {
        self.file.size()
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>> {
        let passes = self.n_read.fetch_add(length as u64, Ordering::Relaxed) as f64 / self.file.size() as f64;
        self.status.show(&format!(" (pass {:.0}: {:.0} %)", passes.floor() + 1.0, 100.0 * passes.fract()));
        self.file.read(offset, length)
    }
}

/// Runs `work` on this many threads.
fn in_threads<T: Send>(n_threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(n_threads) = n_threads else { return Ok(work()) };
    if n_threads == 0 {
        return Err(Error::new(ErrorKind::InvalidOption, "expected at least 1 thread, found 0"));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    let pool = pool.map_err(|error| Error::new(ErrorKind::Io, format!("{n_threads} threads: {error}")))?;
    Ok(pool.install(work))
}

fn predict(model: &Path, rows: &Path) -> Result<()> {
    let model = file::read_model(model)?;
    let table = read_table(rows)?;
    let outputs = model.predict_table(&table).map_err(|error| file::name(rows, &error))?;
    standard_output(write_predictions_csv(&model, &outputs, io::BufWriter::new(io::stdout().lock())))
}

fn inspect(model: &Path, json: bool) -> Result<()> {
    let model = file::read_model(model)?;
    if !json {
        return print(&summary(&model));
    }
    let json = serde_json::to_string_pretty(&Description::of(&model))
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
    print(&format!("{json}\n"))
}

fn read_table(path: &Path) -> Result<Table> {
    let bytes = file::read(path, limits::TABLE_BYTES)?;
    Table::parse(&bytes).map_err(|error| file::name(path, &error))
}

fn print(text: &str) -> Result<()> {
    standard_output(io::stdout().lock().write_all(text.as_bytes()))
}

/// A reader that has seen enough, such as `head`, closes the pipe: that is no error of ours.
fn standard_output(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(ErrorKind::Io, format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// What a person wants to know of a model, a line each.
fn summary(model: &Model) -> String {
    let (schema, provenance) = (model.schema(), model.provenance());
    let mut text = String::new();
    let mut line = |label: &str, value: String| {
        // Names come from files: one with control characters must not write lines or colours of its own.
        let value = value.replace(char::is_control, "\u{FFFD}");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{label:<15} {value}");
    };
    line("model", format!("{:?}, {}", provenance.name, model.estimator().family()));
    match &schema.target {
        TargetSchema::Classes { name, classes, counts } => {
            let classes = classes.iter().zip(counts).map(|(class, rows)| format!("{class} ({rows})"));
            line("predicts", format!("{name}: {}", classes.collect::<Vec<_>>().join(", ")));
        }
        TargetSchema::Number { name, minimum, maximum, .. } => {
            line("predicts", format!("{name}: a number, {minimum} to {maximum} in training"));
        }
    }
    for (index, (feature, scaling)) in schema.features.iter().zip(model.preprocessor().scalings()).enumerate() {
        let note = if *scaling == Scaling::Constant { ", constant in training: without influence" } else { "" };
        let range = format!("{}: {} to {}{note}", feature.name, feature.minimum, feature.maximum);
        line(if index == 0 { "from" } else { "" }, range);
    }
    let fitting = &provenance.fitting;
    let mut how = format!("{} rows, l2 {}, by {}", provenance.n_rows, provenance.l2, provenance.solver);
    let notes = [
        (fitting.rounds > 0, format!("in {} rounds", fitting.rounds)),
        (!fitting.standardize, "penalty on the columns as they are".into()),
        (!fitting.intercept, "no intercept".into()),
        (fitting.class_weight == ClassWeight::Balanced, "classes balanced".into()),
        (fitting.weights.is_some(), format!("weighted by {}", fitting.weights.as_deref().unwrap_or_default())),
    ];
    notes.into_iter().filter(|(is_true, _)| *is_true).for_each(|(_, note)| how.push_str(&format!(", {note}")));
    line("trained on", how);
    fitting.warnings.iter().for_each(|warning| line("warning", warning.clone()));
    let certificate = provenance.certificate;
    let verdict = if certificate.converged() { "at its optimum" } else { "NOT CONVERGED" };
    line(
        "certificate",
        format!(
            "{verdict}: relative gradient {:.1e} (limit {:.0e})",
            certificate.relative_gradient, certificate.tolerance
        ),
    );
    match provenance.metrics {
        Some(Metrics::Classification { rows, correct, accuracy, log_loss }) => {
            line("held out", format!("{correct} of {rows} rows right, accuracy {accuracy:.3}, log loss {log_loss:.3}"));
        }
        Some(Metrics::Regression { rows, r_squared, root_mean_squared_error }) => {
            let r_squared = r_squared.map_or("undefined".into(), |value| format!("{value:.3}"));
            line("held out", format!("{rows} rows, R² {r_squared}, RMSE {root_mean_squared_error:.4}"));
        }
        None => line("held out", "no rows; --test FRACTION holds some out".into()),
    }
    line("proof rows", format!("{0}/{0} reproduced", model.n_proof_rows()));
    line("digest", model.digest());
    text
}
