//! The protocols of clients. Each reads a request into rows, and writes the model's answer.

mod method;
pub(super) mod mlflow;
pub(super) mod open_inference;
pub(super) mod plain;
mod stream;
mod tensor;
pub(super) mod tf_serving;

pub(super) use method::Method;

use super::App;
use super::answer::{AnsweredBy, HandlerResult, JSON, Rejection, typed};
use super::memory::Chunks;
use super::models::{Loaded, ModelSelector};
use super::request::{self, Bounds, RequestRows};
use super::scoring::ScoringPool;
use crate::error::{ErrorKind, Result};
use crate::limits::{ANSWER_NUMBERS, check_product};
use crate::predict::{Prediction, PredictionBody};
use axum::body::Bytes;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::response::Response;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// The `model` and `version` of a path.
impl<S: Send + Sync> FromRequestParts<S> for ModelSelector {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Rejection> {
        let mut selector = Self::default();
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|_| request::invalid("the path is not UTF-8"))?;
        for (name, value) in &params {
            match name {
                "model" => selector.model = Some(value.to_owned()),
                "version" => selector.version = Some(value.to_owned()),
                _ => {}
            }
        }
        Ok(selector)
    }
}

/// Rows with the model's outputs.
#[derive(Debug)]
pub(super) struct ScoredRows {
    pub(super) n_rows: usize,
    /// One row after the other, in the order of the features.
    values: Vec<f64>,
    /// `n_outputs` numbers for each row.
    outputs: Vec<f64>,
}

impl ScoredRows {
    /// # Errors
    /// Those of [`crate::model::Model::predict_many`].
    pub(super) fn score(loaded: &Loaded, rows: RequestRows<'_>) -> Result<Self> {
        let (n_rows, memory) = (rows.n_rows(), &rows.bounds().memory);
        if n_rows == 0 {
            return Err(request::invalid("expected at least one row, found none"));
        }
        let what = "numbers in an answer; send fewer rows at once";
        check_product(what, n_rows, loaded.model.n_outputs(), ANSWER_NUMBERS)?;
        memory.grow(n_rows * loaded.model.n_outputs() * size_of::<f64>())?;
        let values = rows.into_values();
        let outputs = loaded.model.predict_many(&values)?;
        loaded.meters.count(&values, loaded.model.n_features());
        Ok(Self { n_rows, values, outputs })
    }

    /// The prediction of each row.
    pub(super) fn predictions<'m>(&'m self, loaded: &'m Loaded) -> impl Iterator<Item = Prediction<'m>> {
        self.outputs.chunks_exact(loaded.model.n_outputs()).map(|outputs| loaded.model.prediction(outputs))
    }

    /// The prediction of each row as JSON has it. Each is made when it is written.
    pub(super) fn bodies<'m>(&'m self, loaded: &'m Loaded) -> Bodies<'m> {
        Bodies { scored: self, loaded }
    }

    /// The values of each row.
    pub(super) fn rows<'m>(&'m self, loaded: &'m Loaded) -> impl Iterator<Item = &'m [f64]> {
        self.values.chunks_exact(loaded.model.n_features())
    }
}

/// See [`ScoredRows::bodies`].
pub(super) struct Bodies<'m> {
    scored: &'m ScoredRows,
    loaded: &'m Loaded,
}

impl<'m> Bodies<'m> {
    pub(super) fn iter(&self) -> impl Iterator<Item = PredictionBody<'m>> {
        let Self { scored, loaded } = *self;
        let rows = scored.rows(loaded).zip(scored.outputs.chunks_exact(loaded.model.n_outputs()));
        rows.map(|(row, outputs)| PredictionBody::of(&loaded.model, row, outputs))
    }
}

impl Serialize for Bodies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// An answer as bytes, with the rows that were scored for it.
#[derive(Debug)]
pub(super) struct Answer {
    scored: ScoredRows,
    body: Chunks,
    content_type: &'static str,
    /// The number of JSON bytes, if binary tensors follow them.
    json_length: Option<usize>,
}

impl Answer {
    pub(super) fn json(body: Chunks, scored: ScoredRows) -> Self {
        Self { body, scored, content_type: JSON, json_length: None }
    }
}

/// Writes an answer within the memory that is left.
///
/// # Errors
/// Those of [`ChunkWriter::json`](super::memory::ChunkWriter::json).
fn to_json(bounds: &Bounds, body: &impl Serialize) -> Result<Chunks> {
    let mut writer = bounds.writer();
    writer.json(body)?;
    Ok(writer.finish())
}

