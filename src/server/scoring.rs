//! A pool of threads that score rows. Small requests are scored at once; large ones do not make other requests wait. When too
//! many requests wait already, the next one is refused.

use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// The longest body that is read and scored on the thread where it arrived. Reading it takes some ten microseconds, which is as
/// long as handing it to another thread and back. A task may block the others for 100 microseconds.
const SMALL_BODY: usize = 16 << 10;

/// The most multiplications that are done there, at about a nanosecond each.
const SMALL_WORK: usize = 50_000;

/// The threads that score.
#[derive(Debug)]
pub(super) struct ScoringPool {
    most: usize,
    /// A permit for each request that is scored or waits.
    requests: Semaphore,
    /// A permit for each thread.
    threads: Arc<Semaphore>,
}

impl ScoringPool {
    pub(super) fn new(threads: usize, queue: usize) -> Self {
        Self {
            most: threads + queue,
            requests: Semaphore::new(threads + queue),
            threads: Arc::new(Semaphore::new(threads)),
        }
    }

    /// The requests that are scored, or wait for it.
    pub(super) fn n_requests(&self) -> usize {
        self.most - self.requests.available_permits()
    }

    /// Whether a body can be scored on the thread where it arrived. Each value takes at least two bytes of the body.
    pub(super) fn is_small(body: usize, n_features: usize, work_of_row: usize) -> bool {
        body <= SMALL_BODY && (body / (2 * n_features) + 1).saturating_mul(work_of_row) <= SMALL_WORK
    }

    /// Does the work of a request on a thread.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when too many requests wait already, [`ErrorKind::Internal`] when the work panics.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_permit) = self.requests.try_acquire() else {
            let message = "the server is busy: too many requests wait to be scored; try again, or send fewer at once";
            return Err(Error::new(ErrorKind::Unavailable, message));
        };
        on_thread(self.thread().await?, work).await
    }

    /// Does work that no client waits for. When every thread is busy, it does nothing.
    pub(super) async fn run_if_idle<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let thread = Arc::clone(&self.threads).try_acquire_owned().ok()?;
        on_thread(thread, work).await.ok()
    }

    /// Does the work of a part of a stream. It waits for a thread, and so does the client that sends the stream.
    pub(super) async fn run_part<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        on_thread(self.thread().await?, work).await
    }

    async fn thread(&self) -> Result<OwnedSemaphorePermit> {
        let thread = Arc::clone(&self.threads).acquire_owned().await;
        thread.map_err(|error| Error::new(ErrorKind::Internal, error.to_string()))
    }
}

async fn on_thread<T: Send + 'static>(
    thread: OwnedSemaphorePermit,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    // The work holds the permit: when its client leaves, the thread stays taken until the work is done.
    let done = spawn_blocking(move || {
        let _thread = thread;
        work()
    });
    done.await.map_err(|error| {
        tracing::error!("scoring panicked: {error}");
        Error::new(ErrorKind::Internal, "the server failed at this request; its log says why")
    })
}
