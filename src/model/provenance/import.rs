//! Where a model that was fitted elsewhere comes from.

use super::record::{digest, notes};
use crate::model::hexadecimal;
use crate::model::record::Value;
use crate::note::Note;

/// The file of another tool that a model was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The tool: `XGBoost` or `LightGBM`.
    pub source: String,
    /// The version of the tool, or of its format, as far as the file says one.
    pub source_version: Option<String>,
    /// What was fitted, in the tool's own words: `binary:logistic`.
    pub objective: Option<String>,
    /// The SHA-256 of the file.
    pub source_digest: [u8; 32],
    /// Seconds since 1970-01-01 UTC when it was read, if the caller said.
    pub created: Option<u64>,
    /// The version of tepal that read it.
    pub tool_version: String,
    /// What a person should know of the reading.
    pub notes: Vec<Note>,
}

impl Import {
    /// The record of a model that comes from here.
    pub(in crate::model) fn to_record(&self) -> Value {
        let imported = Value::fields([
            ("source", self.source.as_str().into()),
            ("sourceVersion", self.source_version.as_deref().into()),
            ("objective", self.objective.as_deref().into()),
            ("sourceDigest", hexadecimal(&self.source_digest).as_str().into()),
            ("created", self.created.into()),
            ("toolVersion", self.tool_version.as_str().into()),
            ("notes", Value::list(&self.notes)),
        ]);
        // These two are of the model, which sets them when it is written.
        Value::fields([("imported", imported), ("dropped", Value::None), ("rule", Value::None)])
    }

    /// What a record says; `None` for that of a fit. Its shape was checked before.
    pub(in crate::model) fn of_record(record: &Value) -> Option<Self> {
        let imported = record.get("imported")?;
        let text = |name: &str| imported.get(name).and_then(Value::text).map(str::to_owned);
        Some(Self {
            source: text("source")?,
            source_version: text("sourceVersion"),
            objective: text("objective"),
            source_digest: digest(&text("sourceDigest")?)?,
            created: imported.get("created").and_then(Value::whole),
            tool_version: text("toolVersion")?,
            notes: notes(imported.get("notes")?),
        })
    }
}
