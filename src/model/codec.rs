//! Models to bytes and back: the only file that knows bincode. `docs/format.md` describes the bytes.
//!
//! The payload has structs of its own, one set per version and never the live types, so that the live types can change
//! and old files still open. They borrow their text from the file, and [`Sequence`] grows as it reads: a forged length
//! runs past the end of the file and is refused before anything of that size is allocated.

use super::estimator::{Estimator, Linear, Logistic, Multinomial};
use super::{Metrics, Model, Provenance, Split, proof};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::preprocess::{Preprocessor, Scaling};
use crate::table::{FeatureSchema, Labels, NameIndex, Schema, TargetSchema};
use crate::train::Certificate;
use bincode::de::{BorrowDecoder, Decode};
use bincode::enc::Encoder;
use bincode::error::{DecodeError, EncodeError};
use bincode::{BorrowDecode, Encode};
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 5] = b"TEPAL";
/// bincode 2, its standard configuration: little-endian, variable-length integers.
const CODEC_BINCODE_2: u8 = 1;
const VERSION: u16 = 1;
/// Magic 5, codec 1, version 2, payload length 8, SHA-256 of the payload 32.
const HEADER_BYTES: usize = 48;

fn bincode_configuration() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<{ limits::MODEL_BYTES }>()
}

impl Model {
    #[cfg(feature = "train")]
    /// The model file. The same model gives the same bytes on every target.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] when the file would be larger than [`limits::MODEL_BYTES`].
    pub fn encode(&self) -> Result<Vec<u8>> {
        let payload = self.payload()?;
        let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.push(CODEC_BINCODE_2);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&self.digest);
        bytes.extend_from_slice(&payload);
        limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
        Ok(bytes)
    }

    /// What identifies the model: the SHA-256 of its file's payload, in hexadecimal.
    pub fn digest(&self) -> String {
        hexadecimal(&self.digest)
    }

    /// The same model with its digest brought up to date.
    #[cfg(feature = "train")]
    pub(super) fn sealed(mut self) -> Result<Self> {
        self.digest = Sha256::digest(self.payload()?).into();
        Ok(self)
    }

    #[cfg(feature = "train")]
    fn payload(&self) -> Result<Vec<u8>> {
        bincode::encode_to_vec(PayloadV1::of(self), bincode_configuration())
            .map_err(|error| Error::new(ErrorKind::LimitExceeded, format!("the model cannot be written: {error}")))
    }

    /// Reads a model file and replays its proof rows. Any bytes are safe to pass in.
    ///
    /// # Errors
    /// [`ErrorKind::NotAModel`], [`ErrorKind::UnsupportedVersion`], [`ErrorKind::Truncated`] (also for bytes left
    /// over), [`ErrorKind::Corrupt`], [`ErrorKind::InvalidModel`], [`ErrorKind::ProofMismatch`],
    /// [`ErrorKind::LimitExceeded`].
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let payload = checked_payload(bytes)?;
        let (decoded, read): (PayloadV1<'_>, usize) =
            bincode::borrow_decode_from_slice(payload, bincode_configuration()).map_err(|_| {
                // bincode's own words name its types rather than the file's parts, and take 8 KB of the predict build.
                invalid("the payload does not decode")
            })?;
        if read != payload.len() {
            let message = format!("the payload goes on for {} bytes after its end", payload.len() - read);
            return Err(invalid(message).at_byte((HEADER_BYTES + read) as u64));
        }
        let model = decoded.into_model(Sha256::digest(payload).into())?;
        proof::check(&model)?;
        Ok(model)
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The payload of a file whose header and checksum are right.
fn checked_payload(bytes: &[u8]) -> Result<&[u8]> {
    limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
    let not_a_model =
        || Error::new(ErrorKind::NotAModel, "this is not a tepal model file; expected it to begin with \"TEPAL\"");
    let truncated = |expected: u64| {
        let message = format!("the model file has {} bytes where its header asks for {expected}", bytes.len());
        Error::new(ErrorKind::Truncated, message).at_byte(bytes.len() as u64)
    };
    if !bytes.starts_with(MAGIC) {
        // A file cut within its magic is a truncated model rather than another format, unless nothing is left of it.
        return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
            truncated(HEADER_BYTES as u64)
        } else {
            not_a_model()
        });
    }
    let Some((header, payload)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(truncated(HEADER_BYTES as u64));
    };
    let (codec, version) = (header[5], u16::from_le_bytes([header[6], header[7]]));
    if version != VERSION {
        let message = format!(
            "the model file has format version {version}; this build of tepal reads version {VERSION}; update tepal"
        );
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(6));
    }
    if codec != CODEC_BINCODE_2 {
        let message = format!("the model file has codec {codec}; this build of tepal reads codec {CODEC_BINCODE_2}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(5));
    }
    let mut length = [0; 8];
    length.copy_from_slice(&header[8..16]);
    let length = u64::from_le_bytes(length);
    if length != payload.len() as u64 {
        return Err(truncated(length.saturating_add(HEADER_BYTES as u64)));
    }
    if Sha256::digest(payload)[..] != header[16..] {
        let message = "the model file is damaged: its checksum does not match; fetch it again";
        return Err(Error::new(ErrorKind::Corrupt, message).at_byte(16));
    }
    Ok(payload)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidModel, message)
}

/// A length and that many items, as bincode writes a vector. bincode's own decoder allocates room for the length it
/// reads, up to its limit; this one takes an item at a time.
struct Sequence<T>(Vec<T>);

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
struct PayloadV1<'a> {
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
    fn of(model: &'a Model) -> Self {
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
    fn into_model(self, digest: [u8; 32]) -> Result<Model> {
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
        if let Some(name) = NameIndex::new(names).duplicate() {
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
        Ok(Model { schema, preprocessor, estimator, provenance, proof: self.proof.0, digest })
    }
}

impl FeatureV1<'_> {
    fn into_live(self) -> Result<(FeatureSchema, Scaling)> {
        let Self { name, minimum, median, maximum, step, scaling } = self;
        let refuse = |message: &str| Err(invalid(message).in_column(name));
        if name.is_empty() {
            return refuse("a feature has no name");
        }
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
                if coefficients.len() != n_prepared * n_outputs {
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
        let (metrics, rows, correct, numbers) = match self {
            Self::Classification { rows, correct, accuracy, log_loss } => {
                (Metrics::Classification { rows, correct, accuracy, log_loss }, rows, correct, [accuracy, log_loss])
            }
            Self::Regression { rows, r_squared, root_mean_squared_error } => {
                let metrics = Metrics::Regression { rows, r_squared, root_mean_squared_error };
                (metrics, rows, 0, [r_squared.unwrap_or(0.0), root_mean_squared_error])
            }
        };
        if correct > rows || rows > limits::WHOLE_NUMBER || !numbers.iter().all(|number| number.is_finite()) {
            return Err(invalid("expected finite metrics of a possible number of rows"));
        }
        Ok(metrics)
    }
}
