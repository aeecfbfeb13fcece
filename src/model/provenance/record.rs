//! A provenance as a record, and back.

use super::trees_record::{boosting, forest, of_boosting, of_forest};
use super::{Certificate, ClassWeight, FitRecord, ForestKind, LinearRecord, Provenance, StandardErrors};
use crate::model::record::Value;
use crate::model::{CrossValidation, Evaluation, FoldMetric, Metric, Metrics, Split, ThresholdCounts, hexadecimal};
use crate::note::Note;
use crate::preprocess::{DateParts, Encoding, Impute, ImputeCategory, Options, Scale, Unseen};

impl Provenance {
    /// The record of a model that comes from here.
    pub(in crate::model) fn to_record(&self) -> Value {
        let linear = self.fit.as_linear();
        let (solver, rounds, l2, intercept, class_weight) = match &self.fit {
            FitRecord::Linear(record) => {
                (record.solver.as_str(), record.iterations, record.l2, record.intercept, record.class_weight)
            }
            FitRecord::Boosting(record) => (BOOSTING, record.rounds, record.l2, true, record.class_weight),
            FitRecord::Forest(record) => {
                (name(&ForestKind::NAMES, &record.kind), record.trees, 0.0, true, record.class_weight)
            }
        };
        let mut training = Value::fields([
            ("rows", self.n_rows.into()),
            ("created", self.created.into()),
            ("toolVersion", self.tool_version.as_str().into()),
            ("solver", solver.into()),
            ("rounds", rounds.into()),
            ("l2", l2.into()),
            ("intercept", intercept.into()),
            ("balanced", (class_weight == ClassWeight::Balanced).into()),
            ("scale", name(&Scale::NAMES, &self.preprocess.scale).into()),
            ("weights", self.weights.as_deref().into()),
            ("warnings", Value::list(&self.warnings)),
            ("tableDigest", hexadecimal(&self.table_digest).as_str().into()),
        ]);
        if !self.weighted_target.is_empty() {
            training.set("weightedTarget", Value::list(self.weighted_target.iter().copied()));
        }
        if let Some(record) = self.fit.as_boosting() {
            training.set("boosting", of_boosting(record));
        }
        if let Some(record) = self.fit.as_forest() {
            training.set("forest", of_forest(record));
        }
        Value::fields([
            ("training", training),
            ("preprocess", of_options(&self.preprocess)),
            ("certificate", linear.map(|record| of_certificate(record.certificate)).into()),
            ("standardErrors", linear.map(|record| of_errors(&record.standard_errors)).into()),
            ("heldOut", self.evaluation.as_ref().map(Evaluation::to_record).into()),
            ("crossValidation", self.cross_validation.as_ref().map(CrossValidation::to_record).into()),
            // These two are of the model, which sets them when it is written.
            ("dropped", Value::None),
            ("rule", Value::None),
        ])
    }

    /// What a record says; `None` for one with a name that is not known. Its shape was checked before.
    pub(in crate::model) fn of_record(record: &Value) -> Option<Self> {
        let training = record.get("training")?;
        let preprocess = options(record.get("preprocess")?, training.get("scale")?.text()?)?;
        let flag = |name: &str| training.get(name).and_then(Value::flag);
        let (l2, iterations) = (training.get("l2")?.number()?, training.get("rounds")?.whole()?);
        let class_weight = if flag("balanced")? { ClassWeight::Balanced } else { ClassWeight::Equal };
        let fit = match (training.get("boosting"), training.get("forest")) {
            (Some(value), _) => FitRecord::Boosting(boosting(value, iterations, l2, class_weight)?),
            (None, Some(value)) => {
                let kind = choice(&ForestKind::NAMES, training.get("solver")?.text()?)?;
                FitRecord::Forest(forest(value, kind, iterations, class_weight)?)
            }
            (None, None) => FitRecord::Linear(LinearRecord {
                l2,
                intercept: flag("intercept")?,
                class_weight,
                solver: training.get("solver")?.text()?.to_owned(),
                iterations,
                certificate: certificate(record.get("certificate")?)?,
                standard_errors: errors(record.get("standardErrors")?)?,
            }),
        };
        let some = |name: &str| record.get(name).filter(|value| **value != Value::None);
        Some(Self {
            created: training.get("created").and_then(Value::whole),
            tool_version: training.get("toolVersion")?.text()?.to_owned(),
            n_rows: training.get("rows")?.whole()?,
            table_digest: digest(training.get("tableDigest")?.text()?)?,
            preprocess,
            weights: training.get("weights").and_then(Value::text).map(str::to_owned),
            weighted_target: training
                .get("weightedTarget")
                .map(|target| target.items().iter().filter_map(Value::number).collect())
                .unwrap_or_default(),
            warnings: notes(training.get("warnings")?),
            fit,
            evaluation: match some("heldOut") {
                Some(value) => Some(Evaluation::of_record(value)?),
                None => None,
            },
            cross_validation: match some("crossValidation") {
                Some(value) => Some(CrossValidation::of_record(value)?),
                None => None,
            },
        })
    }
}

