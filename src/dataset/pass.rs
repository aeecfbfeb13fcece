//! Passes over all blocks, shared out among threads.

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::tree_sum::{Merge, TreeSum};
use std::ops::Range;

/// The sum of `leaf` over all blocks. Natively the threads of rayon's current pool share the blocks; the bits do not
/// depend on how many there are.
pub(crate) fn sum_blocks<T: Merge + Send>(n_blocks: usize, leaf: impl Fn(usize) -> Result<T> + Sync) -> Result<T> {
    #[cfg(target_arch = "wasm32")]
    let total = sum_run(0..n_blocks, &leaf)?;

    #[cfg(not(target_arch = "wasm32"))]
    let total = {
        use rayon::prelude::*;
        // More runs than threads, so that none waits long for the slowest.
        let n_runs = if rayon::current_num_threads() == 1 { 1 } else { n_blocks.min(4 * rayon::current_num_threads()) };
        let run = |index: usize| sum_run(index * n_blocks / n_runs..(index + 1) * n_blocks / n_runs, &leaf);
        let runs: Vec<TreeSum<T>> = match n_runs {
            1 => vec![run(0)?],
            _ => (0..n_runs).into_par_iter().map(run).collect::<Result<_>>()?,
        };
        let mut total = TreeSum::new();
        runs.into_iter().flat_map(TreeSum::into_nodes).try_for_each(|node| total.push(node))?;
        total
    };
    total.total()?.ok_or_else(|| Error::new(ErrorKind::Empty, "there are no rows"))
}

/// Every block's answer, in their order.
pub(crate) fn map_blocks<T: Send>(n_blocks: usize, of_block: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    #[cfg(target_arch = "wasm32")]
    return (0..n_blocks).map(of_block).collect();

    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        (0..n_blocks).into_par_iter().map(&of_block).collect()
    }
}

/// The nodes of a run of blocks.
pub(crate) fn sum_run<T: Merge>(blocks: Range<usize>, leaf: &impl Fn(usize) -> Result<T>) -> Result<TreeSum<T>> {
    let mut sum = TreeSum::new();
    for index in blocks {
        sum.push_block(index, leaf(index)?)?;
    }
    Ok(sum)
}
