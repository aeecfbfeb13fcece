//! The live model to the payload of the last version.

use super::payload_v3::{
    CalibrationV3, ColumnV3, CrossValidationV3, DomainV3, EncodingV3, EstimatorV3, EvaluationV3, FeatureV3, FittingV3,
    ImputeCategoryV3, ImputeV3, InferenceV3, LabelsV3, MetricsV3, PayloadV3, PreparationV3, ProvenanceV3, ScaleV3,
    SourceV3, TargetV3,
};
use super::sequence::Sequence;
use crate::model::{
    Calibration, Certificate, ClassWeight, CrossValidation, Estimator, Evaluation, FitRecord, FoldMetric, Linear,
    LinearRecord, Link, Metric, Metrics, Model, Provenance, Split, ThresholdCounts,
};
use crate::preprocess::{
    Encoding, FeatureTransform, Impute, ImputeCategory, Missing, PreparedColumn, Scale, Source, Unseen,
};
use crate::table::{Domain, FeatureSchema, Labels, NumberDomain, TargetSchema};

impl<'a> PayloadV3<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let Model { schema, preprocessor, estimator, calibration, decision, provenance, proof, digest: _ } = model;
        let dropped = schema.dropped.iter().map(|column| (column.name.as_str(), column.reason.as_deref()));
        let FitRecord::Linear(record) = &provenance.fit;
        Self {
            features: Sequence(schema.features.iter().map(FeatureV3::of).collect()),
            target: TargetV3::of(&schema.target),
            dropped: Sequence(dropped.collect()),
            missing: Sequence(schema.missing.iter().map(String::as_str).collect()),
            preparations: Sequence(preprocessor.features().iter().map(PreparationV3::of).collect()),
            estimator: EstimatorV3::of(estimator, model.link()),
            calibration: calibration.as_ref().map(CalibrationV3::of),
            decision: decision.as_ref().map(|decision| (decision.threshold, decision.rule.as_str())),
            inference: InferenceV3 {
                errors: Sequence(record.standard_errors.coefficients.clone()),
                intercept_error: record.standard_errors.intercept,
                reach: record.standard_errors.critical_value,
                withheld: record.standard_errors.withheld.as_deref(),
            },
            provenance: ProvenanceV3::of(provenance, record),
            fitting: FittingV3::of(provenance, record),
            proof: Sequence(proof.clone()),
        }
    }
}

impl EstimatorV3 {
    fn of(estimator: &Estimator, link: Link) -> Self {
        let Estimator::Linear(Linear { coefficients, intercepts }) = estimator;
        let coefficients = Sequence(coefficients.clone());
        // One score has one intercept.
        let intercept = intercepts.first().copied().unwrap_or(0.0);
        match link {
            Link::Identity => Self::Linear { coefficients, intercept },
            Link::Logistic => Self::Logistic { coefficients, intercept },
            Link::Softmax { .. } => Self::Multinomial { coefficients, intercepts: Sequence(intercepts.clone()) },
        }
    }
}

impl<'a> LabelsV3<'a> {
    pub(super) fn of(labels: &'a Labels) -> Self {
        match labels.as_text() {
            Some(text) => Self::Text(Sequence(text.iter().map(String::as_str).collect())),
            None => Self::Numbers(Sequence(labels.as_numbers().unwrap_or_default().to_vec())),
        }
    }
}

impl<'a> FeatureV3<'a> {
    pub(super) fn of(feature: &'a FeatureSchema) -> Self {
        let FeatureSchema { name, unit, description, missing, domain } = feature;
        let domain = match domain {
            Domain::Number(NumberDomain { minimum, median, maximum, step, spread }) => DomainV3::Number {
                minimum: *minimum,
                median: *median,
                maximum: *maximum,
                step: *step,
                spread: spread.map(|spread| (spread.percentile_5, spread.percentile_95, spread.mean)),
            },
            Domain::Category { categories, counts, is_yes_no } => DomainV3::Category {
                categories: LabelsV3::of(categories),
                counts: Sequence(counts.clone()),
                is_yes_no: *is_yes_no,
            },
        };
        Self { name, unit: unit.as_deref(), description: description.as_deref(), missing: *missing, domain }
    }
}

impl<'a> TargetV3<'a> {
    pub(super) fn of(target: &'a TargetSchema) -> Self {
        match target {
            TargetSchema::Number { name, minimum, mean, maximum } => {
                Self::Number { name, minimum: *minimum, mean: *mean, maximum: *maximum }
            }
            TargetSchema::Classes { name, classes, counts, positive } => Self::Classes {
                name,
                classes: LabelsV3::of(classes),
                counts: Sequence(counts.clone()),
                positive: positive.map(|positive| positive as u64),
            },
        }
    }
}

