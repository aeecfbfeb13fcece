//! Numbers that look like chance and depend only on what they are for, so that the order of work cannot change them.

use rand::{Rng, RngCore};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

/// The number from 0 up to 1 of an item of a stream: by SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014), whose state is a counter.
pub(super) fn uniform(seed: u64, stream: u64, item: u64) -> f64 {
    Stream::new(seed, stream).uniform(item)
}

/// A stream of such numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stream(u64);

impl Stream {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        Self(mixed(mixed(seed) ^ stream))
    }

    /// A stream that belongs to an item of this one.
    pub(super) fn of(self, item: u64) -> Self {
        Self(mixed(mixed(self.0) ^ item))
    }

    /// The number of an item, from 0 up to 1.
    pub(super) fn uniform(self, item: u64) -> f64 {
        SplitMix64::seed_from_u64(self.0 ^ item).r#gen()
    }
}

fn mixed(number: u64) -> u64 {
    SplitMix64::seed_from_u64(number).next_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_evenly_and_streams_differ() {
        for (seed, stream) in [(0, 0), (0, 1), (1, 0), (u64::MAX, 9)] {
            let mut counts = [0; 10];
            (0..10_000).for_each(|item| counts[(uniform(seed, stream, item) * 10.0) as usize] += 1);
            assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        }
        let agree = (0..10_000).filter(|item| (uniform(3, 1, *item) < 0.5) == (uniform(3, 2, *item) < 0.5)).count();
        assert!((4800..5200).contains(&agree), "{agree}");
    }
}
