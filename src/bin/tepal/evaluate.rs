//! `tepal evaluate`.

use crate::output::{print, print_json, say};
use crate::parts::{Part, Parts};
use crate::progress::Status;
use crate::table::{ReadArguments, named};
use crate::words::{columns, counted, counted_rows, figure, plain, signed, words};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use tepal::batch::{BatchPredictor, Reached, Targets, Weights};
use tepal::error::{Error, Result};
use tepal::evaluate::{
    ClassificationReport, Coverage, Importance, LossFigures, RegressionReport, Report, importance_measure, is_left_out,
    permutation_importance,
};
use tepal::files;
use tepal::model::Model;
use tepal::note::Note;
use tepal::table::Task;

/// Say how good a model is on rows that it was not fitted on
#[derive(Args)]
#[command(after_help = "Examples:
  tepal evaluate iris.tepal more-flowers.csv
  tepal evaluate risk.tepal next-year.csv --importance")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// The rows with their targets; - for standard input
    rows: PathBuf,
    /// A column of sample weights: a row of weight 2 counts as two
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Every figure and curve, as JSON
    #[arg(long)]
    json: bool,
    /// Also how much worse the model gets when each feature is shuffled
    #[arg(long)]
    importance: bool,
    /// The seed of these shuffles
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    read: ReadArguments,
}

/// How often each feature is shuffled.
const SHUFFLES: usize = 5;

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    importance: Option<Vec<Importance>>,
}

/// What is kept of rows.
#[derive(Default)]
struct Answers {
    outputs: Vec<f64>,
    targets: Vec<f64>,
    weights: Vec<f64>,
    values: Vec<f64>,
    n_refused: usize,
    n_without_target: usize,
}

