//! Sorts that are compiled once each.

use std::cmp::Ordering;

/// The positions below `n` in the order that `compare` gives to two of them; of equal ones the lower comes first.
///
/// A sort is compiled again for each type and each order, into 3 to 8 KB of WebAssembly. This one is compiled once.
#[cfg_attr(not(any(feature = "train", feature = "interop")), expect(dead_code, reason = "predicting orders none"))]
pub(crate) fn sorted_positions(n: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..n).collect();
    positions.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
    positions
}

/// Sorts pairs by their first numbers, those of equal ones by their second. Compiled once too.
pub(crate) fn sort_pairs(pairs: &mut [(f64, f64)]) {
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ones_stay_in_their_order() {
        let keys: Vec<usize> = (0..500).map(|index| index * 7919 % 5).collect();
        let mut expected: Vec<usize> = (0..500).collect();
        expected.sort_by_key(|index| keys[*index]);
        assert_eq!(sorted_positions(500, &|a, b| keys[a].cmp(&keys[b])), expected);
        assert!(sorted_positions(0, &|_, _| Ordering::Less).is_empty());
    }

    #[test]
    fn pairs_are_in_order_of_both() {
        let mut pairs = [(0.5, 1.0), (0.0, 2.0), (-0.0, 3.0), (0.5, -1.0)];
        sort_pairs(&mut pairs);
        assert_eq!(pairs.map(|(_, second)| second), [3.0, 2.0, -1.0, 1.0]);
    }
}
