//! `tepal train`.

use crate::choices::one_of;
use crate::inspect::summary;
use crate::output::{print, print_json, say};
use crate::progress::{Status, Watched};
use crate::table::{ReadArguments, named};
use crate::words::level;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use tepal::dataset::{About, Dataset, Roles, Stream};
use tepal::describe::ModelDescription;
use tepal::error::{Error, ErrorKind, Result};
use tepal::evaluate::ThresholdRule;
use tepal::files;
use tepal::formats::TableFile;
use tepal::model::{ClassWeight, Interactions, Model, RegressionLoss};
use tepal::pipeline::{Pipeline, Training};
use tepal::preprocess::{self, DateParts, Encoding, Impute, ImputeCategory, Scale, Unseen};
use tepal::table::{Kind, Task};
use tepal::train::calibrate::CalibrationMethod;
use tepal::train::{LearnerChoice, LearnerName, Options, Progress, Solver, TreesChoice};

/// Fit a model to a table
#[derive(Args)]
#[command(after_help = "Examples:
  tepal train iris.csv --target species --test 0.2 --seed 7 -o iris.tepal
  tepal train patients.csv --target outcome --positive yes --drop id --l2 1.0 -o risk.tepal")]
pub(crate) struct Arguments {
    /// The table, with a header or without; - for standard input
    table: PathBuf,
    /// The column to predict; rows without a value in it are left out
    #[arg(long)]
    target: String,
    /// Where to write the model
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Say what came of it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    roles: RoleArguments,
    #[command(flatten)]
    prepare: PrepareArguments,
    #[command(flatten)]
    fit: FitArguments,
    #[command(flatten)]
    evaluate: EvaluateArguments,
    #[command(flatten)]
    read: ReadArguments,
    /// The model's name; by default the target's
    #[arg(long)]
    name: Option<String>,
    /// The creation time to write into the model, in seconds since 1970; by default now
    #[arg(long, value_name = "SECONDS", env = "SOURCE_DATE_EPOCH")]
    created: Option<u64>,
}

#[derive(Args)]
#[command(next_help_heading = "What the columns are")]
struct RoleArguments {
    /// Columns to leave out, separated by commas; may be given again. Identifiers are left out by themselves
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    drop: Vec<String>,
    /// What to predict; by default text is classified, and numbers are a regression unless they have two values
    #[arg(long)]
    task: Option<TaskArgument>,
    /// Of two classes the one that is looked for; by default the last in sorted order
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    positive: Option<String>,
    /// A column of sample weights: a row of weight 2 counts as two
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Columns that hold numbers, whatever they seem to hold
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    number: Vec<String>,
    /// Columns that hold dates: numbers are taken for those that Excel has for dates
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    date: Vec<String>,
    /// Columns that hold categories, whatever they seem to hold
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    category: Vec<String>,
    /// What a column is measured in, for people, as in age=years; may be given again
    #[arg(long, value_name = "COLUMN=UNIT", value_parser = pair)]
    unit: Vec<(String, String)>,
    /// What a column is, for people; may be given again
    #[arg(long, value_name = "COLUMN=TEXT", value_parser = pair)]
    describe: Vec<(String, String)>,
}

#[derive(Args)]
#[command(next_help_heading = "How values become numbers")]
struct PrepareArguments {
    /// What stands for a missing number: median, mean, most-frequent, error, or a number [default: median]
    #[arg(long, value_name = "HOW", allow_negative_numbers = true)]
    impute: Option<String>,
    /// Take a missing value also in a feature that no row of the table lacks; by default the model refuses it there
    #[arg(long)]
    impute_always: bool,
    /// Give a number that is missing in some rows a second column that says where
    #[arg(long)]
    indicators: bool,
    /// What stands for a missing category: most-frequent, error, or a category [default: most-frequent]
    #[arg(long, value_name = "HOW")]
    impute_category: Option<String>,
    /// How categories become columns
    #[arg(long, default_value = "one-hot", value_parser = one_of(Encoding::NAMES))]
    encode: Encoding,
    /// What becomes of a category that no training row had
    #[arg(long, default_value = "error", value_parser = one_of(Unseen::NAMES))]
    unseen: Unseen,
    /// What dates become: days since 1970, and a column for each month or day of the week
    #[arg(long, default_value = "days", value_parser = one_of(DateParts::NAMES))]
    date_parts: DateParts,
    /// How numbers are scaled, which is what the penalty sees
    #[arg(long, default_value = "standard", value_parser = one_of(Scale::NAMES))]
    scale: Scale,
}

