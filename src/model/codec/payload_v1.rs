//! The payload of format version 1, field by field in the order of the bytes, and its way to the live types and back.

use super::invalid;
use crate::error::Result;
use crate::limits;
use crate::model::estimator::{Estimator, Linear, Logistic, Multinomial};
use crate::model::{COEFFICIENTS_OVERFLOW, Fitting, Metrics, Model, Provenance, Split};
use crate::preprocess::{Preprocessor, Scaling};
use crate::table::{FeatureSchema, Labels, NameIndex, Schema, TargetSchema};
use crate::train::Certificate;
use bincode::de::{BorrowDecoder, Decode};
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{BorrowDecode, Encode};

/// A length and that many items, as bincode writes a vector. bincode's own decoder allocates room for the length it
/// reads, up to its limit; this one takes an item at a time.
pub(super) struct Sequence<T>(pub(super) Vec<T>);

impl<T: Encode> Encode for Sequence<T> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> std::result::Result<(), EncodeError> {
        (self.0.len() as u64).encode(encoder)?;
        self.0.iter().try_for_each(|item| item.encode(encoder))
    }
}

impl<'de, Context, T: BorrowDecode<'de, Context>> BorrowDecode<'de, Context> for Sequence<T> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(
        decoder: &mut D,
    ) -> std::result::Result<Self, DecodeError> {
        let length = u64::decode(decoder)?;
        (0..length).map(|_| T::borrow_decode(decoder)).collect::<std::result::Result<_, _>>().map(Self)
    }
}

#[derive(Encode, BorrowDecode)]
pub(super) struct PayloadV1<'a> {
    features: Sequence<FeatureV1<'a>>,
    target: TargetV1<'a>,
    dropped: Sequence<&'a str>,
    estimator: EstimatorV1,
    provenance: ProvenanceV1<'a>,
    proof: Sequence<f64>,
}

#[derive(Encode, BorrowDecode)]
struct FeatureV1<'a> {
    name: &'a str,
    minimum: f64,
    median: f64,
    maximum: f64,
    step: Option<f64>,
    scaling: ScalingV1,
}

#[derive(Encode, BorrowDecode)]
enum ScalingV1 {
    Constant,
    Standard { mean: f64, deviation: f64 },
}

#[derive(Encode, BorrowDecode)]
enum TargetV1<'a> {
    Number { name: &'a str, minimum: f64, mean: f64, maximum: f64 },
    TextClasses { name: &'a str, classes: Sequence<&'a str>, counts: Sequence<u64> },
    NumberClasses { name: &'a str, classes: Sequence<f64>, counts: Sequence<u64> },
}

#[derive(Encode, BorrowDecode)]
enum EstimatorV1 {
    Linear { coefficients: Sequence<f64>, intercept: f64 },
    Logistic { coefficients: Sequence<f64>, intercept: f64 },
    Multinomial { coefficients: Sequence<f64>, intercepts: Sequence<f64> },
}

#[derive(Encode, BorrowDecode)]
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

#[derive(Encode, BorrowDecode)]
enum MetricsV1 {
    Classification { rows: u64, correct: u64, accuracy: f64, log_loss: f64 },
    Regression { rows: u64, r_squared: Option<f64>, root_mean_squared_error: f64 },
}

impl<'a> PayloadV1<'a> {
    #[cfg(feature = "train")]
    pub(super) fn of(model: &'a Model) -> Self {
        let Model { schema, preprocessor, estimator, provenance, proof, digest: _ } = model;
        let features = schema.features.iter().zip(preprocessor.scalings()).map(|(feature, scaling)| FeatureV1 {
            name: &feature.name,
            minimum: feature.minimum,
            median: feature.median,
            maximum: feature.maximum,
            step: feature.step,
            scaling: match *scaling {
                Scaling::Constant => ScalingV1::Constant,
                Scaling::Standard { mean, deviation } => ScalingV1::Standard { mean, deviation },
            },
        });
        let target = match &schema.target {
            TargetSchema::Number { name, minimum, mean, maximum } => {
                TargetV1::Number { name, minimum: *minimum, mean: *mean, maximum: *maximum }
            }
            TargetSchema::Classes { name, classes, counts } => match classes.as_text() {
                Some(text) => TargetV1::TextClasses {
                    name,
                    classes: Sequence(text.iter().map(String::as_str).collect()),
                    counts: Sequence(counts.clone()),
                },
                None => TargetV1::NumberClasses {
                    name,
                    classes: Sequence(classes.as_numbers().unwrap_or_default().to_vec()),
                    counts: Sequence(counts.clone()),
                },
            },
        };
        let estimator = match estimator.clone() {
            Estimator::Linear(Linear { coefficients, intercept }) => {
                EstimatorV1::Linear { coefficients: Sequence(coefficients), intercept }
            }
            Estimator::Logistic(Logistic { coefficients, intercept }) => {
                EstimatorV1::Logistic { coefficients: Sequence(coefficients), intercept }
            }
            Estimator::Multinomial(Multinomial { coefficients, intercepts }) => {
                EstimatorV1::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) }
            }
        };
        Self {
            features: Sequence(features.collect()),
            target,
            dropped: Sequence(schema.dropped.iter().map(String::as_str).collect()),
            estimator,
            provenance: ProvenanceV1::of(provenance),
            proof: Sequence(proof.clone()),
        }
    }

    /// The live model, every shape and number checked again: a checksum proves who wrote the bytes no more than that.
    pub(super) fn into_model(self, digest: [u8; 32]) -> Result<Model> {
        let (features, scalings): (Vec<_>, Vec<_>) =
            self.features.0.into_iter().map(FeatureV1::into_live).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        if features.is_empty() {
            return Err(invalid("expected at least one feature, found none"));
        }
        let schema = Schema {
            features,
            target: self.target.into_live()?,
            dropped: self.dropped.0.into_iter().map(str::to_owned).collect(),
        };
        let names = schema.features.iter().map(|feature| feature.name.as_str()).chain([schema.target.name()]);
        let names = names.chain(schema.dropped.iter().map(String::as_str));
        let names = NameIndex::new(names);
        if names.position("").is_some() {
            return Err(invalid("a column has no name"));
        }
        if let Some(name) = names.duplicate() {
            return Err(invalid("two columns have this name").in_column(name));
        }
        let preprocessor = Preprocessor::new(scalings);
        let n_classes = schema.target.classes().map(Labels::len);
        if let TargetSchema::Classes { counts, .. } = &schema.target {
            let total = counts.iter().try_fold(0_u64, |total, count| total.checked_add(*count));
            if total != Some(self.provenance.n_rows) {
                return Err(invalid("expected the class counts to add up to the training rows"));
            }
        }
        let estimator = self.estimator.into_live(preprocessor.n_outputs(), n_classes)?;
        let provenance = self.provenance.into_live()?;
        let model = Model { schema, preprocessor, estimator, provenance, proof: self.proof.0, digest };
        if !model.has_finite_coefficients() {
            return Err(invalid(COEFFICIENTS_OVERFLOW));
        }
        Ok(model)
    }
}

