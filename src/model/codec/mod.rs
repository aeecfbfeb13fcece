//! Models to bytes and back: the only folder that knows the bytes of a model file. `docs/format.md` describes the bytes.
//!
//! The payload has structs of its own, one set per version and never the live types, so that the live types can change
//! and old files still open. They borrow their text from the file, and their sequences grow as they are read: a forged
//! length runs past the end of the file and is refused before anything of that size is allocated.

mod decode;
mod encode;
mod payload_v1;
mod payload_v2;
mod payload_v3;
mod sequence;

use super::Model;
use super::checks::invalid;
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use bincode::BorrowDecode;
use payload_v1::PayloadV1;
use payload_v2::PayloadV2;
use payload_v3::PayloadV3;
use sha2::{Digest, Sha256};

const MAGIC: &[u8; 5] = b"TEPAL";
/// bincode 2, its standard configuration: little-endian, variable-length integers.
const CODEC_BINCODE_2: u8 = 1;
/// The version that is written; all versions up to it are read.
const VERSION: u16 = LAST_VERSION;
const LAST_VERSION: u16 = 3;
/// Magic 5, codec 1, version 2, payload length 8, SHA-256 of the payload 32.
const HEADER_BYTES: usize = 48;

fn bincode_configuration() -> impl bincode::config::Config {
    bincode::config::standard().with_limit::<{ limits::MODEL_BYTES }>()
}

impl Model {
    /// The model file. The same model gives the same bytes on every target.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] when the file would be larger than [`limits::MODEL_BYTES`].
    pub fn encode(&self) -> Result<Vec<u8>> {
        let payload = self.payload()?;
        let mut bytes = Vec::with_capacity(HEADER_BYTES + payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.push(CODEC_BINCODE_2);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        // Not the model's own digest: it may have been read from a file of an earlier version.
        bytes.extend_from_slice(&Sha256::digest(&payload));
        bytes.extend_from_slice(&payload);
        limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
        Ok(bytes)
    }

    /// What identifies the model: the SHA-256 of its file's payload, in hexadecimal.
    pub fn digest(&self) -> String {
        hexadecimal(&self.digest)
    }

    /// The digest that the model's file will have.
    pub(super) fn payload_digest(&self) -> Result<[u8; 32]> {
        Ok(Sha256::digest(self.payload()?).into())
    }

    fn payload(&self) -> Result<Vec<u8>> {
        bincode::encode_to_vec(PayloadV3::of(self), bincode_configuration())
            .map_err(|error| Error::new(ErrorKind::LimitExceeded, format!("the model cannot be written: {error}")))
    }

    /// Reads a model file and replays its proof rows. Any bytes are safe to pass in.
    ///
    /// # Errors
    /// [`ErrorKind::NotAModel`], [`ErrorKind::UnsupportedVersion`], [`ErrorKind::Truncated`] (also for bytes left
    /// over), [`ErrorKind::Corrupt`], [`ErrorKind::InvalidModel`], [`ErrorKind::ProofMismatch`],
    /// [`ErrorKind::LimitExceeded`].
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let (version, payload) = checked_payload(bytes)?;
        let parts = match version {
            1 => whole::<PayloadV1<'_>>(payload)?.into_v3()?,
            2 => whole::<PayloadV2<'_>>(payload)?.into_v3()?,
            _ => whole::<PayloadV3<'_>>(payload)?,
        };
        let model = Self::checked(parts.into_parts()?).map_err(|error| match error.kind() {
            ErrorKind::InvalidModel | ErrorKind::ProofMismatch | ErrorKind::LimitExceeded => error,
            // What a fit may run into, a file must not say.
            _ => invalid(error.to_string()),
        })?;
        Ok(Self { digest: Sha256::digest(payload).into(), ..model })
    }
}

/// A payload and nothing after it.
#[inline(never)]
fn whole<'p, T: BorrowDecode<'p, ()>>(payload: &'p [u8]) -> Result<T> {
    // bincode's own words name its types rather than the file's parts, and take 8 KB of the predict build.
    let (decoded, read) = bincode::borrow_decode_from_slice(payload, bincode_configuration())
        .map_err(|_| invalid("the payload does not decode"))?;
    if read == payload.len() {
        return Ok(decoded);
    }
    let message = format!("the payload goes on for {} bytes after its end", payload.len() - read);
    Err(invalid(message).at_byte((HEADER_BYTES + read) as u64))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The version and the payload of a file whose header and checksum are right.
fn checked_payload(bytes: &[u8]) -> Result<(u16, &[u8])> {
    limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
    let not_a_model =
        || Error::new(ErrorKind::NotAModel, "this is not a tepal model file; expected it to begin with \"TEPAL\"");
    let truncated = |expected: u64| {
        let message = format!("the model file has {} bytes where its header asks for {expected}", bytes.len());
        Error::new(ErrorKind::Truncated, message).at_byte(bytes.len() as u64)
    };
    if !bytes.starts_with(MAGIC) {
        // A file cut within its magic is a truncated model rather than another format, unless nothing is left of it.
        return Err(if MAGIC.starts_with(bytes) && !bytes.is_empty() {
            truncated(HEADER_BYTES as u64)
        } else {
            not_a_model()
        });
    }
    let Some((header, payload)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(truncated(HEADER_BYTES as u64));
    };
    let (codec, version) = (header[5], u16::from_le_bytes([header[6], header[7]]));
    if !(1..=LAST_VERSION).contains(&version) {
        let message = format!(
            "the model file has format version {version}; this build of tepal reads versions 1 to {LAST_VERSION}; \
             update tepal"
        );
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(6));
    }
    if codec != CODEC_BINCODE_2 {
        let message = format!("the model file has codec {codec}; this build of tepal reads codec {CODEC_BINCODE_2}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message).at_byte(5));
    }
    let mut length = [0; 8];
    length.copy_from_slice(&header[8..16]);
    let length = u64::from_le_bytes(length);
    if length != payload.len() as u64 {
        return Err(truncated(length.saturating_add(HEADER_BYTES as u64)));
    }
    if Sha256::digest(payload)[..] != header[16..] {
        let message = "the model file is damaged: its checksum does not match; fetch it again";
        return Err(Error::new(ErrorKind::Corrupt, message).at_byte(16));
    }
    Ok((version, payload))
}
