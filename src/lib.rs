//! Small prediction models for tables, trained and run inside a web page.
//!
//! The modules stand in the order in which data goes, and import only from those above them:
//!
//! ```text
//! bytes --parse--> Table --roles--> Dataset --fit--> Preprocessor --rows--> Trainer --> Fit --> Model
//! Model --encode--> file --decode--> Model --predict--> Prediction
//! ```
//!
//! ```
//! use tepal::dataset::{Dataset, Roles};
//! use tepal::model::Model;
//! use tepal::predict::Prediction;
//! use tepal::table::Table;
//! use tepal::train::{Options, Trainer};
//!
//! # fn main() -> tepal::error::Result<()> {
//! let table = Table::parse(b"x,y\n1,5\n2,7\n3,9\n4,11\n5,13\n")?;
//! let dataset = Dataset::new(&table, &Roles { target: "y".into(), ..Roles::default() })?;
//! let fit = Trainer::new(&dataset, Options::default())?.run()?;
//! assert!(fit.certificate.converged());
//!
//! let file = Model::new(fit, "a line", None)?.encode()?;
//! let model = Model::decode(&file)?;
//! assert_eq!(model.predict_named([("x", 6.0)])?, Prediction::Value(15.0));
//! # Ok(())
//! # }
//! ```
//!
//! [`pipeline::Pipeline`] does all of the training part in one call. The edges ([`server`], the two binaries and the
//! JavaScript exports) translate and compute nothing.

pub mod describe;
pub mod error;
pub mod explain;
pub mod limits;
pub mod model;
mod numeric;
pub mod predict;
pub mod preprocess;
pub mod table;

// From here on modules are for tables and training.
#[cfg(feature = "train")]
pub mod batch;
#[cfg(feature = "train")]
pub mod dataset;
#[cfg(feature = "train")]
pub mod distributed;
#[cfg(feature = "train")]
pub mod evaluate;
#[cfg(feature = "train")]
pub mod pipeline;
#[cfg(feature = "train")]
pub mod train;

// Edges: they translate and compute nothing.
#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
pub mod files;
#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;
#[cfg(target_arch = "wasm32")]
pub mod wasm;

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
pub use numeric::timed as kernels;
