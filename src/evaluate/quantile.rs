//! Quantiles as numpy computes them by default.

/// The quantile `q` (0 to 1) of values in ascending order, by linear interpolation: it lies at position q (n - 1),
/// counted from 0 (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). `None` without values.
pub(super) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = (last as f64 * q).clamp(0.0, last as f64);
    let index = position.floor() as usize;
    let (low, high) = (*sorted.get(index)?, *sorted.get((index + 1).min(last))?);
    let t = position - index as f64;
    let difference = high - low;
    // Counted from the nearer end, as numpy does, so that the result rounds the same and never passes `high`.
    Some(if t < 0.5 { low + difference * t } else { high - difference * (1.0 - t) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_on_the_line_between_their_neighbours() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let cases = [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.75, 5.0), (1.0, 8.0)];
        for (q, expected) in cases {
            assert_eq!(quantile(&sorted, q), Some(expected), "{q}");
        }
        assert_eq!(quantile(&[5.0], 0.3), Some(5.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
