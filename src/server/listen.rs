//! Connections: accepted up to a limit, closed when clients are too slow, and drained at a stop.

use super::App;
use super::client_timeouts::{ClientTimeouts, ClientWait, Ended, TrackedBody, TrackedStream};
use super::connections::Admission;
use super::guard::Peer;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// The pause after a connection could not be accepted, for example because the process has too many files open.
const PAUSE: Duration = Duration::from_millis(100);

/// The bytes that a connection holds of a request's head, or of a body that arrives faster than it is read. A longer head is
/// refused by 431.
const BUFFER: usize = 16 << 10;

/// Serves until `shutdown` resolves. Then the server reports that it is not ready, and goes on for the stop delay. After that it
/// accepts no connections, and waits for the requests under way for the time of the drain.
pub async fn run(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) {
    let router = app.router();
    let graceful = GracefulShutdown::new();
    let keeping = tokio::spawn(app.clone().keep_up_to_date());
    let accept = async {
        loop {
            let (stream, address) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    if !is_of_client(&error) {
                        tracing::error!("no connection can be accepted: {error}");
                        sleep(PAUSE).await;
                    }
                    continue;
                }
            };
            let Some(admission) = app.connections.admit(address.ip()).await else { continue };
            let (app, router, watcher) = (app.clone(), router.clone(), graceful.watcher());
            tokio::spawn(async move { connection(stream, address, &app, router, watcher, admission).await });
        }
    };
    let stop = async {
        shutdown.await;
        app.stop();
        tracing::info!("stopping");
        sleep(app.config.stop_delay).await;
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    keeping.abort();
    if timeout(app.config.drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests under way were given up after {:?}", app.config.drain);
    }
}

/// Whether an error is about one client, which has already left.
fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(
    stream: TcpStream,
    address: SocketAddr,
    app: &App,
    router: axum::Router,
    watcher: Watcher,
    admission: Admission,
) {
    // Answers are written in one piece: waiting for more bytes would only delay them.
    let _ = stream.set_nodelay(true);
    let waiting = &admission.waiting;
    let timeouts = ClientTimeouts { head: app.config.limits.read, write: app.config.limits.total };
    let end = match &app.tls {
        None => serve(stream, address, app, router, watcher, waiting).await,
        Some(config) => {
            let handshake = TlsAcceptor::from(Arc::clone(&config.load().config)).accept(stream);
            let secured = tokio::select! {
                secured = handshake => secured.map_err(|_| End::Handshake),
                ended = waiting.ended(timeouts) => Err(ended.into()),
            };
            match secured {
                Ok(stream) => serve(stream, address, app, router, watcher, waiting).await,
                Err(end) => end,
            }
        }
    };
    if end != End::Orderly {
        app.metrics.connection_ended(end.name());
        if app.config.log_requests {
            tracing::info!(address = %address.ip(), reason = end.name(), "connection ended");
        }
    }
}

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Between two requests.
    Orderly,
    /// The client sent something that is not HTTP. hyper has answered 400.
    Malformed,
    /// The head of a request was too long. hyper has answered 431.
    TooLong,
    /// The client left within a request or an answer.
    Left,
    TooSlow,
    ForOthers,
    Handshake,
}

impl End {
    fn name(self) -> &'static str {
        match self {
            Self::Orderly => "orderly",
            Self::Malformed => "malformed",
            Self::TooLong => "head too long",
            Self::Left => "client left",
            Self::TooSlow => "too slow",
            Self::ForOthers => "made room",
            Self::Handshake => "handshake",
        }
    }
}

impl From<Ended> for End {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::TooSlow => Self::TooSlow,
            Ended::ForOthers => Self::ForOthers,
        }
    }
}

impl From<hyper::Result<()>> for End {
    fn from(served: hyper::Result<()>) -> Self {
        match served {
            Ok(()) => Self::Orderly,
            Err(error) if error.is_parse_too_large() => Self::TooLong,
            Err(error) if error.is_parse() => Self::Malformed,
            Err(_) => Self::Left,
        }
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    app: &App,
    router: axum::Router,
    watcher: Watcher,
    waiting: &Arc<ClientWait>,
) -> End {
    let io = TokioIo::new(TrackedStream::new(stream, Arc::clone(waiting)));
    let timeouts = ClientTimeouts { head: app.config.limits.read, write: app.config.limits.total };
    let service = service_fn(|mut request: Request<Incoming>| {
        let waiting = Arc::clone(waiting);
        waiting.head_arrived();
        request.extensions_mut().insert(Peer(address.ip()));
        // A router is always ready.
        let answer = router.clone().call(request.map(Body::new));
        async { Ok::<_, Infallible>(answer.await?.map(|body| TrackedBody::new(body, waiting))) }
    });
    let connection = http1::Builder::new().max_buf_size(BUFFER).serve_connection(io, service);
    tokio::select! {
        served = watcher.watch(connection) => served.into(),
        ended = waiting.ended(timeouts) => ended.into(),
    }
}
