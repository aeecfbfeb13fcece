//! Which rows a tree sees, and which columns its nodes look at.

use crate::train::trees::random::{Stream, uniform};

/// The streams of the rows of trees, and of the keys of their roots.
const ROWS: u64 = 3 << 32;
const ROOTS: u64 = 4 << 32;

/// How trees differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Draw {
    /// Rows are drawn and put back: each tree sees some several times, and others not at all.
    Bootstrap,
    /// Each row is taken once or not at all.
    Once,
}

/// How often a tree sees each row: this part of them is drawn.
pub(super) fn counts(draw: Draw, n_rows: usize, fraction: f64, seed: u64, tree: u64) -> Vec<u32> {
    let chance = |item: usize| uniform(seed, ROWS + tree, item as u64);
    match draw {
        Draw::Once => (0..n_rows).map(|row| u32::from(fraction >= 1.0 || chance(row) < fraction)).collect(),
        Draw::Bootstrap => {
            let mut counts = vec![0; n_rows];
            let n_drawn = ((n_rows as f64 * fraction).ceil() as usize).max(1);
            (0..n_drawn).for_each(|draw| counts[(chance(draw) * n_rows as f64) as usize] += 1);
            counts
        }
    }
}

/// The numbers by chance of the root of a tree.
pub(super) fn root(seed: u64, tree: u64) -> Stream {
    Stream::new(seed, ROOTS + tree)
}

/// Puts another column at a place, by chance one of those from there on, and answers which.
pub(super) fn next_column(columns: &mut [usize], place: usize, stream: Stream) -> usize {
    let n_left = columns.len() - place;
    let drawn = place + (stream.uniform(place as u64) * n_left as f64) as usize;
    columns.swap(place, drawn);
    columns[place]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bag_has_as_many_rows_as_are_drawn() {
        for (draw, fraction) in [(Draw::Bootstrap, 1.0), (Draw::Bootstrap, 0.3), (Draw::Once, 0.3), (Draw::Once, 1.0)] {
            let counts = counts(draw, 10_000, fraction, 1, 2);
            let n: u32 = counts.iter().sum();
            let n_seen = counts.iter().filter(|count| **count > 0).count();
            let expected = match draw {
                Draw::Bootstrap => 10_000.0 * (1.0 - (-fraction).exp()),
                Draw::Once => 10_000.0 * fraction,
            };
            assert!((n_seen as f64 - expected).abs() < 150.0, "{draw:?} {fraction}: {n_seen}");
            assert!(draw == Draw::Once || n == (10_000.0 * fraction) as u32);
        }
        assert_ne!(counts(Draw::Bootstrap, 100, 1.0, 1, 2), counts(Draw::Bootstrap, 100, 1.0, 1, 3));
    }

    #[test]
    fn every_column_is_drawn_once() {
        let mut columns: Vec<usize> = (0..50).collect();
        let mut drawn: Vec<usize> = (0..50).map(|place| next_column(&mut columns, place, root(7, 1))).collect();
        assert!(!drawn.is_sorted());
        drawn.sort_unstable();
        assert_eq!(drawn, (0..50).collect::<Vec<_>>());
    }
}
