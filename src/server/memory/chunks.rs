//! Bytes of answers, which hold their part of the budget until the last of them is sent.

use super::Reservation;
use crate::error::{Error, ErrorKind, Result};
use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The size of a chunk. Written chunks are not copied into a longer one: no answer is in memory twice.
const CHUNK: usize = 64 << 10;

/// The size that the first chunk begins with: an answer for one row.
const FIRST: usize = 512;

/// Bytes with their part of the budget.
struct Held<M> {
    bytes: Vec<u8>,
    _memory: M,
}

impl<M> AsRef<[u8]> for Held<M> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Bytes that hold a part of the budget as long as they are in memory, wherever they are passed to. `memory` is a
/// [`Reservation`], or a share of one.
pub(in crate::server) fn held(bytes: Vec<u8>, memory: impl Send + 'static) -> Bytes {
    Bytes::from_owner(Held { bytes, _memory: memory })
}

/// Writes an answer, and reserves its memory before.
#[derive(Debug)]
pub(in crate::server) struct ChunkWriter {
    memory: Reservation,
    done: Vec<Vec<u8>>,
    last: Vec<u8>,
    failure: Option<Error>,
}

/// A written answer.
#[derive(Debug)]
pub(in crate::server) struct Chunks {
    memory: Reservation,
    chunks: Vec<Vec<u8>>,
}

impl ChunkWriter {
    pub(in crate::server) fn new(memory: Reservation) -> Self {
        Self { memory, done: Vec::new(), last: Vec::new(), failure: None }
    }

    /// Writes an answer as JSON.
    ///
    /// # Errors
    /// Those of [`Reservation::grow`]; [`ErrorKind::Internal`].
    pub(in crate::server) fn json(&mut self, answer: &impl Serialize) -> Result<()> {
        let written = serde_json::to_writer(&mut *self, answer);
        written
            .map_err(|error| self.failure.take().unwrap_or_else(|| Error::new(ErrorKind::Internal, error.to_string())))
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// Those of [`Reservation::grow`].
    pub(in crate::server) fn add(&mut self, mut bytes: &[u8]) -> Result<()> {
        loop {
            let room = self.last.capacity() - self.last.len();
            let (now, rest) = bytes.split_at(bytes.len().min(room));
            self.last.extend_from_slice(now);
            if rest.is_empty() {
                return Ok(());
            }
            bytes = rest;
            self.make_room()?;
        }
    }

    fn make_room(&mut self) -> Result<()> {
        let capacity = self.last.capacity();
        if capacity >= CHUNK {
            self.memory.grow(CHUNK)?;
            self.done.push(std::mem::replace(&mut self.last, Vec::with_capacity(CHUNK)));
            return Ok(());
        }
        let wanted = (2 * capacity).clamp(FIRST, CHUNK);
        self.memory.grow(wanted - capacity)?;
        self.last.reserve_exact(wanted - self.last.len());
        Ok(())
    }

    /// The number of bytes that were written.
    pub(in crate::server) fn len(&self) -> usize {
        self.done.iter().map(Vec::len).sum::<usize>() + self.last.len()
    }

    pub(in crate::server) fn finish(self) -> Chunks {
        let Self { memory, mut done, last, .. } = self;
        done.push(last);
        Chunks { memory, chunks: done }
    }
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.add(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                self.failure = Some(error);
                Err(io::ErrorKind::OutOfMemory.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Chunks {
    /// The chunks, each with its part of the budget.
    fn into_bytes(self) -> impl Iterator<Item = Bytes> {
        let Self { memory, chunks } = self;
        chunks.into_iter().map(move |chunk| {
            let own = memory.split(chunk.capacity());
            held(chunk, own)
        })
    }

    /// The number of bytes.
    pub(in crate::server) fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// All bytes in one piece, for what is kept: without their part of the budget.
    pub(in crate::server) fn concat(&self) -> Vec<u8> {
        self.chunks.concat()
    }
}

impl From<Chunks> for Body {
    fn from(written: Chunks) -> Self {
        let mut chunks: VecDeque<Bytes> = written.into_bytes().collect();
        match (chunks.pop_front(), chunks.is_empty()) {
            (Some(only), true) => only.into(),
            (first, _) => {
                chunks.extend(first);
                chunks.rotate_right(1);
                let left = chunks.iter().map(|chunk| chunk.len() as u64).sum();
                Self::new(ChunkedBody { chunks, left })
            }
        }
    }
}

/// A body of several chunks. Its length is known, unlike that of a stream.
struct ChunkedBody {
    chunks: VecDeque<Bytes>,
    left: u64,
}

impl hyper::body::Body for ChunkedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.chunks.pop_front();
        self.left -= chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::memory::Budget;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn an_answer_of_any_length_is_sent_whole_and_its_memory_returns() {
        for length in [0, 1, FIRST, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 7] {
            let budget = Budget::new(1 << 20);
            let mut writer = ChunkWriter::new(budget.request());
            let text: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            text.chunks(1000).for_each(|part| writer.add(part).unwrap());
            assert_eq!((writer.len(), budget.used() >= length), (length, true));
            let body = Body::from(writer.finish());
            assert_eq!(hyper::body::Body::size_hint(&body).exact(), Some(length as u64));
            let sent = body.collect().await.unwrap().to_bytes();
            assert_eq!(sent, text);
            drop(sent);
            assert_eq!(budget.used(), 0, "{length}");
        }
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused_before_it_is_written() {
        let budget = Budget::new(1 << 20);
        let mut writer = ChunkWriter::new(budget.request());
        let error = writer.json(&vec![1.5; 1 << 20]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert!(budget.used() <= budget.total());
    }
}
