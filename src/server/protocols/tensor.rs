//! Tensors of the Open Inference Protocol: in JSON, or in binary after it.
//!
//! Source: kserve/open-inference-protocol, `specification/protocol/inference_rest.md` and `extension_binary_data.md`.

use crate::error::{Error, ErrorKind, Result, quote};
use crate::server::memory::push;
use crate::server::request::{Bounds, Elements, JsonCell, Text, invalid};
use axum::http::HeaderName;
use std::borrow::Cow;

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

/// Refuses elements in JSON that the datatype cannot hold.
pub(super) fn check_elements(elements: &Elements<'_>, datatype: Datatype) -> Result<()> {
    let (at, found) = match elements {
        Elements::Numbers(numbers) => match numbers.iter().position(|number| !datatype.holds(*number)) {
            None => return Ok(()),
            Some(at) => (at, JsonCell::Number(numbers[at])),
        },
        Elements::Cells(cells) => {
            let is_right = |cell: &JsonCell<'_>| match cell {
                JsonCell::Missing => true,
                JsonCell::Number(number) => datatype.holds(*number),
                JsonCell::Text(_) => datatype == Datatype::Bytes,
                JsonCell::Flag(_) => datatype == Datatype::Bool,
                JsonCell::Array(_) | JsonCell::Object => false,
            };
            match cells.iter().position(|cell| !is_right(cell)) {
                None => return Ok(()),
                Some(at) => (at, cells[at].clone()),
            }
        }
    };
    let message = format!("expected elements of {}, found {found} as element {}", datatype.name(), at + 1);
    Err(Error::new(ErrorKind::NotANumber, message))
}

impl Datatype {
    /// Whether it has the number. NaN is a missing one, which every datatype has. A number between two of a shorter floating
    /// point is read as it is written.
    fn holds(self, number: f64) -> bool {
        let in_range = |least: f64, beyond: f64| number.fract() == 0.0 && (least..beyond).contains(&number);
        let power = |bits: usize| 2f64.powi(bits as i32);
        match self {
            _ if number.is_nan() => true,
            Self::Bool | Self::Bytes => false,
            Self::Unsigned(bytes) => in_range(0.0, power(8 * bytes)),
            Self::Signed(bytes) => in_range(-power(8 * bytes - 1), power(8 * bytes - 1)),
            Self::Float(2) => number.abs() <= 65504.0,
            Self::Float(4) => number.abs() <= f64::from(f32::MAX),
            Self::Float(_) => true,
        }
    }
}

/// Reads elements in binary: little-endian, one after the other. Each text follows its length in four bytes.
pub(super) fn from_binary<'b>(bytes: &'b [u8], datatype: Datatype, bounds: &Bounds) -> Result<Elements<'b>> {
    let size = match datatype {
        Datatype::Bytes => return texts(bytes, bounds).map(Elements::Cells),
        Datatype::Bool => 1,
        Datatype::Unsigned(size) | Datatype::Signed(size) | Datatype::Float(size) => size,
    };
    if !bytes.len().is_multiple_of(size) {
        let message = format!("expected whole elements of {size} bytes, found {} bytes", bytes.len());
        return Err(invalid(message));
    }
    let elements = bytes.chunks_exact(size);
    bounds.memory.grow(elements.len() * size_of::<JsonCell<'_>>())?;
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

fn texts<'b>(mut bytes: &'b [u8], bounds: &Bounds) -> Result<Vec<JsonCell<'b>>> {
    let mut cells = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) =
            bytes.split_first_chunk().ok_or_else(|| invalid("expected the four bytes of a text's length"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let Some((text, rest)) = rest.split_at_checked(length) else {
            return Err(invalid(format!("expected a text of {length} bytes, found {}", rest.len())));
        };
        let refuse = |_| invalid(format!("expected texts in UTF-8, found other bytes as element {}", cells.len() + 1));
        let text = std::str::from_utf8(text).map_err(refuse)?;
        push(&mut cells, JsonCell::Text(Cow::Borrowed(text)), &bounds.memory)?;
        bytes = rest;
    }
    Ok(cells)
}

/// The bytes of a text's length, which come before it.
pub(super) const TEXT_LENGTH_BYTES: usize = size_of::<u32>();

/// Writes a text in binary.
pub(super) fn add_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// Adds a tensor's name to an error without a column.
pub(super) fn in_tensor(error: Error, name: &Text<'_>) -> Error {
    if error.place().column.is_some() { error } else { error.in_column(&*name.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(bytes: &[u8], datatype: &str) -> Vec<f64> {
        match from_binary(bytes, Datatype::by_name(datatype).unwrap(), &Bounds::for_tests()).unwrap() {
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
        let read = |bytes: &[u8], datatype| from_binary(bytes, datatype, &Bounds::for_tests()).map(drop);
        let error = read(&u64::MAX.to_le_bytes(), Datatype::Unsigned(8)).unwrap_err();
        assert!(error.to_string().contains("found 18446744073709551615"), "{error}");
        assert!(read(&[1, 2, 3], Datatype::Float(8)).is_err());
    }

    #[test]
    fn binary_texts_are_read_and_written() {
        let mut bytes = Vec::new();
        ["a", "", "äö"].into_iter().for_each(|text| add_text(&mut bytes, text));
        let texts: Vec<String> = texts(&bytes, &Bounds::for_tests())
            .unwrap()
            .iter()
            .map(|cell| format!("{:?}", cell.value().unwrap()))
            .collect();
        assert_eq!(texts, ["Text(\"a\")", "Text(\"\")", "Text(\"äö\")"]);
        for bad in [&[1, 0, 0][..], &[2, 0, 0, 0, b'a'], &[1, 0, 0, 0, 0xff], &[255, 255, 255, 255]] {
            assert!(super::texts(bad, &Bounds::for_tests()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_datatype_has_its_numbers_and_no_others() {
        let holds = |name: &str, number: f64| Datatype::by_name(name).unwrap().holds(number);
        for (name, first, last) in [
            ("UINT8", 0.0, 255.0),
            ("INT8", -128.0, 127.0),
            ("INT32", -2147483648.0, 2147483647.0),
            ("FP16", -65504.0, 65504.0),
            ("FP32", -f64::from(f32::MAX), f64::from(f32::MAX)),
        ] {
            assert!(holds(name, first) && holds(name, last) && holds(name, f64::NAN), "{name}");
            let (before, after) =
                if name.starts_with('F') { (2.0 * first, 2.0 * last) } else { (first - 1.0, last + 1.0) };
            assert!(!holds(name, before) && !holds(name, after), "{name}");
            assert_eq!(holds(name, 0.5), name.starts_with('F'), "{name}");
        }
        assert!(!holds("BOOL", 1.0) && !holds("BYTES", 1.0) && holds("FP64", 1e308));
    }
}
