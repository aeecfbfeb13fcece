//! Bodies of streams: what is read and not scored yet, and what is answered and not read yet.

use crate::error::{Error, ErrorKind, Result};
use crate::server::App;
use crate::server::config::RequestLimits;
use crate::server::memory::{Reservation, held};
use crate::server::models::Loaded;
use crate::server::request::{check_coding, next_part};
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use http_body_util::channel::{Channel, Sender};
use std::io;
use std::sync::Arc;
use tokio::time::{Instant, timeout, timeout_at};

/// How many bytes of a table are scored at a time: some 5,000 rows, a few milliseconds.
pub(super) const PART: usize = 128 << 10;

/// How many bytes of an answer are written at a time. A line may go beyond.
pub(super) const PART_OF_ANSWER: usize = 256 << 10;

/// The number of scored parts that may wait for a client that reads slowly.
const AHEAD: usize = 1;

/// The bytes of a number in an answer, with its name or its sign between.
pub(super) const NUMBER: usize = 40;

/// The bytes that arrive at once.
const FRAME: usize = 64 << 10;

/// A stream that was let in, with its memory: what is read and not scored yet, twice while it is passed on, and the parts of
/// the answer. It is reserved before the first row, so that no stream waits for memory that other streams hold.
pub(super) struct Admitted {
    memory: Arc<Reservation>,
    pub(super) limits: RequestLimits,
    end: Instant,
}

impl Admitted {
    /// # Errors
    /// Those of [`Reservation::grow`] and of [`check_coding`].
    pub(super) fn new(app: &App, headers: &HeaderMap, loaded: &Loaded) -> Result<Self> {
        check_coding(headers)?;
        let memory = app.memory.request();
        let line = NUMBER * loaded.model.n_outputs();
        memory.grow(2 * PART + FRAME + (AHEAD + 2) * PART_OF_ANSWER.max(line))?;
        let limits = app.config.limits;
        Ok(Self { memory: Arc::new(memory), limits, end: Instant::now() + limits.stream })
    }
}

/// A request's body, with the bytes that were read and are not scored yet.
pub(super) struct BodyReader {
    body: Body,
    pub(super) buffer: Vec<u8>,
    pub(super) is_end: bool,
    pub(super) admitted: Admitted,
    /// The longest buffer that memory is reserved for.
    reserved: usize,
    /// When the next row has to be there.
    pub(super) deadline: Instant,
}

impl BodyReader {
    pub(super) fn new(body: Body, admitted: Admitted) -> Self {
        let deadline = Instant::now() + admitted.limits.read;
        Self { body, buffer: Vec::new(), is_end: false, admitted, reserved: PART + FRAME, deadline }
    }

    /// Reads the next part, or finds the end. A client that sends a row letter by letter is not waited for.
    pub(super) async fn read(&mut self) -> Result<()> {
        let limits = &self.admitted.limits;
        let next = next_part(&mut self.body, self.deadline.min(self.admitted.end), limits).await;
        if Instant::now() > self.admitted.end {
            let seconds = limits.stream.as_secs_f64();
            let message =
                format!("the stream took more than {seconds} seconds (--stream-timeout); send the rest as another");
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        match next? {
            Some(bytes) => {
                let length = self.buffer.len() + bytes.len();
                if length > self.reserved {
                    self.admitted.memory.grow(length - self.reserved)?;
                    self.reserved = length;
                }
                if bytes.contains(&b'\n') {
                    self.deadline = Instant::now() + limits.read;
                }
                self.buffer.extend_from_slice(&bytes);
            }
            None => self.is_end = true,
        }
        Ok(())
    }

    /// Reads `length` further bytes, or up to the end. Rows that arrive slowly are not kept waiting for each other: with a
    /// whole row, it reads for the time of a request.
    pub(super) async fn fill(&mut self, length: usize) -> Result<()> {
        let (wanted, end) = (self.buffer.len() + length, Instant::now() + self.admitted.limits.read);
        // While rows were scored, no byte was waited for.
        self.deadline = end;
        while !self.is_end && self.buffer.len() < wanted {
            let has_row = self.buffer.contains(&b'\n');
            match timeout_at(end, self.read()).await {
                Ok(read) => read?,
                Err(_) if has_row => break,
                Err(_) => self.read().await?,
            }
        }
        Ok(())
    }

    /// Refuses a row that does not end: the buffer would grow without limit.
    pub(super) fn check_row(&self, row: u64) -> Result<()> {
        let most = self.admitted.limits.body;
        if !self.is_end && self.buffer.len() > most {
            let message = format!("the row does not end within {most} bytes");
            return Err(Error::new(ErrorKind::LimitExceeded, message).at_row(row + 1));
        }
        Ok(())
    }
}

/// An answer's body, which the client reads while it is written.
pub(super) struct BodyWriter {
    sender: Sender<Bytes, io::Error>,
    memory: Arc<Reservation>,
    limits: RequestLimits,
}

/// The client left or does not read, or the server failed to score the rows. The body breaks off, so that no client takes it for
/// complete.
pub(super) struct Aborted;

impl BodyWriter {
    pub(super) fn new(admitted: &Admitted) -> (Self, Body) {
        let (sender, body) = Channel::new(AHEAD);
        (Self { sender, memory: Arc::clone(&admitted.memory), limits: admitted.limits }, Body::new(body))
    }

    pub(super) async fn send(&mut self, part: Vec<u8>) -> std::result::Result<(), Aborted> {
        if part.is_empty() {
            return Ok(());
        }
        // The stream's memory is held until the last part is sent, or its client is gone.
        let part = held(part, Arc::clone(&self.memory));
        match timeout(self.limits.total, self.sender.send_data(part)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Aborted),
        }
    }

    /// Ends the body, or breaks it off.
    pub(super) fn end<T>(self, written: std::result::Result<T, Aborted>) {
        match written {
            Ok(_) => drop(self.sender),
            Err(Aborted) => self.sender.abort(io::Error::other("the answer breaks off")),
        }
    }
}
