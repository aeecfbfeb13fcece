//! Middleware for every request and every answer: keys, limits, headers, counts and the log.

use super::App;
use super::access::Scope;
use super::answer::{AnsweredBy, Rejection, ReportedError};
use super::config::Config;
use super::pages;
use super::routes::{self, Route};
use crate::error::{Error, ErrorKind, quote};
use axum::extract::{Extension, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::body::Body as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use tokio::sync::SemaphorePermit;
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

/// What is known of a request before it is answered.
struct Asked {
    app: App,
    route: &'static Route,
    method: Method,
    path: String,
    address: Option<IpAddr>,
    id: HeaderValue,
    start: Instant,
    /// The name of the key.
    key: Option<Arc<str>>,
    is_answered: bool,
}

/// The longest path in a line of the log.
const LOGGED_PATH: usize = 200;

/// Admits a request, times it, adds the headers to its answer, and counts it.
pub(super) async fn guard(
    State(app): State<App>,
    path: Option<MatchedPath>,
    peer: Option<Extension<Peer>>,
    request: Request,
    next: Next,
) -> Response {
    let peer = peer.map(|Extension(Peer(address))| address);
    let mut asked = Asked {
        route: routes::find(path.as_ref().map(MatchedPath::as_str)),
        method: request.method().clone(),
        path: request.uri().path().chars().take(LOGGED_PATH).collect(),
        address: client_address(&app, request.headers(), peer),
        id: request_id(request.headers()),
        start: Instant::now(),
        key: None,
        is_answered: false,
        app,
    };
    let app = asked.app.clone();
    let answered = match asked.check(&request).and_then(|()| Ok(admit(&app, asked.route)?)) {
        Ok(_permit) => match timeout(asked.app.config.limits.total, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let seconds = asked.app.config.limits.total.as_secs_f64();
                let error = Error::new(
                    ErrorKind::Unavailable,
                    format!("the request was not answered within {seconds} seconds"),
                );
                Rejection::from(error).into_response()
            }
        },
        Err(rejection) => rejection.into_response(),
    };
    let response = add_headers(answered, asked.route, &asked.id, &asked.app);
    asked.is_answered = true;
    asked.record(&response);
    response
}

impl Asked {
    /// Checks host, key and rate. Probes need no key, and are not counted.
    fn check(&mut self, request: &Request) -> Result<(), Rejection> {
        let (app, route, headers) = (&self.app, self.route, request.headers());
        let scope = match route.scope {
            // A model file of the page tells what /model tells.
            None if route.is_page && pages::is_model_file(request.uri().path()) => Some(Scope::Predict),
            Some(Scope::Admin) if app.config.open_metrics && route.path == routes::METRICS => return Ok(()),
            // A supervisor asks by the address of the machine, whatever its name is.
            None if !route.is_page => return Ok(()),
            scope => scope,
        };
        check_host(&app.config, headers)?;
        let keys = app.keys.load();
        let checked = match (&**keys, scope) {
            (Some(keys), Some(scope)) => keys.check(headers, scope).map(Some),
            _ => Ok(None),
        };
        self.key = keys.as_ref().as_ref().and_then(|keys| keys.known(headers)).map(|key| key.name);
        if let Some(rate) = &app.rate {
            rate.check(checked.as_ref().ok().and_then(|key| key.as_ref().map(|key| key.number)), self.address)?;
        }
        checked?;
        Ok(())
    }

