//! A model that answers.

use super::Version;
use super::folder::{ModelFile, Stamp};
use crate::describe::ModelDescription;
use crate::error::Result;
use crate::files;
use crate::model::Model;
use crate::server::metrics::{Metrics, ModelMeters};
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue};
use std::sync::{Arc, OnceLock};

const MODEL: HeaderName = HeaderName::from_static("tepal-model");
const VERSION: HeaderName = HeaderName::from_static("tepal-version");
const DIGEST: HeaderName = HeaderName::from_static("tepal-digest");

/// A version of a model, decoded and proven.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) name: Arc<str>,
    pub(crate) version: Version,
    pub(crate) digest: String,
    pub(crate) model: Model,
    pub(crate) meters: ModelMeters,
    /// The headers of its answers. A name that does not fit into a header is in the body only.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) stamp: Stamp,
    description: OnceLock<Bytes>,
}

impl Loaded {
    /// Opens a file. Decoding replays the proof rows.
    ///
    /// # Errors
    /// Those of [`files::read_model`].
    pub(super) fn open(found: &ModelFile, metrics: &Metrics) -> Result<Self> {
        let model = files::read_model(&found.path)?;
        let name: Arc<str> = found.name.as_str().into();
        let digest = model.digest();
        let headers = [(MODEL, &*name), (VERSION, found.version.as_str()), (DIGEST, &digest)];
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)));
        Ok(Self {
            headers: headers.collect(),
            meters: metrics.model_meters(&name, found.version.as_str(), &model),
            digest,
            version: found.version.clone(),
            stamp: found.stamp,
            description: OnceLock::new(),
            model,
            name,
        })
    }

    /// The model's description as JSON. It does not change, and is written once.
    pub(crate) fn description(&self) -> Bytes {
        let write = || serde_json::to_vec(&ModelDescription::of(&self.model)).unwrap_or_default().into();
        self.description.get_or_init(write).clone()
    }

    /// The number of multiplications for a row.
    pub(crate) fn work_per_row(&self) -> usize {
        self.model
            .preprocessor()
            .n_columns()
            .saturating_mul(self.model.n_outputs())
            .saturating_add(self.model.n_features())
    }
}