impl PreparationV3 {
    pub(super) fn of(transform: &FeatureTransform) -> Self {
        let column = |PreparedColumn { source, scaling, mean, std_dev }: &PreparedColumn| ColumnV3 {
            source: match source {
                Source::Value => SourceV3::Value,
                Source::Category(position) => SourceV3::Category(*position as u64),
                Source::Missing => SourceV3::Missing,
            },
            center: scaling.center,
            scale: scaling.scale,
            mean: *mean,
            deviation: *std_dev,
        };
        let FeatureTransform { missing, accepts_unseen, columns } = transform;
        let fill = match missing {
            Missing::Impute(value) => Some(*value),
            // No estimator of this version has a missing value passed to it.
            Missing::Refuse | Missing::Pass => None,
        };
        Self { fill, takes_unseen: *accepts_unseen, columns: Sequence(columns.iter().map(column).collect()) }
    }
}

impl<'a> ProvenanceV3<'a> {
    pub(super) fn of(provenance: &'a Provenance, record: &'a LinearRecord) -> Self {
        let Certificate { relative_gradient, tolerance, objective } = record.certificate;
        Self {
            name: &provenance.name,
            created: provenance.created,
            tool_version: &provenance.tool_version,
            n_rows: provenance.n_rows,
            table_digest: provenance.table_digest,
            l2: record.l2,
            solver: &record.solver,
            relative_gradient,
            tolerance,
            objective,
            evaluation: provenance.evaluation.as_ref().map(EvaluationV3::of),
            cross_validation: provenance.cross_validation.as_ref().map(CrossValidationV3::of),
        }
    }
}

impl CalibrationV3 {
    pub(super) fn of(calibration: &Calibration) -> Self {
        match calibration {
            Calibration::Platt { slope, intercept } => Self::Platt { slope: *slope, intercept: *intercept },
            Calibration::Isotonic(isotonic) => {
                Self::Isotonic { x: Sequence(isotonic.x().to_vec()), y: Sequence(isotonic.y().to_vec()) }
            }
        }
    }
}

impl<'a> EvaluationV3<'a> {
    pub(super) fn of(evaluation: &'a Evaluation) -> Self {
        let Evaluation { split, metrics, figures, confusion, thresholds, notes } = evaluation;
        let figure = |metric: &'a Metric| (metric.name.as_str(), metric.value, metric.baseline);
        let decided = |decided: &ThresholdCounts| {
            let ThresholdCounts { threshold, true_positives, false_positives, true_negatives, false_negatives } =
                *decided;
            (threshold, true_positives, false_positives, true_negatives, false_negatives)
        };
        Self {
            split: split.map(|Split { fraction, seed }| (fraction, seed)),
            metrics: match *metrics {
                Metrics::Classification { rows, correct, accuracy, log_loss } => {
                    MetricsV3::Classification { rows, correct, accuracy, log_loss }
                }
                Metrics::Regression { rows, r_squared, root_mean_squared_error } => {
                    MetricsV3::Regression { rows, r_squared, root_mean_squared_error }
                }
            },
            figures: Sequence(figures.iter().map(figure).collect()),
            confusion: Sequence(confusion.iter().map(|row| Sequence(row.clone())).collect()),
            thresholds: Sequence(thresholds.iter().map(decided).collect()),
            notes: Sequence(notes.iter().map(String::as_str).collect()),
        }
    }
}

impl<'a> CrossValidationV3<'a> {
    pub(super) fn of(cross_validation: &'a CrossValidation) -> Self {
        let figure = |metric: &'a FoldMetric| (metric.name.as_str(), metric.mean, metric.standard_deviation);
        let CrossValidation { folds, seed, figures } = cross_validation;
        Self { folds: *folds, seed: *seed, figures: Sequence(figures.iter().map(figure).collect()) }
    }
}

impl<'a> FittingV3<'a> {
    pub(super) fn of(provenance: &'a Provenance, record: &LinearRecord) -> Self {
        let Provenance { preprocess, weights, warnings, .. } = provenance;
        Self {
            impute: match preprocess.impute {
                Impute::Median => ImputeV3::Median,
                Impute::Mean => ImputeV3::Mean,
                Impute::MostFrequent => ImputeV3::MostFrequent,
                Impute::Constant(number) => ImputeV3::Constant(number),
                Impute::Refuse => ImputeV3::Refuse,
            },
            indicators: preprocess.indicators,
            impute_category: match &preprocess.impute_category {
                ImputeCategory::MostFrequent => ImputeCategoryV3::MostFrequent,
                ImputeCategory::Constant(category) => ImputeCategoryV3::Constant(category),
                ImputeCategory::Refuse => ImputeCategoryV3::Refuse,
            },
            encode: match preprocess.encode {
                Encoding::OneHot => EncodingV3::OneHot,
                Encoding::DropFirst => EncodingV3::DropFirst,
                Encoding::Ordinal => EncodingV3::Ordinal,
            },
            unseen_as_zeros: preprocess.unseen == Unseen::Zeros,
            scale: match preprocess.scale {
                Scale::Standard => ScaleV3::Standard,
                Scale::MinMax => ScaleV3::MinMax,
                Scale::Robust => ScaleV3::Robust,
                Scale::None => ScaleV3::None,
            },
            intercept: record.intercept,
            balanced: record.class_weight == ClassWeight::Balanced,
            weights: weights.as_deref(),
            rounds: record.iterations,
            warnings: Sequence(warnings.iter().map(String::as_str).collect()),
        }
    }
}