#[derive(Args)]
#[command(next_help_heading = "How to fit")]
struct FitArguments {
    /// What is fitted: weighted sums of the columns (linear), decision trees one after the other (boosting), the mean of many
    /// trees (forest; extra-trees splits anywhere), one tree that a person can read (tree), or whichever of linear and boosting
    /// predicts the rows of folds better (auto)
    #[arg(long, default_value = "linear", value_parser = one_of(LearnerName::NAMES))]
    learner: LearnerName,
    /// What the boosting of a number reduces, and so what it predicts: means (squared-error; poisson for counts, gamma for numbers
    /// above 0), medians (absolute-error), or a quantile [default: squared-error]
    #[arg(long, value_parser = one_of(RegressionLoss::NAMES))]
    loss: Option<RegressionLoss>,
    /// The level of the loss quantile, above 0 and below 1: such a part of the rows is to lie at or below its prediction
    #[arg(long, value_name = "LEVEL", allow_negative_numbers = true)]
    quantile: Option<f64>,
    /// The rounds of boosting, each of which adds a tree per score [default: 100]
    #[arg(long)]
    rounds: Option<u64>,
    /// What the leaves of each new tree of boosting are multiplied by [default: 0.1]
    #[arg(long, allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// The trees of a forest [default: 100]
    #[arg(long)]
    trees: Option<u64>,
    /// The most leaves of a tree [default: 31 for boosting, 4096 for a forest, 16 for a tree]
    #[arg(long)]
    leaves: Option<u64>,
    /// The most splits on the way to a leaf of a tree; by default any number
    #[arg(long)]
    depth: Option<u64>,
    /// The fewest rows in a leaf of a tree, by their weights [default: 20, and 1 for a forest]
    #[arg(long, allow_negative_numbers = true)]
    min_rows: Option<f64>,
    /// Which part of the rows each round of boosting or each tree sees, by chance; a forest puts drawn rows back [default: 1]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    subsample: Option<f64>,
    /// Which part of the columns each tree of boosting, or each node of a forest, sees by chance [default: 1, and for a forest the
    /// square root of their number, or a third of them to predict a number]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    max_features: Option<f64>,
    /// Take splits back that reduce the mean squared error or the Gini impurity by less for each leaf (ccp_alpha) [default: 0]
    #[arg(long, value_name = "COST", allow_negative_numbers = true)]
    pruning: Option<f64>,
    /// Stop boosting early: hold training rows out, and end after so many rounds in a row that do not predict them better
    #[arg(long, value_name = "ROUNDS")]
    patience: Option<u64>,
    /// Which part of the rows is held out for that [default: 0.1]
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Numbers and dates with which the prediction of boosting may only grow (a monotone constraint), separated by commas; of
    /// two classes the probability of the one that is looked for
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    increasing: Vec<String>,
    /// Those with which it may only fall
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    decreasing: Vec<String>,
    /// Columns that may stand together on a way to a leaf of boosting, separated by commas, once for each such group; the columns
    /// of no group are one too. none keeps each column alone: the score is then a sum of functions of one column each
    #[arg(long, value_name = "COLUMNS")]
    interactions: Vec<String>,
    /// The strength of the penalty, 1/C of scikit-learn; by default 1 for classification and for boosting, else 0
    #[arg(long, allow_negative_numbers = true)]
    l2: Option<f64>,
    /// Let all classes count the same, however many rows they have
    #[arg(long)]
    balanced: bool,
    /// Fit without an intercept: with --scale standard or none a row of zeros has the score 0
    #[arg(long)]
    no_intercept: bool,
    /// Who fits; auto takes newton or lbfgs, whichever is likely to be done first
    #[arg(long, default_value = "auto", value_parser = one_of(Solver::NAMES))]
    solver: Solver,
    /// A model of the same columns and classes to begin at
    #[arg(long, value_name = "MODEL")]
    start: Option<PathBuf>,
    /// The most rounds of the solver
    #[arg(long)]
    max_iterations: Option<u64>,
    /// Read the table again in every round instead of keeping it in memory; always so above 512 MB of CSV, and above some
    /// 64 MB of JSON lines and Parquet where no rows are held out
    #[arg(long)]
    stream: bool,
    /// How many threads to use; by default one per core. The result is the same
    #[arg(long)]
    threads: Option<usize>,
    /// Write a model that is short of its optimum instead of refusing it
    #[arg(long)]
    accept_unconverged: bool,
}

