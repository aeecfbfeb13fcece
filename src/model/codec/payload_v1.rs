//! The payload of format version 1, field by field in the order of the bytes, and its way to the live types.

use super::checks::{check_column, check_domain, check_estimator, check_provenance, check_split, check_target};
use super::sequence::Sequence;
use crate::error::Result;
use crate::model::estimator::{Estimator, Linear, Logistic, Multinomial};
use crate::model::{Evaluation, Fitting, Metrics, Model, Provenance, Split};
use crate::preprocess::{Preparation, PreparedColumn, Preprocessor, Scaling, Source};
use crate::table::{Domain, DroppedColumn, FeatureSchema, Labels, NumberDomain, Schema, TargetSchema};
use crate::train::{Certificate, Inference};
use bincode::{BorrowDecode, Encode};

#[derive(BorrowDecode)]
pub(super) struct PayloadV1<'a> {
    features: Sequence<FeatureV1<'a>>,
    target: TargetV1<'a>,
    dropped: Sequence<&'a str>,
    estimator: EstimatorV1,
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

#[derive(Encode, BorrowDecode)]
pub(super) enum EstimatorV1 {
    Linear { coefficients: Sequence<f64>, intercept: f64 },
    Logistic { coefficients: Sequence<f64>, intercept: f64 },
    Multinomial { coefficients: Sequence<f64>, intercepts: Sequence<f64> },
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
    metrics: Option<MetricsV1>,
}

#[derive(BorrowDecode)]
enum MetricsV1 {
    Classification { rows: u64, correct: u64, accuracy: f64, log_loss: f64 },
    Regression { rows: u64, r_squared: Option<f64>, root_mean_squared_error: f64 },
}

impl PayloadV1<'_> {
    /// The live model, every shape and number checked again: a checksum proves who wrote the bytes no more than that.
    #[inline(never)]
    pub(super) fn into_model(self, digest: [u8; 32]) -> Result<Model> {
        let (features, preparations) =
            self.features.0.into_iter().map(FeatureV1::into_live).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let dropped = |name: &str| DroppedColumn { name: name.to_owned(), reason: None };
        let schema = Schema {
            features,
            target: self.target.into_live()?,
            dropped: self.dropped.0.into_iter().map(dropped).collect(),
            missing: Vec::new(),
        };
        let preprocessor = Preprocessor::new(preparations);
        let n_classes = schema.target.classes().map(Labels::len);
        let estimator = self.estimator.into_live(preprocessor.n_columns(), n_classes)?;
        let provenance = self.provenance.into_live()?;
        Model {
            schema,
            preprocessor,
            estimator,
            calibration: None,
            decision: None,
            inference: Inference::default(),
            provenance,
            proof: self.proof.0,
            digest,
        }
        .checked()
    }
}

impl FeatureV1<'_> {
    fn into_live(self) -> Result<(FeatureSchema, Preparation)> {
        let Self { name, minimum, median, maximum, step, scaling } = self;
        let domain = NumberDomain { minimum, median, maximum, step, spread: None };
        check_domain(&domain).map_err(|error| error.in_column(name))?;
        let columns = match scaling {
            ScalingV1::Constant => Vec::new(),
            ScalingV1::Standard { mean, deviation } => {
                let scaling = Scaling { center: mean, scale: deviation };
                vec![PreparedColumn { source: Source::Value, scaling, mean, deviation }]
            }
        };
        columns.iter().try_for_each(check_column).map_err(|error| error.in_column(name))?;
        let schema = FeatureSchema {
            name: name.to_owned(),
            unit: None,
            description: None,
            missing: 0,
            domain: Domain::Number(domain),
        };
        Ok((schema, Preparation { fill: None, takes_unseen: false, columns }))
    }
}

impl TargetV1<'_> {
    fn into_live(self) -> Result<TargetSchema> {
        let classes = |name: &str, classes: Labels, counts: Vec<u64>| {
            let positive = (classes.len() == 2).then_some(1);
            TargetSchema::Classes { name: name.to_owned(), classes, counts, positive }
        };
        let target = match self {
            Self::Number { name, minimum, mean, maximum } => {
                TargetSchema::Number { name: name.to_owned(), minimum, mean, maximum }
            }
            Self::TextClasses { name, classes: names, counts } => {
                classes(name, Labels::from_text(names.0.into_iter().map(str::to_owned).collect())?, counts.0)
            }
            Self::NumberClasses { name, classes: numbers, counts } => {
                classes(name, Labels::from_numbers(numbers.0)?, counts.0)
            }
        };
        check_target(&target)?;
        Ok(target)
    }
}

impl EstimatorV1 {
    #[cfg(feature = "train")]
    pub(super) fn of(estimator: &Estimator) -> Self {
        match estimator.clone() {
            Estimator::Linear(Linear { coefficients, intercept }) => {
                Self::Linear { coefficients: Sequence(coefficients), intercept }
            }
            Estimator::Logistic(Logistic { coefficients, intercept }) => {
                Self::Logistic { coefficients: Sequence(coefficients), intercept }
            }
            Estimator::Multinomial(Multinomial { coefficients, intercepts }) => {
                Self::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) }
            }
        }
    }

    pub(super) fn into_live(self, n_columns: usize, n_classes: Option<usize>) -> Result<Estimator> {
        let estimator = match self {
            Self::Linear { coefficients: Sequence(coefficients), intercept } => {
                Estimator::Linear(Linear { coefficients, intercept })
            }
            Self::Logistic { coefficients: Sequence(coefficients), intercept } => {
                Estimator::Logistic(Logistic { coefficients, intercept })
            }
            Self::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) } => {
                Estimator::Multinomial(Multinomial { coefficients, intercepts })
            }
        };
        check_estimator(&estimator, n_columns, n_classes)?;
        Ok(estimator)
    }
}

impl ProvenanceV1<'_> {
    fn into_live(self) -> Result<Provenance> {
        check_split(self.split)?;
        let provenance = Provenance {
            name: self.name.to_owned(),
            created: self.created,
            tool_version: self.tool_version.to_owned(),
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            l2: self.l2,
            fitting: Fitting::default(),
            solver: self.solver.to_owned(),
            certificate: Certificate {
                relative_gradient: self.relative_gradient,
                tolerance: self.tolerance,
                objective: self.objective,
            },
            evaluation: self.metrics.map(|metrics| Evaluation {
                split: self.split.map(|(fraction, seed)| Split { fraction, seed }),
                metrics: metrics.into_live(),
                figures: Vec::new(),
                confusion: Vec::new(),
                thresholds: Vec::new(),
                notes: Vec::new(),
            }),
            cross_validation: None,
        };
        check_provenance(&provenance)?;
        Ok(provenance)
    }
}

impl MetricsV1 {
    fn into_live(self) -> Metrics {
        match self {
            Self::Classification { rows, correct, accuracy, log_loss } => {
                Metrics::Classification { rows, correct, accuracy, log_loss }
            }
            Self::Regression { rows, r_squared, root_mean_squared_error } => {
                Metrics::Regression { rows, r_squared, root_mean_squared_error }
            }
        }
    }
}
