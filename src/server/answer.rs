//! Answers, and errors as answers.

use super::models::Loaded;
use crate::error::ErrorBody;
use crate::error::{Error, ErrorKind};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

/// The response of a handler, or its error.
pub(super) type HandlerResult = std::result::Result<Response, Rejection>;

pub(super) const JSON: &str = "application/json";

/// An error on its way to a client.
#[derive(Debug)]
pub(super) struct Rejection {
    pub(super) error: Box<Error>,
    /// The seconds after which the client may try again.
    retry_after: Option<u64>,
    /// The methods that are allowed.
    allow: Option<&'static str>,
    /// The model that was asked.
    loaded: Option<Arc<Loaded>>,
}

impl From<Error> for Rejection {
    fn from(error: Error) -> Self {
        // A thread or a model may be free soon.
        let retry_after = (error.kind() == ErrorKind::Unavailable).then_some(1);
        Self { error: Box::new(error), retry_after, allow: None, loaded: None }
    }
}

impl Rejection {
    pub(super) fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    pub(super) fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    pub(super) fn by_model(error: Error, loaded: &Arc<Loaded>) -> Self {
        Self { loaded: Some(Arc::clone(loaded)), ..Self::from(error) }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.error.kind().http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(&ErrorBody::from(&*self.error));
        *response.status_mut() = status;
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(methods) = self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(loaded) = self.loaded {
            response.extensions_mut().insert(AnsweredBy(loaded));
        }
        response.extensions_mut().insert(ReportedError(*self.error));
        response
    }
}

/// In a response's extensions: the model that answered.
#[derive(Debug, Clone)]
pub(super) struct AnsweredBy(pub(super) Arc<Loaded>);

/// In a response's extensions: the error that it reports.
#[derive(Debug, Clone)]
pub(super) struct ReportedError(pub(super) Error);

/// An answer in JSON.
pub(super) fn json(body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => typed(JSON, bytes),
        Err(error) => {
            tracing::error!("an answer could not be written: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An answer of a content type.
pub(super) fn typed(content_type: &'static str, bytes: impl Into<axum::body::Body>) -> Response {
    let mut response = Response::new(bytes.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
