//! The largest of numbers, NaN included.

use super::LANES;

/// The largest absolute value; 0 of none, and NaN where one is.
pub(crate) fn largest(numbers: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole, rest) = numbers.as_chunks::<LANES>();
    for x in whole {
        for lane in 0..LANES {
            lanes[lane] = larger(lanes[lane], x[lane].abs());
        }
    }
    lanes.into_iter().chain(rest.iter().map(|x| x.abs())).fold(0.0, larger)
}

/// The larger of two numbers, and NaN where one is, which `f64::max` would lose: nothing is larger than NaN.
#[inline(always)]
pub(crate) fn larger(a: f64, b: f64) -> f64 {
    if b > a || b.is_nan() { b } else { a }
}
