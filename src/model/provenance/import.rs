//! Where a model that was fitted elsewhere comes from.

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
