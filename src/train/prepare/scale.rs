//! Fitting the scaling of one column.

use crate::preprocess::{Scale, Scaling};

/// What a scaling is fitted to: statistics of a column's training rows.
pub(super) struct ColumnStatistics {
    pub(super) mean: f64,
    pub(super) std_dev: f64,
    pub(super) range: (f64, f64),
    /// The quartiles, where they are known.
    pub(super) quartiles: Option<[f64; 3]>,
}

impl Scaling {
    /// The scaling of a column that varies; `centred` is true for a fit with an intercept. Without an intercept the
    /// standard scale subtracts nothing, and divides by the root mean square. A range of 0 divides by 1.
    pub(super) fn fit(scale: Scale, statistics: &ColumnStatistics, centred: bool) -> Self {
        let ColumnStatistics { mean, std_dev, range: (minimum, maximum), quartiles } = *statistics;
        let or_one = |scale: f64| if scale > 0.0 { scale } else { 1.0 };
        match scale {
            Scale::Standard if centred => Self { center: mean, scale: std_dev },
            Scale::Standard => Self { center: 0.0, scale: (std_dev * std_dev + mean * mean).sqrt() },
            Scale::MinMax => Self { center: minimum, scale: or_one(maximum - minimum) },
            Scale::Robust => {
                let [lower, median, upper] = quartiles.unwrap_or([0.0, 0.0, 1.0]);
                Self { center: median, scale: or_one(upper - lower) }
            }
            Scale::None => Self::NONE,
        }
    }
}

/// The standard deviation of a column with this mean and population variance over `n_rows` rows, or `None` when it is
/// constant.
///
/// A column counts as constant when its variance is within the rounding error of computing it by two passes and a
/// correction, n eps var + n^3 eps^3 mean^2 (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983,
/// table 1). So whole numbers such as 1700000000000001 vary, which scikit-learn's `StandardScaler` takes for one.
pub(super) fn std_dev(mean: f64, variance: f64, n_rows: usize) -> Option<f64> {
    let n = n_rows as f64;
    let rounding = n * f64::EPSILON;
    let rounding = rounding * variance + rounding * (rounding * mean) * (rounding * mean);
    (variance > rounding).then(|| variance.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATISTICS: ColumnStatistics =
        ColumnStatistics { mean: 3.0, std_dev: 4.0, range: (-1.0, 9.0), quartiles: Some([0.0, 2.0, 5.0]) };

    #[test]
    fn rounding_does_not_make_a_constant_column_vary() {
        // What summing 0.1 ten times leaves.
        assert_eq!(std_dev(0.1, 1e-50, 10), None);
        assert!(std_dev(1.7e15, 2.0 / 3.0, 15).is_some());
        assert_eq!(std_dev(1e9 + 2.0, 1.0, 2), Some(1.0));
    }

    #[test]
    fn every_scale_has_its_center() {
        let cases = [
            (Scale::Standard, true, 3.0, 4.0),
            (Scale::Standard, false, 0.0, 5.0),
            (Scale::MinMax, true, -1.0, 10.0),
            (Scale::Robust, true, 2.0, 5.0),
            (Scale::None, true, 0.0, 1.0),
        ];
        for (method, centred, center, scale) in cases {
            assert_eq!(Scaling::fit(method, &STATISTICS, centred), Scaling { center, scale }, "{method:?}");
        }
    }

    #[test]
    fn a_range_of_nothing_divides_by_one() {
        let narrow = ColumnStatistics { quartiles: Some([2.0, 2.0, 2.0]), ..STATISTICS };
        assert_eq!(Scaling::fit(Scale::Robust, &narrow, true), Scaling { center: 2.0, scale: 1.0 });
    }
}
