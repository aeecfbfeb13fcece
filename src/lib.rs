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
//! [`recipe::Recipe`] does all of the training part in one call. The edges ([`server`], the two binaries and the
//! JavaScript exports) translate and compute nothing.

pub mod error;

pub mod limits;

mod arithmetic;

#[cfg(all(feature = "train", not(target_arch = "wasm32")))]
#[doc(hidden)]
pub use arithmetic::timed as kernels;

pub mod table;

#[cfg(feature = "train")]
pub mod dataset;

pub mod preprocess;

pub mod train;

pub mod calibrate;

pub mod model;

pub mod predict;

pub mod explain;

#[cfg(feature = "train")]
pub mod score;

#[cfg(feature = "train")]
pub mod evaluate;

#[cfg(feature = "train")]
pub mod recipe;

#[cfg(feature = "train")]
pub mod share;

pub mod wire;

#[cfg(all(any(feature = "cli", feature = "server"), not(target_arch = "wasm32")))]
pub mod file;

#[cfg(all(feature = "server", not(target_arch = "wasm32")))]
pub mod server;

#[cfg(target_arch = "wasm32")]
pub mod wasm;
