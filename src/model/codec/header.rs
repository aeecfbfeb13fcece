//! The header of a model file: which parts there are, what they are made of, and their digests.

use super::bytes::{Reader, Writer, unknown};
use super::{graph, kind};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use crate::model::invalid::invalid;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 5] = b"TEPAL";
/// bincode 2, its standard configuration: little-endian, variable-length integers.
const CODEC_BINCODE_2: u8 = 1;
/// The version that is written.
pub(super) const VERSION: u16 = 4;

/// All that predicting needs.
pub(super) const PREDICTOR: &str = "predictor";
/// What the model is called.
pub(super) const PRESENTATION: &str = "presentation";
/// Where it comes from.
pub(super) const RECORD: &str = "record";

/// Magic 5, codec 1, version 2, length of the header's contents 4.
const FIXED_BYTES: usize = 12;

/// More kinds, and more parts, than there are.
const MOST_KINDS: usize = 1000;

struct Part<'a> {
    name: &'a str,
    length: u64,
    digest: [u8; 32],
}

/// A header that was read, with the bytes of the parts. Those that predictions and the page's title rest on have the digests
/// that the header says.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) kinds: Vec<&'a str>,
    pub(super) predictor: &'a [u8],
    pub(super) presentation: &'a [u8],
    /// The digest of the predictor.
    pub(super) digest: [u8; 32],
    /// `None` where there is none; an error when it ends early or has another digest.
    pub(super) record: Option<Result<&'a [u8]>>,
}

/// The bytes of a file of these parts.
pub(super) fn write(kinds: &[&str], parts: &[(&str, Vec<u8>)]) -> Result<Vec<u8>> {
    let mut contents = Writer::default();
    contents.items(kinds)?;
    contents.list(parts, |writer, (name, bytes)| {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        writer.item((name, bytes.len() as u64, digest))
    })?;
    let (contents, _) = contents.finish();
    let mut bytes = Vec::new();
    bytes.extend_from_slice(MAGIC);
    bytes.push(CODEC_BINCODE_2);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&(contents.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&contents);
    parts.iter().for_each(|(_, part)| bytes.extend_from_slice(part));
    Ok(bytes)
}

/// The version of a file that is a model's, of the first to the last that is known.
pub(super) fn version(bytes: &[u8]) -> Result<u16> {
    limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
    if !bytes.starts_with(MAGIC) {
        // A file cut within its magic is a truncated model rather than another format, unless nothing is left of it.
        return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
            truncated(bytes, FIXED_BYTES as u64)
        } else {
            Error::new(ErrorKind::NotAModel, "this is not a tepal model file; expected it to begin with \"TEPAL\"")
        });
    }
    let Some(([.., codec, low, high], _)) = bytes.split_first_chunk::<8>() else {
        return Err(truncated(bytes, FIXED_BYTES as u64));
    };
    let version = u16::from_le_bytes([*low, *high]);
    if !(1..=VERSION).contains(&version) {
        let message = format!(
            "the model file has format version {version}; this build of tepal reads versions 1 to {VERSION}; update tepal"
        );
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(6));
    }
    if *codec != CODEC_BINCODE_2 {
        let message = format!("the model file has codec {codec}; this build of tepal reads codec {CODEC_BINCODE_2}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(5));
    }
    Ok(version)
}

#[cold]
#[inline(never)]
pub(super) fn truncated(bytes: &[u8], expected: u64) -> Error {
    let message = format!("the model file has {} bytes where its header asks for {expected}", bytes.len());
    Error::new(ErrorKind::Truncated, message).at_byte(bytes.len() as u64)
}

#[cold]
#[inline(never)]
pub(super) fn corrupt(what: &str, at: usize) -> Error {
    let message = format!("the model file is damaged: the checksum of {what} does not match; fetch it again");
    Error::new(ErrorKind::Corrupt, message).at_byte(at as u64)
}

impl<'a> Header<'a> {
    /// Reads the header of a file of the last version, and finds the parts.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self> {
        let Some((fixed, rest)) = bytes.split_first_chunk::<FIXED_BYTES>() else {
            return Err(truncated(bytes, FIXED_BYTES as u64));
        };
        let length = u32::from_le_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]) as usize;
        let Some((contents, mut rest)) = rest.split_at_checked(length) else {
            return Err(truncated(bytes, FIXED_BYTES as u64 + length as u64));
        };
        let reader = &mut Reader::new(contents);
        let kinds = reader.list(MOST_KINDS, Reader::text);
        let part =
            |reader: &mut Reader<'a>| Part { name: reader.text(), length: reader.whole(), digest: reader.item() };
        let parts = reader.list(MOST_KINDS, part);
        reader.end()?;
        if let Some(name) = kinds.iter().find(|name| !kind::KNOWN.contains(name) && !graph::is_known(name)) {
            return Err(unknown(name));
        }
        let names = [PREDICTOR, PRESENTATION, RECORD];
        if let Some(part) = parts.iter().find(|part| !names.contains(&part.name)) {
            return Err(unknown(part.name));
        }
        let (Some(predictor), Some(presentation), record) = (parts.first(), parts.get(1), parts.get(2)) else {
            return Err(invalid("expected a predictor and a presentation"));
        };
        if parts.len() > names.len() || parts.iter().zip(names).any(|(part, name)| part.name != name) {
            return Err(invalid("the parts are not in their order: predictor, presentation, record"));
        }
        let lengths =
            parts.iter().try_fold((bytes.len() - rest.len()) as u64, |sum, part| sum.checked_add(part.length));
        let expected = lengths.unwrap_or(u64::MAX);
        let mut take = |part: &Part<'_>| -> Result<&'a [u8]> {
            let at = bytes.len() - rest.len();
            let length = usize::try_from(part.length).ok();
            let Some((taken, after)) = length.and_then(|length| rest.split_at_checked(length)) else {
                return Err(truncated(bytes, expected));
            };
            rest = after;
            match Sha256::digest(taken)[..] == part.digest {
                true => Ok(taken),
                false => Err(corrupt(&format!("its part \"{}\"", part.name), at)),
            }
        };
        let header = Self {
            kinds,
            predictor: take(predictor)?,
            presentation: take(presentation)?,
            digest: predictor.digest,
            record: record.map(take),
        };
        match (bytes.len() as u64) > expected {
            true => Err(truncated(bytes, expected)),
            false => Ok(header),
        }
    }
}
