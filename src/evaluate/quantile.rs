//! Quantiles as numpy computes them by default.

/// The quantile `q` (0 to 1) of `n` values in ascending order, by linear interpolation: it lies at position q (n - 1),
/// counted from 0 (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996). `at` gives the value at a
/// whole position. `None` without values.
pub(super) fn quantile(n: f64, q: f64, at: &dyn Fn(f64) -> Option<f64>) -> Option<f64> {
    let last = (n - 1.0).max(0.0);
    let position = (last * q).clamp(0.0, last);
    let index = position.floor();
    let (low, high) = (at(index)?, at((index + 1.0).min(last))?);
    let t = position - index;
    let difference = high - low;
    // Counted from the nearer end, as numpy does, so that the result rounds the same and never passes `high`.
    Some(if t < 0.5 { low + difference * t } else { high - difference * (1.0 - t) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
        quantile(sorted.len() as f64, q, &|at| sorted.get(at as usize).copied())
    }

    #[test]
    fn quantiles_lie_on_the_line_between_their_neighbours() {
        let cases = [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.75, 5.0), (1.0, 8.0)];
        for (q, expected) in cases {
            assert_eq!(of_sorted(&[1.0, 2.0, 4.0, 8.0], q), Some(expected), "{q}");
        }
        assert_eq!(of_sorted(&[5.0], 0.3), Some(5.0));
        assert_eq!(of_sorted(&[], 0.5), None);
    }
}