    /// Counts the request. Logs it if the server failed, or if every request is to be logged.
    fn record(&self, response: &Response) {
        let (status, time) = (response.status().as_u16(), self.start.elapsed());
        let by = response.extensions().get::<AnsweredBy>();
        let route = self.route.path;
        self.app.metrics.count(route, by.map(|AnsweredBy(loaded)| &loaded.meters), status, time);
        let is_server_error = status == 500;
        if !(is_server_error || self.app.config.log_requests) {
            return;
        }
        let model = by.map_or("", |AnsweredBy(loaded)| &*loaded.name);
        let version = by.map_or("", |AnsweredBy(loaded)| loaded.version.as_str());
        let error = response.extensions().get::<ReportedError>().map(|ReportedError(error)| error);
        let kind = error.map_or("", |error| error.kind().as_str());
        // The message may repeat values that the client sent.
        let error = error
            .filter(|_| is_server_error || self.app.config.log_content)
            .map(ToString::to_string)
            .unwrap_or_default();
        let Line { id, address, method, path, key } = self.line();
        // A stream has no length before its end.
        let bytes = response.body().size_hint().exact();
        let milliseconds = time.as_micros() as f64 / 1e3;
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    id,
                    address,
                    method,
                    path,
                    route,
                    status,
                    bytes,
                    milliseconds,
                    key,
                    model,
                    version,
                    kind,
                    error
                )
            };
        }
        if is_server_error {
            line!(error);
        } else {
            line!(info);
        }
    }

    fn line(&self) -> Line<'_> {
        Line {
            id: self.id.to_str().unwrap_or_default(),
            address: self.address.map(|address| address.to_string()).unwrap_or_default(),
            method: self.method.as_str(),
            path: &self.path,
            key: self.key.as_deref().unwrap_or_default(),
        }
    }
}

/// The place of a request among those under way; probes need none.
fn admit<'a>(app: &'a App, route: &Route) -> Result<Option<SemaphorePermit<'a>>, Error> {
    if route.scope.is_none() && !route.is_page {
        return Ok(None);
    }
    let permit = app.requests.try_acquire().map_err(|_| {
        app.metrics.shed.inc();
        Error::new(ErrorKind::Unavailable, "the server is busy: too many requests are under way; try again")
    })?;
    Ok(Some(permit))
}

/// What every line of the log says of a request.
struct Line<'a> {
    id: &'a str,
    address: String,
    method: &'a str,
    path: &'a str,
    key: &'a str,
}

/// A client that leaves takes its request along, before there is an answer.
impl Drop for Asked {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        self.app.metrics.left.inc();
        if self.app.config.log_requests {
            let Line { id, address, method, path, key } = self.line();
            let milliseconds = self.start.elapsed().as_micros() as f64 / 1e3;
            tracing::info!(id, address, method, path, route = self.route.path, milliseconds, key, "client left");
        }
    }
}

/// Refuses a request to a name that is not this server's: a page of another site can give its own name the address of this
/// machine, and a browser then takes the server for that site.
fn check_host(config: &Config, headers: &HeaderMap) -> Result<(), Error> {
    let Some(host) = headers.get(header::HOST) else { return Ok(()) };
    let host = host.to_str().unwrap_or("?");
    if config.is_host_allowed(host) {
        return Ok(());
    }
    let message =
        format!("the host {} is not served here; start the server with --allowed-hosts to name it", quote(host));
    Err(Error::new(ErrorKind::Forbidden, message))
}

/// The address of the client. A trusted proxy names it in a header, perhaps with a port.
fn client_address(app: &App, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
    let last = || headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?.rsplit(',').next();
    let forwarded = || forwarded_address(last()?.trim());
    if app.config.trust_forwarded { forwarded().or(peer) } else { peer }
}

/// An address as proxies write it: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn forwarded_address(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(bare)
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
fn add_headers(mut response: Response, route: &Route, id: &HeaderValue, app: &App) -> Response {
    let config = &app.config;
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
    if app.is_stopping() {
        // The client's next request finds another server.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(loaded) = by {
        headers.extend(loaded.headers.iter().cloned());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_may_have_a_port_and_brackets() {
        for (text, address) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:80", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
        ] {
            assert_eq!(forwarded_address(text), Some(address.parse().unwrap()), "{text}");
        }
        for text in ["", "unknown", "_hidden", "[192.0.2.1", "192.0.2.1:port"] {
            assert_eq!(forwarded_address(text), None, "{text}");
        }
    }
}
