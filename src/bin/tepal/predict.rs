//! `tepal predict`.

use crate::choices::one_of;
use crate::output::{is_read, say};
use crate::parts::{Part, Parts};
use crate::progress::Status;
use crate::table::{ReadArguments, named};
use crate::words::plain;
use clap::{Args, ValueEnum};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tepal::batch::CsvLines;
use tepal::batch::lines::{Format, PredictionLines};
use tepal::batch::{BatchPredictor, BatchSummary, Reached};
use tepal::error::{Error, ErrorKind, Result, count};
use tepal::files;
use tepal::model::Model;
use tepal::note::Note;

/// The most features that are named for numbers outside training.
const MOST_NAMED: usize = 5;

/// Predict the rows of a table of any length; writes CSV or JSON lines, in the order of the rows
#[derive(Args)]
#[command(after_help = "Examples:
  tepal predict iris.tepal flowers.csv > predictions.csv
  tepal predict risk.tepal patients.csv --keep id --on-error mark -o risks.csv")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// The rows, with a header if the training table had one; - for standard input
    #[arg(default_value = files::STANDARD_INPUT)]
    rows: PathBuf,
    /// Where to write the predictions; by default to standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Columns to write before the predictions, separated by commas; may be given again
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    keep: Vec<String>,
    /// Write every column before the predictions
    #[arg(long, conflicts_with = "keep")]
    keep_all: bool,
    /// What is written
    #[arg(long, default_value = "csv", value_parser = one_of(Format::NAMES))]
    format: Format,
    /// The same as --format ndjson
    #[arg(long)]
    json: bool,
    /// What to do about a row that cannot be scored: stop at it, or write a line that says why and go on; then the exit
    /// code says that there was one. A row with more or fewer cells than the header always stops
    #[arg(long, default_value = "stop")]
    on_error: OnError,
    /// Put an apostrophe before texts that a spreadsheet would run as formulas, such as =1+1
    #[arg(long)]
    csv_safe: bool,
    #[command(flatten)]
    read: ReadArguments,
    /// How many threads to use; by default one per core. The result is the same
    #[arg(long)]
    threads: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnError {
    Stop,
    Mark,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = files::read_model(&arguments.model)?;
    match &arguments.output {
        None => crate::threads::in_threads(arguments.threads, || predict(arguments, &model, &mut io::stdout()))?,
        Some(path) => {
            [&arguments.rows, &arguments.model].into_iter().try_for_each(|read| files::check_apart(read, path))?;
            crate::threads::in_threads(arguments.threads, || {
                files::write_with(path, |file| predict(arguments, &model, file))
            })?
        }
    }
}

