//! `tepal train`.

use crate::choices::one_of;
use crate::fit::FitArguments;
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
use tepal::error::{Error, Result};
use tepal::evaluate::ThresholdRule;
use tepal::files;
use tepal::formats::TableFile;
use tepal::model::Model;
use tepal::pipeline::{Pipeline, Training};
use tepal::preprocess::{self, DateParts, Encoding, Impute, ImputeCategory, Scale, Unseen};
use tepal::table::{Kind, Task};
use tepal::train::Progress;
use tepal::train::calibrate::CalibrationMethod;

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
pub(crate) fn pair(argument: &str) -> std::result::Result<(String, String), String> {
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

pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).ok();
    let (fit, seed) = (arguments.fit, arguments.evaluate.seed);
    let (no_intercept, start, is_stream, threads) = (fit.no_intercept, fit.start.clone(), fit.stream, fit.threads);
    let (learner, rival) = fit.choice(arguments.prepare.options()?, seed)?.learners()?;
    let mut pipeline = Pipeline {
        roles: Roles { keep_constants: no_intercept, ..arguments.roles.roles(arguments.target) },
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
    let start = start.as_deref().map(files::read_model).transpose()?;
    if is_stream {
        pipeline.check_streams()?;
    }
    let table = &arguments.table;
    files::check_apart(table, &arguments.output)?;
    let model = crate::threads::in_threads(threads, || {
        let file = arguments.read.open(table)?;
        // What is left out anyway may be dropped too.
        pipeline.roles.drop.retain(|name| file.left_out().all(|other| other != name));
        file.notes().iter().for_each(|note| say(&format!("{}: {note}", level(note.level()))));
        let is_stream = is_stream || file.is_too_large() || file.is_large() && pipeline.takes_streams();
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
