//! Tensors of the Open Inference Protocol: in JSON, or in binary after it.
//!
//! Source: kserve/open-inference-protocol, `specification/protocol/inference_rest.md` and `extension_binary_data.md`.

use crate::error::{Error, ErrorKind, Result, quote};
use crate::predict::Value;
use crate::server::request::{JsonCell, Text, invalid};
use axum::http::HeaderName;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// The header with the number of JSON bytes of a body.
pub(super) const JSON_LENGTH: HeaderName = HeaderName::from_static("inference-header-content-length");

/// The type of a tensor's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datatype {
    Bool,
    Unsigned(usize),
    Signed(usize),
    Float(usize),
    Bytes,
}

impl Datatype {
    const NAMES: [(&'static str, Self); 13] = [
        ("BOOL", Self::Bool),
        ("UINT8", Self::Unsigned(1)),
        ("UINT16", Self::Unsigned(2)),
        ("UINT32", Self::Unsigned(4)),
        ("UINT64", Self::Unsigned(8)),
        ("INT8", Self::Signed(1)),
        ("INT16", Self::Signed(2)),
        ("INT32", Self::Signed(4)),
        ("INT64", Self::Signed(8)),
        ("FP16", Self::Float(2)),
        ("FP32", Self::Float(4)),
        ("FP64", Self::Float(8)),
        ("BYTES", Self::Bytes),
    ];

    pub(super) fn by_name(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, datatype)| *datatype);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::NAMES.iter().map(|(name, _)| *name).collect();
            invalid(format!("expected a datatype of {}, found {}", names.join(", "), quote(name)))
        })
    }

    pub(super) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, other)| *other == self).map_or("", |(name, _)| name)
    }
}

/// The elements of a tensor in a request.
#[derive(Debug)]
pub(super) enum Elements<'b> {
    Cells(Vec<JsonCell<'b>>),
    /// From binary data, where NaN is a missing value.
    Numbers(Vec<f64>),
}

impl Elements<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Cells(cells) => cells.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    pub(super) fn value(&self, index: usize) -> Result<Value<'_>> {
        match self {
            Self::Cells(cells) => cells[index].value(),
            Self::Numbers(numbers) if numbers[index].is_nan() => Ok(Value::Missing),
            Self::Numbers(numbers) => Ok(Value::Number(numbers[index])),
        }
    }
}

/// Elements in JSON, in row-major order, flat or in lists of any depth.
#[derive(Debug)]
pub(super) struct Flat<'b>(pub(super) Vec<JsonCell<'b>>);

impl<'de: 'b, 'b> Deserialize<'de> for Flat<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let mut cells = Vec::new();
        deserializer.deserialize_seq(List(&mut cells))?;
        Ok(Self(cells))
    }
}

/// Reads a list of any depth, and adds its elements to those before.
struct List<'v, 'b>(&'v mut Vec<JsonCell<'b>>);

impl<'de: 'b, 'b> Visitor<'de> for List<'_, 'b> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the elements of a tensor, flat or nested")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> std::result::Result<(), A::Error> {
        while list.next_element_seed(Element(self.0))?.is_some() {}
        Ok(())
    }
}

/// An element, or a list of them.
struct Element<'v, 'b>(&'v mut Vec<JsonCell<'b>>);

