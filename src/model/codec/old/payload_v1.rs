//! The payload of format version 1, field by field in the order of the bytes, and its way to the last version's.

use super::payload_v3::{
    ColumnV3, DomainV3, EncodingV3, EstimatorV3, EvaluationV3, FeatureV3, FittingV3, ImputeCategoryV3, ImputeV3,
    InferenceV3, LabelsV3, MetricsV3, PayloadV3, PreparationV3, ProvenanceV3, ScaleV3, SourceV3, TargetV3,
};
use super::sequence::Sequence;
use crate::error::Result;
use crate::model::invalid::invalid;
use bincode::BorrowDecode;

#[derive(BorrowDecode)]
pub(super) struct PayloadV1<'a> {
    features: Sequence<FeatureV1<'a>>,
    target: TargetV1<'a>,
    dropped: Sequence<&'a str>,
    estimator: EstimatorV3,
    provenance: ProvenanceV1<'a>,
    proof: Sequence<f64>,
}

#[derive(BorrowDecode)]
struct FeatureV1<'a> {
    name: &'a str,
    minimum: f64,
    median: f64,
    maximum: f64,
    step: Option<f64>,
    scaling: ScalingV1,
}

#[derive(BorrowDecode)]
enum ScalingV1 {
    Constant,
    Standard { mean: f64, deviation: f64 },
}

#[derive(BorrowDecode)]
enum TargetV1<'a> {
    Number { name: &'a str, minimum: f64, mean: f64, maximum: f64 },
    TextClasses { name: &'a str, classes: Sequence<&'a str>, counts: Sequence<u64> },
    NumberClasses { name: &'a str, classes: Sequence<f64>, counts: Sequence<u64> },
}

#[derive(BorrowDecode)]
struct ProvenanceV1<'a> {
    name: &'a str,
    created: Option<u64>,
    tool_version: &'a str,
    n_rows: u64,
    table_digest: [u8; 32],
    split: Option<(f64, u64)>,
    l2: f64,
    solver: &'a str,
    relative_gradient: f64,
    tolerance: f64,
    objective: f64,
    metrics: Option<MetricsV3>,
}

impl<'a> PayloadV1<'a> {
    /// What it does not say was the only way then: standardized numbers, no missing values, an intercept, no weights.
    pub(super) fn into_v3(self) -> Result<PayloadV3<'a>> {
        let (features, preparations): (Vec<_>, Vec<_>) = self.features.0.into_iter().map(FeatureV1::into_v3).unzip();
        Ok(PayloadV3 {
            features: Sequence(features),
            target: self.target.into_v3(),
            dropped: Sequence(self.dropped.0.into_iter().map(|name| (name, None)).collect()),
            missing: Sequence(Vec::new()),
            preparations: Sequence(preparations),
            estimator: self.estimator,
            calibration: None,
            decision: None,
            inference: InferenceV3 { errors: Sequence(Vec::new()), intercept_error: None, reach: 0.0, withheld: None },
            provenance: self.provenance.into_v3()?,
            fitting: FittingV3 {
                impute: ImputeV3::Refuse,
                indicators: false,
                impute_category: ImputeCategoryV3::Refuse,
                encode: EncodingV3::OneHot,
                unseen_as_zeros: false,
                scale: ScaleV3::Standard,
                intercept: true,
                balanced: false,
                weights: None,
                rounds: 0,
                warnings: Sequence(Vec::new()),
            },
            proof: self.proof,
        })
    }
}

impl<'a> FeatureV1<'a> {
    fn into_v3(self) -> (FeatureV3<'a>, PreparationV3) {
        let Self { name, minimum, median, maximum, step, scaling } = self;
        let domain = DomainV3::Number { minimum, median, maximum, step, spread: None };
        let columns = match scaling {
            ScalingV1::Constant => Vec::new(),
            ScalingV1::Standard { mean, deviation } => {
                vec![ColumnV3 { source: SourceV3::Value, center: mean, scale: deviation, mean, deviation }]
            }
        };
        let feature = FeatureV3 { name, unit: None, description: None, missing: 0, domain };
        (feature, PreparationV3 { fill: None, takes_unseen: false, columns: Sequence(columns) })
    }
}

impl<'a> TargetV1<'a> {
    /// Of two classes the second is positive.
    fn into_v3(self) -> TargetV3<'a> {
        let positive = |n_classes: usize| (n_classes == 2).then_some(1);
        match self {
            Self::Number { name, minimum, mean, maximum } => TargetV3::Number { name, minimum, mean, maximum },
            Self::TextClasses { name, classes, counts } => {
                let positive = positive(classes.0.len());
                TargetV3::Classes { name, classes: LabelsV3::Text(classes), counts, positive }
            }
            Self::NumberClasses { name, classes, counts } => {
                let positive = positive(classes.0.len());
                TargetV3::Classes { name, classes: LabelsV3::Numbers(classes), counts, positive }
            }
        }
    }
}

impl<'a> ProvenanceV1<'a> {
    fn into_v3(self) -> Result<ProvenanceV3<'a>> {
        let split = self.split;
        // Without figures it goes no further.
        if split.is_some_and(|(fraction, _)| !(fraction > 0.0 && fraction < 1.0)) {
            return Err(invalid("expected a held-out fraction between 0 and 1"));
        }
        let evaluation = |metrics| EvaluationV3 {
            split,
            metrics,
            figures: Sequence(Vec::new()),
            confusion: Sequence(Vec::new()),
            thresholds: Sequence(Vec::new()),
            notes: Sequence(Vec::new()),
        };
        Ok(ProvenanceV3 {
            name: self.name,
            created: self.created,
            tool_version: self.tool_version,
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            l2: self.l2,
            solver: self.solver,
            relative_gradient: self.relative_gradient,
            tolerance: self.tolerance,
            objective: self.objective,
            evaluation: self.metrics.map(evaluation),
            cross_validation: None,
        })
    }
}