impl FeatureV1<'_> {
    fn into_live(self) -> Result<(FeatureSchema, Scaling)> {
        let Self { name, minimum, median, maximum, step, scaling } = self;
        let refuse = |message: &str| Err(invalid(message).in_column(name));
        // The comparisons are false for NaN, and the outer ones exclude the infinities.
        if !(f64::MIN <= minimum && minimum <= median && median <= maximum && maximum <= f64::MAX) {
            return refuse("expected minimum, median and maximum to be finite and in order");
        }
        if step.is_some_and(|step| !(step > 0.0 && step <= 1.0)) {
            return refuse("expected a step above 0 and at most 1");
        }
        let scaling = match scaling {
            ScalingV1::Constant => Scaling::Constant,
            ScalingV1::Standard { mean, deviation } => {
                if !(mean.is_finite() && deviation.is_finite() && deviation > 0.0) {
                    return refuse("expected a finite mean and a positive, finite deviation");
                }
                Scaling::Standard { mean, deviation }
            }
        };
        Ok((FeatureSchema { name: name.to_owned(), minimum, median, maximum, step }, scaling))
    }
}

impl TargetV1<'_> {
    fn into_live(self) -> Result<TargetSchema> {
        let classes = |name: &str, classes: Labels, counts: Vec<u64>| {
            if counts.len() != classes.len() {
                return Err(invalid(format!("expected {} class counts, found {}", classes.len(), counts.len())));
            }
            limits::check("classes", classes.len(), limits::CLASSES)?;
            Ok(TargetSchema::Classes { name: name.to_owned(), classes, counts })
        };
        match self {
            Self::Number { name, minimum, mean, maximum } => {
                if !(f64::MIN <= minimum && minimum <= maximum && maximum <= f64::MAX && mean.is_finite()) {
                    return Err(invalid("expected a finite range and mean").in_column(name));
                }
                Ok(TargetSchema::Number { name: name.to_owned(), minimum, mean, maximum })
            }
            Self::TextClasses { name, classes: names, counts } => {
                classes(name, Labels::from_text(names.0.into_iter().map(str::to_owned).collect())?, counts.0)
            }
            Self::NumberClasses { name, classes: numbers, counts } => {
                classes(name, Labels::from_numbers(numbers.0)?, counts.0)
            }
        }
    }
}

