//! The server through its routes, and through the binary where that matters.

mod binary;
mod faults;
mod guard;
mod models;
mod plain;
mod process;
mod protocols;
mod refused;
mod rolling;
mod served;
mod streams;
