//! ONNX and ONNX-ML: graphs of operators over the rows of a table, read as a graph of operations.
//!
//! ```text
//! bytes --protobuf--> fields --file, tensor--> File --translate--> Builder --output--> Foreign
//! ```
//!
//! Dimension 0 of every tensor is that of the rows; what works across it is refused. Numbers of 32 bits are rounded where
//! ONNX rounds them, sums within an operator have 64 bits. An operator that is not read is refused by its name.

mod builder;
mod classifiers;
mod elementwise;
mod ensemble;
mod file;
mod layers;
mod ml;
mod output;
mod protobuf;
mod reshape;
mod shape;
mod svm;
mod tensor;
mod translate;
mod trees;
mod value;

use super::model::Foreign;
use super::options::ImportOptions;
use crate::error::Result;
use file::File;

/// The model of a file.
pub(super) fn read(bytes: &[u8], options: &ImportOptions) -> Result<Foreign> {
    let mut file = File::read(bytes)?;
    let translated = translate::translate(&mut file, bytes.len())?;
    output::foreign(file, translated, options)
}
