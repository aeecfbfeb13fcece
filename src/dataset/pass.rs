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
        // More runs than threads, so that none waits long for the slowest.
        let n_runs = if rayon::current_num_threads() == 1 { 1 } else { n_blocks.min(4 * rayon::current_num_threads()) };
        let run = |index: usize| sum_run(index * n_blocks / n_runs..(index + 1) * n_blocks / n_runs, &leaf);
        let mut total = TreeSum::new();
        let runs = in_order(n_runs, run)?;
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
    in_order(n_blocks, of_block)
}

/// Lets several threads write parts of some numbers, so many at a time: `write` is given where a part begins.
pub(crate) fn write_blocks<T: Send>(numbers: &mut [T], at_a_time: usize, write: impl Fn(usize, &mut [T]) + Sync) {
    #[cfg(target_arch = "wasm32")]
    numbers.chunks_mut(at_a_time).enumerate().for_each(|(block, part)| write(block * at_a_time, part));

    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::*;
        numbers.par_chunks_mut(at_a_time).enumerate().for_each(|(block, part)| write(block * at_a_time, part));
    }
}

/// What `of` gives for each index below `n`, made by several threads. The error is that of the lowest index, so that it names
/// the same row for any number of threads. What comes after an error is not begun.
#[cfg(not(target_arch = "wasm32"))]
fn in_order<T: Send>(n: usize, of: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
    use rayon::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let first_failed = AtomicUsize::new(n);
    let of_index = |index: usize| {
        (index <= first_failed.load(Ordering::Relaxed)).then(|| {
            let made = of(index);
            if made.is_err() {
                first_failed.fetch_min(index, Ordering::Relaxed);
            }
            made
        })
    };
    let made: Vec<Option<Result<T>>> = match n {
        1 => vec![of_index(0)],
        _ => (0..n).into_par_iter().map(of_index).collect(),
    };
    // Nothing is left out before the first error.
    made.into_iter().flatten().collect()
}

/// The nodes of a run of blocks.
pub(crate) fn sum_run<T: Merge>(blocks: Range<usize>, leaf: &impl Fn(usize) -> Result<T>) -> Result<TreeSum<T>> {
    let mut sum = TreeSum::new();
    for index in blocks {
        sum.push_block(index, leaf(index)?)?;
    }
    Ok(sum)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_that_of_the_first_block_for_any_number_of_threads() {
        let leaf = |index: usize| match index {
            // The first bad block is the last to be found.
            40 => {
                std::thread::sleep(std::time::Duration::from_millis(2));
                Err(Error::new(ErrorKind::NotANumber, "block 40"))
            }
            41.. => Err(Error::new(ErrorKind::NotANumber, format!("block {index}"))),
            _ => Ok(vec![1.0]),
        };
        for n_threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            for _ in 0..20 {
                let sum = pool.install(|| sum_blocks(64, leaf)).unwrap_err();
                let each = pool.install(|| map_blocks(64, leaf)).unwrap_err();
                assert_eq!([sum.message(), each.message()], ["block 40"; 2], "{n_threads} threads");
            }
            assert_eq!(pool.install(|| sum_blocks(40, leaf)).unwrap(), [40.0]);
        }
    }
}
