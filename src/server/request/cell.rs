//! Values and rows in JSON.

use crate::error::{Error, ErrorKind, Result};
use crate::predict::Value;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A text, borrowed from the body where it has no escapes.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Text<'b>(#[serde(borrow)] pub(crate) Cow<'b, str>);

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum JsonCell<'b> {
    Number(f64),
    Text(Cow<'b, str>),
    Flag(bool),
    Missing,
    /// An array, with its value if it has one.
    Array(Option<Box<JsonCell<'b>>>),
    Object,
}

impl JsonCell<'_> {
    /// The value that a model reads. A flag is the text `true` or `false`.
    ///
    /// # Errors
    /// [`ErrorKind::NotANumber`] for an array or an object.
    pub(crate) fn value(&self) -> Result<Value<'_>> {
        match self {
            Self::Number(number) => Ok(Value::Number(*number)),
            Self::Text(text) => Ok(Value::Text(text)),
            Self::Flag(flag) => Ok(Value::Text(if *flag { "true" } else { "false" })),
            Self::Missing => Ok(Value::Missing),
            Self::Array(_) => Err(no_value("an array; rows go one by one, or by name in \"rows\"")),
            Self::Object => Err(no_value("an object")),
        }
    }

    /// The same by name. TensorFlow Serving's clients write a value as an array of one.
    ///
    /// # Errors
    /// Those of [`JsonCell::value`].
    pub(crate) fn named_value(&self) -> Result<Value<'_>> {
        match self {
            Self::Array(Some(cell)) => cell.value(),
            cell => cell.value(),
        }
    }
}

fn no_value(found: &str) -> Error {
    Error::new(ErrorKind::NotANumber, format!("expected a number, text or null, found {found}"))
}

/// A row: by name, in the order of the features, or one value by itself.
#[derive(Debug)]
pub(crate) enum JsonRow<'b> {
    /// The pairs as they were written: in a map, the second of two equal names would win silently.
    Named(Vec<(Text<'b>, JsonCell<'b>)>),
    Ordered(Vec<JsonCell<'b>>),
    Single(JsonCell<'b>),
}

macro_rules! cells {
    ($($visit:ident($type:ty) => $cell:expr;)*) => {
        $(fn $visit<E>(self, value: $type) -> std::result::Result<Self::Value, E> {
            #[allow(clippy::cast_lossless)]
            Ok($cell(value))
        })*
        fn visit_unit<E>(self) -> std::result::Result<Self::Value, E> {
            Ok(JsonCell::Missing.into())
        }
    };
}

/// The scalars, which both visitors read in the same way.
macro_rules! scalars {
    () => {
        cells! {
            visit_f64(f64) => |number| JsonCell::Number(number).into();
            visit_u64(u64) => |number| JsonCell::Number(number as f64).into();
            visit_i64(i64) => |number| JsonCell::Number(number as f64).into();
            visit_bool(bool) => |flag| JsonCell::Flag(flag).into();
            visit_borrowed_str(&'b str) => |text| JsonCell::Text(Cow::Borrowed(text)).into();
            visit_str(&str) => |text: &str| JsonCell::Text(Cow::Owned(text.to_owned())).into();
        }
    };
}

impl<'b> From<JsonCell<'b>> for JsonRow<'b> {
    fn from(cell: JsonCell<'b>) -> Self {
        Self::Single(cell)
    }
}

impl<'de: 'b, 'b> Deserialize<'de> for JsonCell<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        /// `is_inner` says that the cell is in an array: then arrays in it are not looked into, however deep they are.
        struct CellVisitor {
            is_inner: bool,
        }
        impl<'b> DeserializeSeed<'b> for CellVisitor {
            type Value = JsonCell<'b>;

            fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> std::result::Result<Self::Value, D::Error> {
                deserializer.deserialize_any(self)
            }
        }
        impl<'b> Visitor<'b> for CellVisitor {
            type Value = JsonCell<'b>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number, text, flag or null")
            }

            scalars!();

            fn visit_seq<A: SeqAccess<'b>>(self, mut array: A) -> std::result::Result<Self::Value, A::Error> {
                let mut only = match self.is_inner {
                    true => None,
                    false => array.next_element_seed(Self { is_inner: true })?,
                };
                while array.next_element::<IgnoredAny>()?.is_some() {
                    only = None;
                }
                Ok(JsonCell::Array(only.map(Box::new)))
            }

            fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(JsonCell::Object)
            }
        }
        deserializer.deserialize_any(CellVisitor { is_inner: false })
    }
}

impl<'de: 'b, 'b> Deserialize<'de> for JsonRow<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct RowVisitor;
        impl<'b> Visitor<'b> for RowVisitor {
            type Value = JsonRow<'b>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row: an object of feature names and values, or an array of values")
            }

            scalars!();

            fn visit_seq<A: SeqAccess<'b>>(self, array: A) -> std::result::Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(array)).map(JsonRow::Ordered)
            }

            fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(JsonRow::Named(pairs))
            }
        }
        deserializer.deserialize_any(RowVisitor)
    }
}
