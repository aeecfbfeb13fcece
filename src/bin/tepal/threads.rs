//! How many threads work.

use tepal::error::{Error, ErrorKind, Result};

/// Runs `work` on this many threads.
pub(crate) fn in_threads<T: Send>(n_threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T> {
    let Some(n_threads) = n_threads else { return Ok(work()) };
    if n_threads == 0 {
        return Err(Error::new(ErrorKind::InvalidOption, "expected at least 1 thread, found 0"));
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    let pool = pool.map_err(|error| Error::new(ErrorKind::Io, format!("{n_threads} threads: {error}")))?;
    Ok(pool.install(work))
}
