//! The payload of format version 3, field by field in the order of the bytes. docs/format.md says what the fields mean.

use super::sequence::Sequence;
use bincode::BorrowDecode;

#[derive(BorrowDecode)]
pub(super) struct PayloadV3<'a> {
    pub(super) features: Sequence<FeatureV3<'a>>,
    pub(super) target: TargetV3<'a>,
    pub(super) dropped: Sequence<(&'a str, Option<&'a str>)>,
    pub(super) missing: Sequence<&'a str>,
    pub(super) preparations: Sequence<PreparationV3>,
    pub(super) estimator: EstimatorV3,
    pub(super) calibration: Option<CalibrationV3>,
    pub(super) decision: Option<(f64, &'a str)>,
    pub(super) inference: InferenceV3<'a>,
    pub(super) provenance: ProvenanceV3<'a>,
    pub(super) fitting: FittingV3<'a>,
    pub(super) proof: Sequence<f64>,
}

#[derive(BorrowDecode)]
pub(super) struct FeatureV3<'a> {
    pub(super) name: &'a str,
    pub(super) unit: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    pub(super) missing: u64,
    pub(super) domain: DomainV3<'a>,
}

#[derive(BorrowDecode)]
pub(super) enum DomainV3<'a> {
    Number { minimum: f64, median: f64, maximum: f64, step: Option<f64>, spread: Option<(f64, f64, f64)> },
    Category { categories: LabelsV3<'a>, counts: Sequence<u64>, is_yes_no: bool },
}

#[derive(BorrowDecode)]
pub(super) enum LabelsV3<'a> {
    Text(Sequence<&'a str>),
    Numbers(Sequence<f64>),
}

#[derive(BorrowDecode)]
pub(super) enum TargetV3<'a> {
    Number { name: &'a str, minimum: f64, mean: f64, maximum: f64 },
    Classes { name: &'a str, classes: LabelsV3<'a>, counts: Sequence<u64>, positive: Option<u64> },
}

#[derive(BorrowDecode)]
pub(super) struct PreparationV3 {
    pub(super) fill: Option<f64>,
    pub(super) takes_unseen: bool,
    pub(super) columns: Sequence<ColumnV3>,
}

#[derive(BorrowDecode)]
pub(super) struct ColumnV3 {
    pub(super) source: SourceV3,
    pub(super) center: f64,
    pub(super) scale: f64,
    pub(super) mean: f64,
    pub(super) deviation: f64,
}

#[derive(BorrowDecode)]
pub(super) enum SourceV3 {
    Value,
    Category(u64),
    Missing,
}

#[derive(BorrowDecode)]
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

#[derive(BorrowDecode)]
pub(super) enum CalibrationV3 {
    Platt { slope: f64, intercept: f64 },
    Isotonic { x: Sequence<f64>, y: Sequence<f64> },
}

#[derive(BorrowDecode)]
pub(super) struct InferenceV3<'a> {
    pub(super) errors: Sequence<Option<f64>>,
    pub(super) intercept_error: Option<f64>,
    pub(super) reach: f64,
    pub(super) withheld: Option<&'a str>,
}

#[derive(BorrowDecode)]
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

#[derive(BorrowDecode)]
pub(super) struct CrossValidationV3<'a> {
    pub(super) folds: u64,
    pub(super) seed: u64,
    /// Name, mean, standard deviation.
    pub(super) figures: Sequence<(&'a str, f64, Option<f64>)>,
}

#[derive(BorrowDecode)]
pub(super) enum MetricsV3 {
    Classification { rows: u64, correct: u64, accuracy: f64, log_loss: f64 },
    Regression { rows: u64, r_squared: Option<f64>, root_mean_squared_error: f64 },
}

#[derive(BorrowDecode)]
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

#[derive(BorrowDecode)]
pub(super) enum ImputeV3 {
    Median,
    Mean,
    MostFrequent,
    Constant(f64),
    Refuse,
}

#[derive(BorrowDecode)]
pub(super) enum ImputeCategoryV3<'a> {
    MostFrequent,
    Constant(&'a str),
    Refuse,
}

#[derive(BorrowDecode)]
pub(super) enum EncodingV3 {
    OneHot,
    DropFirst,
    Ordinal,
}

#[derive(BorrowDecode)]
pub(super) enum ScaleV3 {
    Standard,
    MinMax,
    Robust,
    None,
}

#[derive(BorrowDecode)]
pub(super) enum EstimatorV3 {
    Linear { coefficients: Sequence<f64>, intercept: f64 },
    Logistic { coefficients: Sequence<f64>, intercept: f64 },
    Multinomial { coefficients: Sequence<f64>, intercepts: Sequence<f64> },
}
