//! The choice among versions, for requests that name none.

use super::{Loaded, Version};
use crate::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The versions that answer a model's requests without a version. Without weights it is the newest.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Traffic {
    /// Weights by version, relative to their sum.
    weights: BTreeMap<String, f64>,
    /// The version that scores the same rows, and whose answers no client sees.
    shadow: Option<String>,
}

impl Traffic {
    /// # Errors
    /// [`ErrorKind::InvalidOption`] for a weight that is not above 0.
    pub(crate) fn check(&self, model: &str) -> Result<()> {
        match self.weights.values().find(|weight| !(weight.is_finite() && **weight > 0.0)) {
            None => Ok(()),
            Some(weight) => {
                let message = format!("traffic.{model}: expected weights above 0, found {weight}");
                Err(Error::new(ErrorKind::InvalidOption, message))
            }
        }
    }

    /// The versions that it names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.weights.keys().chain(&self.shadow).map(String::as_str)
    }

    /// The shadow, if that version is loaded.
    pub(super) fn shadow<'v>(&self, versions: &'v [Arc<Loaded>]) -> Option<&'v Arc<Loaded>> {
        let shadow = self.shadow.as_deref()?;
        versions.iter().find(|loaded| loaded.version.as_str() == shadow)
    }

    /// The version for a point from 0 to 1, among the loaded versions, oldest first.
    ///
    /// Each weight is an interval from 0 to 1, in the order of the versions. When the weight of the last version grows, its
    /// interval grows at the start, so that every point in it keeps its version.
    pub(super) fn version_at<'v>(&self, versions: &'v [Arc<Loaded>], point: f64) -> Option<&'v Arc<Loaded>> {
        let weight = |version: &Version| self.weights.get(version.as_str()).copied();
        let weighted = || versions.iter().filter_map(|loaded| Some((loaded, weight(&loaded.version)?)));
        let total: f64 = weighted().map(|(_, weight)| weight).sum();
        let mut end = 0.0;
        let by_weight = weighted().find(|(_, weight)| {
            end += weight / total;
            point < end
        });
        let last_weighted = || weighted().next_back();
        let newest = || {
            let is_no_shadow = |loaded: &&Arc<Loaded>| Some(loaded.version.as_str()) != self.shadow.as_deref();
            versions.iter().rfind(is_no_shadow).or(versions.last())
        };
        by_weight.or_else(last_weighted).map(|(loaded, _)| loaded).or_else(newest)
    }
}

/// The point of a request from 0 to 1. Equal keys have equal points. Requests without a key are spread evenly.
pub(super) fn point(model: &str, key: Option<&[u8]>) -> f64 {
    /// The golden ratio's fraction of 2^64: its multiples are spread evenly.
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    static REQUESTS: AtomicU64 = AtomicU64::new(0);
    let bits = match key {
        Some(key) => {
            let digest = Sha256::new().chain_update(model).chain_update([0]).chain_update(key).finalize();
            digest.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte))
        }
        None => REQUESTS.fetch_add(1, Ordering::Relaxed).wrapping_mul(STEP),
    };
    // A double holds the upper 53 bits exactly, so that the point is below 1.
    (bits >> 11) as f64 / (1u64 << 53) as f64
}
