//! `tepal explain`.

use crate::dependence;
use crate::output::{is_read, print, print_json, say};
use crate::parts::Parts;
use crate::table::{ReadArguments, named};
use crate::tree::{chosen_tree, drawn};
use crate::words::{columns, counted_rows, like, plain, signed, significant};
use clap::Args;
use serde::Serialize;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tepal::batch::BatchPredictor;
use tepal::describe::ModelDescription;
use tepal::error::{Error, ErrorKind, Result};
use tepal::evaluate::is_left_out;
use tepal::explain::Explanation;
use tepal::explain::ExplanationBody;
use tepal::files;
use tepal::model::{Estimator, Link, Model, StandardErrors};
use tepal::predict::PredictionBody;
use tepal::table::Task;

/// Say why a model predicts what it predicts: by its coefficients, or for rows by what each feature adds
#[derive(Args)]
#[command(after_help = "Examples:
  tepal explain risk.tepal
  tepal explain risk.tepal patients.csv
  tepal explain risk.tepal patients.csv --json > reasons.ndjson
  tepal explain risk.tepal patients.csv --dependence age
  tepal explain forest.tepal --tree 1")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// The rows to explain; - for standard input. Without them the coefficients are, or how much each feature of trees matters
    rows: Option<PathBuf>,
    /// Draw the tree of this number, from 1, of a model of trees; a single tree is drawn without
    #[arg(long, value_name = "NUMBER", conflicts_with = "rows")]
    tree: Option<usize>,
    /// How predictions go with a column, or with two separated by a comma: what the rows would be predicted on average if they all had
    /// the same value there (partial dependence), over at most 2,000 of them
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "rows")]
    dependence: Vec<String>,
    /// As JSON; for rows an object on each line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    read: ReadArguments,
}

/// The most features shown of a row; all of them are in the JSON.
const SHOWN: usize = 12;

#[derive(Serialize)]
struct Line<'m> {
    row: u64,
    #[serde(flatten)]
    prediction: PredictionBody<'m>,
    scores: Vec<ExplanationBody<'m>>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = files::read_model(&arguments.model)?;
    match &arguments.rows {
        Some(rows) if !arguments.dependence.is_empty() => explain_dependence(&model, rows, arguments),
        Some(rows) => explain_rows(&model, rows, arguments),
        None if arguments.tree.is_some() => {
            let tree = chosen_tree(&model, arguments.tree.unwrap_or_default())?;
            if arguments.json { print_json(&tree) } else { print(&drawn(&model, &tree)) }
        }
        None if arguments.json => print_json(&ModelDescription::of(&model)),
        None => print(&coefficients(&model)),
    }
}

