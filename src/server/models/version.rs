//! Versions of a model, and their order.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A version's name. Runs of digits count as numbers: `10` comes after `9`, `2026-10` after `2026-9`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Version(Arc<str>);

impl Version {
    pub(super) fn new(name: &str) -> Self {
        Self(name.into())
    }

    /// The version of a file whose name has none.
    pub(super) fn first() -> Self {
        Self::new("1")
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Its parts: texts, and numbers without their leading zeros.
    fn parts(&self) -> impl Iterator<Item = (bool, &str)> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let is_digit = rest.starts_with(|first: char| first.is_ascii_digit());
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            rest = after;
            (!part.is_empty()).then(|| (is_digit, if is_digit { part.trim_start_matches('0') } else { part }))
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let compare =
            |((a_is_number, a), (b_is_number, b)): ((bool, &str), (bool, &str))| match (a_is_number, b_is_number) {
                (true, true) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
                _ => a.cmp(b),
            };
        let by_part = self.parts().zip(other.parts()).map(compare).find(|order| order.is_ne());
        let by_count = || self.parts().count().cmp(&other.parts().count());
        by_part.unwrap_or_else(by_count).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_as_numbers() {
        let sorted = ["1", "2", "9", "10", "2026-9", "2026-10", "2026-10-1", "v1.9", "v1.10"];
        for pair in sorted.windows(2) {
            assert!(Version::new(pair[0]) < Version::new(pair[1]), "{pair:?}");
        }
        assert_eq!(Version::new("2").cmp(&Version::new("2")), Ordering::Equal);
        assert_ne!(Version::new("02").cmp(&Version::new("2")), Ordering::Equal);
    }
}
