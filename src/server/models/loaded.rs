//! A model that answers.

use super::Version;
use super::folder::{ModelFile, Stamp};
use crate::describe::ModelDescription;
use crate::error::Result;
use crate::files;
use crate::model::Model;
use crate::server::memory::{Budget, ChunkWriter};
use crate::server::metrics::{Metrics, ModelMeters};
use axum::body::{Body, Bytes};
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
    /// Its description, if it is short.
    description: OnceLock<Bytes>,
}

/// The longest description that is kept.
const KEPT_DESCRIPTION: usize = 1 << 20;

/// The memory of a coefficient while a model is described: a number, and what it is on another scale.
const COEFFICIENT_BYTES: usize = 32;

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

    /// The model's description as JSON, if it is already written.
    pub(crate) fn known_description(&self) -> Option<Bytes> {
        self.description.get().cloned()
    }

    /// Writes the description. It does not change, and a short one is kept.
    ///
    /// # Errors
    /// Those of [`Reservation::grow`](crate::server::memory::Reservation::grow).
    pub(crate) fn describe(&self, budget: &Budget) -> Result<Body> {
        let coefficients = self.work_per_row().saturating_mul(COEFFICIENT_BYTES);
        let described = budget.request();
        described.grow(coefficients)?;
        let mut writer = ChunkWriter::new(described.beside());
        writer.json(&ModelDescription::of(&self.model))?;
        let written = writer.finish();
        Ok(match written.len() {
            ..=KEPT_DESCRIPTION => self.description.get_or_init(|| written.concat().into()).clone().into(),
            _ => written.into(),
        })
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
