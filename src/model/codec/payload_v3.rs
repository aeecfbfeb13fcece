//! The payload of format version 3, field by field in the order of the bytes, and its way to the live types and back.

use super::checks::{check_column, check_domain, check_estimator, check_provenance, check_target, total};
use super::invalid;
use super::payload_v1::EstimatorV1;
use super::sequence::Sequence;
use crate::calibrate::{Calibration, Isotonic};
use crate::error::Result;
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
use bincode::{BorrowDecode, Encode};

#[derive(Encode, BorrowDecode)]
pub(super) struct PayloadV3<'a> {
    pub(super) features: Sequence<FeatureV3<'a>>,
    pub(super) target: TargetV3<'a>,
    pub(super) dropped: Sequence<(&'a str, Option<&'a str>)>,
    pub(super) missing: Sequence<&'a str>,
    pub(super) preparations: Sequence<PreparationV3>,
    pub(super) estimator: EstimatorV1,
    pub(super) calibration: Option<CalibrationV3>,
    pub(super) decision: Option<(f64, &'a str)>,
    pub(super) inference: InferenceV3<'a>,
    pub(super) provenance: ProvenanceV3<'a>,
    pub(super) fitting: FittingV3<'a>,
    pub(super) proof: Sequence<f64>,
}

#[derive(Encode, BorrowDecode)]
pub(super) struct FeatureV3<'a> {
    pub(super) name: &'a str,
    pub(super) unit: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) missing: u64,
    pub(super) domain: DomainV3<'a>,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum DomainV3<'a> {
    Number { minimum: f64, median: f64, maximum: f64, step: Option<f64>, spread: Option<(f64, f64, f64)> },
    Category { categories: LabelsV3<'a>, counts: Sequence<u64>, is_yes_no: bool },
}

#[derive(Encode, BorrowDecode)]
pub(super) enum LabelsV3<'a> {
    Text(Sequence<&'a str>),
    Numbers(Sequence<f64>),
}

#[derive(Encode, BorrowDecode)]
pub(super) enum TargetV3<'a> {
    Number { name: &'a str, minimum: f64, mean: f64, maximum: f64 },
    Classes { name: &'a str, classes: LabelsV3<'a>, counts: Sequence<u64>, positive: Option<u64> },
}

#[derive(Encode, BorrowDecode)]
pub(super) struct PreparationV3 {
    pub(super) fill: Option<f64>,
    pub(super) takes_unseen: bool,
    pub(super) columns: Sequence<ColumnV3>,
}

#[derive(Encode, BorrowDecode)]
pub(super) struct ColumnV3 {
    pub(super) source: SourceV3,
    pub(super) center: f64,
    pub(super) scale: f64,
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum SourceV3 {
    Value,
    Category(u64),
    Missing,
}

#[derive(Encode, BorrowDecode)]
pub(super) struct ProvenanceV3<'a> {
    pub(super) name: &'a str,
    pub(super) created: Option<u64>,
    pub(super) tool_version: &'a str,
    pub(super) n_rows: u64,
    pub(super) table_digest: [u8; 32],
    pub(super) l2: f64,
    pub(super) solver: &'a str,
    pub(super) relative_gradient: f64,
    pub(super) tolerance: f64,
    pub(super) objective: f64,
    pub(super) evaluation: Option<EvaluationV3<'a>>,
    pub(super) cross_validation: Option<CrossValidationV3<'a>>,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum CalibrationV3 {
    Platt { slope: f64, intercept: f64 },
    Isotonic { x: Sequence<f64>, y: Sequence<f64> },
}

#[derive(Encode, BorrowDecode)]
pub(super) struct InferenceV3<'a> {
    pub(super) errors: Sequence<Option<f64>>,
    pub(super) intercept_error: Option<f64>,
    pub(super) withheld: Option<&'a str>,
}

#[derive(Encode, BorrowDecode)]
pub(super) struct EvaluationV3<'a> {
    pub(super) split: Option<(f64, u64)>,
    pub(super) metrics: MetricsV3,
    /// Name, value, baseline.
    pub(super) figures: Sequence<(&'a str, f64, Option<f64>)>,
    pub(super) confusion: Sequence<Sequence<u64>>,
    /// Threshold, true and false positives, true and false negatives.
    pub(super) thresholds: Sequence<(f64, u64, u64, u64, u64)>,
    pub(super) notes: Sequence<&'a str>,
}

