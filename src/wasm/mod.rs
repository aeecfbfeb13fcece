//! The JavaScript edge: translates, computes nothing.

mod model;
mod named;
mod row;
mod rows;
#[cfg(feature = "train")]
mod training;
mod value;

pub use model::{JsModel, predict};
#[cfg(feature = "train")]
pub use training::*;

use wasm_bindgen::prelude::*;

/// A quarter of the default one's code. A fit needs one that grows lists in place.
#[cfg(not(feature = "train"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");
