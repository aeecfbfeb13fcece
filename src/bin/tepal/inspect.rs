//! `tepal inspect`, and what is said of a model.

use crate::output::{print, print_json};
use crate::words::{counted, counted_rows, level, plain, significant, without_dust, words};
use clap::Args;
use std::fmt::Write as _;
use std::path::PathBuf;
use tepal::describe::ModelDescription;
use tepal::error::{Result, count};
use tepal::files;
use tepal::model::{
    BoostingRecord, Calibration, Certificate, ClassWeight, CrossValidation, Evaluation, Import, Interactions,
    LinearRecord, Metric, Metrics, Model, Origin, Provenance, RegressionLoss,
};
use tepal::preprocess::{DateParts, Scale};
use tepal::table::{Domain, Label, Labels, Moment, NumberDomain, TargetSchema};

/// Say what a model expects, what it predicts and where it comes from
#[derive(Args)]
#[command(after_help = "Example: tepal inspect iris.tepal --json")]
pub(crate) struct Arguments {
    /// The model file
    model: PathBuf,
    /// Everything, as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let model = files::read_model(&arguments.model)?;
    if arguments.json { print_json(&ModelDescription::of(&model)) } else { print(&summary(&model)) }
}

/// What a person wants to know of a model, a line each.
pub(crate) fn summary(model: &Model) -> String {
    let (schema, origin) = (model.schema(), model.origin());
    let provenance = origin.as_ref().ok().and_then(fitted);
    let mut text = String::new();
    let mut line = |label: &str, value: String| {
        let value = plain(&value);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{label:<15} {value}");
    };
    line("model", format!("{:?}, {}", model.name(), model.family()));
    match &schema.target {
        TargetSchema::Classes { name, classes, counts, .. } => {
            line("predicts", format!("{name}: {}", labels(classes, counts)));
        }
        TargetSchema::Number { name, range } => {
            let what = match provenance.and_then(|provenance| provenance.fit.as_boosting()) {
                Some(BoostingRecord { loss: Some(RegressionLoss::AbsoluteError), .. }) => "the median of a number",
                Some(BoostingRecord { loss: Some(RegressionLoss::Quantile), quantile: Some(level), .. }) => {
                    &format!("the {level} quantile of a number")
                }
                _ => "a number",
            };
            let range = range.map(|range| format!(", {} to {} in training", range.minimum, range.maximum));
            line("predicts", format!("{name}: {what}{}", range.unwrap_or_default()));
        }
    }
    for (index, (feature, transform)) in schema.features.iter().zip(model.preprocessor().features()).enumerate() {
        let note = if transform.columns.is_empty() { ", constant in training: without influence" } else { "" };
        let missing = if feature.missing > 0 {
            format!(", missing in {} {}", feature.missing, if feature.missing == 1 { "row" } else { "rows" })
        } else {
            String::new()
        };
        let values = match &feature.domain {
            Domain::Number(domain) if feature.is_date() => {
                format!("{} to {}", Moment::of_days(domain.minimum), Moment::of_days(domain.maximum))
            }
            Domain::Number(domain) if domain.are_from_splits => split_range(domain),
            Domain::Number(domain) => format!("{} to {}", domain.minimum, domain.maximum),
            Domain::Category { categories, counts, .. } => labels(categories, counts),
        };
        let unit = feature.unit.as_ref().map(|unit| format!(", in {unit}")).unwrap_or_default();
        let about = feature.description.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
        let text = format!("{}: {values}{unit}{missing}{note}{about}", feature.name);
        line(if index == 0 { "from" } else { "" }, text);
    }
    for column in &schema.dropped {
        let asked = if provenance.is_some() { "asked for" } else { "the model does not use it" };
        let reason = column.reason.as_ref().map_or(asked.into(), |reason| reason.to_string());
        line("left out", format!("{}: {reason}", column.name));
    }
    match &origin {
        Ok(Origin::Fitted(provenance)) => {
            line("trained on", how_trained(provenance));
            provenance.warnings.iter().for_each(|note| line(level(note.level()), note.to_string()));
        }
        Ok(Origin::Imported(import)) => {
            line("imported from", how_imported(import));
            import.notes.iter().for_each(|note| line(level(note.level()), note.to_string()));
        }
        Ok(_) => {}
        Err(error) => line("record", format!("cannot be read: {error}")),
    }
    let linear = provenance.and_then(|provenance| provenance.fit.as_linear());
    if let Some(LinearRecord { certificate, .. }) = linear {
        let verdict = if certificate.converged() { "at its optimum" } else { "NOT CONVERGED" };
        let Certificate { relative_gradient, tolerance, gap, .. } = certificate;
        let gap = gap.map(|gap| format!(", objective within {gap:.0e} of it")).unwrap_or_default();
        line(
            "certificate",
            format!("{verdict}: relative gradient {relative_gradient:.1e} (limit {tolerance:.0e}){gap}"),
        );
    }
    let forest = provenance.and_then(|provenance| provenance.fit.as_forest());
    if let Some(found) = forest.and_then(|record| record.out_of_bag) {
        let error = significant(found.mean_squared_error.sqrt());
        let figures = match (found.accuracy, found.r_squared) {
            (Some(accuracy), _) => {
                format!("accuracy {}, Brier score {}", significant(accuracy), significant(found.mean_squared_error))
            }
            (None, Some(r_squared)) => format!("R² {}, RMSE {error}", significant(r_squared)),
            (None, None) => format!("RMSE {error}"),
        };
        line("out of bag", format!("{} by the trees that did not see them: {figures}", counted_rows(found.rows)));
    }
    if let Some(calibration) = model.calibration() {
        let how = match calibration {
            Calibration::Platt { slope, intercept } => {
                format!("Platt's curve, slope {slope:.3}, intercept {intercept:.3}")
            }
            Calibration::Isotonic(isotonic) => format!("isotonic, {} thresholds", isotonic.x().len()),
        };
        line("calibration", how);
    }
    if let (Some(decision), Some(positive)) = (model.decision(), model.positive()) {
        let class = schema.target.classes().and_then(|classes| classes.get(positive));
        let class = class.map(|class| class.to_string()).unwrap_or_default();
        let rule = decision.rule.as_ref().map(|rule| format!(": {rule}")).unwrap_or_default();
        line("threshold", format!("{class} from a probability of {:.4} on{rule}", decision.threshold));
    }
    if let Some(conformal) = model.conformal() {
        for (index, bound) in conformal.bounds().iter().enumerate() {
            let holds = match schema.target {
                TargetSchema::Number { .. } => format!("within {} of the prediction", significant(bound.bound)),
                TargetSchema::Classes { .. } => {
                    format!("the most probable class, or one of a probability of {} or more", significant(bound.bound))
                }
            };
            line(if index == 0 { "conformal" } else { "" }, format!("{} % of rows: {holds}", bound.percent));
        }
    }
    let folds = provenance.and_then(|provenance| provenance.cross_validation.as_ref());
    if let Some(CrossValidation { folds, seed, figures }) = folds {
        for (index, figure) in figures.iter().enumerate() {
            let label = if index == 0 { format!("{folds} folds") } else { String::new() };
            let spread =
                figure.standard_deviation.map(|spread| format!(" ± {}", significant(spread))).unwrap_or_default();
            let note = if index == 0 { format!(" (mean and standard deviation; seed {seed})") } else { String::new() };
            line(&label, format!("{:<24} {}{spread}{note}", words(&figure.name), significant(figure.mean)));
        }
    }
    match provenance.map(|provenance| &provenance.evaluation) {
        Some(Some(evaluation)) => held_out(evaluation, &mut line),
        Some(None) => line("held out", "no rows; --test FRACTION holds some out".into()),
        None => {}
    }
    line("proof rows", format!("{0}/{0} reproduced", model.n_proof_rows()));
    line("digest", model.digest());
    text
}