impl Answers {
    fn append(&mut self, mut later: Self) {
        self.outputs.append(&mut later.outputs);
        self.targets.append(&mut later.targets);
        self.weights.append(&mut later.weights);
        self.values.append(&mut later.values);
        self.n_refused += later.n_refused;
        self.n_without_target += later.n_without_target;
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (path, status) = (&arguments.rows, Status::new());
    let at = |error: Error| named(path, error);
    let model = files::read_model(&arguments.model)?;
    let (mut parts, options) = Parts::open(&arguments.read, path)?;
    let (beginning, is_all) = parts.beginning(path)?;
    let scorer = BatchPredictor::new(&model, beginning, is_all, &options, None).map_err(at)?;
    let targets = scorer.targets().map_err(at)?;
    let weights = arguments.weights.as_deref().map(|name| scorer.weights(name)).transpose().map_err(at)?;
    let beside = [targets.place()].into_iter().chain(weights.as_ref().map(Weights::place));
    parts.select(&scorer.places().chain(beside).collect::<Vec<_>>());
    let (mut all, mut latin_1) = (Answers::default(), None);
    while let Some(results) =
        parts.next(path, |part| answers(&scorer, &targets, weights.as_ref(), part, arguments.importance)).map_err(at)?
    {
        for (part, reached) in results {
            all.append(part);
            latin_1 = latin_1.or(reached.note());
        }
        status.set(format!("{} rows", all.targets.len()));
        status.show("");
    }
    status.clear();
    let Answers { outputs, targets, weights, values, n_refused, n_without_target } = all;
    let report = Report::new(&model, &targets, &outputs, &weights, n_refused).map_err(at)?;
    let importance = arguments
        .importance
        .then(|| permutation_importance(&model, values, &targets, &weights, SHUFFLES, arguments.seed));
    let importance = importance.transpose()?;
    let without = match n_without_target {
        0 => None,
        1 => Some("1 row has no value of the target and was left out".to_owned()),
        n => Some(format!("{n} rows have no value of the target and were left out")),
    };
    for note in scorer.notes().iter().chain(&latin_1).map(Note::to_string).chain(without) {
        say(&format!("note: {note}"));
    }
    if let Some(name) = weights_left(&model, &scorer, arguments) {
        say(&format!(
            "caution: the model was fitted with the weights of \"{0}\", and here every row counts once; --weights \"{0}\" \
             counts them so",
            plain(&name)
        ));
    }
    if arguments.json {
        return print_json(&Body { report, importance });
    }
    let mut text = match &report {
        Report::Classification(report) => classification(&model, report),
        Report::Regression(report) => regression(report),
    };
    text.push_str(&coverages(&model, report.coverage()));
    report.notes().iter().for_each(|note| text.push_str(&format!("\nnote: {}\n", plain(&note.to_string()))));
    if let Some(importance) = &importance {
        text.push_str(&importances(&model, importance));
    }
    print(&text)
}

/// The column of weights that the model was fitted with, where the file has it and it is not used.
fn weights_left(model: &Model, scorer: &BatchPredictor<&Model>, arguments: &Arguments) -> Option<String> {
    let name = model.provenance().ok()?.weights.filter(|_| arguments.weights.is_none())?;
    scorer.names().contains(&name).then_some(name)
}

fn answers(
    scorer: &BatchPredictor<&Model>,
    targets: &Targets<'_>,
    weights: Option<&Weights<'_>>,
    part: Part<'_>,
    keeps_values: bool,
) -> Result<(Answers, Reached)> {
    let mut answers = Answers::default();
    let reached = part.score(scorer, |row| {
        let weight = weights.map(|weights| weights.read(&row)).transpose();
        // A row that weighs nothing is one that is not there.
        if let Ok(Some(0.0)) = weight {
            return Ok(());
        }
        let Some(target) = targets.read(&row)? else {
            answers.n_without_target += 1;
            return Ok(());
        };
        match &row.outputs {
            Ok(outputs) => {
                answers.outputs.extend_from_slice(outputs);
                answers.targets.push(target);
                answers.weights.extend(weight?);
                answers.values.extend_from_slice(if keeps_values { row.values } else { &[] });
            }
            Err(error) if is_left_out(error) => answers.n_refused += 1,
            Err(error) => return Err(error.clone().at_row(row.number)),
        }
        Ok(())
    })?;
    Ok((answers, reached))
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn classification(model: &Model, report: &ClassificationReport) -> String {
    let (low, high) = report.accuracy_interval;
    let baseline = |of: fn(&tepal::evaluate::ClassBaseline) -> f64| figure(report.baseline.as_ref().map(of));
    let mut figures = vec![
        row(["", "model", "without features"]),
        row(["accuracy", &figure(Some(report.accuracy)), &baseline(|baseline| baseline.accuracy)]),
        row(["balanced accuracy", &figure(report.balanced_accuracy), ""]),
        row(["log loss", &figure(Some(report.log_loss)), &baseline(|baseline| baseline.log_loss)]),
        row(["Brier score", &figure(Some(report.brier_score)), &baseline(|baseline| baseline.brier_score)]),
    ];
    match &report.binary {
        Some(binary) if report.class_names.len() == 2 => {
            figures.push(row(["AUC", &figure(binary.auc), &figure(Some(0.5))]));
            figures.push(row(["average precision", &figure(binary.average_precision), ""]));
        }
        _ => figures.push(row(["AUC, mean over classes", &figure(report.macro_auc), &figure(Some(0.5))])),
    }
    let mut text = format!(
        "{}, {} right: an accuracy of {:.1} %, 95 % interval {:.1} to {:.1} %\n\n{}",
        counted_rows(report.rows),
        counted(report.correct),
        100.0 * report.accuracy,
        100.0 * low,
        100.0 * high,
        columns(&figures)
    );
    let mut classes = vec![row(["class", "precision", "recall", "F1", "rows"])];
    for (name, class) in report.class_names.iter().zip(&report.classes) {
        let figures = [figure(class.precision), figure(class.recall), figure(class.f1), counted(class.support)];
        classes.push([vec![name.clone()], figures.to_vec()].concat());
    }
    if let Some(averages) = &report.averages {
        for (name, average) in [("micro", averages.micro), ("macro", averages.r#macro), ("weighted", averages.weighted)]
        {
            let average = [average.precision, average.recall, average.f1].map(|value| figure(Some(value)));
            classes.push([vec![name.to_owned()], average.to_vec()].concat());
        }
    }
    text.push_str(&format!("\n{}", columns(&classes)));
    if report.class_names.len() <= 20 {
        let head = [vec!["is \\ predicted".to_owned()], report.class_names.clone()].concat();
        let lines = report.class_names.iter().zip(&report.confusion.counts);
        let lines =
            lines.map(|(name, counts)| [vec![name.clone()], counts.iter().copied().map(counted).collect()].concat());
        text.push_str(&format!("\n{}", columns(&[vec![head], lines.collect()].concat())));
    }
    if let (Some(binary), Some(_)) = (&report.binary, model.positive()) {
        let mut thresholds =
            vec![row(["threshold", "sensitivity", "specificity", "positive predictive", "negative predictive"])];
        // Every second one: they are all in the JSON.
        for decided in binary.thresholds.iter().skip(1).step_by(2) {
            let figures = [
                decided.sensitivity,
                decided.specificity,
                decided.positive_predictive_value,
                decided.negative_predictive_value,
            ];
            thresholds.push([vec![format!("{:.2}", decided.threshold)], figures.map(figure).to_vec()].concat());
        }
        let positive = plain(&report.class_names[binary.positive]);
        text.push_str(&format!("\n{positive} is predicted from a probability on:\n{}", columns(&thresholds)));
        let mut calibration = vec![row(["predicted", "found", "rows"])];
        for bin in &binary.calibration_uniform {
            let found = [figure(Some(bin.fraction_positive)), counted(bin.rows)];
            calibration.push([vec![figure(Some(bin.mean_predicted))], found.to_vec()].concat());
        }
        text.push_str(&format!("\nprobability of {positive}, and its share of these rows:\n{}", columns(&calibration)));
    }
    text
}

fn regression(report: &RegressionReport) -> String {
    let pair = |name: &str, of: fn(&tepal::evaluate::RegressionFigures) -> Option<f64>| {
        row([name, &figure(of(&report.model)), &figure(report.baseline.as_ref().and_then(of))])
    };
    let mut figures = vec![
        row(["", "model", "without features"]),
        pair("R²", |figures| figures.r_squared),
        pair("mean absolute error", |figures| Some(figures.mean_absolute_error)),
        pair("root mean squared error", |figures| Some(figures.root_mean_squared_error)),
    ];
    if let Some(LossFigures { figure: name, quantile, mean, constant, d_squared, at_or_below, .. }) = report.loss {
        let level = quantile.map(|level| format!(" at {level}")).unwrap_or_default();
        let of_loss = [
            row([&format!("{}{level}", words(name)), &figure(Some(mean)), &figure(Some(constant))]),
            row([&words("dSquared"), &figure(d_squared), &figure(Some(0.0))]),
        ];
        figures.splice(1..1, of_loss);
        if let Some(share) = at_or_below {
            figures.insert(3, row([&words("atOrBelow"), &figure(Some(share)), ""]));
        }
    }
    let mut residuals = vec![row(["share of rows", "target minus prediction at most"])];
    for quantile in &report.model.residual_quantiles {
        residuals.push(row([&format!("{} %", quantile.percent), &figure(Some(quantile.residual))]));
    }
    format!("{}\n\n{}\n{}", counted_rows(report.model.rows), columns(&figures), columns(&residuals))
}

/// How often the truth is in the interval or in the set.
fn coverages(model: &Model, coverages: &[Coverage]) -> String {
    if coverages.is_empty() {
        return String::new();
    }
    let size = if model.task() == Task::Regression { "width of interval" } else { "classes in set" };
    let mut rows = vec![row(["level", "truth inside", size])];
    for Coverage { percent, share, size } in coverages {
        rows.push(row([&format!("{percent} %"), &format!("{:.1} %", 100.0 * share), &figure(Some(*size))]));
    }
    format!("\n{}", columns(&rows))
}

fn importances(model: &Model, importances: &[Importance]) -> String {
    let mut sorted: Vec<&Importance> = importances.iter().collect();
    sorted.sort_by(|a, b| b.increase.total_cmp(&a.increase));
    let more = format!("more {} when shuffled", words(importance_measure(model)));
    let mut rows = vec![row(["feature", &more, "± standard deviation"])];
    for importance in sorted {
        let increase = signed(importance.increase);
        rows.push(row([&importance.feature, &increase, &figure(importance.standard_deviation)]));
    }
    format!("\n{}", columns(&rows))
}