/// The model that answered, in the body of an answer.
#[derive(Debug, Serialize)]
pub(super) struct ModelBody<'m> {
    name: &'m str,
    version: &'m str,
    digest: &'m str,
}

impl<'m> From<&'m Loaded> for ModelBody<'m> {
    fn from(loaded: &'m Loaded) -> Self {
        Self { name: &loaded.name, version: loaded.version.as_str(), digest: &loaded.digest }
    }
}

/// Reads a request, scores it and answers. `work` is the protocol's part.
pub(super) async fn respond(
    app: &App,
    selector: &ModelSelector,
    request: Request,
    work: impl Fn(&Loaded, &[u8], &Bounds) -> Result<Answer> + Send + Sync + 'static,
) -> HandlerResult {
    let (head, body) = request.into_parts();
    let choice = app.models.choose(selector, app.sticky_key(&head.headers))?;
    let refuse = |error| Rejection::by_model(error, &choice.loaded);
    let bounds = Bounds::new(app.config.limits, &app.memory);
    let bytes = request::read(body, &head.headers, &bounds).await.map_err(refuse)?;
    let work = Arc::new(work);
    let loaded = &choice.loaded;
    let (answer, bounds) = if ScoringPool::is_small(bytes.len(), loaded.model.n_features(), loaded.work_per_row()) {
        (work(loaded, &bytes, &bounds), bounds)
    } else {
        let (work, loaded, bytes) = (Arc::clone(&work), Arc::clone(loaded), bytes.clone());
        let run = app.scoring.run(move || (work(&loaded, &bytes, &bounds), bounds)).await;
        if run.is_err() {
            app.metrics.shed.inc();
        }
        run.map_err(refuse)?
    };
    let Answer { scored, body, content_type, json_length } = answer.map_err(refuse)?;
    if let Some(shadow) = choice.shadow {
        let asked = Asked { loaded: Arc::clone(loaded), scored, bytes, bounds };
        compare_later(app, asked, shadow, work);
    }
    let mut response = typed(content_type, body);
    if let Some(length) = json_length {
        response.headers_mut().insert(tensor::JSON_LENGTH, length.into());
    }
    Ok(answered_by(response, loaded))
}

/// Records the model that answered, for the answer's headers and the metrics.
pub(super) fn answered_by(mut response: Response, loaded: &Arc<Loaded>) -> Response {
    response.extensions_mut().insert(AnsweredBy(Arc::clone(loaded)));
    response
}

/// A request that was answered, with the memory that it holds.
struct Asked {
    loaded: Arc<Loaded>,
    scored: ScoredRows,
    bytes: Bytes,
    bounds: Bounds,
}

/// Scores the request by the shadow too, after the answer. Requests come first: the shadow waits for no thread and no memory.
fn compare_later(
    app: &App,
    asked: Asked,
    shadow: Arc<Loaded>,
    work: Arc<impl Fn(&Loaded, &[u8], &Bounds) -> Result<Answer> + Send + Sync + 'static>,
) {
    let app = app.clone();
    tokio::spawn(async move {
        let (counted, bounds) = (Arc::clone(&shadow), Bounds::new(app.config.limits, &app.memory));
        let compare = move || {
            let answer = work(&shadow, &asked.bytes, &bounds);
            let is_skipped = answer.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unavailable);
            let compared = compare(&asked.loaded, &asked.scored, &shadow, answer);
            drop(asked.bounds);
            (!is_skipped).then_some(compared)
        };
        match app.scoring.run_if_idle(compare).await.flatten() {
            Some((n_rows, differences)) => {
                counted.meters.shadow_rows.inc_by(n_rows);
                counted.meters.shadow_differences.inc_by(differences);
            }
            None => {
                app.metrics.shadow_skipped.inc();
            }
        }
    });
}

/// The number of rows, and how many of them the shadow answers with another class or number. Rows that the shadow refuses all
/// count as different.
fn compare(loaded: &Loaded, scored: &ScoredRows, shadow: &Loaded, answer: Result<Answer>) -> (u64, u64) {
    let n_rows = scored.n_rows as u64;
    let Ok(answer) = answer else { return (n_rows, n_rows) };
    let is_different = |(a, b): &(Prediction<'_>, Prediction<'_>)| match (a, b) {
        (Prediction::Value(a), Prediction::Value(b)) => a.to_bits() != b.to_bits(),
        (a, b) => a.class() != b.class(),
    };
    let pairs = scored.predictions(loaded).zip(answer.scored.predictions(shadow));
    (n_rows, pairs.filter(is_different).count() as u64)
}