/// How the model was fitted, if tepal did it.
fn fitted(origin: &Origin) -> Option<&Provenance> {
    match origin {
        Origin::Fitted(provenance) => Some(provenance),
        _ => None,
    }
}

/// Labels, each with its training rows if these are known.
fn labels(labels: &Labels, counts: &[u64]) -> String {
    let are_known = counts.iter().any(|count| *count > 0);
    let label =
        |(label, rows): (Label<'_>, &u64)| if are_known { format!("{label} ({rows})") } else { label.to_string() };
    labels.iter().zip(counts).map(label).collect::<Vec<_>>().join(", ")
}

/// Between which numbers a model tells values apart.
fn split_range(domain: &NumberDomain) -> String {
    let NumberDomain { minimum, maximum, .. } = *domain;
    let said = |number: f64| match without_dust(number) {
        0.0 => "0".to_owned(),
        number => significant(number),
    };
    match (said(minimum), said(maximum)) {
        _ if minimum == 0.0 && maximum == 0.0 => "numbers".to_owned(),
        (minimum, maximum) if minimum == maximum => format!("numbers, about {minimum}"),
        // Of splits, or as it was told.
        (minimum, maximum) => format!("numbers, about {minimum} to {maximum}"),
    }
}

/// The tool, its version and the objective.
fn how_imported(import: &Import) -> String {
    let texts = [Some(import.source.as_str()), import.source_version.as_deref()];
    let tool = texts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let objective = import.objective.as_deref().map(|objective| format!(", {objective}"));
    format!("{tool}{}", objective.unwrap_or_default())
}

/// What came of the rows held out, each figure beside that of a model without features.
fn held_out(evaluation: &Evaluation, line: &mut impl FnMut(&str, String)) {
    let split = evaluation.split.map(|split| format!(" ({} asked for, seed {})", split.fraction, split.seed));
    let split = split.unwrap_or_default();
    match evaluation.metrics {
        Metrics::Classification { rows, correct, accuracy, log_loss } => {
            line("held out", format!("{}{split}, {} right", counted_rows(rows), counted(correct)));
            if evaluation.figures.is_empty() {
                line("", format!("accuracy {accuracy:.3}, log loss {log_loss:.3}"));
            }
        }
        Metrics::Regression { rows, r_squared, root_mean_squared_error } => {
            line("held out", format!("{}{split}", counted_rows(rows)));
            if evaluation.figures.is_empty() {
                let r_squared = r_squared.map_or("undefined".into(), |value| format!("{value:.3}"));
                line("", format!("R² {r_squared}, RMSE {}", significant(root_mean_squared_error)));
            }
        }
    }
    for Metric { name, value, baseline } in &evaluation.figures {
        let baseline =
            baseline.map(|baseline| format!("   without features {}", significant(baseline))).unwrap_or_default();
        line("", format!("{:<24} {}{baseline}", words(name), significant(*value)));
    }
    evaluation.notes.iter().for_each(|note| line("note", note.to_string()));
}

/// The rows, and the options that are not the default.
fn how_trained(provenance: &Provenance) -> String {
    let mut how = count(provenance.n_rows, "row");
    let mut add = |is_true: bool, note: String| {
        if is_true {
            how.push_str(&format!(", {note}"));
        }
    };
    let record = provenance.fit.as_linear();
    if let Some(LinearRecord { l2, solver, iterations, .. }) = record {
        add(true, format!("l2 {l2}, by {solver}"));
        add(*iterations > 0, format!("in {iterations} round{}", if *iterations == 1 { "" } else { "s" }));
    }
    if let Some(record @ BoostingRecord { rounds, learning_rate, leaves, l2, .. }) = provenance.fit.as_boosting() {
        let plural = if *rounds == 1 { "" } else { "s" };
        add(true, format!("l2 {l2}, by boosting, in {rounds} round{plural} of at most {leaves} leaves"));
        if let Some(loss) = record.loss.filter(|loss| *loss != RegressionLoss::SquaredError) {
            let level = record.quantile.map(|level| format!(" {level}")).unwrap_or_default();
            add(true, format!("loss {}{level}", loss.name()));
        }
        add(true, format!("learning rate {learning_rate}"));
        if let Some(patience) = record.patience {
            let held_out = format!("{} of the rows held out to stop early", record.validation);
            let has_stopped = record.losses.len() as u64 >= rounds + patience;
            add(true, held_out);
            add(!has_stopped, "not stopped by them: more rounds may predict better".into());
        }
        add(record.depth.is_some(), format!("depth at most {}", record.depth.unwrap_or_default()));
        add(record.class_weight == ClassWeight::Balanced, "classes balanced".into());
        add(record.subsample < 1.0, format!("{} of the rows a round", record.subsample));
        add(record.max_features < 1.0, format!("{} of the columns a tree", record.max_features));
        add(!record.increasing.is_empty(), format!("only growing with {}", record.increasing.join(", ")));
        add(!record.decreasing.is_empty(), format!("only falling with {}", record.decreasing.join(", ")));
        match &record.interactions {
            Interactions::All => {}
            Interactions::None => add(true, "without interactions".into()),
            Interactions::Groups(groups) => {
                let groups: Vec<String> = groups.iter().map(|names| names.join(" with ")).collect();
                add(true, format!("interactions only of {}, and of the other columns", groups.join("; of ")));
            }
        }
    }
    if let Some(record) = provenance.fit.as_forest() {
        let (trees, most) = (count(record.trees, "tree"), record.leaves);
        add(true, format!("{trees} of at most {most} leaves, each of {} or more", counted_rows(record.min_rows)));
        add(record.depth.is_some(), format!("depth at most {}", record.depth.unwrap_or_default()));
        add(record.class_weight == ClassWeight::Balanced, "classes balanced".into());
        add(record.subsample < 1.0, format!("{} of the rows a tree", record.subsample));
        add(record.max_features.is_some(), format!("{} of the columns a node", record.max_features.unwrap_or(1.0)));
        add(record.pruning > 0.0, format!("pruned at {}", record.pruning));
    }
    let always = if record.is_some() { "missing values imputed always" } else { "missing values taken always" };
    add(provenance.preprocess.impute_always, always.into());
    add(record.is_some() && provenance.preprocess.scale == Scale::None, "columns as they are".into());
    let parts = DateParts::NAMES.iter().find(|(_, parts)| *parts == provenance.preprocess.date_parts);
    let parts = parts.filter(|(_, parts)| *parts != DateParts::default());
    add(parts.is_some(), format!("dates as {}", parts.map_or("", |(name, _)| name)));
    if let Some(LinearRecord { intercept, class_weight, .. }) = record {
        add(!intercept, "no intercept".into());
        add(*class_weight == ClassWeight::Balanced, "classes balanced".into());
    }
    let weights = provenance.weights.as_deref();
    add(weights.is_some(), format!("weighted by {}", weights.unwrap_or_default()));
    how
}
