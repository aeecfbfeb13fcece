//! What JSON and UBJSON files say, in the memory of a few times their length.

use crate::error::{Decimal, Error, ErrorKind, Result, quote};
use crate::numeric::order::sorted_positions;
use std::borrow::Cow;

/// The deepest nesting. LightGBM's JSON has as many levels as a tree, twice.
pub(super) const DEPTH: usize = 1100;

/// A value of a document. Lists of numbers alone are kept as such, since they are nearly all of a model.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Data<'a> {
    Null,
    Flag(bool),
    Number(f64),
    Text(Cow<'a, str>),
    Numbers(Vec<f64>),
    List(Vec<Data<'a>>),
    Fields(Vec<(Cow<'a, str>, Data<'a>)>),
}

/// A list as it is read.
#[derive(Default)]
pub(super) struct ListBuilder<'a> {
    numbers: Vec<f64>,
    others: Option<Vec<Data<'a>>>,
}

impl<'a> ListBuilder<'a> {
    pub(super) fn push(&mut self, data: Data<'a>) {
        match (&mut self.others, data) {
            (None, Data::Number(number)) => self.numbers.push(number),
            (Some(others), data) => others.push(data),
            (None, data) => {
                let numbers = std::mem::take(&mut self.numbers);
                self.others = Some(numbers.into_iter().map(Data::Number).chain([data]).collect());
            }
        }
    }

    /// Whether it has other values than numbers: a number then takes the room of any.
    pub(super) fn is_mixed(&self) -> bool {
        self.others.is_some()
    }

    pub(super) fn finish(self) -> Data<'a> {
        self.others.map_or(Data::Numbers(self.numbers), Data::List)
    }
}

/// An object of fields.
///
/// # Errors
/// [`ErrorKind::InvalidModel`] for two of one name, of which tools take one or the other.
pub(super) fn object<'a>(fields: Vec<(Cow<'a, str>, Data<'a>)>) -> Result<Data<'a>> {
    let order = sorted_positions(fields.len(), &|a, b| fields[a].0.cmp(&fields[b].0));
    match order.windows(2).find(|pair| fields[pair[0]].0 == fields[pair[1]].0) {
        None => Ok(Data::Fields(fields)),
        Some(pair) => Err(wrong(format!("the key {} stands twice in one object", quote(&fields[pair[0]].0)))),
    }
}

/// How many numbers in lists of other values a document of a length may have.
pub(super) fn most_mixed(n_bytes: usize) -> usize {
    n_bytes / 4 + 100_000
}

/// How many values other than numbers a document of a length may have: so many are held in a few times its length.
pub(super) fn most_values(n_bytes: usize) -> usize {
    n_bytes / 8 + 100_000
}

/// An error about what a document says.
pub(super) fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidModel, message)
}

/// An error about what a model of a tool has and tepal does not carry.
pub(super) fn unsupported(tool: &str, what: &str) -> Error {
    Error::new(ErrorKind::UnsupportedModel, format!("tepal does not read models of {tool} with {what}"))
}

/// A few numbers in a message.
pub(super) fn decimals(numbers: &[f64]) -> String {
    /// More would not be read.
    const MOST: usize = 10;
    let words: Vec<String> = numbers.iter().take(MOST).map(|number| Decimal(*number).to_string()).collect();
    let more = if numbers.len() > MOST { ", …" } else { "" };
    format!("{}{more}", words.join(", "))
}

/// The error within a part of a document.
pub(super) fn within(part: &str, error: &Error) -> Error {
    Error::new(error.kind(), format!("{part}: {error}"))
}

impl<'a> Data<'a> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Numbers(_) => "numbers",
            Self::List(_) => "a list",
            Self::Fields(_) => "fields",
        }
    }

    /// Whether a field is true; a missing one is false.
    ///
    /// # Errors
    /// For anything but true and false.
    pub(super) fn flag(&self, name: &str) -> Result<bool> {
        match self.get(name) {
            None | Some(Self::Flag(false)) => Ok(false),
            Some(Self::Flag(true)) => Ok(true),
            Some(other) => Err(other.wrong(name, "true or false")),
        }
    }

    /// A field; `None` where there is none of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Data<'a>> {
        match self {
            Self::Fields(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, data)| data),
            _ => None,
        }
    }

    /// A field.
    pub(super) fn field(&self, name: &str) -> Result<&Data<'a>> {
        self.get(name).ok_or_else(|| wrong(format!("the field {name} is missing")))
    }

    fn wrong(&self, name: &str, expected: &str) -> Error {
        wrong(format!("{name}: expected {expected}, found {}", self.kind()))
    }

    /// A text of this name.
    pub(super) fn text(&self, name: &str) -> Result<&str> {
        match self.field(name)? {
            Self::Text(text) => Ok(text),
            other => Err(other.wrong(name, "text")),
        }
    }

    /// A finite number of this name.
    pub(super) fn number(&self, name: &str) -> Result<f64> {
        match self.field(name)? {
            Self::Number(number) if number.is_finite() => Ok(*number),
            Self::Number(number) => Err(wrong(format!("{name}: expected a finite number, found {}", Decimal(*number)))),
            other => Err(other.wrong(name, "a number")),
        }
    }

    /// A whole number of this name, which may be written as text.
    pub(super) fn whole(&self, name: &str) -> Result<usize> {
        let data = self.field(name)?;
        let whole = match data {
            Self::Number(number) => whole(*number),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        };
        whole.ok_or_else(|| data.wrong(name, "a whole number of at least 0"))
    }

    /// The numbers of this name. True and false are 1 and 0.
    pub(super) fn numbers(&self, name: &str) -> Result<Cow<'_, [f64]>> {
        let data = self.field(name)?;
        let number = |data: &Data<'_>| match data {
            Data::Number(number) => Some(*number),
            Data::Flag(flag) => Some(f64::from(u8::from(*flag))),
            _ => None,
        };
        match data {
            Self::Numbers(numbers) => Ok(Cow::Borrowed(numbers)),
            Self::List(items) => {
                let numbers: Option<Vec<f64>> = items.iter().map(number).collect();
                numbers.map(Cow::Owned).ok_or_else(|| data.wrong(name, "numbers"))
            }
            _ => Err(data.wrong(name, "numbers")),
        }
    }

    /// The items of a list of this name.
    pub(super) fn list(&self, name: &str) -> Result<&[Data<'a>]> {
        match self.field(name)? {
            Self::List(items) => Ok(items),
            Self::Numbers(numbers) if numbers.is_empty() => Ok(&[]),
            other => Err(other.wrong(name, "a list")),
        }
    }

    /// The texts of this name.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&str>> {
        self.list(name)?
            .iter()
            .map(|item| match item {
                Self::Text(text) => Ok(text.as_ref()),
                other => Err(other.wrong(name, "texts")),
            })
            .collect()
    }
}

/// A number that is a position or a count.
pub(super) fn whole(number: f64) -> Option<usize> {
    let is_whole = number.fract() == 0.0 && (0.0..=9.007_199_254_740_992e15).contains(&number);
    is_whole.then_some(number as usize)
}
