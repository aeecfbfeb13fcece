//! What a record looks like. A digest proves that a record is the one that was written, and no more: a forged one must not
//! surprise those that show it.

use super::value::Value;
use crate::limits;
use crate::note::Parameter;

/// What a value may be.
#[derive(Debug)]
pub(super) enum Shape {
    Flag,
    /// At most 2^53 - 1, which JavaScript can write.
    Whole,
    /// Finite.
    Number,
    /// Of rows: at most 2^53 - 1, and whole unless they have weights.
    Count,
    Text,
    Note,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A SHA-256 in hexadecimal.
    Digest,
    /// One of these, or none.
    Or(&'static Shape),
    /// The same; as a field it may be left out.
    Maybe(&'static Shape),
    List(&'static Shape),
    /// Fields by name, in this order.
    Fields(&'static [(&'static str, Shape)]),
}

impl Shape {
    /// Whether a value is of this shape.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Flag, Value::Flag(_)) | (Self::Text, Value::Text(_)) => true,
            (Self::Note, Value::Note(note)) => note.parameters().iter().all(|parameter| match parameter {
                Parameter::Text(_) => true,
                Parameter::Whole(number) => *number <= limits::WHOLE_NUMBER,
                Parameter::Number(number) => number.is_finite(),
            }),
            (Self::Whole, Value::Whole(number)) => *number <= limits::WHOLE_NUMBER,
            (Self::Count, Value::Whole(number)) => *number <= limits::WHOLE_NUMBER,
            (Self::Count, Value::Number(number)) => (0.0..=limits::WHOLE_NUMBER as f64).contains(number),
            (Self::Number, Value::Number(number)) => number.is_finite(),
            (Self::OneOf(words), Value::Text(text)) => words.contains(&text.as_str()),
            (Self::Digest, Value::Text(text)) => {
                text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            }
            (Self::Or(_) | Self::Maybe(_), Value::None) => true,
            (Self::Or(shape) | Self::Maybe(shape), value) => shape.fits(value),
            (Self::List(shape), Value::List(items)) => items.iter().all(|item| shape.fits(item)),
            (Self::Fields(shapes), Value::Fields(fields)) => {
                let mut fields = fields.iter().peekable();
                let all = shapes.iter().all(|(name, shape)| match fields.next_if(|(other, _)| *other == *name) {
                    Some((_, value)) => shape.fits(value),
                    None => matches!(shape, Self::Maybe(_)),
                });
                all && fields.next().is_none()
            }
            _ => false,
        }
    }
}

impl Shape {
    /// The name of one of its fields, or of their fields.
    pub(super) fn name_in(&self, wanted: &str) -> Option<&'static str> {
        match self {
            Self::Or(shape) | Self::Maybe(shape) | Self::List(shape) => shape.name_in(wanted),
            Self::Fields(shapes) => shapes
                .iter()
                .find_map(|(name, shape)| if *name == wanted { Some(*name) } else { shape.name_in(wanted) }),
            _ => None,
        }
    }
}

/// What is shown above a model.
pub(super) const PRESENTATION: Shape = Shape::Fields(&[("title", Shape::Text)]);

const OR_NUMBER: Shape = Shape::Or(&Shape::Number);
const OR_WHOLE: Shape = Shape::Or(&Shape::Whole);
const OR_TEXT: Shape = Shape::Or(&Shape::Text);
const OR_NOTE: Shape = Shape::Or(&Shape::Note);

/// docs/format.md says what the fields mean.
pub(super) const RECORD: Shape = Shape::Fields(&[
    ("training", TRAINING),
    ("preprocess", PREPROCESS),
    ("certificate", Shape::Or(&CERTIFICATE)),
    ("standardErrors", Shape::Or(&STANDARD_ERRORS)),
    ("heldOut", Shape::Or(&HELD_OUT)),
    ("crossValidation", Shape::Or(&CROSS_VALIDATION)),
    ("dropped", Shape::Or(&Shape::List(&OR_NOTE))),
    ("rule", OR_NOTE),
]);

/// The record of a model that was fitted elsewhere.
pub(super) const RECORD_OF_IMPORT: Shape =
    Shape::Fields(&[("imported", IMPORTED), ("dropped", Shape::Or(&Shape::List(&OR_NOTE))), ("rule", OR_NOTE)]);

const IMPORTED: Shape = Shape::Fields(&[
    ("source", Shape::Text),
    ("sourceVersion", OR_TEXT),
    ("objective", OR_TEXT),
    ("sourceDigest", Shape::Digest),
    ("created", OR_WHOLE),
    ("toolVersion", Shape::Text),
    ("notes", Shape::List(&Shape::Note)),
]);

const TRAINING: Shape = Shape::Fields(&[
    ("rows", Shape::Whole),
    ("created", OR_WHOLE),
    ("toolVersion", Shape::Text),
    ("solver", Shape::Text),
    ("rounds", Shape::Whole),
    ("l2", Shape::Number),
    ("intercept", Shape::Flag),
    ("balanced", Shape::Flag),
    ("scale", Shape::OneOf(&["standard", "minmax", "robust", "none"])),
    ("weights", OR_TEXT),
    ("warnings", Shape::List(&Shape::Note)),
    ("tableDigest", Shape::Digest),
    ("weightedTarget", Shape::Maybe(&Shape::List(&Shape::Number))),
    ("boosting", Shape::Maybe(&BOOSTING)),
    ("forest", Shape::Maybe(&FOREST)),
]);

