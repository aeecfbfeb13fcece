//! JSON objects of known fields, read into a state that is checked while it grows.
//!
//! Every protocol reads its requests by this. An array is no object, no field may be there twice, and an unknown field is
//! refused with the known ones.

use crate::error::{Error, ErrorKind, did_you_mean, quote};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// A request that cannot be read.
pub(crate) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

/// What the fields of an object are read into.
pub(crate) trait Fields<'b> {
    /// The fields that there may be.
    const NAMES: &'static [&'static str];

    /// What else there may be is passed over, and not kept.
    const IS_OPEN: bool = false;

    /// Reads the value of a field of the list.
    ///
    /// # Errors
    /// Those of `map`; [`fail`] for what is wrong beyond its form.
    fn read<A: MapAccess<'b>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error>;

    /// Where an error is put that has a kind and a place.
    fn failure(&mut self) -> &mut Option<Error>;
}

/// Ends reading with an error that has a kind and a place.
pub(crate) fn fail<E: serde::de::Error>(failure: &mut Option<Error>, error: Error) -> E {
    let text = error.to_string();
    failure.get_or_insert(error);
    E::custom(text)
}

/// An object.
pub(crate) struct Object<'f, F>(pub(crate) &'f mut F);

impl<'b, F: Fields<'b>> DeserializeSeed<'b> for Object<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b, F: Fields<'b>> Visitor<'b> for Object<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an object with {}", F::NAMES.join(", "))
    }

    fn visit_map<A: MapAccess<'b>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(fields) = self;
        let mut seen = 0u32;
        while let Some(Text(key)) = map.next_key::<Text<'b>>()? {
            match F::NAMES.iter().position(|name| *name == key) {
                Some(at) if seen & 1 << at != 0 => {
                    return Err(A::Error::custom(format_args!("the field {} is there twice", quote(&key))));
                }
                Some(at) => {
                    seen |= 1 << at;
                    fields.read(F::NAMES[at], &mut map)?;
                }
                None if F::IS_OPEN => drop(map.next_value::<serde::de::IgnoredAny>()?),
                None => {
                    let hint = did_you_mean(&key, F::NAMES.iter().copied());
                    let known = F::NAMES.join(", ");
                    let message = format!("unknown field {}{hint}; the fields are {known}", quote(&key));
                    return Err(fail(fields.failure(), invalid(message)));
                }
            }
        }
        Ok(())
    }
}

/// What a seed reads, or a null.
pub(crate) struct Optional<S>(pub(crate) S);

impl<'b, S: DeserializeSeed<'b>> DeserializeSeed<'b> for Optional<S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'b, S: DeserializeSeed<'b>> Visitor<'b> for Optional<S> {
    type Value = Option<S::Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'b>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Some)
    }
}

/// A list, whose elements one function reads. A null is no list, and read as one that is not there.
pub(crate) struct List<'e, R> {
    pub(crate) expected: &'e str,
    pub(crate) element: R,
}

/// Reads one element of a list.
pub(crate) trait Element<'b> {
    /// Reads the next element; false at the end.
    ///
    /// # Errors
    /// Those of `list`.
    fn next<A: SeqAccess<'b>>(&mut self, list: &mut A) -> Result<bool, A::Error>;
}

impl<'b, R: Element<'b>> DeserializeSeed<'b> for List<'_, R> {
    /// Whether there was a list.
    type Value = bool;

    fn deserialize<D: Deserializer<'b>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'b, R: Element<'b>> Visitor<'b> for List<'_, R> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'b>>(mut self, mut list: A) -> Result<bool, A::Error> {
        while self.element.next(&mut list)? {}
        Ok(true)
    }
}

/// A text, borrowed from the body where it has no escapes.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Text<'b>(#[serde(borrow)] pub(crate) Cow<'b, str>);
