//! The server: the same model files and the same answers behind HTTP. A page that cannot run WebAssembly falls back to it.
//! `docs/server.md` lists the routes and the settings.
//!
//! ```text
//! connection --listen--> request --guard--> route --protocols--> rows --scoring--> answer
//!                                              models: folder --watch--> catalogue --traffic--> model
//! ```
//!
//! The server translates and computes nothing. [`App`] is its state, [`App::router`] has its routes, and [`run`] serves them.

mod access;
mod answer;
mod app;
mod client_timeouts;
mod config;
mod connections;
mod docs;
mod guard;
mod health;
mod known_document;
mod listen;
mod log;
mod memory;
mod metrics;
mod models;
mod openapi;
mod pages;
mod process;
mod protocols;
#[cfg(test)]
mod refused_memory_tests;
mod request;
mod router;
mod routes;
mod scoring;
mod settings;
mod tls;

pub use access::new_key;
pub use app::{App, State};
pub use config::{Config, RequestLimits};
pub use listen::run;
pub use log::{Log, begin as begin_log};
pub use models::{ModelLocation, Traffic};
pub use settings::Settings;
