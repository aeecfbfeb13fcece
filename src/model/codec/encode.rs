//! The live model to the payload of the last version.

use super::payload_v1::EstimatorV1;
use super::payload_v3::{
    CalibrationV3, ColumnV3, CrossValidationV3, DomainV3, EncodingV3, EvaluationV3, FeatureV3, FittingV3,
    ImputeCategoryV3, ImputeV3, InferenceV3, LabelsV3, MetricsV3, PayloadV3, PreparationV3, ProvenanceV3, ScaleV3,
    SourceV3, TargetV3,
};
use super::sequence::Sequence;
use crate::calibrate::Calibration;
use crate::model::estimator::{Estimator, Linear, Logistic, Multinomial};
use crate::model::{
    CrossValidation, Decided, Evaluation, Figure, Fitting, FoldFigure, Metrics, Model, Provenance, Split,
};
use crate::preprocess::{Encoding, Impute, ImputeCategory, Preparation, PreparedColumn, Scale, Source, Unseen};
use crate::table::{Domain, FeatureSchema, Labels, NumberDomain, TargetSchema};
use crate::train::{Certificate, ClassWeight};

impl<'a> PayloadV3<'a> {
    pub(super) fn of(model: &'a Model) -> Self {
        let Model { schema, preprocessor, estimator, calibration, decision, inference, provenance, proof, digest: _ } =
            model;
        let dropped = schema.dropped.iter().map(|column| (column.name.as_str(), column.reason.as_deref()));
        Self {
            features: Sequence(schema.features.iter().map(FeatureV3::of).collect()),
            target: TargetV3::of(&schema.target),
            dropped: Sequence(dropped.collect()),
            missing: Sequence(schema.missing.iter().map(String::as_str).collect()),
            preparations: Sequence(preprocessor.features().iter().map(PreparationV3::of).collect()),
            estimator: match estimator.clone() {
                Estimator::Linear(Linear { coefficients, intercept }) => {
                    EstimatorV1::Linear { coefficients: Sequence(coefficients), intercept }
                }
                Estimator::Logistic(Logistic { coefficients, intercept }) => {
                    EstimatorV1::Logistic { coefficients: Sequence(coefficients), intercept }
                }
                Estimator::Multinomial(Multinomial { coefficients, intercepts }) => {
                    EstimatorV1::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) }
                }
            },
            calibration: calibration.as_ref().map(CalibrationV3::of),
            decision: decision.as_ref().map(|decision| (decision.threshold, decision.rule.as_str())),
            inference: InferenceV3 {
                errors: Sequence(inference.errors.clone()),
                intercept_error: inference.intercept_error,
                reach: inference.reach,
                withheld: inference.withheld.as_deref(),
            },
            provenance: ProvenanceV3::of(provenance),
            fitting: FittingV3::of(&provenance.fitting),
            proof: Sequence(proof.clone()),
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
    pub(super) fn of(preparation: &Preparation) -> Self {
        let column = |PreparedColumn { source, scaling, mean, deviation }: &PreparedColumn| ColumnV3 {
            source: match source {
                Source::Value => SourceV3::Value,
                Source::Category(position) => SourceV3::Category(*position as u64),
                Source::Missing => SourceV3::Missing,
            },
            center: scaling.center,
            scale: scaling.scale,
            mean: *mean,
            deviation: *deviation,
        };
        let Preparation { fill, takes_unseen, columns } = preparation;
        Self { fill: *fill, takes_unseen: *takes_unseen, columns: Sequence(columns.iter().map(column).collect()) }
    }
}

impl<'a> ProvenanceV3<'a> {
    pub(super) fn of(provenance: &'a Provenance) -> Self {
        let Certificate { relative_gradient, tolerance, objective } = provenance.certificate;
        Self {
            name: &provenance.name,
            created: provenance.created,
            tool_version: &provenance.tool_version,
            n_rows: provenance.n_rows,
            table_digest: provenance.table_digest,
            l2: provenance.l2,
            solver: &provenance.solver,
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
        let figure = |figure: &'a Figure| (figure.name.as_str(), figure.value, figure.baseline);
        let decided = |decided: &Decided| {
            let Decided { threshold, true_positives, false_positives, true_negatives, false_negatives } = *decided;
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
        let figure = |figure: &'a FoldFigure| (figure.name.as_str(), figure.mean, figure.standard_deviation);
        let CrossValidation { folds, seed, figures } = cross_validation;
        Self { folds: *folds, seed: *seed, figures: Sequence(figures.iter().map(figure).collect()) }
    }
}

impl<'a> FittingV3<'a> {
    pub(super) fn of(fitting: &'a Fitting) -> Self {
        let Fitting { preprocess, intercept, class_weight, weights, rounds, warnings } = fitting;
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
            intercept: *intercept,
            balanced: *class_weight == ClassWeight::Balanced,
            weights: weights.as_deref(),
            rounds: *rounds,
            warnings: Sequence(warnings.iter().map(String::as_str).collect()),
        }
    }
}
