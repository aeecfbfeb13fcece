//! The payload of version 3 to the parts of a model.

use super::payload_v3::{
    CalibrationV3, ColumnV3, CrossValidationV3, DomainV3, EncodingV3, EstimatorV3, EvaluationV3, FeatureV3, FittingV3,
    ImputeCategoryV3, ImputeV3, LabelsV3, MetricsV3, PayloadV3, PreparationV3, ProvenanceV3, ScaleV3, SourceV3,
    TargetV3,
};
use super::sequence::Sequence;
use crate::error::Result;
use crate::model::invalid::invalid;
use crate::model::{
    Calibration, Certificate, ClassWeight, CrossValidation, Decision, Estimator, Evaluation, FitRecord, FoldMetric,
    Isotonic, Linear, LinearRecord, Link, Metric, Metrics, ModelParts, Origin, Provenance, Split, StandardErrors,
    ThresholdCounts,
};
use crate::note::Note;
use crate::preprocess::{
    self, DateParts, Encoding, FeatureTransform, Impute, ImputeCategory, Missing, PreparedColumn, Preprocessor, Scale,
    Scaling, Source, Unseen,
};
use crate::table::{
    Domain, DroppedColumn, FeatureSchema, Labels, NumberDomain, Schema, Spread, TargetRange, TargetSchema,
};

impl<'a> PayloadV3<'a> {
    /// The parts of the model. What can only be wrong in a file is refused here; [`crate::model::Model::assemble`] checks the
    /// rest.
    #[inline(never)]
    pub(super) fn into_parts(self) -> Result<ModelParts> {
        let dropped = |(name, reason): (&str, Option<&str>)| DroppedColumn {
            name: name.to_owned(),
            reason: reason.map(Note::text),
        };
        let schema = Schema {
            features: self.features.0.into_iter().map(FeatureV3::into_live).collect::<Result<_>>()?,
            target: self.target.into_live()?,
            dropped: self.dropped.0.into_iter().map(dropped).collect(),
            missing: owned(self.missing),
        };
        let transforms = self.preparations.0.into_iter().map(PreparationV3::into_live).collect();
        let estimator = self.estimator.into_live(&schema.target)?;
        let standard_errors = StandardErrors {
            coefficients: self.inference.errors.0,
            intercept: self.inference.intercept_error,
            critical_value: self.inference.reach,
            withheld: self.inference.withheld.map(Note::text),
        };
        let name = self.provenance.name.to_owned();
        let origin = Origin::Fitted(Box::new(self.provenance.into_live(self.fitting, standard_errors)));
        let calibration = self.calibration.map(CalibrationV3::into_live).transpose()?;
        let decision = self.decision.map(|(threshold, rule)| Decision { threshold, rule: Some(Note::text(rule)) });
        let link = Link::of(&schema.target);
        let mut parts = ModelParts::new(name, schema, Preprocessor::new(transforms), estimator, link, &origin);
        (parts.calibration, parts.decision, parts.proof) = (calibration, decision, Some(self.proof.0));
        Ok(parts)
    }
}

impl EstimatorV3 {
    /// The file names the kind of regression, and so does the target.
    fn into_live(self, target: &TargetSchema) -> Result<Estimator> {
        let (is_of_target, coefficients, intercepts) = match (self, Link::of(target)) {
            (Self::Linear { coefficients, intercept }, link) => (link == Link::Identity, coefficients, vec![intercept]),
            (Self::Logistic { coefficients, intercept }, link) => {
                (link == Link::Logistic, coefficients, vec![intercept])
            }
            (Self::Multinomial { coefficients, intercepts }, link) => {
                (matches!(link, Link::Softmax { .. }), coefficients, intercepts.0)
            }
        };
        match is_of_target {
            true => Ok(Estimator::Linear(Linear { coefficients: coefficients.0, intercepts })),
            false => Err(invalid("the estimator does not fit the target")),
        }
    }
}

fn owned(texts: Sequence<&str>) -> Vec<String> {
    texts.0.into_iter().map(str::to_owned).collect()
}

impl<'a> LabelsV3<'a> {
    fn into_live(self) -> Result<Labels> {
        match self {
            Self::Text(text) => Labels::from_text(owned(text)),
            Self::Numbers(numbers) => Labels::from_numbers(numbers.0),
        }
    }
}

impl<'a> FeatureV3<'a> {
    fn into_live(self) -> Result<FeatureSchema> {
        let Self { name, unit, description, missing, domain } = self;
        Ok(FeatureSchema {
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
            description: description.map(str::to_owned),
            written: None,
            missing,
            domain: domain.into_live().map_err(|error| error.in_column(name))?,
        })
    }
}

impl DomainV3<'_> {
    fn into_live(self) -> Result<Domain> {
        match self {
            Self::Number { minimum, median, maximum, step, spread } => {
                let spread =
                    spread.map(|(percentile_5, percentile_95, mean)| Spread { percentile_5, percentile_95, mean });
                let are_from_splits = false;
                Ok(Domain::Number(NumberDomain { minimum, median, maximum, step, spread, are_from_splits }))
            }
            Self::Category { categories, counts: Sequence(counts), is_yes_no } => {
                let categories = categories.into_live()?;
                Ok(Domain::Category { categories, counts, is_yes_no })
            }
        }
    }
}

impl<'a> TargetV3<'a> {
    fn into_live(self) -> Result<TargetSchema> {
        Ok(match self {
            Self::Number { name, minimum, mean, maximum } => {
                TargetSchema::Number { name: name.to_owned(), range: Some(TargetRange { minimum, mean, maximum }) }
            }
            Self::Classes { name, classes, counts: Sequence(counts), positive } => {
                let positive = positive.map(index);
                TargetSchema::Classes { name: name.to_owned(), classes: classes.into_live()?, counts, positive }
            }
        })
    }
}

