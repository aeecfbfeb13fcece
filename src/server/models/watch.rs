//! Waits until files change.

use super::Models;
use notify::{RecursiveMode, Watcher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// The time without a change before files are read: a file is written in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// The most steps to wait for before files are read in any case.
const MOST_STEPS: usize = 20;

/// The time after which files are read even without a reported change. Network file systems do not report changes, and a folder
/// that is removed loses its watch.
const INTERVAL: Duration = Duration::from_secs(5);

/// Tells when it is time to read the files.
pub(crate) struct Watch {
    changed: Arc<Notify>,
    /// Dropping the watcher ends the watch.
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Watch {
    /// Watches the folder of the models. The call takes as long as listing the folder.
    pub(crate) fn new(models: &Models) -> Self {
        let changed = Arc::new(Notify::new());
        let (tell, folder) = (Arc::clone(&changed), models.location.folder());
        let depth = if models.location.is_file() { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
        let started = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading the files is an event too: it would cause the next read, without end.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                tell.notify_one();
            }
        })
        .and_then(|mut watcher| watcher.watch(folder, depth).map(|()| watcher))
        .inspect_err(|error| {
            tracing::warn!("{}: not watched, looked at every {INTERVAL:?}: {error}", folder.display());
        });
        Self { changed, _watcher: started.ok() }
    }

    /// Resolves when files have changed and no further change follows, or after the interval.
    pub(crate) async fn next(&self) {
        if timeout(INTERVAL, self.changed.notified()).await.is_ok() {
            let mut left = MOST_STEPS;
            while left > 0 && timeout(QUIET, self.changed.notified()).await.is_ok() {
                left -= 1;
            }
        }
    }
}
