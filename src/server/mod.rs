//! The fallback server: the same model files, the same answers, for where a page cannot run WebAssembly; and a model behind
//! HTTP for whoever wants one. `docs/server.md` has the routes, and how it is told what to do.
//!
//! ```text
//! connection --listen--> request --guard--> route --protocols--> rows --scoring--> answer
//!                                              models: folder --watch--> catalogue --traffic--> model
//! ```
//!
//! It translates and computes nothing. [`App`] is its state, [`App::router`] its routes, [`run`] the loop that serves them.

mod access;
mod answer;
mod app;
mod config;
mod docs;
mod guard;
mod health;
mod listen;
mod log;
mod metrics;
mod models;
mod openapi;
mod pages;
mod patience;
mod protocols;
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
pub use log::begin as begin_log;
pub use models::{Place, Traffic};
pub use settings::Settings;