#[derive(Args)]
#[command(next_help_heading = "How to evaluate")]
struct EvaluateArguments {
    /// The fraction of rows to hold out for evaluation; by default every row is fitted on
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true)]
    test: Option<f64>,
    /// Cross-validate over so many folds of the training rows
    #[arg(long, value_name = "NUMBER")]
    folds: Option<usize>,
    /// The seed of the shuffles that choose rows
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Calibrate the probabilities of two classes on the folds (5 if --folds does not say)
    #[arg(long, value_name = "METHOD", value_parser = one_of(CalibrationMethod::NAMES))]
    calibrate: Option<CalibrationMethod>,
    /// From which probability on the positive class is predicted: a number, or a rule that chooses it on the folds, one of
    /// youden, f1, sensitivity=0.9, specificity=0.9, or cost=1:5 (a false positive to a false negative)
    #[arg(long, value_name = "RULE", value_parser = threshold_rule)]
    threshold: Option<ThresholdRule>,
    /// Let predictions come with an interval, or a set of classes, that holds the truth in 80, 90 and 95 % of rows, from the
    /// errors on the folds (5 if --folds does not say)
    #[arg(long)]
    conformal: bool,
}

fn threshold_rule(text: &str) -> std::result::Result<ThresholdRule, String> {
    let number = |text: &str| text.parse::<f64>().map_err(|_| format!("expected a number, found \"{text}\""));
    match text.split_once('=') {
        None if text == "youden" => Ok(ThresholdRule::Youden),
        None if text == "f1" => Ok(ThresholdRule::F1),
        None => number(text).map(ThresholdRule::Fixed),
        Some(("sensitivity", share)) => number(share).map(ThresholdRule::Sensitivity),
        Some(("specificity", share)) => number(share).map(ThresholdRule::Specificity),
        Some(("cost", costs)) => {
            let (positive, negative) = costs.split_once(':').ok_or("expected two costs, as in cost=1:5")?;
            Ok(ThresholdRule::Cost { false_positive: number(positive)?, false_negative: number(negative)? })
        }
        Some(_) => Err("expected a number, youden, f1, sensitivity=, specificity= or cost=".into()),
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum TaskArgument {
    Classification,
    Regression,
}

/// `column=text`.
fn pair(argument: &str) -> std::result::Result<(String, String), String> {
    let (column, text) = argument.split_once('=').ok_or("expected a column, an equals sign and a text")?;
    Ok((column.to_owned(), text.to_owned()))
}

impl RoleArguments {
    fn roles(self, target: String) -> Roles {
        let with_kind = |names: Vec<String>, kind| names.into_iter().map(move |name| (name, kind));
        let unit = |(column, unit)| About { column, unit: Some(unit), description: None };
        let mut about: Vec<About> = self.unit.into_iter().map(unit).collect();
        for (column, description) in self.describe {
            match about.iter_mut().find(|about| about.column == column) {
                Some(about) => about.description = Some(description),
                None => about.push(About { column, unit: None, description: Some(description) }),
            }
        }
        Roles {
            target,
            drop: self.drop,
            task: self.task.map(|task| match task {
                TaskArgument::Classification => Task::Classification,
                TaskArgument::Regression => Task::Regression,
            }),
            positive: self.positive,
            weights: self.weights,
            kinds: with_kind(self.number, Kind::Number)
                .chain(with_kind(self.date, Kind::Date))
                .chain(with_kind(self.category, Kind::Category))
                .collect(),
            about,
            keep_constants: false,
        }
    }
}

impl PrepareArguments {
    fn options(&self) -> Result<preprocess::Options> {
        let impute = self.impute.as_deref().map(|name| Impute::from_name(name, |text| text.parse().ok()));
        Ok(preprocess::Options {
            impute: impute.transpose()?.unwrap_or_default(),
            impute_always: self.impute_always,
            indicators: self.indicators,
            impute_category: self.impute_category.as_deref().map(ImputeCategory::from_name).unwrap_or_default(),
            encode: self.encode,
            unseen: self.unseen,
            date_parts: self.date_parts,
            scale: self.scale,
        })
    }
}

fn interactions(given: &[String]) -> Result<Interactions> {
    Ok(match given {
        [] => Interactions::All,
        [none] if none == "none" => Interactions::None,
        more if more.iter().any(|names| names == "none") => {
            let message = "--interactions none keeps each column alone, and stands alone; leave the other groups out";
            return Err(Error::new(ErrorKind::InvalidOption, message));
        }
        groups => Interactions::Groups(
            groups.iter().map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()).collect(),
        ),
    })
}

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).ok();
    let (fit, defaults) = (arguments.fit, Options::default());
    let choice = LearnerChoice {
        learner: fit.learner,
        linear: Options {
            l2: fit.l2,
            preprocess: arguments.prepare.options()?,
            intercept: !fit.no_intercept,
            class_weight: if fit.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
            solver: fit.solver,
            max_iterations: fit.max_iterations.unwrap_or(defaults.max_iterations),
            accept_unconverged: fit.accept_unconverged,
            ..defaults
        },
        trees: TreesChoice {
            loss: fit.loss,
            quantile: fit.quantile,
            rounds: fit.rounds,
            learning_rate: fit.learning_rate,
            trees: fit.trees,
            leaves: fit.leaves,
            depth: fit.depth,
            min_rows: fit.min_rows,
            subsample: fit.subsample,
            max_features: fit.max_features,
            pruning: fit.pruning,
            patience: fit.patience,
            validation: fit.validation,
            increasing: fit.increasing,
            decreasing: fit.decreasing,
            interactions: interactions(&fit.interactions)?,
        },
        seed: arguments.evaluate.seed,
    };
    let (learner, rival) = choice.learners()?;
    let mut pipeline = Pipeline {
        roles: Roles { keep_constants: fit.no_intercept, ..arguments.roles.roles(arguments.target) },
        learner,
        rival,
        test: arguments.evaluate.test,
        folds: arguments.evaluate.folds,
        seed: arguments.evaluate.seed,
        calibrate: arguments.evaluate.calibrate,
        threshold: arguments.evaluate.threshold,
        conformal: arguments.evaluate.conformal,
        name: arguments.name,
        created: arguments.created.or(now),
    };
    let start = fit.start.as_deref().map(files::read_model).transpose()?;
    if fit.stream {
        pipeline.check_streams()?;
    }
    let table = &arguments.table;
    files::check_apart(table, &arguments.output)?;
    let model = crate::threads::in_threads(fit.threads, || {
        let file = arguments.read.open(table)?;
        // What is left out anyway may be dropped too.
        pipeline.roles.drop.retain(|name| file.left_out().all(|other| other != name));
        file.notes().iter().for_each(|note| say(&format!("{}: {note}", level(note.level()))));
        let is_stream = fit.stream || file.is_too_large() || file.is_large() && pipeline.takes_streams();
        train(file, table, is_stream, &pipeline, start.as_ref())
    })??;
    files::write(&arguments.output, &model.encode()?)?;
    if arguments.json {
        return print_json(&ModelDescription::of(&model));
    }
    print(&format!("{}written to      {}\n", summary(&model), arguments.output.display()))
}

