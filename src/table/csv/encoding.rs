//! Text in other encodings than UTF-8, as spreadsheets export it.

use crate::error::{Error, ErrorKind, Result};
use std::borrow::Cow;

/// The encoding of a text, by its mark or by where its zero bytes stand. Latin-1 is told from UTF-8 row by row, elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16 { is_big_endian: bool },
    Utf32,
}

/// How many bytes are looked at.
const SAMPLE: usize = 512;

impl Encoding {
    pub(crate) fn of(beginning: &[u8]) -> Self {
        match beginning {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Self::Utf32,
            [0xFF, 0xFE, ..] => return Self::Utf16 { is_big_endian: false },
            [0xFE, 0xFF, ..] => return Self::Utf16 { is_big_endian: true },
            _ => {}
        }
        let sample = &beginning[..beginning.len().min(SAMPLE)];
        // Most characters of a table are ASCII: their other bytes are zero.
        let mut zeros = [0; 4];
        sample.iter().enumerate().filter(|(_, byte)| **byte == 0).for_each(|(at, _)| zeros[at % 4] += 1);
        let most = sample.len() / 4;
        let are_mostly = |places: [usize; 4]| {
            (0..4).all(|at| match places[at] {
                0 => zeros[at] == 0,
                _ => 2 * zeros[at] > most,
            })
        };
        match most {
            0 => Self::Utf8,
            _ if are_mostly([0, 1, 1, 1]) || are_mostly([1, 1, 1, 0]) => Self::Utf32,
            _ if are_mostly([0, 1, 0, 1]) => Self::Utf16 { is_big_endian: false },
            _ if are_mostly([1, 0, 1, 0]) => Self::Utf16 { is_big_endian: true },
            _ => Self::Utf8,
        }
    }

    /// A whole text in UTF-8, or as it is if it needs no decoding.
    ///
    /// # Errors
    /// [`ErrorKind::Encoding`] for UTF-32, and for what is no text.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
        let Self::Utf16 { is_big_endian } = Self::of(bytes) else { return Ok(Cow::Borrowed(bytes)) };
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units =
            pairs.iter().map(|pair| if is_big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
        let text: std::result::Result<String, _> = char::decode_utf16(units).collect();
        match text {
            Ok(text) if rest.is_empty() => Ok(Cow::Owned(text.into_bytes())),
            _ => Err(Error::new(
                ErrorKind::Encoding,
                "the file seems to be UTF-16 and ends or breaks within a character; save it as UTF-8",
            )),
        }
    }
}

/// A whole text in UTF-8: UTF-16 decoded, and any other as it is.
///
/// # Errors
/// [`ErrorKind::Encoding`] for UTF-16 that ends or breaks within a character.
pub fn to_utf_8(bytes: &[u8]) -> Result<Cow<'_, [u8]>> {
    Encoding::decode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, mark: &[u8], is_big_endian: bool) -> Vec<u8> {
        let bytes =
            text.encode_utf16().flat_map(|unit| if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() });
        mark.iter().copied().chain(bytes).collect()
    }

    #[test]
    fn utf_16_is_known_with_its_mark_and_without() {
        let text = "größe;y\n30;nein\n18;ja\n";
        for is_big_endian in [false, true] {
            let mark: &[u8] = if is_big_endian { &[0xFE, 0xFF] } else { &[0xFF, 0xFE] };
            for mark in [mark, &[]] {
                let bytes = utf_16(text, mark, is_big_endian);
                assert_eq!(Encoding::of(&bytes), Encoding::Utf16 { is_big_endian });
                let decoded = String::from_utf8(Encoding::decode(&bytes).unwrap().into_owned()).unwrap();
                assert_eq!(decoded.trim_start_matches('\u{FEFF}'), text);
            }
        }
        assert!(Encoding::decode(&utf_16(text, &[0xFF, 0xFE], false)[..9]).is_err());
    }

    #[test]
    fn utf_8_and_utf_32_are_told_apart() {
        assert_eq!(Encoding::of("größe;y\n30;nein\n".as_bytes()), Encoding::Utf8);
        assert_eq!(Encoding::of(b"x,y\n1,\0\n"), Encoding::Utf8);
        assert_eq!(Encoding::of(b""), Encoding::Utf8);
        let utf_32: Vec<u8> = "x,y\n1,2\n".chars().flat_map(|character| u32::from(character).to_le_bytes()).collect();
        assert_eq!(Encoding::of(&utf_32), Encoding::Utf32);
    }
}