fn predict(arguments: &Arguments, model: &Model, out: &mut (dyn io::Write + Send)) -> Result<()> {
    let (path, status) = (&arguments.rows, Status::new());
    let at = |error: Error| named(path, error);
    let (mut parts, options) = Parts::open(&arguments.read, path)?;
    let (beginning, is_all) = parts.beginning(path)?;
    let kept = if arguments.keep_all { None } else { Some(arguments.keep.as_slice()) };
    let scorer =
        BatchPredictor::new(model, beginning, is_all, &options, kept).map_err(|error| at(with_remedy(error)))?;
    let marks = arguments.on_error == OnError::Mark;
    let format = if arguments.json { Format::Ndjson } else { arguments.format };
    let kept = kept_columns(arguments, &scorer);
    let added = CsvLines::added(model, marks);
    if let Some((_, name)) = kept.iter().find(|(_, name)| format == Format::Csv && added.contains(name)) {
        let message = "it cannot be kept: a prediction takes its name; keep others with --keep, or write --json";
        return Err(at(Error::new(ErrorKind::InvalidOption, message).in_column(name)));
    }
    let needed: Vec<usize> = scorer.places().chain(kept.iter().map(|(place, _)| *place)).collect();
    parts.select(&needed);
    let lines = PredictionLines::new(model, format, kept, marks).safe(arguments.csv_safe);

    let mut total = BatchSummary::default();
    let mut first_latin_1 = None;
    let work = |part: Part<'_>| score(&scorer, &lines, part, marks);
    // Written with the first rows, so that there is nothing where those are refused.
    let mut head = lines.header();
    // A thread of its own writes while the next rows are scored.
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<u8>>(2);
        let writer = scope.spawn(move || write(out, receiver, arguments.output.as_deref()));
        let mut is_wanted = true;
        while is_wanted && let Some(results) = parts.next(path, work).map_err(at)? {
            for ((text, summary), reached) in results {
                total.merge(summary);
                first_latin_1 = first_latin_1.take().or(reached.note());
                head.extend(text);
                // The writer has ended: its output was closed, or it failed.
                is_wanted = is_wanted && sender.send(std::mem::take(&mut head)).is_ok();
            }
            let share = parts.share().map_or(String::new(), |share| format!("{:.0} %, ", 100.0 * share));
            status.set(format!("{share}{} rows", total.n_rows));
            status.show("");
        }
        if is_wanted && !head.is_empty() {
            // A file of a header only has lines too.
            let _ = sender.send(head);
        }
        drop(sender);
        writer.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "the thread that writes ended")))
    })?;
    status.clear();
    let imputed = (total.n_imputed > 0)
        .then(|| format!("a value was imputed in {} of {}", total.n_imputed, count(total.n_rows, "row")));
    for note in scorer.notes().iter().chain(&first_latin_1).map(Note::to_string).chain(imputed) {
        say(&format!("note: {note}"));
    }
    if total.n_outside > 0 {
        let features = total.most_outside(model, MOST_NAMED);
        let features: Vec<String> =
            features.iter().map(|(name, rows)| format!("\"{}\" ({rows})", plain(name))).collect();
        let (n, all) = (total.n_outside, count(total.n_rows, "row"));
        say(&format!("caution: {n} of {all} have a number outside the training range: {}", features.join(", ")));
    }
    match total.n_refused {
        0 => Ok(()),
        n => {
            let message = format!("{n} of {} could not be scored; their lines say why", count(total.n_rows, "row"));
            Err(Error::new(ErrorKind::NotScored, message))
        }
    }
}

/// Writes what comes to a file, or to standard output until it is closed.
fn write(out: &mut dyn io::Write, texts: mpsc::Receiver<Vec<u8>>, path: Option<&Path>) -> Result<()> {
    let is_written = |written: io::Result<()>| match (path, written) {
        (Some(path), Err(error)) => Err(files::name(path, &Error::new(ErrorKind::Io, error.to_string()))),
        (_, written) => is_read(written),
    };
    for text in texts {
        if !is_written(out.write_all(&text))? {
            return Ok(());
        }
    }
    is_written(out.flush()).map(|_| ())
}

/// The lines of a part of the file.
fn score(
    scorer: &BatchPredictor<&Model>,
    lines: &PredictionLines<'_>,
    part: Part<'_>,
    marks: bool,
) -> Result<((Vec<u8>, BatchSummary), Reached)> {
    let (mut text, mut summary) = (lines.begin(), BatchSummary::default());
    let reached = part.score(scorer, |row| {
        match &row.outputs {
            Err(error) if !marks => return Err(error.clone().at_row(row.number)),
            _ => summary.add(scorer.model(), &row),
        }
        text.add(&row)
    })?;
    Ok(((text.finish(), summary), reached))
}

/// A table may have columns that are no features, if it is said.
fn with_remedy(error: Error) -> Error {
    let is_unknown = error.kind() == ErrorKind::UnknownFeature && error.message().starts_with("no feature is named");
    if !is_unknown || error.message().contains("did you mean") {
        return error;
    }
    let message = format!("{}; --keep-all allows columns that are no features", error.message());
    error.with_message(message)
}

/// The columns to write, in the order in which they were asked for.
fn kept_columns(arguments: &Arguments, scorer: &BatchPredictor<&Model>) -> Vec<(usize, String)> {
    let names = || scorer.names().iter().cloned().enumerate();
    match arguments.keep_all {
        true => names().collect(),
        false => arguments.keep.iter().filter_map(|wanted| names().find(|(_, name)| name == wanted)).collect(),
    }
}