/// Fits, with a line of progress on a terminal once it takes longer than a second.
fn train(file: TableFile, table: &Path, is_stream: bool, pipeline: &Pipeline, start: Option<&Model>) -> Result<Model> {
    let status = Arc::new(Status::new());
    let named = |error: Error| named(table, error);
    let training = if is_stream {
        let options = file.options().clone();
        let source = Watched::new(file.into_source().map_err(named)?, Arc::clone(&status));
        let stream = Stream::open(Box::new(source), &pipeline.roles, &options).map_err(named)?;
        Training::stream(stream, pipeline)
    } else {
        let table = file.into_table().map_err(named)?;
        let dataset = Dataset::new(&table, &pipeline.roles).map_err(named)?;
        Training::new(&dataset, pipeline)
    };
    let mut training = training.map_err(named)?;
    if let Some(start) = start {
        training.start_from(start)?;
    }
    while !training.progress().done {
        let Progress { round, objective, relative_gradient, fraction, .. } = training.step().map_err(named)?;
        let percent = 100.0 * fraction;
        let gradient = match relative_gradient.is_finite() {
            true => format!(", gradient {relative_gradient:.1e}"),
            false => String::new(),
        };
        status.set(format!("{percent:.0} %, round {round}, objective {objective:.10e}{gradient}"));
        status.show("");
    }
    status.clear();
    training.finish().map(|outcome| outcome.model).map_err(named)
}
