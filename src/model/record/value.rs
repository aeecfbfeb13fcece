//! Values without a type: what a build that only predicts can read and show of any record.

use crate::limits;
use crate::note::Note;
use crate::table::Label;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

/// A value of a record. In JSON it is what it looks like; a note is its sentence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    None,
    Flag(bool),
    Whole(u64),
    Number(f64),
    Text(String),
    Note(Box<Note>),
    List(Vec<Value>),
    Fields(Vec<(&'static str, Value)>),
}

impl Value {
    /// Named values, in this order.
    pub(crate) fn fields<const N: usize>(fields: [(&'static str, Value); N]) -> Self {
        Self::Fields(fields.into())
    }

    /// With one more field behind the others.
    pub(crate) fn with(mut self, name: &'static str, value: Self) -> Self {
        if let Self::Fields(fields) = &mut self {
            fields.push((name, value));
        }
        self
    }

    pub(crate) fn list<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }

    /// The value of this name; `None` also for what has no fields.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Fields(fields) => fields.iter().find(|(other, _)| *other == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Puts another value where one of this name is, or behind the last.
    pub(crate) fn set(&mut self, name: &'static str, value: Self) {
        let Self::Fields(fields) = self else { return };
        match fields.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => fields.push((name, value)),
        }
    }

    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A count of rows: a whole number, unless rows have weights that are none.
    pub(crate) fn count(rows: f64) -> Self {
        match rows.fract() == 0.0 && (0.0..=limits::WHOLE_NUMBER as f64).contains(&rows) {
            true => Self::Whole(rows as u64),
            false => Self::Number(rows),
        }
    }

    pub(crate) fn counted(&self) -> Option<f64> {
        match self {
            Self::Whole(rows) => Some(*rows as f64),
            _ => self.number(),
        }
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn note(&self) -> Option<&Note> {
        match self {
            Self::Note(note) => Some(note),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($type:ty, $name:ident => $value:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($name: $type) -> Self {
                $value
            }
        })*
    };
}

from! {
    bool, flag => Self::Flag(flag);
    u64, number => Self::Whole(number);
    f64, number => Self::Number(number);
    &str, text => Self::Text(text.to_owned());
    &Note, note => Self::Note(Box::new(note.clone()));
}

impl From<Label<'_>> for Value {
    fn from(label: Label<'_>) -> Self {
        match label {
            Label::Text(text) => Self::Text(text.to_owned()),
            Label::Number(number) => Self::Number(number),
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_none(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Note(note) => note.serialize(serializer),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Fields(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                fields.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}
