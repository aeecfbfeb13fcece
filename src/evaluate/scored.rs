//! A model's answers for rows whose targets are known.

use super::coverage::coverage;
use super::loss::fitted_loss;
use super::weighted;
use super::{ClassificationReport, Classified, Coverage, RegressionFigures, RegressionReport, ThresholdRow};
use crate::dataset::Dataset;
use crate::error::{Error, ErrorKind, Result};
use crate::model::record::Value;
use crate::model::{Evaluation, MOST_CONFUSED, Metric, Metrics, Model, Split, ThresholdCounts};
use crate::note::{Note, codes};
use crate::table::TargetSchema;

/// What is said of a model on rows it was not fitted on.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase", tag = "task")]
pub enum Report {
    /// Of a classification.
    Classification(Box<ClassificationReport>),
    /// Of a regression.
    Regression(Box<RegressionReport>),
}

/// Whether a row that a model refuses with this error is left out of its figures and counted: one of a category that its
/// training rows did not have, or with a value missing where none was in them.
pub fn is_left_out(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::UnseenCategory | ErrorKind::MissingValue)
}

/// Answers for some rows of a dataset.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    /// Which rows they are for: their positions in the dataset.
    pub rows: Vec<usize>,
    /// [`Model::n_outputs`] numbers per row.
    pub outputs: Vec<f64>,
    /// Rows that the model refuses: see [`is_left_out`].
    pub n_refused: usize,
}

impl Scored {
    /// The model's answers for every row that it takes.
    ///
    /// # Errors
    /// Those of [`Model::predict`], unseen categories and missing values aside.
    pub fn of(model: &Model, dataset: &Dataset) -> Result<Self> {
        let mut scored = Self::default();
        let (mut outputs, mut values) = (Vec::with_capacity(model.n_outputs()), Vec::with_capacity(model.n_features()));
        for (row, own) in dataset.features().rows().into_iter().enumerate() {
            dataset.row_for(model.schema(), own.to_slice().unwrap_or_default(), &mut values);
            match model.outputs(&values, &mut outputs) {
                Ok(()) => {
                    scored.rows.push(row);
                    scored.outputs.extend_from_slice(&outputs);
                }
                Err(error) if is_left_out(&error) => scored.n_refused += 1,
                Err(error) => return Err(error.at_row(row as u64 + 1)),
            }
        }
        Ok(scored)
    }

    /// Says how good the answers are.
    ///
    /// # Errors
    /// Those of [`Report::new`].
    pub fn report(&self, model: &Model, dataset: &Dataset) -> Result<Report> {
        let targets: Vec<f64> = self.rows.iter().map(|row| dataset.target().value(*row)).collect();
        let weights: Vec<f64> = self.rows.iter().filter_map(|row| dataset.weights().get(*row).copied()).collect();
        Report::new(model, &targets, &self.outputs, &weights, self.n_refused)
    }
}