impl EstimatorV1 {
    fn into_live(self, n_prepared: usize, n_classes: Option<usize>) -> Result<Estimator> {
        let (estimator, fits) = match self {
            Self::Linear { coefficients: Sequence(coefficients), intercept } => {
                (Estimator::Linear(Linear { coefficients, intercept }), n_classes.is_none())
            }
            Self::Logistic { coefficients: Sequence(coefficients), intercept } => {
                (Estimator::Logistic(Logistic { coefficients, intercept }), n_classes == Some(2))
            }
            Self::Multinomial { coefficients: Sequence(coefficients), intercepts: Sequence(intercepts) } => {
                let n_outputs = intercepts.len();
                if n_prepared.checked_mul(n_outputs) != Some(coefficients.len()) {
                    return Err(invalid(format!(
                        "expected {n_prepared} coefficients for each of {n_outputs} classes, found {}",
                        coefficients.len()
                    )));
                }
                let fits = n_outputs > 2 && n_classes == Some(n_outputs);
                (Estimator::Multinomial(Multinomial { coefficients, intercepts }), fits)
            }
        };
        if !fits || n_prepared == 0 {
            return Err(invalid("the estimator does not fit the target"));
        }
        for (coefficients, intercept) in estimator.outputs() {
            if coefficients.len() != n_prepared {
                return Err(invalid(format!("expected {n_prepared} coefficients, found {}", coefficients.len())));
            }
            if !coefficients.iter().chain([&intercept]).all(|number| number.is_finite()) {
                return Err(invalid("expected finite coefficients"));
            }
        }
        Ok(estimator)
    }
}

impl<'a> ProvenanceV1<'a> {
    #[cfg(feature = "train")]
    fn of(provenance: &'a Provenance) -> Self {
        let Certificate { relative_gradient, tolerance, objective } = provenance.certificate;
        Self {
            name: &provenance.name,
            created: provenance.created,
            tool_version: &provenance.tool_version,
            n_rows: provenance.n_rows,
            table_digest: provenance.table_digest,
            split: provenance.split.map(|Split { fraction, seed }| (fraction, seed)),
            l2: provenance.l2,
            solver: &provenance.solver,
            relative_gradient,
            tolerance,
            objective,
            metrics: provenance.metrics.map(|metrics| match metrics {
                Metrics::Classification { rows, correct, accuracy, log_loss } => {
                    MetricsV1::Classification { rows, correct, accuracy, log_loss }
                }
                Metrics::Regression { rows, r_squared, root_mean_squared_error } => {
                    MetricsV1::Regression { rows, r_squared, root_mean_squared_error }
                }
            }),
        }
    }

    fn into_live(self) -> Result<Provenance> {
        let numbers = [self.l2, self.relative_gradient, self.tolerance, self.objective];
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(invalid("expected a finite penalty and certificate"));
        }
        let seed = self.split.map_or(0, |(_, seed)| seed);
        if [self.n_rows, self.created.unwrap_or(0), seed].iter().any(|number| *number > limits::WHOLE_NUMBER) {
            return Err(invalid("expected counts, times and seeds of at most 2^53 - 1"));
        }
        if self.split.is_some_and(|(fraction, _)| !(fraction > 0.0 && fraction < 1.0)) {
            return Err(invalid("expected a held-out fraction between 0 and 1"));
        }
        let metrics = self.metrics.map(MetricsV1::into_live).transpose()?;
        Ok(Provenance {
            name: self.name.to_owned(),
            created: self.created,
            tool_version: self.tool_version.to_owned(),
            n_rows: self.n_rows,
            table_digest: self.table_digest,
            split: self.split.map(|(fraction, seed)| Split { fraction, seed }),
            l2: self.l2,
            fitting: Fitting::default(),
            solver: self.solver.to_owned(),
            certificate: Certificate {
                relative_gradient: self.relative_gradient,
                tolerance: self.tolerance,
                objective: self.objective,
            },
            metrics,
        })
    }
}

impl MetricsV1 {
    fn into_live(self) -> Result<Metrics> {
        let (metrics, rows, correct) = match self {
            Self::Classification { rows, correct, accuracy, log_loss } => {
                (Metrics::Classification { rows, correct, accuracy, log_loss }, rows, correct)
            }
            Self::Regression { rows, r_squared, root_mean_squared_error } => {
                (Metrics::Regression { rows, r_squared, root_mean_squared_error }, rows, 0)
            }
        };
        if correct > rows || rows > limits::WHOLE_NUMBER || !metrics.is_finite() {
            return Err(invalid("expected finite metrics of a possible number of rows"));
        }
        Ok(metrics)
    }
}
