//! The payload of the last version to the live model, every shape and number checked again: a checksum proves who wrote the
//! bytes no more than that.

use super::checks::{check_column, check_domain, check_estimator, check_provenance, check_target, total};
use super::invalid;
use super::payload_v1::EstimatorV1;
use super::payload_v3::{
    CalibrationV3, ColumnV3, CrossValidationV3, DomainV3, EncodingV3, EvaluationV3, FeatureV3, FittingV3,
    ImputeCategoryV3, ImputeV3, LabelsV3, MetricsV3, PayloadV3, PreparationV3, ProvenanceV3, ScaleV3, SourceV3,
    TargetV3,
};
use super::sequence::Sequence;
use crate::calibrate::{Calibration, Isotonic};
use crate::error::{Error, Result};
use crate::limits;
use crate::model::estimator::{Estimator, Linear, Logistic, Multinomial};
use crate::model::{
    CrossValidation, Decided, Decision, Evaluation, Figure, Fitting, FoldFigure, Metrics, Model, Provenance, Split,
};
use crate::preprocess::{
    self, Encoding, Impute, ImputeCategory, Preparation, PreparedColumn, Preprocessor, Scale, Scaling, Source, Unseen,
};
use crate::table::{Domain, DroppedColumn, FeatureSchema, Labels, NumberDomain, Schema, Spread, TargetSchema};
use crate::train::{Certificate, ClassWeight, Inference};

impl<'a> PayloadV3<'a> {
    /// The live model.
    #[inline(never)]
    pub(super) fn into_model(self, digest: [u8; 32]) -> Result<Model> {
        let features = self.features.0.into_iter().map(FeatureV3::into_live).collect::<Result<Vec<_>>>()?;
        if features.len() != self.preparations.0.len() {
            return Err(invalid("expected a preparation for each feature"));
        }
        let prepare = |(preparation, feature): (PreparationV3, &FeatureSchema)| {
            preparation.into_live(feature).map_err(|error| error.in_column(&feature.name))
        };
        let preparations = self.preparations.0.into_iter().zip(&features).map(prepare).collect::<Result<_>>()?;
        let dropped = |(name, reason): (&str, Option<&str>)| DroppedColumn {
            name: name.to_owned(),
            reason: reason.map(str::to_owned),
        };
        let schema = Schema {
            features,
            target: self.target.into_live()?,
            dropped: self.dropped.0.into_iter().map(dropped).collect(),
            missing: owned(self.missing),
        };
        let preprocessor = Preprocessor::new(preparations);
        let n_classes = schema.target.classes().map(Labels::len);
        let estimator = into_estimator(self.estimator);
        check_estimator(&estimator, preprocessor.n_columns(), n_classes)?;
        let provenance = self.provenance.into_live(self.fitting.into_live()?)?;
        let calibration = self.calibration.map(CalibrationV3::into_live).transpose()?;
        let decision = self.decision.map(|(threshold, rule)| Decision { threshold, rule: rule.to_owned() });
        let inference = Inference {
            errors: self.inference.errors.0,
            intercept_error: self.inference.intercept_error,
            reach: self.inference.reach,
            withheld: self.inference.withheld.map(str::to_owned),
        };
        let proof = self.proof.0;
        Model { schema, preprocessor, estimator, calibration, decision, inference, provenance, proof, digest }.checked()
    }
}

fn into_estimator(estimator: EstimatorV1) -> Estimator {
    match estimator {
        EstimatorV1::Linear { coefficients: Sequence(coefficients), intercept } => {
            Estimator::Linear(Linear { coefficients, intercept })
        }
        EstimatorV1::Logistic { coefficients: Sequence(coefficients), intercept } => {
            Estimator::Logistic(Logistic { coefficients, intercept })
        }
        EstimatorV1::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) } => {
            Estimator::Multinomial(Multinomial { coefficients, intercepts })
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
        let at = |error: Error| error.in_column(name);
        if missing > limits::WHOLE_NUMBER {
            return Err(at(invalid("expected a count of missing values of at most 2^53 - 1")));
        }
        Ok(FeatureSchema {
            name: name.to_owned(),
            unit: unit.map(str::to_owned),
            description: description.map(str::to_owned),
            missing,
            domain: domain.into_live().map_err(at)?,
        })
    }
}

impl DomainV3<'_> {
    fn into_live(self) -> Result<Domain> {
        match self {
            Self::Number { minimum, median, maximum, step, spread } => {
                let spread =
                    spread.map(|(percentile_5, percentile_95, mean)| Spread { percentile_5, percentile_95, mean });
                let domain = NumberDomain { minimum, median, maximum, step, spread };
                check_domain(&domain)?;
                Ok(Domain::Number(domain))
            }
            Self::Category { categories, counts: Sequence(counts), is_yes_no } => {
                let categories = categories.into_live()?;
                limits::check("categories", categories.len(), limits::CATEGORIES)?;
                let rows = total(&counts);
                if counts.len() != categories.len() || rows.is_none_or(|rows| rows > limits::WHOLE_NUMBER) {
                    return Err(invalid(format!("expected {} category counts", categories.len())));
                }
                Ok(Domain::Category { categories, counts, is_yes_no })
            }
        }
    }
}

impl<'a> TargetV3<'a> {
    fn into_live(self) -> Result<TargetSchema> {
        let target = match self {
            Self::Number { name, minimum, mean, maximum } => {
                TargetSchema::Number { name: name.to_owned(), minimum, mean, maximum }
            }
            Self::Classes { name, classes, counts: Sequence(counts), positive } => {
                let positive = positive.map(|positive| positive as usize);
                TargetSchema::Classes { name: name.to_owned(), classes: classes.into_live()?, counts, positive }
            }
        };
        check_target(&target)?;
        Ok(target)
    }
}

