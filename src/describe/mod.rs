//! What a model is, for a form, a model card or a person.

use crate::model::{
    Calibration, Certificate, ClassWeight, CrossValidation, Evaluation, Metric, Metrics, Model, ThresholdCounts,
};
use crate::numeric::exp;
use crate::preprocess::{FeatureTransform, Scale};
use crate::table::{Domain, FeatureSchema, Label, NumberDomain, Spread, TargetSchema, Task};
use serde::Serialize;

/// Everything about a model that a form, a model card or a person needs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelDescription<'m> {
    name: &'m str,
    task: Task,
    /// See [`Model::digest`].
    digest: String,
    estimator: &'static str,
    features: Vec<FeatureBody<'m>>,
    target: TargetBody<'m>,
    dropped: Vec<DroppedBody<'m>>,
    /// The coefficients of a linear model; empty for other families.
    outputs: Vec<OutputBody<'m>>,
    training: TrainingBody<'m>,
    /// That the fit is at its optimum; null for a model that is no fit of a convex objective.
    certificate: Option<CertificateBody>,
    held_out: Option<HeldOutBody<'m>>,
    cross_validation: Option<&'m CrossValidation>,
    /// `platt` or `isotonic`, where probabilities are calibrated.
    calibration: Option<&'static str>,
    /// How one of two classes is predicted, if not the more probable one is.
    decision: Option<DecisionBody<'m>>,
    /// Why standard errors are withheld, where some are.
    errors_withheld: Option<&'m str>,
    /// How many proof rows were replayed, all with the same bits.
    proof_rows: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FeatureBody<'m> {
    name: &'m str,
    unit: Option<&'m str>,
    description: Option<&'m str>,
    /// Training rows without a value.
    missing: u64,
    /// Whether it had one value in training and has no influence.
    constant: bool,
    /// How much it matters, at least 0: comparable within the model.
    importance: f64,
    /// Whether a row may lack it, and what then stands for it: a number, or a category; null for a category of its own.
    takes_missing: bool,
    fill: Option<Label<'m>>,
    /// Whether it may be a category that training did not have.
    takes_unseen: bool,
    /// `number`, `category` or `yesNo`; then what it had in training.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percentile_5: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    median: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    percentile_95: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    categories: Option<Vec<CategoryBody<'m>>>,
}

#[derive(Debug, Serialize)]
struct CategoryBody<'m> {
    category: Label<'m>,
    rows: u64,
}

