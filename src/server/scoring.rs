//! Where rows are scored: at once where that is short, and else on threads of their own, so that no request waits for another
//! one's rows. Who would have to wait for too many others is told so.

use crate::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// The longest body that is read and scored where it arrived. Reading it takes about as long as handing it to another thread
/// and back does (some ten microseconds each), and far less than the 100 microseconds that a task may keep the others waiting.
const SMALL_BODY: usize = 16 << 10;

/// The most multiplications that are done there: about a nanosecond each.
const SMALL_WORK: usize = 50_000;

/// The threads that score.
#[derive(Debug)]
pub(super) struct Scoring {
    /// A permit for each request that is scored, or waits.
    places: Semaphore,
    /// A permit for each thread.
    threads: Arc<Semaphore>,
}

impl Scoring {
    pub(super) fn new(threads: usize, queue: usize) -> Self {
        Self { places: Semaphore::new(threads + queue), threads: Arc::new(Semaphore::new(threads)) }
    }

    /// Whether a body can be scored where it arrived: each value is two bytes of it, or more.
    pub(super) fn is_small(body: usize, n_features: usize, work_of_row: usize) -> bool {
        body <= SMALL_BODY && (body / (2 * n_features) + 1).saturating_mul(work_of_row) <= SMALL_WORK
    }

    /// Does the work on a thread.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] when too many wait already, [`ErrorKind::Internal`] when it panics.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_place) = self.places.try_acquire() else {
            let message = "the server is busy: too many requests wait to be scored; try again, or send fewer at once";
            return Err(Error::new(ErrorKind::Unavailable, message));
        };
        on_thread(self.thread().await?, work).await
    }

    /// The same where nobody waits for it: not at all when every thread is busy.
    pub(super) async fn run_if_idle<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let thread = Arc::clone(&self.threads).try_acquire_owned().ok()?;
        on_thread(thread, work).await.ok()
    }

    /// The same for a part of a stream: it waits, and with it the client who sends it.
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
    // The permit goes along: a client who leaves does not make room for another one's work before this is done.
    let done = spawn_blocking(move || {
        let _thread = thread;
        work()
    });
    done.await.map_err(|error| {
        tracing::error!("scoring panicked: {error}");
        Error::new(ErrorKind::Internal, "the server failed at this request; its log says why")
    })
}
