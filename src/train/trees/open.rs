//! The nodes of a growing tree that can be split, the best first.

use std::cmp::{Ordering, Reverse};

/// A node that can be split: of the highest rank first, and of equal ones the one that was made first.
#[derive(Debug)]
pub(super) struct Open<T> {
    pub(super) rank: f64,
    /// Its place among the nodes in the order in which they were made.
    pub(super) node: usize,
    /// What splitting it takes.
    pub(super) what: T,
}

impl<T> Ord for Open<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank.total_cmp(&other.rank).then(Reverse(self.node).cmp(&Reverse(other.node)))
    }
}

impl<T> PartialOrd for Open<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Open<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Open<T> {}