impl PreparationV3 {
    fn into_live(self, feature: &FeatureSchema) -> Result<Preparation> {
        let n_categories = feature.n_categories();
        let column = |ColumnV3 { source, center, scale, mean, deviation }: ColumnV3| {
            let source = match source {
                SourceV3::Value => Source::Value,
                SourceV3::Category(position) if position < n_categories as u64 => Source::Category(position as usize),
                SourceV3::Category(_) => return Err(invalid("a column of a category that the feature does not have")),
                SourceV3::Missing => Source::Missing,
            };
            let column = PreparedColumn { source, scaling: Scaling { center, scale }, mean, deviation };
            check_column(&column)?;
            Ok(column)
        };
        let is_number = matches!(feature.domain, Domain::Number(_));
        let is_position = |fill: f64| fill.fract() == 0.0 && (0.0..=n_categories as f64).contains(&fill);
        if self.fill.is_some_and(|fill| !fill.is_finite() || !(is_number || is_position(fill))) {
            return Err(invalid("expected a number or a category in the place of a missing value"));
        }
        let columns: Vec<PreparedColumn> = self.columns.0.into_iter().map(column).collect::<Result<_>>()?;
        let place = |column: &PreparedColumn| match column.source {
            Source::Value => 0,
            Source::Missing => 1,
            Source::Category(position) => 2 + position,
        };
        let mut places: Vec<usize> = columns.iter().map(place).collect();
        places.sort_unstable();
        if places.array_windows().any(|[a, b]| a == b) {
            return Err(invalid("two columns are made of the same"));
        }
        Ok(Preparation { fill: self.fill, takes_unseen: self.takes_unseen, columns })
    }
}

impl<'a> ProvenanceV3<'a> {
    fn into_live(self, fitting: Fitting) -> Result<Provenance> {
        let provenance = Provenance {
            name: self.name.to_owned(),
            created: self.created,
            tool_version: self.tool_version.to_owned(),
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            l2: self.l2,
            fitting,
            solver: self.solver.to_owned(),
            certificate: Certificate {
                relative_gradient: self.relative_gradient,
                tolerance: self.tolerance,
                objective: self.objective,
            },
            evaluation: self.evaluation.map(EvaluationV3::into_live),
            cross_validation: self.cross_validation.map(CrossValidationV3::into_live),
        };
        check_provenance(&provenance)?;
        Ok(provenance)
    }
}

impl CalibrationV3 {
    fn into_live(self) -> Result<Calibration> {
        match self {
            Self::Platt { slope, intercept } if slope.is_finite() && intercept.is_finite() => {
                Ok(Calibration::Platt { slope, intercept })
            }
            Self::Platt { .. } => Err(invalid("expected a finite calibration")),
            Self::Isotonic { x, y } => Isotonic::from_thresholds(x.0, y.0).map(Calibration::Isotonic),
        }
    }
}

impl<'a> EvaluationV3<'a> {
    fn into_live(self) -> Evaluation {
        let figure =
            |(name, value, baseline): (&str, f64, Option<f64>)| Figure { name: name.to_owned(), value, baseline };
        let decided = |(threshold, true_positives, false_positives, true_negatives, false_negatives)| Decided {
            threshold,
            true_positives,
            false_positives,
            true_negatives,
            false_negatives,
        };
        Evaluation {
            split: self.split.map(|(fraction, seed)| Split { fraction, seed }),
            metrics: match self.metrics {
                MetricsV3::Classification { rows, correct, accuracy, log_loss } => {
                    Metrics::Classification { rows, correct, accuracy, log_loss }
                }
                MetricsV3::Regression { rows, r_squared, root_mean_squared_error } => {
                    Metrics::Regression { rows, r_squared, root_mean_squared_error }
                }
            },
            figures: self.figures.0.into_iter().map(figure).collect(),
            confusion: self.confusion.0.into_iter().map(|row| row.0).collect(),
            thresholds: self.thresholds.0.into_iter().map(decided).collect(),
            notes: owned(self.notes),
        }
    }
}

impl<'a> CrossValidationV3<'a> {
    fn into_live(self) -> CrossValidation {
        let figure = |(name, mean, standard_deviation): (&str, f64, Option<f64>)| FoldFigure {
            name: name.to_owned(),
            mean,
            standard_deviation,
        };
        let figures = self.figures.0.into_iter().map(figure).collect();
        CrossValidation { folds: self.folds, seed: self.seed, figures }
    }
}

impl<'a> FittingV3<'a> {
    fn into_live(self) -> Result<Fitting> {
        let preprocess = preprocess::Options {
            impute: match self.impute {
                ImputeV3::Median => Impute::Median,
                ImputeV3::Mean => Impute::Mean,
                ImputeV3::MostFrequent => Impute::MostFrequent,
                ImputeV3::Constant(number) => Impute::Constant(number),
                ImputeV3::Refuse => Impute::Refuse,
            },
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
            unseen: if self.unseen_as_zeros { Unseen::Zeros } else { Unseen::Refuse },
            scale: match self.scale {
                ScaleV3::Standard => Scale::Standard,
                ScaleV3::MinMax => Scale::MinMax,
                ScaleV3::Robust => Scale::Robust,
                ScaleV3::None => Scale::None,
            },
        };
        preprocess.check().map_err(|error| invalid(error.message()))?;
        Ok(Fitting {
            preprocess,
            intercept: self.intercept,
            class_weight: if self.balanced { ClassWeight::Balanced } else { ClassWeight::Equal },
            weights: self.weights.map(str::to_owned),
            rounds: self.rounds,
            warnings: owned(self.warnings),
        })
    }
}
