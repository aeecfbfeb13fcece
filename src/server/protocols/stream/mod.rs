//! Files of any length: read, scored and answered part by part. Memory does not grow with the file.

mod body;
mod csv;
mod lines;

pub(super) use csv::csv;
pub(super) use lines::json_lines;

use crate::error::ErrorKind;
use crate::server::App;
use crate::server::models::Loaded;
use body::Aborted;
use tokio::time::Instant;

/// How a stream came to its end.
type Ended = std::result::Result<End, Aborted>;

/// The end of an answer that its client has.
enum End {
    /// Every row has a line.
    Complete,
    /// The last line says why no further rows are scored.
    Refused(ErrorKind),
}

/// Counts a stream that ended, and logs it if every request is to be logged: its own line was written at its beginning.
fn record(app: &App, loaded: &Loaded, ended: &Ended, begin: Instant) {
    let reason = match ended {
        Ok(End::Complete) => "complete",
        Ok(End::Refused(kind)) => kind.as_str(),
        Err(Aborted) => "client left",
    };
    app.metrics.stream_ended(reason);
    if app.config.log_requests {
        let (model, version) = (&*loaded.name, loaded.version.as_str());
        let milliseconds = begin.elapsed().as_micros() as f64 / 1e3;
        tracing::info!(model, version, reason, milliseconds, "stream ended");
    }
}
