//! How far a share of rows may be off because the rows are few.

/// The standard normal quantile at 97.5 %: 95 % of the distribution lies within this many standard deviations.
const Z: f64 = 1.959963984540054;

/// The Wilson score interval at 95 % for a share of which `successes` of `trials` were seen: (low, high), both from 0
/// to 1. `None` without trials. With p = successes / trials, n = trials and z = 1.96:
///
/// (p + z^2 / 2n ± z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
///
/// Unlike p ± z sqrt(p (1 - p) / n) it stays within 0 and 1, and has a width when p is 0 or 1 (Wilson, "Probable
/// Inference, the Law of Succession, and Statistical Inference", 1927). The trials are taken to be independent.
pub fn wilson_interval(successes: f64, trials: f64) -> Option<(f64, f64)> {
    if trials.is_nan() || trials <= 0.0 || successes > trials {
        return None;
    }
    let (k, n) = (successes, trials);
    // The formula multiplied by n, so that k of n and n - k of n mirror each other.
    let middle = k + Z * Z / 2.0;
    let half_width = Z * (k * ((n - k) / n) + Z * Z / 4.0).sqrt();
    let scale = n + Z * Z;
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if successes == 0.0 { 0.0 } else { (middle - half_width) / scale };
    let high = if successes == trials { 1.0 } else { (middle + half_width) / scale };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_scipy() {
        // scipy 1.17.1: binomtest(k, n).proportion_ci(method="wilson"), see tests/golden/figures.py.
        let cases = [
            (0.0, 10.0, 0.0, 0.27753279986288926),
            (7.0, 10.0, 0.39677814746114526, 0.892208732593699),
            (10.0, 10.0, 0.7224672001371109, 1.0),
            (30.0, 30.0, 0.8864866068260312, 1.0),
            (45.0, 50.0, 0.7863976856252034, 0.9565242350681095),
        ];
        for (k, n, expected_low, expected_high) in cases {
            let (low, high) = wilson_interval(k, n).unwrap();
            assert!((low - expected_low).abs() < 1e-15 && (high - expected_high).abs() < 1e-15, "{k} of {n}");
        }
    }

    #[test]
    fn the_interval_holds_the_share_and_stays_between_0_and_1() {
        for n in 1..60 {
            for k in 0..=n {
                let (k, n) = (f64::from(k), f64::from(n));
                let (low, high) = wilson_interval(k, n).unwrap();
                let share = k / n;
                assert!(0.0 <= low && low <= share && share <= high && high <= 1.0, "{k} of {n}: {low} to {high}");
                let (mirrored_low, _) = wilson_interval(n - k, n).unwrap();
                assert!((mirrored_low - (1.0 - high)).abs() < 1e-15, "{k} of {n}");
            }
        }
    }

    #[test]
    fn without_trials_there_is_no_interval() {
        assert_eq!(wilson_interval(0.0, 0.0), None);
        assert_eq!(wilson_interval(3.0, 2.0), None);
    }
}
