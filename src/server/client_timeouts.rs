//! Timeouts for slow clients: some send a request's head letter by letter or never, others do not read the answer.
//!
//! hyper has a timeout for heads, but starts a timer for every request. That timer may wake a thread that sleeps until the next
//! event. Here a connection has one timer, which checks at intervals how long the client has kept the connection waiting. It
//! also covers clients that do not read.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// What a connection waits for. Times are in milliseconds since its beginning.
#[derive(Debug)]
pub(super) struct ClientWait {
    begin: Instant,
    /// Since when it waits for a head; [`ANSWERING`] while a request is answered.
    head: AtomicU64,
    /// When writing was blocked, or could go on again, for the last time.
    written: AtomicU64,
    /// Whether writing waits until the client reads.
    is_blocked: AtomicBool,
    /// Another connection needs the place of this one.
    close: Notify,
}

/// Why a connection is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The client kept it waiting for too long.
    TooSlow,
    /// Another connection needs its place.
    ForOthers,
}

/// The connection does not wait for a head.
const ANSWERING: u64 = u64::MAX;

/// The times for which a client may keep a connection waiting.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientTimeouts {
    /// Until the whole head has arrived, from the end of the answer before it.
    pub(super) head: Duration,
    /// Until the client reads what was written.
    pub(super) write: Duration,
}

impl ClientWait {
    pub(super) fn new() -> Arc<Self> {
        let (head, written, is_blocked) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Self { begin: Instant::now(), head, written, is_blocked, close: Notify::new() })
    }

    fn now(&self) -> u64 {
        self.begin.elapsed().as_millis() as u64
    }

    pub(super) fn head_arrived(&self) {
        self.head.store(ANSWERING, Relaxed);
    }

    /// Since when the client has kept the connection waiting: for a head, or to be read; `None` while a request is answered.
    pub(super) fn since(&self) -> Option<Instant> {
        let (head, written) = (self.head.load(Relaxed), self.written.load(Relaxed));
        let since = match (self.is_blocked.load(Relaxed), head) {
            (true, _) => written,
            (false, ANSWERING) => return None,
            (false, head) => head.max(written),
        };
        Some(self.begin + Duration::from_millis(since))
    }

    /// Asks the connection to make room for another.
    pub(super) fn close(&self) {
        self.close.notify_one();
    }

    /// Resolves when the connection is asked to.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Resolves when the connection is to be ended: another needs its place, or its client is too slow.
    pub(super) async fn ended(&self, timeouts: ClientTimeouts) -> Ended {
        tokio::select! {
            () = self.closed() => Ended::ForOthers,
            () = self.timed_out(timeouts) => Ended::TooSlow,
        }
    }

    /// Resolves when the client has kept the connection waiting for too long.
    async fn timed_out(&self, timeouts: ClientTimeouts) {
        loop {
            let now = Instant::now();
            let deadline = self.deadline(timeouts).unwrap_or(now + timeouts.head);
            if deadline <= now {
                return;
            }
            sleep_until(deadline).await;
        }
    }

    /// When the client is too late, if nothing happens until then.
    fn deadline(&self, timeouts: ClientTimeouts) -> Option<Instant> {
        // An answer ends when its last byte is written. The body ends earlier, when its last byte is known.
        let timeout = if self.is_blocked.load(Relaxed) { timeouts.write } else { timeouts.head };
        self.since().map(|since| since + timeout)
    }
}

/// The body of an answer. When it ends, the connection waits for the next head.
#[derive(Debug)]
pub(super) struct TrackedBody {
    body: Body,
    waiting: Arc<ClientWait>,
}

impl TrackedBody {
    pub(super) fn new(body: Body, waiting: Arc<ClientWait>) -> Self {
        Self { body, waiting }
    }
}

impl Drop for TrackedBody {
    fn drop(&mut self) {
        self.waiting.head.store(self.waiting.now(), Relaxed);
    }
}

impl hyper::body::Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that records when writing is blocked.
#[derive(Debug)]
pub(super) struct TrackedStream<S> {
    stream: S,
    waiting: Arc<ClientWait>,
}

impl<S> TrackedStream<S> {
    pub(super) fn new(stream: S, waiting: Arc<ClientWait>) -> Self {
        Self { stream, waiting }
    }

    /// Records when writing is blocked, and when it goes on. Most answers are written at once, and need no clock.
    fn record(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let was_blocked = self.waiting.is_blocked.load(Relaxed);
        if was_blocked != written.is_pending() {
            self.waiting.is_blocked.store(!was_blocked, Relaxed);
            self.waiting.written.store(self.waiting.now(), Relaxed);
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TrackedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TrackedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.record(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.record(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
