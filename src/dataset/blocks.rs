//! Rows in blocks of a fixed layout: what a pass over a table reads at a time.

use super::target::Target;
use crate::error::Result;
use crate::numeric::simd::ROW_STEP;
use ndarray::Array2;
use std::borrow::Cow;

/// About the most numbers in a block: 1 MB.
const BLOCK_CELLS: usize = 1 << 17;

/// About how many numbers are enough for a block whose rows are many: 256 KB, so that there are enough blocks to share out.
const ENOUGH_CELLS: usize = 1 << 15;

/// Fewer rows than this are little work beside what is done once for a block, where sums over its rows are merged.
const FEW_ROWS: usize = 64;

/// The most rows in a block, so that a narrow table has enough blocks to share out.
const MOST_ROWS: usize = 1024;

/// How many rows each block has, the last one excepted: a power of two, and a multiple of what the kernels take at a time.
/// It depends on the number of features alone, so the same rows are the same blocks wherever they come from; and the blocks
/// of fewer features are made of those of more.
pub(crate) fn rows_per_block(n_features: usize) -> usize {
    let of = |cells: usize| cells / n_features.max(1);
    1 << of(BLOCK_CELLS).clamp(ROW_STEP, of(ENOUGH_CELLS).clamp(FEW_ROWS, MOST_ROWS)).ilog2()
}

/// Some rows as they were read, in order. Those that are kept are only borrowed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Block<'a> {
    /// Its position among the blocks.
    pub(crate) index: usize,
    /// The features, row by row: a number, the position of a category, or NaN where it is missing.
    pub(crate) features: Cow<'a, [f64]>,
    /// Per row the number to predict, or the position of its class.
    pub(crate) targets: Cow<'a, [f64]>,
    /// Per row its sample weight; empty when every row counts once.
    pub(crate) weights: Cow<'a, [f64]>,
}

/// Rows that can be read again and again, block by block, by several threads.
pub(crate) trait Blocks: Sync {
    fn n_features(&self) -> usize;

    fn n_blocks(&self) -> usize;

    /// The block at a position below [`Blocks::n_blocks`].
    fn block(&self, index: usize) -> Result<Block<'_>>;
}

/// Rows that are kept in memory.
#[derive(Debug, Clone)]
pub(crate) struct InMemoryRows {
    /// Shape (rows, features), row-major.
    pub(super) features: Array2<f64>,
    pub(super) target: Target,
    /// One per row, or none at all when every row counts once.
    pub(super) weights: Vec<f64>,
}

impl Blocks for InMemoryRows {
    fn n_features(&self) -> usize {
        self.features.ncols()
    }

    fn n_blocks(&self) -> usize {
        self.features.nrows().div_ceil(rows_per_block(self.n_features()))
    }

    fn block(&self, index: usize) -> Result<Block<'_>> {
        let (size, n_features) = (rows_per_block(self.n_features()), self.n_features());
        let rows = index * size..((index + 1) * size).min(self.features.nrows());
        let features = self.features.as_slice().unwrap_or_default();
        Ok(Block {
            index,
            features: Cow::from(&features[rows.start * n_features..rows.end * n_features]),
            targets: match &self.target {
                Target::Classes { codes, .. } => codes[rows.clone()].iter().map(|code| *code as f64).collect(),
                Target::Numbers(numbers) => Cow::from(&numbers[rows.clone()]),
            },
            weights: Cow::from(self.weights.get(rows).unwrap_or_default()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_rows_make_short_blocks() {
        let expected = [(1, 1024), (60, 512), (64, 512), (1000, 64), (2000, 64), (5000, 16), (100_000, 8)];
        for (n_features, n_rows) in expected {
            assert_eq!(rows_per_block(n_features), n_rows, "{n_features} features");
        }
    }
}
