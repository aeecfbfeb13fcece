//! What a request may take.

use crate::server::config::RequestLimits;
use crate::server::memory::{Budget, ChunkWriter, Reservation};

/// The limits of a request, and its part of the memory.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub(crate) limits: RequestLimits,
    /// What its body, its rows and their outputs take.
    pub(crate) memory: Reservation,
}

impl Bounds {
    pub(crate) fn new(limits: RequestLimits, budget: &Budget) -> Self {
        Self { limits, memory: budget.request() }
    }

    /// Where an answer is written: it has its own part of the memory, because it outlives the request.
    pub(crate) fn writer(&self) -> ChunkWriter {
        ChunkWriter::new(self.memory.beside())
    }

    /// Bounds of tests: a megabyte, ten columns.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        let second = std::time::Duration::from_secs(1);
        let limits =
            RequestLimits { body: 1 << 20, rows: 100, columns: 10, read: second, total: second, stream: second };
        Self::new(limits, &Budget::new(1 << 20))
    }
}
