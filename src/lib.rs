//! Small prediction models for tables, trained and run inside a web page.
//!
//! The modules stand in the order in which data goes, and import only from those above them:
//!
//! ```text
//! bytes --parse--> Table --roles--> Dataset --fit--> Model --encode--> file
//! file --decode--> Model --predict--> Prediction --explain--> contributions
//! ```
//!
//! ```
//! use tepal::{Model, Pipeline, Prediction, Table};
//!
//! # fn main() -> tepal::Result<()> {
//! let table = Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n")?;
//! let file = Pipeline::new("y").train(&table)?.encode()?;
//!
//! let model = Model::decode(&file)?;
//! assert_eq!(model.predict_named([("x", 6.0)])?, Prediction::Value(15.0));
//! # Ok(())
//! # }
//! ```
//!
//! [`Pipeline`] does the training part in one call; [`train::Trainer`] does it round by round. The edges ([`server`], the
//! two binaries and the JavaScript exports) translate and compute nothing. Features slim a build down: without the
//! default ones there is what predicts, with `train` the library alone.

pub mod error;

pub mod limits;

pub mod note;

mod numeric;

pub mod table;

pub mod preprocess;

pub mod model;

pub mod predict;

pub mod explain;

pub mod describe;

// From here on: what the build that only predicts does without.

#[cfg(feature = "interop")]
pub mod interop;

#[cfg(feature = "train")]
pub mod batch;

#[cfg(feature = "train")]
pub mod dataset;

#[cfg(feature = "train")]
pub mod train;

#[cfg(feature = "train")]
pub mod evaluate;

#[cfg(feature = "train")]
pub mod pipeline;

#[cfg(feature = "train")]
pub mod distributed;

// The edges: they translate and compute nothing.

#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
pub mod files;

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod formats;

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;

#[cfg(target_arch = "wasm32")]
mod js_error;

#[cfg(all(target_arch = "wasm32", not(feature = "import")))]
pub mod wasm;

#[cfg(all(target_arch = "wasm32", feature = "import"))]
pub mod wasm_import;

pub use error::{Error, ErrorKind, Result};
pub use model::Model;
pub use predict::Prediction;
#[cfg(feature = "train")]
pub use {
    dataset::{Dataset, Roles},
    pipeline::Pipeline,
    table::Table,
};

/// The kernels by name, for the benchmarks.
#[cfg(all(feature = "train", not(target_arch = "wasm32")))]
#[doc(hidden)]
pub use numeric::simd::timed as kernels;
