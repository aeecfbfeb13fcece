//! What `/openapi.json` answered last.

use super::models::Catalogue;
use axum::body::Bytes;
use std::sync::Arc;

/// The document of some models, kept until there are others.
#[derive(Debug)]
pub(super) struct KnownDocument {
    now: Arc<Catalogue>,
    has_keys: bool,
    text: Bytes,
}

impl KnownDocument {
    pub(super) fn new(now: Arc<Catalogue>, has_keys: bool, text: Bytes) -> Self {
        Self { now, has_keys, text }
    }

    /// Whether it is about these models.
    pub(super) fn describes(&self, now: &Arc<Catalogue>, has_keys: bool) -> bool {
        Arc::ptr_eq(&self.now, now) && self.has_keys == has_keys
    }

    pub(super) fn text(&self) -> Bytes {
        self.text.clone()
    }
}
