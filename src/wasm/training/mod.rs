//! What the builds that train have beside predictions.

mod model;
mod options;
mod score;
#[cfg(feature = "shares")]
mod share;
mod train;

pub use model::upgrade;
pub use score::JsFileScorer;
#[cfg(feature = "shares")]
pub use share::{JsCoordinator, JsShare};
pub use train::{JsDataset, JsTrainer, head_length, profile, train};