impl Report {
    /// Compares `targets`, the number or the position of the class of each row, with the model's `outputs` for them;
    /// `weights` say how often each row counts, and are empty where every row counts once. `n_refused` rows beside them were
    /// not scored.
    ///
    /// # Errors
    /// Those of [`ClassificationReport::new`] and [`RegressionReport::new`].
    pub fn new(model: &Model, targets: &[f64], outputs: &[f64], weights: &[f64], n_refused: usize) -> Result<Self> {
        if targets.is_empty() && n_refused > 0 {
            let message = "no row can be scored, since each has a category or a missing value that no training row has; \
                           `predict` says which";
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        // A record that cannot be read says nothing of weights.
        let target = model.record().get("training").and_then(|training| training.get("weightedTarget"));
        let weighted: Option<Vec<f64>> = target.map(|target| target.items().iter().filter_map(Value::number).collect());
        let mut report = match &model.schema().target {
            TargetSchema::Classes { classes, counts, positive, .. } => {
                let codes: Vec<usize> = targets.iter().map(|code| *code as usize).collect();
                let names: Vec<String> = classes.iter().map(|class| class.to_string()).collect();
                let threshold = model.decision().map(|decision| decision.threshold);
                let tested = Classified::new(classes.len(), &codes, outputs).weighted(weights);
                let counts = weighted.unwrap_or_else(|| counts.iter().map(|count| *count as f64).collect());
                ClassificationReport::new(tested, *positive, threshold, &counts, &names)
                    .map(Box::new)
                    .map(Self::Classification)
            }
            TargetSchema::Number { range, .. } => {
                let mean = range.map(|range| range.mean);
                let mean = weighted.and_then(|target| target.first().copied()).or(mean);
                RegressionReport::new(targets, outputs, weights, mean, fitted_loss(model))
                    .map(Box::new)
                    .map(Self::Regression)
            }
        }?;
        let coverage = coverage(model, targets, outputs, weights);
        let rows = weighted::n_counted(targets.len(), weights);
        report.notes_mut().extend(coverage.iter().filter_map(|level| level.note(rows)));
        *report.coverage_mut() = coverage;
        if n_refused > 0 {
            report.notes_mut().push(match n_refused {
                1 => Note::new(codes::UNSCORED_ROW, []),
                _ => Note::new(codes::UNSCORED_ROWS, [n_refused.into()]),
            });
        }
        Ok(report)
    }

    /// What to know before believing the figures.
    pub fn notes(&self) -> &[Note] {
        match self {
            Self::Classification(report) => &report.notes,
            Self::Regression(report) => &report.notes,
        }
    }

    /// How often the model's conformal answers hold; none where it has none.
    pub fn coverage(&self) -> &[Coverage] {
        match self {
            Self::Classification(report) => &report.coverage,
            Self::Regression(report) => &report.coverage,
        }
    }

    fn coverage_mut(&mut self) -> &mut Vec<Coverage> {
        match self {
            Self::Classification(report) => &mut report.coverage,
            Self::Regression(report) => &mut report.coverage,
        }
    }

    fn notes_mut(&mut self) -> &mut Vec<Note> {
        match self {
            Self::Classification(report) => &mut report.notes,
            Self::Regression(report) => &mut report.notes,
        }
    }

    /// What a model's file keeps of it.
    pub fn evaluation(&self, split: Option<Split>) -> Evaluation {
        let baselines = match self {
            Self::Classification(report) => {
                let baseline = report.baseline;
                let half = report.binary.as_ref().map(|_| 0.5);
                vec![
                    ("accuracy", baseline.map(|baseline| baseline.accuracy)),
                    ("logLoss", baseline.map(|baseline| baseline.log_loss)),
                    ("brierScore", baseline.map(|baseline| baseline.brier_score)),
                    ("macroAuc", Some(0.5)),
                    ("auc", half),
                ]
            }
            Self::Regression(report) => {
                // Of the figures by a name the first is taken.
                let of_loss = report.loss.map(|loss| (loss.figure, Some(loss.constant)));
                let of_every_model = [
                    ("rSquared", report.baseline.as_ref().and_then(|baseline| baseline.r_squared)),
                    ("meanAbsoluteError", report.baseline.as_ref().map(|baseline| baseline.mean_absolute_error)),
                    ("rootMeanSquaredError", report.baseline.as_ref().map(|baseline| baseline.root_mean_squared_error)),
                ];
                of_loss.into_iter().chain(of_every_model).collect()
            }
        };
        let baseline = |name: &str| baselines.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value);
        let figure = |(name, value): (&str, Option<f64>)| {
            Some(Metric { name: name.to_owned(), value: value?, baseline: baseline(name) })
        };
        let held = |coverage: &Coverage| Metric {
            name: format!("coverage{}", coverage.percent),
            value: coverage.share,
            baseline: None,
        };
        let figures = self.figures().into_iter().filter_map(figure).chain(self.coverage().iter().map(held)).collect();
        let (metrics, confusion, thresholds) = match self {
            Self::Classification(report) => {
                let counts = &report.confusion.counts;
                let confusion = if counts.len() <= MOST_CONFUSED { counts.clone() } else { Vec::new() };
                let decided = |row: &ThresholdRow| ThresholdCounts {
                    threshold: row.threshold,
                    true_positives: row.true_positives,
                    false_positives: row.false_positives,
                    true_negatives: row.true_negatives,
                    false_negatives: row.false_negatives,
                };
                let binary_report = report.binary.iter().filter(|_| counts.len() == 2);
                let ClassificationReport { rows, correct, accuracy, log_loss, .. } = **report;
                (
                    Metrics::Classification { rows, correct, accuracy, log_loss },
                    confusion,
                    binary_report.flat_map(|binary| binary.thresholds.iter().map(decided)).collect(),
                )
            }
            Self::Regression(report) => {
                let RegressionFigures { rows, r_squared, root_mean_squared_error, .. } = report.model;
                (Metrics::Regression { rows, r_squared, root_mean_squared_error }, Vec::new(), Vec::new())
            }
        };
        Evaluation { split, metrics, figures, confusion, thresholds, notes: self.notes().to_vec() }
    }

    /// The figures that are worth a mean over folds, by the names they have in JSON.
    pub fn figures(&self) -> Vec<(&'static str, Option<f64>)> {
        match self {
            Self::Classification(report) => report.figures(),
            Self::Regression(report) => report.figures(),
        }
    }
}

