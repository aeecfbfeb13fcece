//! Connections: accepted up to a limit, ended when they are slow, and brought to an orderly end.

use super::App;
use super::guard::Peer;
use super::patience::{Answering, Noted, Patience, Waiting};
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
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower_service::Service;

/// How long to wait where no connection can be accepted, for example because the process has too many files open.
const PAUSE: Duration = Duration::from_millis(100);

/// How many bytes of a request's head, and of a body that is not read as fast as it comes, a connection holds.
const BUFFER: usize = 64 << 10;

/// Serves until `shutdown` resolves. Then the server is not ready any more, goes on for the stop delay, accepts no further
/// connections, and gives the requests under way the time to drain.
pub async fn run(listener: TcpListener, app: App, shutdown: impl Future<Output = ()>) {
    let router = app.router();
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(app.config.connections));
    let keeping = tokio::spawn(app.clone().keep_up_to_date());
    let accept = async {
        loop {
            // Whoever comes when there are too many waits in the machine's queue.
            let Ok(permit) = Arc::clone(&connections).acquire_owned().await else { return };
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
            let (app, router, watcher) = (app.clone(), router.clone(), graceful.watcher());
            tokio::spawn(async move {
                app.metrics.connections.inc();
                connection(stream, address, &app, router, watcher).await;
                app.metrics.connections.dec();
                drop(permit);
            });
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

/// Whether an error is about one client, who has left already.
fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(stream: TcpStream, address: SocketAddr, app: &App, router: axum::Router, watcher: Watcher) {
    // Answers are written whole: waiting for more to send would only delay them.
    let _ = stream.set_nodelay(true);
    match &app.tls {
        None => serve(stream, address, app, router, watcher).await,
        Some(config) => {
            let handshake = TlsAcceptor::from(config.load_full()).accept(stream);
            if let Ok(Ok(stream)) = timeout(app.config.limits.read, handshake).await {
                serve(stream, address, app, router, watcher).await;
            }
        }
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    app: &App,
    router: axum::Router,
    watcher: Watcher,
) {
    let waiting = Waiting::new();
    let io = TokioIo::new(Noted::new(stream, Arc::clone(&waiting)));
    let patience = Patience { head: app.config.limits.read, write: app.config.limits.total };
    let service = service_fn(|mut request: Request<Incoming>| {
        let waiting = Arc::clone(&waiting);
        waiting.head_came();
        request.extensions_mut().insert(Peer(address.ip()));
        // A router is always ready.
        let answer = router.clone().call(request.map(Body::new));
        async { Ok::<_, Infallible>(answer.await?.map(|body| Answering::new(body, waiting))) }
    });
    let connection = http1::Builder::new().max_buf_size(BUFFER).serve_connection(io, service);
    tokio::select! {
        // What ends a connection early is the client's doing.
        _ = watcher.watch(connection) => {}
        () = waiting.too_long(patience) => {}
    }
}
