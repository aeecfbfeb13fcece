//! The server through its routes, and through the binary where that matters.
#![cfg(all(feature = "server", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod binary;
mod faults;
mod guard;
mod models;
mod plain;
mod process;
mod protocols;
mod rolling;
mod served;
mod streams;
