//! Columns that may stand together on the way to a leaf.

use std::sync::Arc;

/// Which columns may stand together.
#[derive(Debug)]
pub(super) enum Together {
    All,
    /// Those of a group: per column its groups in ascending order.
    Groups(Vec<Vec<u32>>),
}

/// The groups that all columns on the way to a node are in; `None` where nothing is ruled out.
pub(super) type GroupsLeft = Option<Arc<[u32]>>;

impl Together {
    /// Whether a node with these groups may be split by a column.
    pub(super) fn allows(&self, column: usize, left: &GroupsLeft) -> bool {
        match (self, left) {
            (Self::Groups(groups), Some(left)) => groups[column].iter().any(|group| left.binary_search(group).is_ok()),
            _ => true,
        }
    }

    /// The groups of the children of a node that is split by a column.
    pub(super) fn after(&self, column: usize, left: &GroupsLeft) -> GroupsLeft {
        match (self, left) {
            (Self::All, _) => None,
            (Self::Groups(groups), None) => Some(groups[column].as_slice().into()),
            (Self::Groups(groups), Some(left)) => {
                Some(left.iter().filter(|group| groups[column].binary_search(group).is_ok()).copied().collect())
            }
        }
    }
}
