//! The shapes of a request to `/predict`.

use crate::error::{Error, ErrorKind, Result};
use crate::wire::Cell;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// A request: exactly one of its fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    values: Option<Vec<Value>>,
    data: Option<Vec<Value>>,
    rows: Option<Vec<Pairs>>,
}

/// A request, its values checked.
#[derive(Debug)]
pub(super) enum Request {
    /// One feature's value for each of several rows.
    Values(Vec<f64>),
    /// One row's values in the order of the features.
    Data(Vec<Cell>),
    /// Rows by name.
    Rows(Vec<Vec<(String, Cell)>>),
}

/// An object as it was written: a map would let the second of two equal names win in silence.
#[derive(Debug)]
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct PairsVisitor;
        impl<'de> Visitor<'de> for PairsVisitor {
            type Value = Pairs;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a row as an object of feature names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor)
    }
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] for what is not JSON or not one of the shapes, [`ErrorKind::NotANumber`] with
    /// the place of a value that is none.
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        let fields: Fields = serde_json::from_slice(body).map_err(|error| {
            let hint =
                if error.is_syntax() || error.is_eof() { "the body is not JSON" } else { "the body has another shape" };
            invalid(format!("{hint}: {error}; {SHAPES}"))
        })?;
        match fields {
            Fields { values: Some(values), data: None, rows: None } => {
                let values =
                    values.iter().zip(1..).map(|(value, row)| number(value).map_err(|error| error.at_row(row)));
                Ok(Self::Values(values.collect::<Result<_>>()?))
            }
            Fields { values: None, data: Some(values), rows: None } => {
                Ok(Self::Data(values.iter().map(cell).collect::<Result<_>>()?))
            }
            Fields { values: None, data: None, rows: Some(rows) } => {
                Ok(Self::Rows(rows.iter().zip(1..).map(|(row, at)| pairs(row, at)).collect::<Result<_>>()?))
            }
            _ => Err(invalid(format!("the body has another shape: {SHAPES}"))),
        }
    }
}

const SHAPES: &str = "expected one of {\"rows\": [{name: value, ...}, ...]}, {\"data\": [value, ...]} \
                      and {\"values\": [number, ...]}";

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

fn pairs(Pairs(row): &Pairs, at: u64) -> Result<Vec<(String, Cell)>> {
    let pair = |(name, value): &(String, Value)| {
        let cell = cell(value).map_err(|error| error.at_row(at).in_column(name))?;
        Ok((name.clone(), cell))
    };
    row.iter().map(pair).collect()
}

/// A number, text, a flag, which is called `true` or `false`, or null for a missing value.
fn cell(value: &Value) -> Result<Cell> {
    match value {
        Value::Null => Ok(Cell::Missing),
        Value::String(text) => Ok(Cell::Text(text.clone())),
        Value::Bool(flag) => Ok(Cell::Text(flag.to_string())),
        value => value.as_f64().map(Cell::Number).ok_or_else(|| refuse("a number, text or null", value)),
    }
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().ok_or_else(|| refuse("a number", value))
}

fn refuse(expected: &str, value: &Value) -> Error {
    let found = match value {
        Value::Array(_) => "an array; rows go one by one, or by name in \"rows\"".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    };
    Error::new(ErrorKind::NotANumber, format!("expected {expected}, found {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_shapes_are_read() {
        assert!(matches!(Request::parse(br#"{"values":[1,2.5]}"#), Ok(Request::Values(v)) if v == [1.0, 2.5]));
        assert!(matches!(Request::parse(br#"{"data":[1]}"#), Ok(Request::Data(v)) if v == [Cell::Number(1.0)]));
        assert!(matches!(Request::parse(br#"{"rows":[{"b":2,"a":1}]}"#), Ok(Request::Rows(_))));
    }

    #[test]
    fn other_shapes_are_refused() {
        let cases: [(&[u8], ErrorKind); 9] = [
            (b"", ErrorKind::InvalidRequest),
            (b"{", ErrorKind::InvalidRequest),
            (b"[1]", ErrorKind::InvalidRequest),
            (b"{}", ErrorKind::InvalidRequest),
            (br#"{"date":[1]}"#, ErrorKind::InvalidRequest),
            (br#"{"data":[1],"values":[1]}"#, ErrorKind::InvalidRequest),
            (br#"{"data":[NaN]}"#, ErrorKind::InvalidRequest),
            (br#"{"data":[[1]]}"#, ErrorKind::NotANumber),
            (br#"{"rows":[{"a":[1]}]}"#, ErrorKind::NotANumber),
        ];
        for (body, kind) in cases {
            assert_eq!(Request::parse(body).unwrap_err().kind(), kind, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn numbers_keep_their_last_bit() {
        // serde_json without float_roundtrip reads this one bit off.
        let Ok(Request::Data(values)) = Request::parse(br#"{"data":[122.416294033786585]}"#) else {
            panic!("expected data")
        };
        let [Cell::Number(value)] = values.as_slice() else { panic!("expected a number") };
        assert_eq!(value.to_bits(), "122.416294033786585".parse::<f64>().unwrap().to_bits());
    }
}
