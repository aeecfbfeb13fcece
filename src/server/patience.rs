//! Clients who keep the server waiting: for a request's head, which comes letter by letter or never, or for room to write, since
//! they do not read.
//!
//! hyper has a timeout of its own for heads, and starts a timer for every request, which may wake a thread that sleeps until the
//! next event. Here a connection has one timer, which looks now and then since when the client is waited for; and it also sees
//! who does not read.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

/// What a connection waits for. Times are in milliseconds after its beginning.
#[derive(Debug)]
pub(super) struct Waiting {
    begin: Instant,
    /// Since when for a head; [`BUSY`] while a request is answered.
    head: AtomicU64,
    /// When the client's side took something after it had not, or began not to.
    written: AtomicU64,
    /// Whether there is more to write than the client's side takes.
    is_blocked: AtomicBool,
}

/// No head is waited for.
const BUSY: u64 = u64::MAX;

/// How long a client may keep a connection waiting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For a head, from the end of the answer before it on.
    pub(super) head: Duration,
    /// For reading what was written.
    pub(super) write: Duration,
}

impl Waiting {
    pub(super) fn new() -> Arc<Self> {
        let (head, written, is_blocked) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Self { begin: Instant::now(), head, written, is_blocked })
    }

    fn now(&self) -> u64 {
        self.begin.elapsed().as_millis() as u64
    }

    /// A head came.
    pub(super) fn head_came(&self) {
        self.head.store(BUSY, Relaxed);
    }

    /// Resolves when the client was waited for too long.
    pub(super) async fn too_long(&self, patience: Patience) {
        loop {
            let now = Instant::now();
            let end = self.end(patience).unwrap_or(now + patience.head);
            if end <= now {
                return;
            }
            sleep_until(end).await;
        }
    }

    /// When patience ends, if nothing happens until then.
    fn end(&self, patience: Patience) -> Option<Instant> {
        let (head, written) = (self.head.load(Relaxed), self.written.load(Relaxed));
        let after = |since: u64, patience| Some(self.begin + Duration::from_millis(since) + patience);
        match (self.is_blocked.load(Relaxed), head) {
            (true, _) => after(written, patience.write),
            (false, BUSY) => None,
            // An answer is over when its last byte is written, not when its last byte is known.
            (false, head) => after(head.max(written), patience.head),
        }
    }
}

/// The body of an answer. After it the next head is waited for.
#[derive(Debug)]
pub(super) struct Answering {
    body: Body,
    waiting: Arc<Waiting>,
}

impl Answering {
    pub(super) fn new(body: Body, waiting: Arc<Waiting>) -> Self {
        Self { body, waiting }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.waiting.head.store(self.waiting.now(), Relaxed);
    }
}

impl hyper::body::Body for Answering {
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

/// A connection that notes when it writes.
#[derive(Debug)]
pub(super) struct Noted<S> {
    stream: S,
    waiting: Arc<Waiting>,
}

impl<S> Noted<S> {
    pub(super) fn new(stream: S, waiting: Arc<Waiting>) -> Self {
        Self { stream, waiting }
    }

    /// Notes when the client's side takes no more, and when it does again. Most answers are written at once, and need no clock.
    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let was_blocked = self.waiting.is_blocked.load(Relaxed);
        if was_blocked != written.is_pending() {
            self.waiting.is_blocked.store(!was_blocked, Relaxed);
            self.waiting.written.store(self.waiting.now(), Relaxed);
        }
        written
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.note(written)
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
