//! Clients who keep the server waiting for a request's head: one that sends it letter by letter, or never.
//!
//! hyper has a timeout of its own, and starts a timer for every request. With it a server that answers one client at a time
//! answered a fifth fewer requests, since each new timer wakes the thread that waits for the next one. Here a connection has
//! one timer, which looks now and then since when the head is waited for.

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Since when a connection's next head is waited for, in milliseconds after its beginning.
#[derive(Debug)]
pub(super) struct Waiting {
    begin: Instant,
    since: AtomicU64,
}

/// It is not waited for: a request is answered.
const BUSY: u64 = u64::MAX;

impl Waiting {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { begin: Instant::now(), since: AtomicU64::new(0) })
    }

    /// A head came.
    pub(super) fn end(&self) {
        self.since.store(BUSY, Ordering::Relaxed);
    }

    fn begin_again(&self) {
        self.since.store(self.begin.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    /// Resolves when a head was waited for that long.
    pub(super) async fn too_long(&self, patience: Duration) {
        let mut next = self.begin + patience;
        loop {
            sleep_until(next).await;
            next = match self.since.load(Ordering::Relaxed) {
                BUSY => Instant::now() + patience,
                since => self.begin + Duration::from_millis(since) + patience,
            };
            if next <= Instant::now() {
                return;
            }
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
        self.waiting.begin_again();
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
