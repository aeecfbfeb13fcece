//! Hears when files change.

use super::Models;
use notify::{RecursiveMode, Watcher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// Files are written in several steps: how long nothing may have happened before they are looked at.
const QUIET: Duration = Duration::from_millis(50);

/// How many steps may follow each other before the folder is looked at all the same.
const PATIENCE: usize = 20;

/// Network file systems tell nobody of changes, and a folder that vanishes takes its watch along: how long until it is looked
/// at anyway.
const INTERVAL: Duration = Duration::from_secs(5);

/// Tells when it is time to look at the files.
pub(crate) struct Watch {
    changed: Arc<Notify>,
    /// Dropping it ends the watching.
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Watch {
    /// Watches the folder of the models. Takes as long as going through it.
    pub(crate) fn new(models: &Models) -> Self {
        let changed = Arc::new(Notify::new());
        let (tell, folder) = (Arc::clone(&changed), models.place.folder());
        let depth = if models.place.is_file() { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
        let started = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Looking at files is an event too, and would be one for ever.
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

    /// Resolves when something changed and nothing more does, or after a while.
    pub(crate) async fn next(&self) {
        if timeout(INTERVAL, self.changed.notified()).await.is_ok() {
            let mut left = PATIENCE;
            while left > 0 && timeout(QUIET, self.changed.notified()).await.is_ok() {
                left -= 1;
            }
        }
    }
}
