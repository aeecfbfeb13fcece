//! Bodies of requests.

use super::Bounds;
use crate::error::{Error, ErrorKind, Result, quote};
use crate::server::config::RequestLimits;
use crate::server::memory::reserve;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;
use tokio::time::{Instant, timeout_at};

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

/// Refuses a body that is packed: it would be read as text, and say that it is not JSON.
///
/// # Errors
/// [`ErrorKind::UnsupportedMediaType`].
pub(crate) fn check_coding(headers: &HeaderMap) -> Result<()> {
    match headers.get(header::CONTENT_ENCODING).map(|coding| coding.to_str().unwrap_or("?")) {
        None | Some("" | "identity") => Ok(()),
        Some(coding) => {
            let message =
                format!("expected a body without Content-Encoding, found {}; send it unpacked", quote(coding));
            Err(Error::new(ErrorKind::UnsupportedMediaType, message))
        }
    }
}

/// Reads a whole body. Its memory is reserved before it grows: a client that names a length and sends nothing takes none.
///
/// # Errors
/// [`ErrorKind::LimitExceeded`], before a byte is read if the client names the length; [`ErrorKind::Timeout`];
/// [`ErrorKind::InvalidRequest`] when the body ends early; those of [`check_coding`].
pub(crate) async fn read(mut body: Body, headers: &HeaderMap, bounds: &Bounds) -> Result<Bytes> {
    check_coding(headers)?;
    let limits = &bounds.limits;
    let too_long = || {
        let message =
            format!("expected a body of at most {} bytes; send the rows in parts, or as a stream", limits.body);
        Error::new(ErrorKind::LimitExceeded, message)
    };
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limits.body as u64) {
        return Err(too_long());
    }
    let deadline = Instant::now() + limits.read;
    let mut whole = Vec::new();
    while let Some(part) = next_part(&mut body, deadline, limits).await? {
        if whole.len() + part.len() > limits.body {
            return Err(too_long());
        }
        if whole.is_empty() && body.is_end_stream() {
            // The whole body came at once, and is not copied.
            bounds.memory.grow(part.len())?;
            return Ok(part);
        }
        reserve(&mut whole, part.len(), &bounds.memory)?;
        whole.extend_from_slice(&part);
    }
    Ok(whole.into())
}

/// The next part of a body, of any length; `None` at the end.
///
/// # Errors
/// [`ErrorKind::Timeout`]; [`ErrorKind::InvalidRequest`] when the body ends early.
pub(crate) async fn next_part(body: &mut Body, deadline: Instant, limits: &RequestLimits) -> Result<Option<Bytes>> {
    loop {
        match timeout_at(deadline, body.frame()).await {
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
