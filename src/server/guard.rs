//! Middleware for every request and every answer: keys, limits, headers, counts and the log.

use super::App;
use super::access::Scope;
use super::answer::{AnsweredBy, Rejection, ReportedError};
use super::config::Config;
use super::routes::{self, Route};
use crate::error::{Error, ErrorKind};
use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tokio::time::timeout;

/// On every answer. A browser takes its content type as it is, and asks again before it uses a stored copy. The page's service
/// worker decides what is stored: a browser that stored files by itself could mix two builds.
static HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
];

/// On pages and their files, beside the policy of the configuration.
static PAGE_HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// In a request's extensions: the address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Admits a request, times it, adds the headers to its answer, and counts it.
pub(super) async fn guard(
    State(app): State<App>,
    path: Option<MatchedPath>,
    peer: Option<Extension<Peer>>,
    request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let route = routes::find(path.as_ref().map(MatchedPath::as_str));
    let id = request_id(request.headers());
    let address = peer.map(|Extension(Peer(address))| address);
    let answered = match admit(&app, route, request.headers(), address) {
        Ok(()) => match timeout(app.config.limits.total, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let seconds = app.config.limits.total.as_secs_f64();
                let error = Error::new(
                    ErrorKind::Unavailable,
                    format!("the request was not answered within {seconds} seconds"),
                );
                Rejection::from(error).into_response()
            }
        },
        Err(rejection) => rejection.into_response(),
    };
    let response = add_headers(answered, route, &id, &app.config);
    record(&app, route, &response, &id, start);
    response
}

fn admit(app: &App, route: &Route, headers: &HeaderMap, peer: Option<IpAddr>) -> Result<(), Rejection> {
    let Some(scope) = route.scope else { return Ok(()) };
    if scope == Scope::Admin && app.config.open_metrics && route.path == routes::METRICS {
        return Ok(());
    }
    let keys = app.keys.load();
    let key = match &**keys {
        None => None,
        Some(keys) => Some(keys.check(headers, scope)?),
    };
    match &app.rate {
        None => Ok(()),
        Some(rate) => rate.check(key, client_address(app, headers, peer)),
    }
}

/// The address of the client. A trusted proxy names it in a header.
fn client_address(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let forwarded =
        || headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok();
    if app.config.trust_forwarded { forwarded().or(peer) } else { peer }
}

/// The id that the client sent, if it fits into a log; otherwise a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    /// The first id is random, so that two runs of the server do not share ids.
    static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| AtomicU64::new(getrandom::u64().unwrap_or_default()));
    let is_short = |id: &&HeaderValue| {
        let bytes = id.as_bytes();
        (1..=100).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte))
    };
    headers.get(REQUEST_ID).filter(is_short).cloned().unwrap_or_else(|| {
        let id = format!("{:016x}", NEXT.fetch_add(1, Ordering::Relaxed));
        HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("0"))
    })
}

/// Adds the headers of every answer, and those of the model that answered.
fn add_headers(mut response: Response, route: &Route, id: &HeaderValue, config: &Config) -> Response {
    let by = response.extensions().get::<AnsweredBy>().map(|AnsweredBy(loaded)| Arc::clone(loaded));
    let headers = response.headers_mut();
    let page_headers = if route.is_page { PAGE_HEADERS.as_slice() } else { &[] };
    for (name, value) in HEADERS.iter().chain(page_headers) {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if route.is_page {
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| config.page_policy.clone());
    }
    headers.insert(REQUEST_ID, id.clone());
    if config.tls.is_some() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if let Some(loaded) = by {
        headers.extend(loaded.headers.iter().cloned());
    }
    response
}

/// Counts the request. Logs it if the server failed, or if every request is to be logged.
fn record(app: &App, route: &Route, response: &Response, id: &HeaderValue, start: Instant) {
    let (status, time) = (response.status().as_u16(), start.elapsed());
    let by = response.extensions().get::<AnsweredBy>();
    app.metrics.count(route.path, by.map(|AnsweredBy(loaded)| &loaded.meters), status, time);
    let is_server_error = status == 500;
    if !(is_server_error || app.config.log_requests) {
        return;
    }
    let id = id.to_str().unwrap_or_default();
    let model = by.map_or("", |AnsweredBy(loaded)| &*loaded.name);
    let version = by.map_or("", |AnsweredBy(loaded)| loaded.version.as_str());
    let error = response.extensions().get::<ReportedError>().map(|ReportedError(error)| error);
    let kind = error.map_or("", |error| error.kind().as_str());
    // The message may repeat values that the client sent.
    let error =
        error.filter(|_| is_server_error || app.config.log_content).map(ToString::to_string).unwrap_or_default();
    let milliseconds = time.as_micros() as f64 / 1e3;
    if is_server_error {
        tracing::error!(id, route = route.path, model, version, status, milliseconds, kind, error);
    } else {
        tracing::info!(id, route = route.path, model, version, status, milliseconds, kind, error);
    }
}
