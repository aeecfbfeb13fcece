//! Numbers of 32 bits: what XGBoost rounds its inputs to, and computes in.

use libm::log as ln;

/// The largest number of 64 bits that is below a threshold once it is rounded to 32 bits, to the nearest and of two as near ones
/// to the even one. So `x <= last_below(t)` says for every x what `x as f32 < t` says, and no input needs to be rounded.
pub(super) fn last_below(threshold: f32) -> f64 {
    /// From here on numbers round to infinity: halfway from the largest number to the one that would follow.
    const OVERFLOW: f64 = (1_u128 << 127) as f64 * (2.0 - 1.0 / (1 << 24) as f64);
    let before = threshold.next_down();
    let between = match (before.is_finite(), threshold.is_finite()) {
        (true, true) => (f64::from(before) + f64::from(threshold)) / 2.0,
        (true, false) => OVERFLOW,
        (false, _) => -OVERFLOW,
    };
    if (between as f32) < threshold { between } else { between.next_down() }
}

/// The natural logarithm, rounded.
pub(super) fn ln_single(number: f32) -> f32 {
    ln(f64::from(number)) as f32
}

/// The logarithm of the odds of a probability, which is kept away from 0 and 1 (`ProbToMargin` in XGBoost's
/// `src/objective/regression_loss.h`).
pub(super) fn log_odds(probability: f32) -> f32 {
    const LEAST: f32 = 1e-6;
    -ln_single(1.0 / probability.clamp(LEAST, 1.0 - LEAST) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_at_most_the_last_below_where_it_rounds_to_less() {
        let thresholds = [
            38.5,
            -38.5,
            0.1,
            0.0,
            -0.0,
            1.0,
            2.0,
            f32::MIN_POSITIVE,
            -f32::MIN_POSITIVE,
            1e-45,
            -1e-45,
            1e-40,
            f32::MAX,
            f32::MIN,
            f32::INFINITY,
        ];
        for threshold in thresholds {
            let last = last_below(threshold);
            assert!((last as f32) < threshold, "{threshold}");
            assert!(last.next_up() as f32 >= threshold, "{threshold}");
            let near = [threshold.next_down().next_down(), threshold.next_down(), threshold, threshold.next_up()];
            for near in near.map(f64::from) {
                let numbers = [near.next_down(), near, near.next_up(), near * 0.999_999_99, near * 1.000_000_01];
                for x in numbers.into_iter().filter(|x| x.is_finite()) {
                    assert_eq!(x <= last, (x as f32) < threshold, "{x} and {threshold}");
                }
            }
        }
    }

    #[test]
    fn log_odds_are_finite() {
        assert_eq!(log_odds(0.5), 0.0);
        assert!(log_odds(0.0) < -13.0 && log_odds(1.0) > 13.0);
    }
}
