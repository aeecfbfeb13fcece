//! Who may ask, and how often.

mod keys;
mod network;
mod rate;

pub use keys::new_key;
pub(super) use keys::{Keys, Scope};
pub(super) use network::network;
pub(super) use rate::RateLimit;
