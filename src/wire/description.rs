//! What a model is, for a form, a model card or a person.

use crate::model::{Metrics, Model};
use crate::preprocess::Scaling;
use crate::table::{Label, TargetSchema, Task};
use crate::train::ClassWeight;
use serde::Serialize;

/// Everything about a model that a form, a model card or a person needs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description<'m> {
    name: &'m str,
    task: Task,
    /// See [`Model::digest`].
    digest: String,
    estimator: &'static str,
    features: Vec<FeatureBody<'m>>,
    target: TargetBody<'m>,
    dropped: &'m [String],
    outputs: Vec<OutputBody<'m>>,
    training: TrainingBody<'m>,
    certificate: CertificateBody,
    held_out: Option<HeldOutBody>,
    /// How many proof rows were replayed, all with the same bits.
    proof_rows: usize,
}

#[derive(Debug, Serialize)]
struct FeatureBody<'m> {
    name: &'m str,
    minimum: f64,
    median: f64,
    maximum: f64,
    step: Option<f64>,
    constant: bool,
    mean: Option<f64>,
    deviation: Option<f64>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum TargetBody<'m> {
    Number { name: &'m str, minimum: f64, mean: f64, maximum: f64 },
    Classes { name: &'m str, classes: Vec<ClassBody<'m>> },
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
struct CoefficientBody<'m> {
    feature: &'m str,
    standardized: f64,
    original: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TrainingBody<'m> {
    rows: u64,
    created: Option<u64>,
    tool_version: &'m str,
    solver: &'m str,
    rounds: u64,
    l2: f64,
    standardize: bool,
    intercept: bool,
    balanced: bool,
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
struct HeldOutBody {
    fraction: Option<f64>,
    seed: Option<u64>,
    #[serde(flatten)]
    metrics: Metrics,
}

impl<'m> Description<'m> {
    /// Describes a model.
    pub fn of(model: &'m Model) -> Self {
        let (schema, provenance) = (model.schema(), model.provenance());
        let certificate = provenance.certificate;
        Self {
            name: &provenance.name,
            task: model.task(),
            digest: model.digest(),
            estimator: model.estimator().family(),
            features: features(model),
            target: target(&schema.target),
            dropped: &schema.dropped,
            outputs: outputs(model),
            training: TrainingBody {
                rows: provenance.n_rows,
                created: provenance.created,
                tool_version: &provenance.tool_version,
                solver: &provenance.solver,
                rounds: provenance.fitting.rounds,
                l2: provenance.l2,
                standardize: provenance.fitting.standardize,
                intercept: provenance.fitting.intercept,
                balanced: provenance.fitting.class_weight == ClassWeight::Balanced,
                weights: provenance.fitting.weights.as_deref(),
                warnings: &provenance.fitting.warnings,
                table_digest: crate::model::hexadecimal(&provenance.table_digest),
            },
            certificate: CertificateBody {
                converged: certificate.converged(),
                relative_gradient: certificate.relative_gradient,
                tolerance: certificate.tolerance,
                objective: certificate.objective,
            },
            held_out: provenance.metrics.map(|metrics| HeldOutBody {
                fraction: provenance.split.map(|split| split.fraction),
                seed: provenance.split.map(|split| split.seed),
                metrics,
            }),
            proof_rows: model.n_proof_rows(),
        }
    }
}

fn features(model: &Model) -> Vec<FeatureBody<'_>> {
    let scalings = model.preprocessor().scalings();
    let bodies = model.schema().features.iter().zip(scalings).map(|(feature, scaling)| {
        let (mean, deviation) = match *scaling {
            Scaling::Constant => (None, None),
            Scaling::Standard { mean, deviation } => (Some(mean), Some(deviation)),
        };
        FeatureBody {
            name: &feature.name,
            minimum: feature.minimum,
            median: feature.median,
            maximum: feature.maximum,
            step: feature.step,
            constant: *scaling == Scaling::Constant,
            mean,
            deviation,
        }
    });
    bodies.collect()
}

fn target(target: &TargetSchema) -> TargetBody<'_> {
    match target {
        TargetSchema::Number { name, minimum, mean, maximum } => {
            TargetBody::Number { name, minimum: *minimum, mean: *mean, maximum: *maximum }
        }
        TargetSchema::Classes { name, classes, counts } => {
            let classes = classes.iter().zip(counts).map(|(class, rows)| ClassBody { class, rows: *rows });
            TargetBody::Classes { name, classes: classes.collect() }
        }
    }
}

fn outputs(model: &Model) -> Vec<OutputBody<'_>> {
    let outputs = model.coefficients();
    let classes = model.schema().target.classes();
    // The one output of a binary classification is the score of the second class.
    let first = if outputs.len() == 1 { 1 } else { 0 };
    let bodies = outputs.into_iter().enumerate().map(|(index, output)| OutputBody {
        class: classes.and_then(|classes| classes.get(first + index)),
        intercept: output.intercept,
        original_intercept: output.original_intercept,
        coefficients: model
            .schema()
            .features
            .iter()
            .zip(output.standardized.into_iter().zip(output.original))
            .map(|(feature, (standardized, original))| CoefficientBody {
                feature: &feature.name,
                standardized,
                original,
            })
            .collect(),
    });
    bodies.collect()
}
