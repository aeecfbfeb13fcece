//! Sums over blocks of rows that do not depend on who added which block.

use crate::error::{Error, ErrorKind, Result};

/// What can be added up.
pub(crate) trait Merge {
    /// Adds what `later` blocks gave.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Internal`] for values that do not belong together.
    fn merge(&mut self, later: Self) -> Result<()>;
}

/// The sum of `size` blocks from block `first` on.
#[derive(Debug, Clone)]
pub(crate) struct Node<T> {
    pub(crate) first: usize,
    pub(crate) size: usize,
    pub(crate) value: T,
}

/// A sum over blocks in a fixed binary tree: blocks 2i and 2i + 1 are added first, then pairs of pairs, and so on, as in
/// pairwise summation (Higham, "Accuracy and Stability of Numerical Algorithms", section 4.2).
///
/// Any run of blocks becomes a few nodes of that tree. Nodes from different threads, workers or machines are put
/// together in the order of the blocks, and the result has the same bits however the blocks were shared out.
#[derive(Debug, Clone)]
pub(crate) struct TreeSum<T> {
    nodes: Vec<Node<T>>,
}

impl<T: Merge> TreeSum<T> {
    pub(crate) fn new() -> Self {
        Self { nodes: Vec::new() }
    }

    /// Adds the value of a block, the one after those that are there.
    pub(crate) fn push_block(&mut self, block: usize, value: T) -> Result<()> {
        self.push(Node { first: block, size: 1, value })
    }

    /// Adds a node, the one after those that are there.
    pub(crate) fn push(&mut self, mut node: Node<T>) -> Result<()> {
        while let Some(before) = self.nodes.pop_if(|before| {
            before.size == node.size && before.first + before.size == node.first && before.first % (2 * node.size) == 0
        }) {
            let Node { first, size, mut value } = before;
            value.merge(node.value)?;
            node = Node { first, size: 2 * size, value };
        }
        self.nodes.push(node);
        Ok(())
    }

    /// Whether it has every block from the first to the last of so many.
    pub(crate) fn is_whole(&self, n_blocks: usize) -> bool {
        let end = |before: usize, node: &Node<T>| (before == node.first).then(|| node.first + node.size);
        self.nodes.iter().try_fold(0, end) == Some(n_blocks)
    }

    /// The nodes, in order.
    pub(crate) fn into_nodes(self) -> Vec<Node<T>> {
        self.nodes
    }

    /// The sum, once every block is there; `None` without a block. The nodes left over are added from the last one on.
    pub(crate) fn total(self) -> Result<Option<T>> {
        let mut values = self.nodes.into_iter().map(|node| node.value).rev();
        let Some(last) = values.next() else { return Ok(None) };
        let add = |later: T, mut value: T| value.merge(later).map(|()| value);
        values.try_fold(last, add).map(Some)
    }
}

impl Merge for f64 {
    fn merge(&mut self, later: Self) -> Result<()> {
        *self += later;
        Ok(())
    }
}

/// Counts do not overflow.
impl Merge for u64 {
    fn merge(&mut self, later: Self) -> Result<()> {
        let too_large = || Error::new(ErrorKind::Internal, format!("{self} and {later} cannot be counted together"));
        *self = self.checked_add(later).ok_or_else(too_large)?;
        Ok(())
    }
}

/// What stands at the same place is merged. Lists of two lengths do not belong together.
impl<T: Merge> Merge for Vec<T> {
    fn merge(&mut self, later: Self) -> Result<()> {
        if self.len() != later.len() {
            let message = format!("lists of {} and of {} sums cannot be merged", self.len(), later.len());
            return Err(Error::new(ErrorKind::Internal, message));
        }
        self.iter_mut().zip(later).try_for_each(|(sum, later)| sum.merge(later))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(index: usize) -> Vec<f64> {
        vec![1.0 / (index as f64 + 1.0), (index as f64).sqrt()]
    }

    #[test]
    fn the_bits_do_not_depend_on_how_blocks_are_shared_out() {
        for n_blocks in [1, 2, 3, 7, 8, 13, 64, 100] {
            let mut alone = TreeSum::new();
            (0..n_blocks).for_each(|index| alone.push_block(index, block(index)).unwrap());
            let alone = alone.total().unwrap();
            for n_shares in 1..=n_blocks.min(40) {
                let mut total = TreeSum::new();
                for share in 0..n_shares {
                    let mut part = TreeSum::new();
                    let range = share * n_blocks / n_shares..(share + 1) * n_blocks / n_shares;
                    range.for_each(|index| part.push_block(index, block(index)).unwrap());
                    part.into_nodes().into_iter().for_each(|node| total.push(node).unwrap());
                }
                assert_eq!(total.total().unwrap(), alone, "{n_blocks} blocks in {n_shares} shares");
            }
        }
    }

    #[test]
    fn a_run_of_blocks_becomes_few_nodes() {
        let mut part = TreeSum::new();
        (37..1000).for_each(|index| part.push_block(index, block(index)).unwrap());
        assert!(part.into_nodes().len() < 20);
        assert_eq!(TreeSum::<Vec<f64>>::new().total(), Ok(None));
    }
}
