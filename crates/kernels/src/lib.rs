//! The loops that tepal spends its time in, compiled for every kind of vectors: scores of many rows, with the bits that each
//! row has alone. Training brings loops of its own.

#[cfg(target_arch = "x86_64")]
mod avx;
mod dots;
mod exponential;
mod features;
mod kernel;
mod lanes;
mod links;
mod rows;
mod trees;
mod vectors;

pub use dots::{Eight, FourEights, SUM_LANES, dot, dot_with, sum};
pub use features::{Categories, Columns, Feature, Unusual};
pub use kernel::{Kernel, vectorized, with_every_kind};
pub use lanes::Lanes;
pub use rows::{LinearRows, RowLink, RowRoom};
pub use trees::{TreeNode, TreeSums};
pub use vectors::{LANES, Portable, Vectors};
