//! Protocol Buffers as they stand in a file: fields by number, each a whole number, 4 or 8 bytes, or bytes.

use crate::error::{Error, ErrorKind, Result};
use crate::interop::document::wrong;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field<'a> {
    Whole(u64),
    Four([u8; 4]),
    Eight([u8; 8]),
    Bytes(&'a [u8]),
}

/// The fields of a message, in the order of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

fn truncated() -> Error {
    Error::new(ErrorKind::Truncated, "the file ends within a field of ONNX; fetch or export it again")
}

impl<'a> Fields<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next field with its number; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Field<'a>)>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = self.whole()?;
        let field = match tag & 7 {
            0 => Field::Whole(self.whole()?),
            1 => Field::Eight(*self.chunk()?),
            2 => {
                let length = usize::try_from(self.whole()?).unwrap_or(usize::MAX);
                Field::Bytes(self.bytes(length)?)
            }
            5 => Field::Four(*self.chunk()?),
            other => return Err(wrong(format!("a field of ONNX has the kind {other}, which there is not"))),
        };
        Ok(Some((tag >> 3, field)))
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length).ok_or_else(truncated)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk().ok_or_else(truncated)?;
        self.0 = rest;
        Ok(chunk)
    }

    /// Seven bits a byte, the lowest first.
    fn whole(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or_else(truncated)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(wrong("a number of ONNX has more than 64 bits"))
    }
}

impl<'a> Field<'a> {
    fn wrong(self, expected: &str) -> Error {
        wrong(format!("a field of ONNX: expected {expected}"))
    }

    pub(super) fn bytes(self) -> Result<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            other => Err(other.wrong("bytes")),
        }
    }

    pub(super) fn text(self) -> Result<&'a str> {
        std::str::from_utf8(self.bytes()?).map_err(|_| self.wrong("text in UTF-8"))
    }

    pub(super) fn whole(self) -> Result<i64> {
        match self {
            Self::Whole(number) => Ok(number.cast_signed()),
            other => Err(other.wrong("a whole number")),
        }
    }

    pub(super) fn float(self) -> Result<f32> {
        match self {
            Self::Four(bytes) => Ok(f32::from_le_bytes(bytes)),
            other => Err(other.wrong("a number of 32 bits")),
        }
    }

    /// Whole numbers, packed or one alone.
    pub(super) fn wholes(self, into: &mut Vec<f64>) -> Result<()> {
        match self {
            Self::Whole(number) => into.push(number.cast_signed() as f64),
            Self::Bytes(bytes) => {
                let mut rest = Fields(bytes);
                while !rest.0.is_empty() {
                    into.push(rest.whole()?.cast_signed() as f64);
                }
            }
            other => return Err(other.wrong("whole numbers")),
        }
        Ok(())
    }

    /// Numbers of 32 bits, packed or one alone.
    pub(super) fn floats(self, into: &mut Vec<f64>) -> Result<()> {
        match self {
            Self::Four(bytes) => into.push(f64::from(f32::from_le_bytes(bytes))),
            Self::Bytes(bytes) => return little_endian(bytes, |four| f64::from(f32::from_le_bytes(four)), into),
            other => return Err(other.wrong("numbers of 32 bits")),
        }
        Ok(())
    }

    /// Numbers of 64 bits, packed or one alone.
    pub(super) fn doubles(self, into: &mut Vec<f64>) -> Result<()> {
        match self {
            Self::Eight(bytes) => into.push(f64::from_le_bytes(bytes)),
            Self::Bytes(bytes) => return little_endian(bytes, f64::from_le_bytes, into),
            other => return Err(other.wrong("numbers of 64 bits")),
        }
        Ok(())
    }
}

/// Numbers one behind the other.
pub(super) fn little_endian<const N: usize>(
    bytes: &[u8],
    number: impl Fn([u8; N]) -> f64,
    into: &mut Vec<f64>,
) -> Result<()> {
    let (chunks, rest) = bytes.as_chunks::<N>();
    into.extend(chunks.iter().map(|chunk| number(*chunk)));
    if rest.is_empty() { Ok(()) } else { Err(truncated()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_by_their_numbers() {
        let mut fields = Fields::of(&[0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 0, 0, 0x80, 0x3f]);
        assert_eq!(fields.next().unwrap(), Some((1, Field::Whole(150))));
        let (number, text) = fields.next().unwrap().unwrap();
        assert_eq!((number, text.text().unwrap()), (2, "hi"));
        assert_eq!(fields.next().unwrap().unwrap().1.float().unwrap(), 1.0);
        assert_eq!(fields.next().unwrap(), None);
    }

    #[test]
    fn what_ends_too_early_is_said_to() {
        for bytes in [&[0x08][..], &[0x08, 0x80], &[0x12, 0x05, b'h'], &[0x1d, 0], &[0x09, 1], &[0x0b]] {
            assert!(Fields::of(bytes).next().is_err(), "{bytes:?}");
        }
        assert!(Fields::of(&[0xff; 11]).next().is_err());
        let mut numbers = Vec::new();
        assert!(Field::Bytes(&[0, 0, 0x80, 0x3f, 1]).floats(&mut numbers).is_err());
    }
}
