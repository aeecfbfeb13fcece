//! Models to bytes and back: the only folder that knows the bytes of a model file. `docs/format.md` describes the bytes.
//!
//! A file is a header and parts. The first part has all that predicting needs, and its digest is the model's identity. It is
//! written and read item by item, and never by a derive of the live types, so that these can change and old files still open.
//! Lists grow as they are read: a forged length runs past the end of the file, or past the most that models have, and is
//! refused before anything of that size is allocated.

mod bytes;
mod decode;
mod encode;
mod graph;
mod header;
mod kind;
mod old;
mod record;
mod trees;

use super::invalid::invalid;
use super::record::Value;
use super::{Model, ModelParts, Record};
use crate::error::{Error, ErrorKind, Result};
use crate::limits;
use header::{Header, PREDICTOR, PRESENTATION, RECORD, VERSION};
use sha2::{Digest, Sha256};

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[digit as usize]))
        .collect()
}

impl Model {
    /// The model file. The same model gives the same bytes on every target. It is read back before it is handed out, so that
    /// no file is written that would not open.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when it reads back as another model; [`ErrorKind::LimitExceeded`] when the file would be larger
    /// than [`limits::MODEL_BYTES`]; those that reading the model's record had, since a file without it would say less than
    /// the one that was opened.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let (predictor, kinds) = encode::first_part(self)?;
        let title = Value::fields([("title", self.name.as_str().into())]);
        let presentation = record::write(&title)?;
        let mut record = self.record.value()?.clone();
        record.set("dropped", Value::list(self.schema.dropped.iter().map(|column| column.reason.as_ref())));
        record.set("rule", self.decision.as_ref().and_then(|decision| decision.rule.as_ref()).into());
        let record = record::write(&record)?;
        let parts = [(PREDICTOR, predictor), (PRESENTATION, presentation), (RECORD, record)];
        let bytes = header::write(&kinds, &parts)?;
        limits::check("bytes in a model file", bytes.len(), limits::MODEL_BYTES)?;
        let read = Self::decode_last_version(&bytes)?;
        match read.digest == self.digest && read.proof == self.proof {
            true => Ok(bytes),
            false => {
                Err(Error::new(ErrorKind::Internal, "the model file does not read back as the model; report this"))
            }
        }
    }

    /// What identifies the model: the SHA-256 of the first part of its file, in hexadecimal. It covers all that decides
    /// predictions, and neither the name nor the record.
    pub fn digest(&self) -> String {
        hexadecimal(&self.digest)
    }

    /// The digest of the first part of the file that the model will have.
    ///
    /// # Errors
    /// [`ErrorKind::LimitExceeded`] when that part alone is larger than a file may be.
    pub(super) fn first_digest(&self) -> Result<[u8; 32]> {
        let (first, _) = encode::first_part(self)?;
        limits::check("bytes in a model file", first.len(), limits::MODEL_BYTES)?;
        Ok(Sha256::digest(first).into())
    }

    /// Reads a model file and replays its proof rows. Any bytes are safe to pass in. A file that is sound but for its record
    /// opens: [`Model::provenance`] then says what is wrong with it.
    ///
    /// # Errors
    /// [`ErrorKind::NotAModel`], [`ErrorKind::UnsupportedVersion`], [`ErrorKind::Truncated`] (also for bytes left over),
    /// [`ErrorKind::Corrupt`], [`ErrorKind::InvalidModel`], [`ErrorKind::ProofMismatch`], [`ErrorKind::LimitExceeded`].
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        match header::version(bytes)? {
            VERSION => Self::decode_last_version(bytes),
            version => {
                let model = Self::checked(old::parts(version, bytes)?).map_err(of_file)?;
                Ok(Self { digest: model.first_digest()?, ..model })
            }
        }
    }

    /// Reads a model file of the version that is written, and no other: the build that only predicts does without the code of
    /// earlier versions.
    ///
    /// # Errors
    /// Those of [`Model::decode`]; [`ErrorKind::OldVersion`].
    pub fn decode_last_version(bytes: &[u8]) -> Result<Self> {
        let version = header::version(bytes)?;
        if version != VERSION {
            let message = format!(
                "the model file has format version {version}, and this build of tepal reads version {VERSION} only; convert \
                 it by \"tepal upgrade\", or by upgrade() of the training build"
            );
            return Err(Error::new(ErrorKind::OldVersion, message).at_byte(6));
        }
        let header = Header::read(bytes)?;
        let model = Self::checked(parts(&header).map_err(of_file)?).map_err(of_file)?;
        Ok(Self { digest: header.digest, ..model })
    }

    /// A model file in the version that is written, with the same predictions to the bit. One of that version stays as it is.
    ///
    /// # Errors
    /// Those of [`Model::decode`] and [`Model::encode`].
    pub fn upgrade(bytes: &[u8]) -> Result<Vec<u8>> {
        let model = Self::decode(bytes)?;
        if header::version(bytes)? == VERSION { Ok(bytes.to_vec()) } else { model.encode() }
    }
}

/// What a fit may run into, a file must not say.
fn of_file(error: Error) -> Error {
    match error.kind() {
        ErrorKind::InvalidModel
        | ErrorKind::ProofMismatch
        | ErrorKind::LimitExceeded
        | ErrorKind::UnsupportedVersion => error,
        _ => invalid(error.to_string()),
    }
}

/// The parts of a model. A record that cannot be read says why.
fn parts(header: &Header<'_>) -> Result<ModelParts> {
    let mut parts = decode::first_part(header.predictor, &header.kinds)?;
    let presentation = record::read(header.presentation)?;
    let title = presentation.get("title").and_then(Value::text).filter(|_| Record::is_presentation(&presentation));
    parts.name = title.ok_or_else(|| invalid("expected a presentation that is a title"))?.to_owned();
    if let Some(record) = &header.record {
        let read = record.clone().and_then(|record| read_record(record, &mut parts));
        parts.record = read.unwrap_or_else(Record::unreadable);
    }
    Ok(parts)
}

/// Reads the record. Reasons and rule go where the model has them.
fn read_record(bytes: &[u8], parts: &mut ModelParts) -> Result<Record> {
    let mut record = Record::new(record::read(bytes)?);
    record.check(&parts.schema.target, &parts.preprocessor, &parts.estimator)?;
    let reasons = record.get("dropped").map(Value::items).unwrap_or_default();
    if reasons.len() != parts.schema.dropped.len() {
        return Err(invalid("expected a reason, or none, for each column that was left out"));
    }
    for (column, reason) in parts.schema.dropped.iter_mut().zip(reasons) {
        column.reason = reason.note().cloned();
    }
    let rule = record.get("rule").and_then(Value::note).cloned();
    match &mut parts.decision {
        Some(decision) => decision.rule = rule,
        None if rule.is_some() => return Err(invalid("a rule for a threshold that the model does not have")),
        None => {}
    }
    record.set("dropped", Value::None);
    record.set("rule", Value::None);
    Ok(record)
}
