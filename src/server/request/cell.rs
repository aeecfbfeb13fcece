//! Values and rows in JSON.

use crate::error::{Decimal, Error, ErrorKind, Result, quote};
use crate::predict::Value;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

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

/// As a message shows it.
impl fmt::Display for JsonCell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => Decimal(*number).fmt(f),
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Flag(flag) => flag.fmt(f),
            Self::Missing => f.write_str("null"),
            Self::Array(_) => f.write_str("an array"),
            Self::Object => f.write_str("an object"),
        }
    }
}

fn no_value(found: &str) -> Error {
    Error::new(ErrorKind::NotANumber, format!("expected a number, text or null, found {found}"))
}

/// The scalars of a visitor whose method `scalar` takes them as cells.
macro_rules! scalars {
    ($lifetime:lifetime) => {
        scalars! {
            visit_f64(number: f64) => JsonCell::Number(number);
            visit_u64(number: u64) => JsonCell::Number(number as f64);
            visit_i64(number: i64) => JsonCell::Number(number as f64);
            visit_bool(flag: bool) => JsonCell::Flag(flag);
            visit_borrowed_str(text: &$lifetime str) => JsonCell::Text(Cow::Borrowed(text));
            visit_str(text: &str) => JsonCell::Text(Cow::Owned(text.to_owned()));
        }
        fn visit_unit<E: serde::de::Error>(self) -> std::result::Result<Self::Value, E> {
            self.scalar(JsonCell::Missing)
        }
    };
    ($($visit:ident($value:ident: $type:ty) => $cell:expr;)*) => {
        $(fn $visit<E: serde::de::Error>(self, $value: $type) -> std::result::Result<Self::Value, E> {
            self.scalar($cell)
        })*
    };
}
pub(super) use scalars;

impl<'de: 'b, 'b> Deserialize<'de> for JsonCell<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        /// `is_inner` says that the cell is in an array: then arrays in it are not looked into, however deep they are.
        struct CellVisitor {
            is_inner: bool,
        }
        impl CellVisitor {
            fn scalar<E>(self, cell: JsonCell<'_>) -> std::result::Result<JsonCell<'_>, E> {
                Ok(cell)
            }
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

            scalars!('b);

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