/// The solver of gradient boosting.
const BOOSTING: &str = "boosting";

/// The name of one of a few choices.
fn name<T: PartialEq>(names: &[(&'static str, T)], choice: &T) -> &'static str {
    names.iter().find(|(_, other)| other == choice).map_or("", |(name, _)| name)
}

fn choice<T: Copy>(names: &[(&'static str, T)], name: &str) -> Option<T> {
    names.iter().find(|(other, _)| *other == name).map(|(_, choice)| *choice)
}

pub(super) fn notes(value: &Value) -> Vec<Note> {
    value.items().iter().filter_map(Value::note).cloned().collect()
}

pub(super) fn digest(hexadecimal: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if hexadecimal.len() != 64 || !hexadecimal.is_ascii() {
        return None;
    }
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hexadecimal[2 * index..][..2], 16).ok()?;
    }
    Some(digest)
}

fn of_options(options: &Options) -> Value {
    let (impute, number) = match options.impute {
        Impute::Median => ("median", None),
        Impute::Mean => ("mean", None),
        Impute::MostFrequent => ("most-frequent", None),
        Impute::Constant(number) => ("constant", Some(number)),
        Impute::Refuse => ("error", None),
    };
    let (impute_category, text) = match &options.impute_category {
        ImputeCategory::MostFrequent => ("most-frequent", None),
        ImputeCategory::Constant(text) => ("constant", Some(text.as_str())),
        ImputeCategory::Refuse => ("error", None),
    };
    let fields = Value::fields([
        ("impute", impute.into()),
        ("imputeNumber", number.into()),
        ("indicators", options.indicators.into()),
        ("imputeCategory", impute_category.into()),
        ("imputeText", text.into()),
        ("encode", name(&Encoding::NAMES, &options.encode).into()),
        ("unseen", name(&Unseen::NAMES, &options.unseen).into()),
    ]);
    let fields = match options.date_parts == DateParts::default() {
        true => fields,
        false => fields.with("dateParts", name(&DateParts::NAMES, &options.date_parts).into()),
    };
    if options.impute_always { fields.with("imputeAlways", true.into()) } else { fields }
}

fn options(value: &Value, scale: &str) -> Option<Options> {
    let text = |name: &str| value.get(name).and_then(Value::text);
    Some(Options {
        impute: match text("impute")? {
            "median" => Impute::Median,
            "mean" => Impute::Mean,
            "most-frequent" => Impute::MostFrequent,
            "constant" => Impute::Constant(value.get("imputeNumber")?.number()?),
            "error" => Impute::Refuse,
            _ => return None,
        },
        impute_always: value.get("imputeAlways").and_then(Value::flag).unwrap_or(false),
        indicators: value.get("indicators")?.flag()?,
        impute_category: match text("imputeCategory")? {
            "most-frequent" => ImputeCategory::MostFrequent,
            "constant" => ImputeCategory::Constant(text("imputeText")?.to_owned()),
            "error" => ImputeCategory::Refuse,
            _ => return None,
        },
        encode: choice(&Encoding::NAMES, text("encode")?)?,
        unseen: choice(&Unseen::NAMES, text("unseen")?)?,
        date_parts: match text("dateParts") {
            Some(parts) => choice(&DateParts::NAMES, parts)?,
            None => DateParts::default(),
        },
        scale: choice(&Scale::NAMES, scale)?,
    })
}

fn of_certificate(certificate: Certificate) -> Value {
    let fields = Value::fields([
        ("converged", certificate.converged().into()),
        ("relativeGradient", certificate.relative_gradient.into()),
        ("tolerance", certificate.tolerance.into()),
        ("objective", certificate.objective.into()),
    ]);
    match certificate.gap {
        Some(gap) => fields.with("gap", gap.into()),
        None => fields,
    }
}

fn certificate(value: &Value) -> Option<Certificate> {
    let number = |name: &str| value.get(name).and_then(Value::number);
    Some(Certificate {
        relative_gradient: number("relativeGradient")?,
        tolerance: number("tolerance")?,
        objective: number("objective")?,
        gap: number("gap"),
    })
}

fn of_errors(errors: &StandardErrors) -> Value {
    Value::fields([
        ("coefficients", Value::list(errors.coefficients.iter().copied())),
        ("intercept", errors.intercept.into()),
        ("criticalValue", errors.critical_value.into()),
        ("withheld", errors.withheld.as_ref().into()),
    ])
}

fn errors(value: &Value) -> Option<StandardErrors> {
    Some(StandardErrors {
        coefficients: value.get("coefficients")?.items().iter().map(Value::number).collect(),
        intercept: value.get("intercept").and_then(Value::number),
        critical_value: value.get("criticalValue")?.number()?,
        withheld: value.get("withheld").and_then(Value::note).cloned(),
    })
}

impl Evaluation {
    pub(in crate::model) fn to_record(&self) -> Value {
        let Self { split, metrics, figures, confusion, thresholds, notes } = self;
        let figure = |Metric { name, value, baseline }: &Metric| {
            Value::fields([
                ("name", name.as_str().into()),
                ("value", (*value).into()),
                ("baseline", (*baseline).into()),
            ])
        };
        let counts = |row: &Vec<f64>| Value::list(row.iter().copied().map(Value::count));
        let threshold = |counts: &ThresholdCounts| {
            Value::fields([
                ("threshold", counts.threshold.into()),
                ("truePositives", Value::count(counts.true_positives)),
                ("falsePositives", Value::count(counts.false_positives)),
                ("trueNegatives", Value::count(counts.true_negatives)),
                ("falseNegatives", Value::count(counts.false_negatives)),
            ])
        };
        let (task, rows) = match *metrics {
            Metrics::Classification { rows, .. } => ("classification", rows),
            Metrics::Regression { rows, .. } => ("regression", rows),
        };
        let mut fields = vec![
            ("fraction", split.map(|split| split.fraction).into()),
            ("seed", split.map(|split| split.seed).into()),
            ("task", task.into()),
            ("rows", Value::count(rows)),
        ];
        match *metrics {
            Metrics::Classification { correct, accuracy, log_loss, .. } => fields.extend([
                ("correct", Value::count(correct)),
                ("accuracy", accuracy.into()),
                ("logLoss", log_loss.into()),
            ]),
            Metrics::Regression { r_squared, root_mean_squared_error, .. } => fields
                .extend([("rSquared", r_squared.into()), ("rootMeanSquaredError", root_mean_squared_error.into())]),
        }
        fields.extend([
            ("figures", Value::list(figures.iter().map(figure))),
            ("confusion", Value::list(confusion.iter().map(counts))),
            ("thresholds", Value::list(thresholds.iter().map(threshold))),
            ("notes", Value::list(notes)),
        ]);
        Value::Fields(fields)
    }

    fn of_record(value: &Value) -> Option<Self> {
        let (number, whole) =
            (|name: &str| value.get(name).and_then(Value::number), |name: &str| value.get(name).and_then(Value::whole));
        let figure = |value: &Value| {
            Some(Metric {
                name: value.get("name")?.text()?.to_owned(),
                value: value.get("value")?.number()?,
                baseline: value.get("baseline").and_then(Value::number),
            })
        };
        let threshold = |value: &Value| {
            let count = |name: &str| value.get(name).and_then(Value::counted);
            Some(ThresholdCounts {
                threshold: value.get("threshold")?.number()?,
                true_positives: count("truePositives")?,
                false_positives: count("falsePositives")?,
                true_negatives: count("trueNegatives")?,
                false_negatives: count("falseNegatives")?,
            })
        };
        let counts = |row: &Value| row.items().iter().map(Value::counted).collect::<Option<_>>();
        let rows = value.get("rows")?.counted()?;
        Some(Self {
            split: number("fraction").zip(whole("seed")).map(|(fraction, seed)| Split { fraction, seed }),
            metrics: match value.get("task")?.text()? {
                "classification" => Metrics::Classification {
                    rows,
                    correct: value.get("correct")?.counted()?,
                    accuracy: number("accuracy")?,
                    log_loss: number("logLoss")?,
                },
                "regression" => Metrics::Regression {
                    rows,
                    r_squared: number("rSquared"),
                    root_mean_squared_error: number("rootMeanSquaredError")?,
                },
                _ => return None,
            },
            figures: value.get("figures")?.items().iter().map(figure).collect::<Option<_>>()?,
            confusion: value.get("confusion")?.items().iter().map(counts).collect::<Option<_>>()?,
            thresholds: value.get("thresholds")?.items().iter().map(threshold).collect::<Option<_>>()?,
            notes: notes(value.get("notes")?),
        })
    }
}

impl CrossValidation {
    pub(in crate::model) fn to_record(&self) -> Value {
        let figure = |FoldMetric { name, mean, standard_deviation }: &FoldMetric| {
            Value::fields([
                ("name", name.as_str().into()),
                ("mean", (*mean).into()),
                ("standardDeviation", (*standard_deviation).into()),
            ])
        };
        Value::fields([
            ("folds", self.folds.into()),
            ("seed", self.seed.into()),
            ("figures", Value::list(self.figures.iter().map(figure))),
        ])
    }

    fn of_record(value: &Value) -> Option<Self> {
        let figure = |value: &Value| {
            Some(FoldMetric {
                name: value.get("name")?.text()?.to_owned(),
                mean: value.get("mean")?.number()?,
                standard_deviation: value.get("standardDeviation").and_then(Value::number),
            })
        };
        Some(Self {
            folds: value.get("folds")?.whole()?,
            seed: value.get("seed")?.whole()?,
            figures: value.get("figures")?.items().iter().map(figure).collect::<Option<_>>()?,
        })
    }
}