/// A position that is too large for memory is none of a list that is there.
fn index(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl PreparationV3 {
    fn into_live(self) -> FeatureTransform {
        let column = |ColumnV3 { source, center, scale, mean, deviation }: ColumnV3| PreparedColumn {
            source: match source {
                SourceV3::Value => Source::Value,
                SourceV3::Category(position) => Source::Category(index(position)),
                SourceV3::Missing => Source::Missing,
            },
            scaling: Scaling { center, scale },
            mean,
            std_dev: deviation,
        };
        FeatureTransform {
            missing: self.fill.map_or(Missing::Refuse, Missing::Impute),
            accepts_unseen: self.takes_unseen,
            columns: self.columns.0.into_iter().map(column).collect(),
        }
    }
}

impl<'a> ProvenanceV3<'a> {
    fn into_live(self, fitting: FittingV3<'a>, standard_errors: StandardErrors) -> Provenance {
        let record = LinearRecord {
            l2: self.l2,
            intercept: fitting.intercept,
            class_weight: if fitting.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
            solver: self.solver.to_owned(),
            iterations: fitting.rounds,
            certificate: Certificate {
                relative_gradient: self.relative_gradient,
                tolerance: self.tolerance,
                objective: self.objective,
                gap: None,
            },
            standard_errors,
        };
        Provenance {
            created: self.created,
            tool_version: self.tool_version.to_owned(),
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            weights: fitting.weights.map(str::to_owned),
            weighted_target: Vec::new(),
            preprocess: fitting.preprocess(),
            warnings: fitting.warnings.0.into_iter().map(Note::text).collect(),
            fit: FitRecord::Linear(record),
            evaluation: self.evaluation.map(EvaluationV3::into_live),
            cross_validation: self.cross_validation.map(CrossValidationV3::into_live),
        }
    }
}

impl CalibrationV3 {
    fn into_live(self) -> Result<Calibration> {
        match self {
            Self::Platt { slope, intercept } => Ok(Calibration::Platt { slope, intercept }),
            Self::Isotonic { x, y } => Isotonic::from_thresholds(x.0, y.0).map(Calibration::Isotonic),
        }
    }
}

/// Rows had no weights in figures.
fn counted(rows: u64) -> f64 {
    rows as f64
}

impl<'a> EvaluationV3<'a> {
    fn into_live(self) -> Evaluation {
        let figure =
            |(name, value, baseline): (&str, f64, Option<f64>)| Metric { name: name.to_owned(), value, baseline };
        let decided = |(threshold, true_positives, false_positives, true_negatives, false_negatives)| ThresholdCounts {
            threshold,
            true_positives: counted(true_positives),
            false_positives: counted(false_positives),
            true_negatives: counted(true_negatives),
            false_negatives: counted(false_negatives),
        };
        Evaluation {
            split: self.split.map(|(fraction, seed)| Split { fraction, seed }),
            metrics: match self.metrics {
                MetricsV3::Classification { rows, correct, accuracy, log_loss } => {
                    Metrics::Classification { rows: counted(rows), correct: counted(correct), accuracy, log_loss }
                }
                MetricsV3::Regression { rows, r_squared, root_mean_squared_error } => {
                    Metrics::Regression { rows: counted(rows), r_squared, root_mean_squared_error }
                }
            },
            figures: self.figures.0.into_iter().map(figure).collect(),
            confusion: self.confusion.0.into_iter().map(|row| row.0.into_iter().map(counted).collect()).collect(),
            thresholds: self.thresholds.0.into_iter().map(decided).collect(),
            notes: self.notes.0.into_iter().map(Note::text).collect(),
        }
    }
}

impl<'a> CrossValidationV3<'a> {
    fn into_live(self) -> CrossValidation {
        let figure = |(name, mean, standard_deviation): (&str, f64, Option<f64>)| FoldMetric {
            name: name.to_owned(),
            mean,
            standard_deviation,
        };
        let figures = self.figures.0.into_iter().map(figure).collect();
        CrossValidation { folds: self.folds, seed: self.seed, figures }
    }
}

impl FittingV3<'_> {
    fn preprocess(&self) -> preprocess::Options {
        preprocess::Options {
            impute: match self.impute {
                ImputeV3::Median => Impute::Median,
                ImputeV3::Mean => Impute::Mean,
                ImputeV3::MostFrequent => Impute::MostFrequent,
                ImputeV3::Constant(number) => Impute::Constant(number),
                ImputeV3::Refuse => Impute::Refuse,
            },
            impute_always: false,
            indicators: self.indicators,
            impute_category: match self.impute_category {
                ImputeCategoryV3::MostFrequent => ImputeCategory::MostFrequent,
                ImputeCategoryV3::Constant(category) => ImputeCategory::Constant(category.to_owned()),
                ImputeCategoryV3::Refuse => ImputeCategory::Refuse,
            },
            encode: match self.encode {
                EncodingV3::OneHot => Encoding::OneHot,
                EncodingV3::DropFirst => Encoding::DropFirst,
                EncodingV3::Ordinal => Encoding::Ordinal,
            },
            date_parts: DateParts::default(),
            unseen: if self.unseen_as_zeros { Unseen::Zeros } else { Unseen::Refuse },
            scale: match self.scale {
                ScaleV3::Standard => Scale::Standard,
                ScaleV3::MinMax => Scale::MinMax,
                ScaleV3::Robust => Scale::Robust,
                ScaleV3::None => Scale::None,
            },
        }
    }
}
