//! Numbers that look like chance and depend only on what they are for, so that the order of work cannot change them.

/// The number from 0 up to 1 of an item of a stream: by SplitMix64's mixing (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014).
pub(super) fn uniform(seed: u64, stream: u64, item: u64) -> f64 {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let begin = mix(mix(seed.wrapping_add(GOLDEN)).wrapping_add(stream.wrapping_mul(GOLDEN)));
    // The first 53 bits.
    (mix(begin.wrapping_add((item + 1).wrapping_mul(GOLDEN))) >> 11) as f64 / (1_u64 << 53) as f64
}

fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ number >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ number >> 31
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