fn explain_rows(model: &Model, path: &Path, arguments: &Arguments) -> Result<()> {
    let at = |error: Error| named(path, error);
    let (mut parts, options) = Parts::open(&arguments.read, path)?;
    let (beginning, is_all) = parts.beginning(path)?;
    let scorer = BatchPredictor::new(model, beginning, is_all, &options, None).map_err(at)?;
    parts.select(&scorer.places().collect::<Vec<_>>());
    for note in scorer.notes() {
        say(&format!("note: {note}"));
    }
    let mut has_latin_1 = false;
    let work = |part: crate::parts::Part<'_>| {
        let mut text = Vec::new();
        let reached = part.score(&scorer, |row| {
            let outputs = row.outputs.as_deref().map_err(|error| error.clone().at_row(row.number))?;
            let (prediction, explanations) = (model.prediction(outputs), model.explain(row.values)?);
            if arguments.json {
                let scores = explanations.into_iter().map(|score| ExplanationBody::of(model, score)).collect();
                let line = Line { row: row.number, prediction: PredictionBody::of(model, row.values, outputs), scores };
                serde_json::to_writer(&mut text, &line)
                    .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))?;
                text.push(b'\n');
            } else {
                let cells = |feature: &str| {
                    let at = scorer.names().iter().position(|name| name == feature);
                    at.map(|at| row.cell(at).into_owned()).unwrap_or_default()
                };
                text.extend(format!("row {}: ", row.number).bytes());
                text.extend(row_text(model, &prediction, &explanations, cells).bytes());
            }
            Ok(())
        })?;
        Ok((text, reached))
    };
    while let Some(results) = parts.next(path, work).map_err(at)? {
        for (text, reached) in results {
            if let Some(note) = reached.note().filter(|_| !has_latin_1) {
                has_latin_1 = true;
                say(&format!("note: {note}"));
            }
            if !is_read(io::stdout().lock().write_all(&text))? {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// How predictions go with one or two features.
fn explain_dependence(model: &Model, path: &Path, arguments: &Arguments) -> Result<()> {
    let features = dependence::features(model, &arguments.dependence)?;
    let at = |error: Error| named(path, error);
    let (mut parts, options) = Parts::open(&arguments.read, path)?;
    let (beginning, is_all) = parts.beginning(path)?;
    let scorer = BatchPredictor::new(model, beginning, is_all, &options, None).map_err(at)?;
    parts.select(&scorer.places().collect::<Vec<_>>());
    scorer.notes().iter().for_each(|note| say(&format!("note: {note}")));
    let work = |part: crate::parts::Part<'_>| {
        let mut found = (Vec::new(), 0_u32);
        let reached = part.score(&scorer, |row| {
            match &row.outputs {
                Ok(_) => found.0.extend_from_slice(row.values),
                Err(error) if is_left_out(error) => found.1 += 1,
                Err(error) => return Err(error.clone().at_row(row.number)),
            }
            Ok(())
        })?;
        Ok((found, reached))
    };
    let (mut values, mut n_refused) = (Vec::new(), 0);
    while let Some(results) = parts.next(path, work).map_err(at)? {
        for ((more, refused), _) in results {
            values.extend(more);
            n_refused += refused;
        }
    }
    if n_refused > 0 {
        say(&format!(
            "note: {} left out, for a category or a missing value that no training row has",
            counted_rows(f64::from(n_refused))
        ));
    }
    let points = tepal::evaluate::dependence(model, &values, &[], &features).map_err(at)?;
    if arguments.json {
        return print_json(&dependence::body(model, &features, points));
    }
    print(&dependence::text(model, &features, &points))
}

/// A prediction and the features that moved it, the strongest first.
fn row_text(
    model: &Model,
    prediction: &tepal::predict::Prediction<'_>,
    explanations: &[Explanation<'_>],
    cell: impl Fn(&str) -> String,
) -> String {
    // Of more than two classes only differences of scores are log-odds.
    let unit = match (model.link(), model.calibration()) {
        (Link::Logistic | Link::Logit, None) => " in log-odds",
        (Link::Logistic | Link::Logit, Some(_)) => " in log-odds, before calibration",
        (Link::Exp, _) => " as a natural logarithm",
        (Link::Shares { .. }, None) => " as a probability",
        (Link::Shares { .. }, Some(_)) => " as a probability, before calibration",
        (Link::OneVsRest { .. }, _) => " in log-odds against the rest",
        (Link::Identity | Link::Softmax { .. }, _) => "",
    };
    let mut text = match prediction {
        tepal::predict::Prediction::Value(value) => format!("{value}\n"),
        tepal::predict::Prediction::Class { classes, probabilities, .. } => {
            let shares = classes.iter().zip(probabilities);
            let shares: Vec<String> =
                shares.map(|(class, share)| format!("{} {:.1} %", plain(&class.to_string()), 100.0 * share)).collect();
            let class = prediction.class().map(|class| plain(&class.to_string())).unwrap_or_default();
            format!("{class} ({})\n", shares.join(", "))
        }
    };
    for explanation in explanations {
        let of = explanation.class.map(|class| format!(" for {class}")).unwrap_or_default();
        let mut order: Vec<usize> = (0..explanation.contributions.len()).collect();
        order.sort_by(|a, b| explanation.contributions[*b].abs().total_cmp(&explanation.contributions[*a].abs()));
        // They are to be added up: all have the decimals of the largest.
        let parts = explanation.contributions.iter().chain([&explanation.baseline, &explanation.score]);
        let largest = parts.fold(0.0, |largest: f64, part| largest.max(part.abs()));
        let signed = |part: f64| like(part, largest);
        let mut rows = vec![vec![format!("average{of}"), String::new(), signed(explanation.baseline)]];
        for index in order.iter().take(SHOWN) {
            let name = &model.schema().features[*index].name;
            let error = explanation.standard_errors.get(*index).map(|error| format!("± {}", significant(*error)));
            let row = [name.clone(), cell(name), signed(explanation.contributions[*index])];
            rows.push(row.into_iter().chain(error).collect());
        }
        if order.len() > SHOWN {
            let rest: f64 = order[SHOWN..].iter().map(|index| explanation.contributions[*index]).sum();
            rows.push(vec![format!("{} more", order.len() - SHOWN), String::new(), signed(rest)]);
        }
        rows.push(vec![format!("score{unit}"), String::new(), signed(explanation.score)]);
        text.push_str(&columns(&rows));
        if !explanation.standard_errors.is_empty() {
            text.push_str("the parts are estimated; ± is their standard error\n");
        }
    }
    text
}

/// How much each feature matters to a model without coefficients, the most important first.
fn importance(model: &Model) -> String {
    let mut features: Vec<(f64, &str)> = model
        .importance()
        .into_iter()
        .zip(model.schema().features.iter().map(|feature| feature.name.as_str()))
        .collect();
    features.sort_by(|a, b| b.0.total_cmp(&a.0));
    let measure = match model.estimator() {
        Estimator::Graph(_) => "half of how far the feature alone moves the score",
        _ => "standard deviation that its splits explain",
    };
    let head = ["feature", measure].map(str::to_owned).to_vec();
    let rows = features.into_iter().map(|(importance, name)| vec![name.to_owned(), significant(importance)]);
    let what = match model.link() {
        Link::Identity => "in units of the target",
        Link::Exp => "in units of the target's natural logarithm",
        Link::Shares { .. } => "in probability",
        Link::Logit | Link::Logistic | Link::Softmax { .. } | Link::OneVsRest { .. } => "in units of the score",
    };
    format!("how much each feature matters, {what}\n\n{}", columns(&[vec![head], rows.collect()].concat()))
}

/// The coefficients, with what is known of how sure they are.
fn coefficients(model: &Model) -> String {
    if model.estimator().as_linear().is_none() {
        let tree = if model.n_trees() == 1 { model.tree(1) } else { None };
        let tree = tree.map(|tree| format!("\n{}", drawn(model, &tree))).unwrap_or_default();
        return importance(model) + &tree;
    }
    let (outputs, names) = (model.coefficients(), model.preprocessor().column_names(model.schema()));
    let (errors, why) = match model.provenance() {
        Ok(provenance) => {
            let errors = provenance.fit.as_linear().map(|record| record.standard_errors.clone()).unwrap_or_default();
            let why = errors.withheld.as_ref().map(|reason| format!("are withheld: {reason}"));
            (errors, why)
        }
        Err(error) => (StandardErrors::default(), Some(format!("are not known: {error}"))),
    };
    let is_classification = model.task() == Task::Classification;
    let classes = model.schema().target.classes();
    let mut text = String::new();
    for (index, output) in outputs.iter().enumerate() {
        let class = classes.and_then(|classes| classes.get(if outputs.len() == 1 { 1 } else { index }));
        let what = match class {
            Some(class) if outputs.len() == 1 && model.calibration().is_some() => {
                format!("log-odds of {class} before calibration")
            }
            Some(class) if outputs.len() == 1 => format!("log-odds of {class}"),
            Some(class) => format!("score of {class}"),
            None => model.schema().target.name().to_owned(),
        };
        let (ratio, statistic) = if is_classification { ("odds ratio", "z") } else { ("", "t") };
        let head = ["column", "per unit", ratio, "per deviation", "standard error", statistic, "95 % interval"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for (at, name) in names.iter().enumerate() {
            let (original, standardized) = (output.original[at], output.standardized[at]);
            let error = errors.coefficients.get(at).copied().flatten();
            rows.push(vec![
                name.clone(),
                signed(original),
                if is_classification { significant(original.exp()) } else { String::new() },
                if model.imported().is_some() { "-".into() } else { signed(standardized) },
                error.map_or("-".into(), significant),
                error.map_or("-".into(), |error| format!("{:+.2}", original / error)),
                error.map_or("-".into(), |error| {
                    let (low, high) = errors.interval(original, error);
                    format!("{} to {}", signed(low), signed(high))
                }),
            ]);
        }
        let error = errors.intercept;
        rows.push(vec![
            "intercept".into(),
            signed(output.original_intercept),
            String::new(),
            signed(output.intercept),
            error.map_or("-".into(), significant),
        ]);
        text.push_str(&format!("what changes the {}:\n{}\n", plain(&what), columns(&rows)));
    }
    if let Some(why) = why {
        text.push_str(&format!("standard errors {}\n", plain(&why)));
    }
    text
}
