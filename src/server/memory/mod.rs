//! The memory that clients may cause the server to take: one budget for all of them, spent before memory is.

mod budget;
mod chunks;
mod container;
mod list;

pub(super) use budget::{Budget, Reservation};
pub(super) use chunks::{ChunkWriter, Chunks, held};
pub(super) use container::memory_limit;
pub(super) use list::{push, reserve};
