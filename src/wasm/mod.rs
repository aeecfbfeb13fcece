//! The JavaScript edge: translates, computes nothing.

mod error;
mod model;
mod named;
mod row;
mod rows;
#[cfg(feature = "train")]
mod training;

pub use model::{JsModel, predict};
#[cfg(feature = "train")]
pub use training::*;

use crate::error::Error;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// A quarter of the default one's code. A fit needs one that grows lists in place.
#[cfg(not(feature = "train"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Runs when the module is loaded: a panic cannot be caught here, so at least its message is seen. The page runs this
/// module in a worker, which it replaces after a trap.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|panic| console_error(&panic.to_string())));
}

/// A plain JavaScript value: structs and maps become objects, `None` becomes `null`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|error| error::to_js(&Error::new(crate::error::ErrorKind::Internal, error.to_string())))
}
