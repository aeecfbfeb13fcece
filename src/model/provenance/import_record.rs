//! Where a model that was fitted elsewhere comes from, as a record, and back.

use super::Import;
use super::record::{digest, notes};
use crate::model::hexadecimal;
use crate::model::record::Value;

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