/// Scores the rows of `dataset` and compares. The dataset must have the model's columns and classes.
///
/// # Errors
/// Those of [`Scored::of`] and [`Scored::report`].
pub fn evaluate(model: &Model, dataset: &Dataset) -> Result<Report> {
    Scored::of(model, dataset)?.report(model, dataset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Roles;
    use crate::table::Table;
    use crate::train::{Options, Trainer};
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{RngCore, SeedableRng};
    use serde_json::Value;

    fn fit_and_evaluate(training: &str, held_out: &str) -> Report {
        let fit = Trainer::new(&Dataset::of_csv(training, "y").unwrap(), Options::default()).unwrap().run().unwrap();
        evaluate(&fit.into_model("", None).unwrap(), &Dataset::of_csv(held_out, "y").unwrap()).unwrap()
    }

    #[test]
    fn a_perfect_line_explains_everything_and_a_shifted_one_does_not() {
        let line = "x,y\n1,5\n2,7\n3,9\n";
        let Report::Regression(report) = fit_and_evaluate(line, "x,y\n4,11\n5,13\n7,17\n") else {
            panic!("expected a regression")
        };
        let figures = &report.model;
        assert!((figures.r_squared.unwrap() - 1.0).abs() < 1e-15 && figures.root_mean_squared_error < 1e-14);
        let Report::Regression(report) = fit_and_evaluate(line, "x,y\n4,12\n5,14\n7,18\n") else {
            panic!("expected a regression")
        };
        assert!((report.model.root_mean_squared_error - 1.0).abs() < 1e-14);
    }

    #[test]
    fn hits_are_counted() {
        let Report::Classification(report) = fit_and_evaluate("x,y\n1,a\n2,a\n5,b\n6,b\n", "x,y\n0,a\n7,b\n8,a\n")
        else {
            panic!("expected a classification")
        };
        assert_eq!((report.rows, report.correct, report.accuracy), (3.0, 2.0, 2.0 / 3.0));
        assert!(report.log_loss > 0.0 && report.log_loss.is_finite());
    }

    /// Numbers of JSON, with their path.
    fn numbers(value: &Value, path: &str, found: &mut Vec<(String, f64)>) {
        match value {
            Value::Number(number) => found.push((path.to_owned(), number.as_f64().unwrap())),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| numbers(item, &format!("{path}[{at}]"), found));
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, item)| numbers(item, &format!("{path}.{name}"), found));
            }
            other => found.push((format!("{path}={other}"), 0.0)),
        }
    }

    #[test]
    fn a_row_of_weight_3_gives_the_figures_of_three_rows() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
        let mut below = |end: u64| random.next_u64() % end;
        for case in 0..60 {
            let target = |x: f64, noise: f64| match case % 3 {
                0 => format!("{}", 3.0 * x + noise),
                1 => ["no", "yes"][usize::from(x + noise > 0.5)].to_owned(),
                _ => ["a", "b", "c"][((x + noise) * 2.0).clamp(0.0, 2.0) as usize].to_owned(),
            };
            let (mut weighted, mut repeated) = ("x,w,y\n".to_owned(), "x,w,y\n".to_owned());
            for at in 0..40 {
                // Few values of x: ties.
                let x = below(12) as f64 / 12.0;
                let (weight, noise) = (below(4) as usize, below(1000) as f64 / 1250.0 - 0.4);
                // Every class has rows of some weight.
                let weight = if at < 12 { weight + 1 } else { weight };
                let row = format!("{x},{weight},{}\n", target(x, noise));
                weighted.push_str(&row);
                repeated.push_str(&row.repeat(weight));
            }
            let train = |csv: &str, weights: Option<&str>| {
                let table = Table::parse(csv.as_bytes()).unwrap();
                let drop = if weights.is_some() { vec![] } else { vec!["w".to_owned()] };
                let weights = weights.map(str::to_owned);
                let roles = Roles { target: "y".to_owned(), weights, drop, ..Roles::default() };
                Dataset::new(&table, &roles).unwrap()
            };
            let (weighted, repeated) = (train(&weighted, Some("w")), train(&repeated, None));
            let options = || Options { l2: Some(1.0), ..Options::default() };
            let fit = Trainer::new(&weighted, options()).unwrap().run().unwrap().into_model("", None).unwrap();
            let same = Trainer::new(&repeated, options()).unwrap().run().unwrap().into_model("", None).unwrap();
            let figures = |model: &Model, dataset: &Dataset| {
                let mut found = Vec::new();
                let report = serde_json::to_value(evaluate(model, dataset).unwrap()).unwrap();
                numbers(&report, "", &mut found);
                found
            };
            let (one, other) = (figures(&fit, &weighted), figures(&same, &repeated));
            assert_eq!(one.len(), other.len(), "{case}");
            for ((path, value), (same_path, same)) in one.iter().zip(&other) {
                assert_eq!(path, same_path, "{case}");
                assert!((value - same).abs() <= 1e-9 * value.abs().max(1.0), "{case} {path}: {value} and {same}");
            }
        }
    }
}
