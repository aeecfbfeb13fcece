//! What the builds that train have beside predictions.

mod model;
mod options;
mod score;
#[cfg(feature = "shares")]
mod share;
mod train;
mod truth;

pub use model::{tree, upgrade};
pub use score::JsFileScorer;
#[cfg(feature = "shares")]
pub use share::{JsCoordinator, JsShare};
pub use train::{JsDataset, JsTrainer, head_length, profile, train};

use crate::error::{Error, ErrorKind};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Runs when the module is loaded: a panic cannot be caught here, so at least its message is seen. The page runs this
/// module in a worker, which it replaces after a trap. In the build that predicts the words would be 600 bytes of 50,000.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| console_error(&panic.to_string())));
}

/// A plain JavaScript value: structs and maps become objects, `None` becomes `null`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| Error::new(ErrorKind::Internal, error.to_string()).into())
}