const BOOSTING: Shape = Shape::Fields(&[
    ("loss", Shape::Maybe(&OR_TEXT)),
    ("quantile", Shape::Maybe(&OR_NUMBER)),
    ("learningRate", Shape::Number),
    ("leaves", Shape::Whole),
    ("depth", OR_WHOLE),
    ("minRows", Shape::Number),
    ("subsample", Shape::Number),
    ("maxFeatures", Shape::Number),
    ("patience", OR_WHOLE),
    ("validation", Shape::Number),
    ("seed", Shape::Whole),
    ("increasing", Shape::List(&Shape::Text)),
    ("decreasing", Shape::List(&Shape::Text)),
    ("interactions", Shape::Maybe(&Shape::Or(&Shape::List(&Shape::List(&Shape::Text))))),
    ("losses", Shape::List(&Shape::Number)),
    ("heldOutLosses", Shape::List(&Shape::Number)),
]);

const FOREST: Shape = Shape::Fields(&[
    ("leaves", Shape::Whole),
    ("depth", OR_WHOLE),
    ("minRows", Shape::Number),
    ("maxFeatures", OR_NUMBER),
    ("subsample", Shape::Number),
    ("pruning", Shape::Number),
    ("seed", Shape::Whole),
    ("losses", Shape::List(&Shape::Number)),
    ("outOfBag", Shape::Or(&OUT_OF_BAG)),
]);

const OUT_OF_BAG: Shape = Shape::Fields(&[
    ("rows", Shape::Number),
    ("meanSquaredError", Shape::Number),
    ("accuracy", OR_NUMBER),
    ("rSquared", OR_NUMBER),
]);

const PREPROCESS: Shape = Shape::Fields(&[
    ("impute", Shape::OneOf(&["median", "mean", "most-frequent", "constant", "error"])),
    ("imputeNumber", OR_NUMBER),
    ("indicators", Shape::Flag),
    ("imputeCategory", Shape::OneOf(&["most-frequent", "constant", "error"])),
    ("imputeText", OR_TEXT),
    ("encode", Shape::OneOf(&["one-hot", "drop-first", "ordinal"])),
    ("unseen", Shape::OneOf(&["error", "zeros"])),
    (
        "dateParts",
        Shape::Maybe(&Shape::OneOf(&[
            "days-month",
            "days-weekday",
            "days-month-weekday",
            "month",
            "weekday",
            "month-weekday",
        ])),
    ),
    ("imputeAlways", Shape::Maybe(&Shape::Flag)),
]);

const CERTIFICATE: Shape = Shape::Fields(&[
    ("converged", Shape::Flag),
    ("relativeGradient", Shape::Number),
    ("tolerance", Shape::Number),
    ("objective", Shape::Number),
    ("gap", Shape::Maybe(&Shape::Number)),
]);

const STANDARD_ERRORS: Shape = Shape::Fields(&[
    ("coefficients", Shape::List(&OR_NUMBER)),
    ("intercept", OR_NUMBER),
    ("criticalValue", Shape::Number),
    ("withheld", OR_NOTE),
]);

const HELD_OUT: Shape = Shape::Fields(&[
    ("fraction", OR_NUMBER),
    ("seed", OR_WHOLE),
    ("task", Shape::OneOf(&["classification", "regression"])),
    ("rows", Shape::Count),
    ("correct", Shape::Maybe(&Shape::Count)),
    ("accuracy", Shape::Maybe(&Shape::Number)),
    ("logLoss", Shape::Maybe(&Shape::Number)),
    ("rSquared", Shape::Maybe(&Shape::Number)),
    ("rootMeanSquaredError", Shape::Maybe(&Shape::Number)),
    (
        "figures",
        Shape::List(&Shape::Fields(&[("name", Shape::Text), ("value", Shape::Number), ("baseline", OR_NUMBER)])),
    ),
    ("confusion", Shape::List(&Shape::List(&Shape::Count))),
    ("thresholds", Shape::List(&THRESHOLD)),
    ("notes", Shape::List(&Shape::Note)),
]);

const THRESHOLD: Shape = Shape::Fields(&[
    ("threshold", Shape::Number),
    ("truePositives", Shape::Count),
    ("falsePositives", Shape::Count),
    ("trueNegatives", Shape::Count),
    ("falseNegatives", Shape::Count),
]);

const CROSS_VALIDATION: Shape = Shape::Fields(&[
    ("folds", Shape::Whole),
    ("seed", Shape::Whole),
    (
        "figures",
        Shape::List(&Shape::Fields(&[
            ("name", Shape::Text),
            ("mean", Shape::Number),
            ("standardDeviation", OR_NUMBER),
        ])),
    ),
]);