#[derive(Debug, Serialize)]
struct DroppedBody<'m> {
    name: &'m str,
    reason: Option<&'m str>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum TargetBody<'m> {
    Number { name: &'m str, minimum: f64, mean: f64, maximum: f64 },
    Classes { name: &'m str, classes: Vec<ClassBody<'m>>, positive: Option<Label<'m>> },
}

#[derive(Debug, Serialize)]
struct ClassBody<'m> {
    class: Label<'m>,
    rows: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputBody<'m> {
    /// The class whose score this is; null for a regression.
    class: Option<Label<'m>>,
    intercept: f64,
    original_intercept: f64,
    coefficients: Vec<CoefficientBody<'m>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CoefficientBody<'m> {
    feature: &'m str,
    /// What of the feature it is for: its name, `sex=male`, or `age is missing`.
    column: String,
    standardized: f64,
    original: f64,
    /// exp(original), of a classification: how many times the odds are for one unit more.
    #[serde(skip_serializing_if = "Option::is_none")]
    odds_ratio: Option<f64>,
    /// The standard error of the original coefficient, where it is not withheld.
    error: Option<f64>,
    /// The ends of its 95 % interval.
    interval: Option<(f64, f64)>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TrainingBody<'m> {
    rows: u64,
    created: Option<u64>,
    tool_version: &'m str,
    /// What only a linear fit has, up to `balanced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    solver: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rounds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    l2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intercept: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    balanced: Option<bool>,
    scale: &'static str,
    weights: Option<&'m str>,
    warnings: &'m [String],
    table_digest: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateBody {
    converged: bool,
    relative_gradient: f64,
    tolerance: f64,
    objective: f64,
}

#[derive(Debug, Serialize)]
struct DecisionBody<'m> {
    threshold: f64,
    rule: &'m str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HeldOutBody<'m> {
    fraction: Option<f64>,
    seed: Option<u64>,
    task: Task,
    rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    correct: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_loss: Option<f64>,
    /// Of a regression: null where it is not defined.
    #[serde(skip_serializing_if = "Option::is_none")]
    r_squared: Option<Option<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    root_mean_squared_error: Option<f64>,
    figures: &'m [Metric],
    confusion: &'m [Vec<u64>],
    thresholds: &'m [ThresholdCounts],
    notes: &'m [String],
}

impl<'m> HeldOutBody<'m> {
    fn of(evaluation: &'m Evaluation) -> Self {
        let mut body = Self {
            fraction: evaluation.split.map(|split| split.fraction),
            seed: evaluation.split.map(|split| split.seed),
            task: Task::Classification,
            rows: 0,
            correct: None,
            accuracy: None,
            log_loss: None,
            r_squared: None,
            root_mean_squared_error: None,
            figures: &evaluation.figures,
            confusion: &evaluation.confusion,
            thresholds: &evaluation.thresholds,
            notes: &evaluation.notes,
        };
        match evaluation.metrics {
            Metrics::Classification { rows, correct, accuracy, log_loss } => {
                body.rows = rows;
                (body.correct, body.accuracy, body.log_loss) = (Some(correct), Some(accuracy), Some(log_loss));
            }
            Metrics::Regression { rows, r_squared, root_mean_squared_error } => {
                (body.task, body.rows) = (Task::Regression, rows);
                (body.r_squared, body.root_mean_squared_error) = (Some(r_squared), Some(root_mean_squared_error));
            }
        }
        body
    }
}

impl<'m> ModelDescription<'m> {
    /// Describes a model.
    pub fn of(model: &'m Model) -> Self {
        let (schema, provenance) = (model.schema(), model.provenance());
        let record = provenance.fit.as_linear();
        Self {
            name: &provenance.name,
            task: model.task(),
            digest: model.digest(),
            estimator: model.estimator().family(model.link()),
            features: features(model),
            target: target(&schema.target),
            dropped: schema
                .dropped
                .iter()
                .map(|column| DroppedBody { name: &column.name, reason: column.reason.as_deref() })
                .collect(),
            outputs: outputs(model),
            training: TrainingBody {
                rows: provenance.n_rows,
                created: provenance.created,
                tool_version: &provenance.tool_version,
                solver: record.map(|record| record.solver.as_str()),
                rounds: record.map(|record| record.iterations),
                l2: record.map(|record| record.l2),
                intercept: record.map(|record| record.intercept),
                balanced: record.map(|record| record.class_weight == ClassWeight::Balanced),
                scale: name_of(&Scale::NAMES, provenance.preprocess.scale),
                weights: provenance.weights.as_deref(),
                warnings: &provenance.warnings,
                table_digest: crate::model::hexadecimal(&provenance.table_digest),
            },
            certificate: record.map(|record| CertificateBody::of(record.certificate)),
            held_out: provenance.evaluation.as_ref().map(HeldOutBody::of),
            cross_validation: provenance.cross_validation.as_ref(),
            calibration: model.calibration().map(|calibration| match calibration {
                Calibration::Platt { .. } => "platt",
                Calibration::Isotonic(_) => "isotonic",
            }),
            decision: model
                .decision()
                .map(|decision| DecisionBody { threshold: decision.threshold, rule: &decision.rule }),
            errors_withheld: record.and_then(|record| record.standard_errors.withheld.as_deref()),
            proof_rows: model.n_proof_rows(),
        }
    }
}

impl CertificateBody {
    fn of(certificate: Certificate) -> Self {
        let Certificate { relative_gradient, tolerance, objective } = certificate;
        Self { converged: certificate.converged(), relative_gradient, tolerance, objective }
    }
}

/// The name of one of a few choices.
fn name_of<T: PartialEq>(names: &[(&'static str, T)], choice: T) -> &'static str {
    names.iter().find(|(_, other)| *other == choice).map_or("", |(name, _)| name)
}

fn features(model: &Model) -> Vec<FeatureBody<'_>> {
    let features = model.schema().features.iter().zip(model.preprocessor().features()).zip(model.importance());
    features.map(|((feature, transform), importance)| feature_body(feature, transform, importance)).collect()
}

fn feature_body<'m>(feature: &'m FeatureSchema, transform: &FeatureTransform, importance: f64) -> FeatureBody<'m> {
    let mut body = FeatureBody {
        name: &feature.name,
        unit: feature.unit.as_deref(),
        description: feature.description.as_deref(),
        missing: feature.missing,
        constant: transform.columns.is_empty(),
        importance,
        takes_missing: transform.accepts_missing(),
        fill: transform.imputed_value().map(Label::Number),
        takes_unseen: transform.accepts_unseen,
        kind: "number",
        minimum: None,
        percentile_5: None,
        median: None,
        mean: None,
        percentile_95: None,
        maximum: None,
        step: None,
        categories: None,
    };
    match &feature.domain {
        Domain::Number(NumberDomain { minimum, median, maximum, step, spread }) => {
            (body.minimum, body.median, body.maximum) = (Some(*minimum), Some(*median), Some(*maximum));
            body.step = *step;
            if let Some(Spread { percentile_5, percentile_95, mean }) = *spread {
                (body.percentile_5, body.mean, body.percentile_95) =
                    (Some(percentile_5), Some(mean), Some(percentile_95));
            }
        }
        Domain::Category { categories, counts, is_yes_no } => {
            let rows = categories.iter().zip(counts);
            body.kind = if *is_yes_no { "yesNo" } else { "category" };
            body.fill = transform.imputed_value().and_then(|position| categories.get(position as usize));
            body.categories = Some(rows.map(|(category, rows)| CategoryBody { category, rows: *rows }).collect());
        }
    }
    body
}

fn target(target: &TargetSchema) -> TargetBody<'_> {
    match target {
        TargetSchema::Number { name, minimum, mean, maximum } => {
            TargetBody::Number { name, minimum: *minimum, mean: *mean, maximum: *maximum }
        }
        TargetSchema::Classes { name, classes, counts, positive } => {
            let bodies = classes.iter().zip(counts).map(|(class, rows)| ClassBody { class, rows: *rows });
            let positive = positive.and_then(|positive| classes.get(positive));
            TargetBody::Classes { name, classes: bodies.collect(), positive }
        }
    }
}

fn outputs(model: &Model) -> Vec<OutputBody<'_>> {
    let outputs = model.coefficients();
    let errors = model.provenance().fit.as_linear().map(|record| &record.standard_errors);
    let names = model.preprocessor().column_names(model.schema());
    let classes = model.schema().target.classes();
    // The one output of a binary classification is the score of the second class.
    let first = if outputs.len() == 1 { 1 } else { 0 };
    let bodies = outputs.into_iter().enumerate().map(|(index, output)| OutputBody {
        class: classes.and_then(|classes| classes.get(first + index)),
        intercept: output.intercept,
        original_intercept: output.original_intercept,
        coefficients: names
            .iter()
            .zip(model.preprocessor().columns())
            .zip(output.standardized.into_iter().zip(output.original))
            .enumerate()
            .map(|(at, ((column, (feature, _)), (standardized, original)))| {
                let error = errors.and_then(|errors| *errors.coefficients.get(at)?);
                CoefficientBody {
                    feature: &model.schema().features[feature].name,
                    column: column.clone(),
                    standardized,
                    original,
                    odds_ratio: (model.task() == Task::Classification).then(|| exp(original)),
                    error,
                    interval: errors.zip(error).map(|(errors, error)| errors.interval(original, error)),
                }
            })
            .collect(),
    });
    bodies.collect()
}