impl<'de: 'b, 'b> DeserializeSeed<'de> for Element<'_, 'b> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de: 'b, 'b> Visitor<'de> for Element<'_, 'b> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number, text, flag or null, or a list of them")
    }

    fn visit_f64<E>(self, number: f64) -> std::result::Result<(), E> {
        self.0.push(JsonCell::Number(number));
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> std::result::Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> std::result::Result<(), E> {
        self.visit_f64(number as f64)
    }

    fn visit_bool<E>(self, flag: bool) -> std::result::Result<(), E> {
        self.0.push(JsonCell::Flag(flag));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<(), E> {
        self.0.push(JsonCell::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<(), E> {
        self.0.push(JsonCell::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        self.0.push(JsonCell::Missing);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> std::result::Result<(), A::Error> {
        List(self.0).visit_seq(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.push(JsonCell::Object);
        Ok(())
    }
}

/// Refuses elements in JSON that are not of the datatype.
pub(super) fn check_cells(cells: &[JsonCell<'_>], datatype: Datatype) -> Result<()> {
    let is_right = |cell: &JsonCell<'_>| match cell {
        JsonCell::Missing => true,
        JsonCell::Number(_) => !matches!(datatype, Datatype::Bool | Datatype::Bytes),
        JsonCell::Text(_) => datatype == Datatype::Bytes,
        JsonCell::Flag(_) => datatype == Datatype::Bool,
        JsonCell::Array(_) | JsonCell::Object => false,
    };
    match cells.iter().position(|cell| !is_right(cell)) {
        None => Ok(()),
        Some(at) => {
            let found = match &cells[at] {
                JsonCell::Number(number) => number.to_string(),
                JsonCell::Text(text) => quote(text),
                JsonCell::Flag(flag) => flag.to_string(),
                JsonCell::Array(_) => "an array".into(),
                JsonCell::Object => "an object".into(),
                JsonCell::Missing => "null".to_owned(),
            };
            let message = format!("expected elements of {}, found {found} as element {}", datatype.name(), at + 1);
            Err(Error::new(ErrorKind::NotANumber, message))
        }
    }
}

/// Reads elements in binary: little-endian, one after the other. Each text follows its length in four bytes.
pub(super) fn from_binary(bytes: &[u8], datatype: Datatype) -> Result<Elements<'_>> {
    let size = match datatype {
        Datatype::Bytes => return texts(bytes).map(Elements::Cells),
        Datatype::Bool => 1,
        Datatype::Unsigned(size) | Datatype::Signed(size) | Datatype::Float(size) => size,
    };
    if !bytes.len().is_multiple_of(size) {
        let message = format!("expected whole elements of {size} bytes, found {} bytes", bytes.len());
        return Err(invalid(message));
    }
    let elements = bytes.chunks_exact(size);
    if datatype == Datatype::Bool {
        return Ok(Elements::Cells(elements.map(|byte| JsonCell::Flag(byte[0] != 0)).collect()));
    }
    elements.map(|element| number(element, datatype)).collect::<Result<_>>().map(Elements::Numbers)
}

fn number(element: &[u8], datatype: Datatype) -> Result<f64> {
    let bits = element.iter().rev().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    let unused = 64 - 8 * element.len() as u32;
    let whole = |exact: i128| {
        let number = exact as f64;
        if number as i128 == exact {
            return Ok(number);
        }
        Err(invalid(format!("expected a whole number that 64 bits of floating point can hold, found {exact}")))
    };
    match datatype {
        Datatype::Float(2) => Ok(half(bits as u16)),
        Datatype::Float(4) => Ok(f64::from(f32::from_bits(bits as u32))),
        Datatype::Float(_) => Ok(f64::from_bits(bits)),
        Datatype::Signed(_) => whole(i128::from((bits << unused).cast_signed() >> unused)),
        _ => whole(i128::from(bits)),
    }
}

/// A number of IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

fn texts(mut bytes: &[u8]) -> Result<Vec<JsonCell<'_>>> {
    let mut cells = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) =
            bytes.split_first_chunk().ok_or_else(|| invalid("expected the four bytes of a text's length"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let Some((text, rest)) = rest.split_at_checked(length) else {
            return Err(invalid(format!("expected a text of {length} bytes, found {}", rest.len())));
        };
        let text = std::str::from_utf8(text).map_err(|_| invalid("expected texts in UTF-8"))?;
        cells.push(JsonCell::Text(Cow::Borrowed(text)));
        bytes = rest;
    }
    Ok(cells)
}

/// Writes texts in binary.
pub(super) fn texts_to_binary<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for text in texts {
        bytes.extend((text.as_ref().len() as u32).to_le_bytes());
        bytes.extend(text.as_ref().as_bytes());
    }
    bytes
}

/// Adds a tensor's name to an error without a column.
pub(super) fn in_tensor(error: Error, name: &Text<'_>) -> Error {
    if error.place().column.is_some() { error } else { error.in_column(&*name.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: &[u8], datatype: &str) -> Vec<f64> {
        match from_binary(bytes, Datatype::by_name(datatype).unwrap()).unwrap() {
            Elements::Numbers(numbers) => numbers,
            Elements::Cells(cells) => panic!("{cells:?}"),
        }
    }

    #[test]
    fn binary_numbers_are_read() {
        assert_eq!(numbers(&[1, 255], "UINT8"), [1.0, 255.0]);
        assert_eq!(numbers(&[1, 255], "INT8"), [1.0, -1.0]);
        assert_eq!(numbers(&(-3i64).to_le_bytes(), "INT64"), [-3.0]);
        assert_eq!(numbers(&40_000u16.to_le_bytes(), "UINT16"), [40_000.0]);
        assert_eq!(numbers(&1.5f32.to_le_bytes(), "FP32"), [1.5]);
        assert_eq!(numbers(&0.1f64.to_le_bytes(), "FP64"), [0.1]);
        assert_eq!(
            numbers(&[0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c, 0xff, 0x7b], "FP16"),
            [1.0, -2.0, 2f64.powi(-24), f64::INFINITY, 65504.0]
        );
        let error = from_binary(&u64::MAX.to_le_bytes(), Datatype::by_name("UINT64").unwrap()).unwrap_err();
        assert!(error.to_string().contains("found 18446744073709551615"), "{error}");
        assert!(from_binary(&[1, 2, 3], Datatype::Float(8)).is_err());
    }

    #[test]
    fn binary_texts_are_read_and_written() {
        let bytes = texts_to_binary(["a", "", "äö"].into_iter());
        let texts: Vec<String> =
            texts(&bytes).unwrap().iter().map(|cell| format!("{:?}", cell.value().unwrap())).collect();
        assert_eq!(texts, ["Text(\"a\")", "Text(\"\")", "Text(\"äö\")"]);
        for bad in [&[1, 0, 0][..], &[2, 0, 0, 0, b'a'], &[1, 0, 0, 0, 0xff], &[255, 255, 255, 255]] {
            assert!(super::texts(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn nested_elements_are_flattened() {
        let Flat(cells) = serde_json::from_str("[[1, [2]], 3, [[\"a\"]]]").unwrap();
        assert_eq!(cells.len(), 4);
        assert!(check_cells(&cells, Datatype::Float(8)).unwrap_err().to_string().contains("found \"a\" as element 4"));
    }
}
