//! Files of versions 1 to 3: a header of 48 bytes and one payload. They open for ever, in all builds but the one that only
//! predicts, and are written no more.

mod into_parts;
mod payload_v1;
mod payload_v2;
mod payload_v3;
mod sequence;

use super::header::{corrupt, truncated};
use crate::error::Result;
use crate::limits;
use crate::model::ModelParts;
use crate::model::invalid::invalid;
use bincode::BorrowDecode;
use payload_v1::PayloadV1;
use payload_v2::PayloadV2;
use payload_v3::PayloadV3;
use sha2::{Digest, Sha256};

/// Magic 5, codec 1, version 2, payload length 8, SHA-256 of the payload 32.
const HEADER_BYTES: usize = 48;

/// What stands in a payload, and nothing after it.
fn whole<'p, T: BorrowDecode<'p, ()>>(payload: &'p [u8]) -> Result<T> {
    let configuration = bincode::config::standard().with_limit::<{ limits::MODEL_BYTES }>();
    match bincode::borrow_decode_from_slice(payload, configuration) {
        Ok((decoded, read)) if read == payload.len() => Ok(decoded),
        Ok(_) => Err(invalid("the payload goes on after its end")),
        Err(_) => Err(invalid("the payload does not decode")),
    }
}

/// The parts of a model in a file whose magic, codec and version are known.
pub(super) fn parts(version: u16, bytes: &[u8]) -> Result<ModelParts> {
    let Some((header, payload)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return Err(truncated(bytes, HEADER_BYTES as u64));
    };
    let mut length = [0; 8];
    length.copy_from_slice(&header[8..16]);
    let length = u64::from_le_bytes(length);
    if length != payload.len() as u64 {
        return Err(truncated(bytes, length.saturating_add(HEADER_BYTES as u64)));
    }
    if Sha256::digest(payload)[..] != header[16..] {
        return Err(corrupt("its payload", 16));
    }
    match version {
        1 => whole::<PayloadV1<'_>>(payload)?.into_v3()?,
        2 => whole::<PayloadV2<'_>>(payload)?.into_v3()?,
        _ => whole::<PayloadV3<'_>>(payload)?,
    }
    .into_parts()
}
