//! Column names, looked up.

use std::collections::BinaryHeap;

/// Names with their positions, in the order of the names.
pub(crate) struct NameIndex<'n>(Vec<(&'n str, usize)>);

impl<'n> NameIndex<'n> {
    pub(crate) fn new(names: impl IntoIterator<Item = &'n str>) -> Self {
        // The code of a heap's sort is a tenth of a slice's. Nothing else in the predict build sorts.
        Self(names.into_iter().zip(0..).collect::<BinaryHeap<_>>().into_sorted_vec())
    }

    /// A name that stands more than once.
    pub(crate) fn duplicate(&self) -> Option<&'n str> {
        self.duplicates().next().map(|(name, _)| name)
    }

    /// Names that stand more than once, and where one stood and the next.
    pub(crate) fn duplicates(&self) -> impl Iterator<Item = (&'n str, [usize; 2])> {
        self.0.array_windows().filter(|[(a, _), (b, _)]| a == b).map(|[(name, a), (_, b)]| (*name, [*a, *b]))
    }

    /// The bytes of the longest name.
    pub(crate) fn longest(&self) -> usize {
        self.0.iter().map(|(name, _)| name.len()).max().unwrap_or(0)
    }

    /// Where a name stood.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        let at = self.0.binary_search_by(|(other, _)| (*other).cmp(name)).ok()?;
        Some(self.0[at].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_duplicates_too() {
        let index = NameIndex::new(["b", "a", "c"]);
        assert_eq!((index.position("a"), index.position("c"), index.position("d")), (Some(1), Some(2), None));
        assert_eq!(index.duplicate(), None);
        assert_eq!(NameIndex::new(["b", "a", "b"]).duplicate(), Some("b"));
    }
}