#[derive(Encode, BorrowDecode)]
pub(super) struct CrossValidationV3<'a> {
    folds: u64,
    seed: u64,
    /// Name, mean, standard deviation.
    figures: Sequence<(&'a str, f64, Option<f64>)>,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum MetricsV3 {
    Classification { rows: u64, correct: u64, accuracy: f64, log_loss: f64 },
    Regression { rows: u64, r_squared: Option<f64>, root_mean_squared_error: f64 },
}

#[derive(Encode, BorrowDecode)]
pub(super) struct FittingV3<'a> {
    pub(super) impute: ImputeV3,
    pub(super) indicators: bool,
    pub(super) impute_category: ImputeCategoryV3<'a>,
    pub(super) encode: EncodingV3,
    pub(super) unseen_as_zeros: bool,
    pub(super) scale: ScaleV3,
    pub(super) intercept: bool,
    pub(super) balanced: bool,
    pub(super) weights: Option<&'a str>,
    pub(super) rounds: u64,
    pub(super) warnings: Sequence<&'a str>,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum ImputeV3 {
    Median,
    Mean,
    MostFrequent,
    Constant(f64),
    Refuse,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum ImputeCategoryV3<'a> {
    MostFrequent,
    Constant(&'a str),
    Refuse,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum EncodingV3 {
    OneHot,
    DropFirst,
    Ordinal,
}

#[derive(Encode, BorrowDecode)]
pub(super) enum ScaleV3 {
    Standard,
    MinMax,
    Robust,
    None,
}

impl<'a> PayloadV3<'a> {
    #[cfg(feature = "train")]
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
                withheld: inference.withheld.as_deref(),
            },
            provenance: ProvenanceV3::of(provenance),
            fitting: FittingV3::of(&provenance.fitting),
            proof: Sequence(proof.clone()),
        }
    }

    /// The live model, every shape and number checked again: a checksum proves who wrote the bytes no more than that.
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
    #[cfg(feature = "train")]
    fn of(labels: &'a Labels) -> Self {
        match labels.as_text() {
            Some(text) => Self::Text(Sequence(text.iter().map(String::as_str).collect())),
            None => Self::Numbers(Sequence(labels.as_numbers().unwrap_or_default().to_vec())),
        }
    }

    fn into_live(self) -> Result<Labels> {
        match self {
            Self::Text(text) => Labels::from_text(owned(text)),
            Self::Numbers(numbers) => Labels::from_numbers(numbers.0),
        }
    }
}

impl<'a> FeatureV3<'a> {
    #[cfg(feature = "train")]
    fn of(feature: &'a FeatureSchema) -> Self {
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

    fn into_live(self) -> Result<FeatureSchema> {
        let Self { name, unit, description, missing, domain } = self;
        let at = |error: crate::error::Error| error.in_column(name);
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
    #[cfg(feature = "train")]
    fn of(target: &'a TargetSchema) -> Self {
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
    #[cfg(feature = "train")]
    fn of(preparation: &Preparation) -> Self {
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
    #[cfg(feature = "train")]
    fn of(provenance: &'a Provenance) -> Self {
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
    #[cfg(feature = "train")]
    fn of(calibration: &Calibration) -> Self {
        match calibration {
            Calibration::Platt { slope, intercept } => Self::Platt { slope: *slope, intercept: *intercept },
            Calibration::Isotonic(isotonic) => {
                Self::Isotonic { x: Sequence(isotonic.x().to_vec()), y: Sequence(isotonic.y().to_vec()) }
            }
        }
    }

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
    #[cfg(feature = "train")]
    fn of(evaluation: &'a Evaluation) -> Self {
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
    #[cfg(feature = "train")]
    fn of(cross_validation: &'a CrossValidation) -> Self {
        let figure = |figure: &'a FoldFigure| (figure.name.as_str(), figure.mean, figure.standard_deviation);
        let CrossValidation { folds, seed, figures } = cross_validation;
        Self { folds: *folds, seed: *seed, figures: Sequence(figures.iter().map(figure).collect()) }
    }

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
    #[cfg(feature = "train")]
    fn of(fitting: &'a Fitting) -> Self {
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
