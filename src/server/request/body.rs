//! Bodies of requests.

use super::super::config::RequestLimits;
use crate::error::{Error, ErrorKind, Result, quote};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

/// The media type of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Csv,
    JsonLines,
    /// Any other type: curl calls every body a form.
    Other,
}

/// The media type that the client names.
///
/// # Errors
/// [`ErrorKind::UnsupportedMediaType`] for a charset other than UTF-8.
pub(crate) fn media(headers: &HeaderMap) -> Result<Media> {
    let Some(content_type) = headers.get(header::CONTENT_TYPE) else { return Ok(Media::Other) };
    let content_type = content_type.to_str().unwrap_or_default();
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let media = match parts.next().as_deref() {
        Some("application/json") => Media::Json,
        Some("text/csv") => Media::Csv,
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl") => Media::JsonLines,
        _ => Media::Other,
    };
    let charset = parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    match charset.filter(|name| name != "utf-8" && name != "utf8") {
        None => Ok(media),
        Some(name) => Err(Error::new(
            ErrorKind::UnsupportedMediaType,
            format!("expected the charset utf-8, found {}", quote(&name)),
        )),
    }
}

/// Reads a whole body.
///
/// # Errors
/// [`ErrorKind::LimitExceeded`], before a byte is read if the client names the length; [`ErrorKind::Timeout`];
/// [`ErrorKind::InvalidRequest`] when the body ends early.
pub(crate) async fn read(body: Body, headers: &HeaderMap, limits: &RequestLimits) -> Result<Bytes> {
    let too_long = || {
        let message =
            format!("expected a body of at most {} bytes; send the rows in parts, or as a stream", limits.body);
        Error::new(ErrorKind::LimitExceeded, message)
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limits.body as u64) {
        return Err(too_long());
    }
    match timeout(limits.read, Limited::new(body, limits.body).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_long()),
        Ok(Err(_)) => Err(ended_early()),
        Err(_) => Err(timed_out(limits)),
    }
}

/// The next part of a stream, of any length; `None` at the end.
///
/// # Errors
/// [`ErrorKind::Timeout`]; [`ErrorKind::InvalidRequest`] when the body ends early.
pub(crate) async fn next_part(body: &mut Body, limits: &RequestLimits) -> Result<Option<Bytes>> {
    loop {
        match timeout(limits.read, body.frame()).await {
            Err(_) => return Err(timed_out(limits)),
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(ended_early()),
            // A frame without data has trailers.
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

fn ended_early() -> Error {
    Error::new(ErrorKind::InvalidRequest, "the body ended early")
}

fn timed_out(limits: &RequestLimits) -> Error {
    Error::new(ErrorKind::Timeout, format!("the body did not arrive within {} seconds", limits.read.as_secs_f64()))
}
