//! How near predicted numbers are to the targets.

use super::weighted::{mean, n_counted, quantiles, serialize_count, total_of, weight};

/// The percentages at which the residuals are described: the extremes, the middle 90 %, the middle half, the middle.
const PERCENTS: [u8; 7] = [0, 5, 25, 50, 75, 95, 100];

/// The errors of predicted numbers, in the target's unit except for R².
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegressionFigures {
    /// Rows compared, each counted as often as it weighs: above 0.
    #[serde(serialize_with = "serialize_count")]
    pub rows: f64,
    /// 1 - (sum of squared errors) / (sum of squared deviations of the target from its mean over these rows): 1 is
    /// perfect, 0 is no better than that mean, and it may be below 0. `None` when the target does not vary.
    pub r_squared: Option<f64>,
    /// The mean of |target - prediction|.
    pub mean_absolute_error: f64,
    /// The square root of the mean of (target - prediction)².
    pub root_mean_squared_error: f64,
    /// Quantiles of target - prediction, at 0, 5, 25, 50, 75, 95 and 100 percent: positive where the model says too
    /// little.
    pub residual_quantiles: Vec<ResidualQuantile>,
}

/// A quantile of the residuals, by linear interpolation.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResidualQuantile {
    /// The percentage of residuals at or below it, from 0 to 100.
    pub percent: u8,
    /// Target - prediction, in the target's unit.
    pub residual: f64,
}

impl RegressionFigures {
    /// Compares `targets` with `predictions`, one of each per row; `weights` say how often each row counts, and are empty
    /// where all count once. `None` without rows, or where none weighs anything.
    pub fn new(targets: &[f64], predictions: &[f64], weights: &[f64]) -> Option<Self> {
        let residuals: Vec<f64> = targets.iter().zip(predictions).map(|(y, prediction)| y - prediction).collect();
        let each = |values: &[f64], term: fn(f64) -> f64| values.iter().map(|value| term(*value)).collect::<Vec<_>>();
        let target_mean = mean(targets, weights)?;
        let squared_errors = each(&residuals, |r| r * r);
        let deviations: Vec<f64> = targets.iter().map(|target| target - target_mean).collect();
        // Asked of the targets themselves: the mean of equal numbers need not be that number, by rounding.
        let mut counted = (0..targets.len()).filter(|row| weight(weights, *row) > 0.0).map(|row| targets[row]);
        let first = counted.next()?;
        let r_squared = counted
            .any(|target| target != first)
            .then(|| 1.0 - total_of(&squared_errors, weights) / total_of(&each(&deviations, |d| d * d), weights));
        let percents = PERCENTS.map(|percent| f64::from(percent) / 100.0);
        let residual_quantiles = PERCENTS.into_iter().zip(quantiles(&residuals, weights, &percents));
        Some(Self {
            rows: n_counted(residuals.len(), weights),
            // Squares of extreme targets overflow, or vanish.
            r_squared: r_squared.filter(|r_squared| r_squared.is_finite()),
            mean_absolute_error: mean(&each(&residuals, f64::abs), weights)?,
            root_mean_squared_error: mean(&squared_errors, weights)?.sqrt(),
            residual_quantiles: residual_quantiles
                .map(|(percent, residual)| ResidualQuantile { percent, residual })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: [f64; 7] = [3.0, -0.5, 2.0, 7.0, 4.2, 1.1, 0.3];
    const PREDICTIONS: [f64; 7] = [2.5, 0.0, 2.1, 7.8, 4.0, 1.0, 0.9];

    #[test]
    fn the_figures_are_those_of_scikit_learn_and_numpy() {
        // scikit-learn 1.9.1: r2_score, mean_absolute_error, root_mean_squared_error; numpy 2.4.6: quantile of t - q.
        // See tests/golden/figures.py.
        let figures = RegressionFigures::new(&TARGETS, &PREDICTIONS, &[]).unwrap();
        assert_eq!(figures.rows, 7.0);
        assert!((figures.r_squared.unwrap() - 0.960423311104668).abs() < 1e-15);
        assert!((figures.mean_absolute_error - 0.4).abs() < 1e-15);
        assert!((figures.root_mean_squared_error - 0.47207747548166584).abs() < 1e-15);
        let expected = [
            -0.7999999999999998,
            -0.7399999999999999,
            -0.55,
            -0.10000000000000009,
            0.15000000000000013,
            0.4099999999999998,
            0.5,
        ];
        for (quantile, expected) in figures.residual_quantiles.iter().zip(expected) {
            assert_eq!(quantile.residual, expected, "{} %", quantile.percent);
        }
        assert_eq!(figures.residual_quantiles.len(), 7);
    }

    #[test]
    fn a_target_that_does_not_vary_has_no_r_squared() {
        // The mean of ten times 0.1 is not 0.1 in every order of summation.
        let figures = RegressionFigures::new(&[0.1; 10], &[0.2; 10], &[]).unwrap();
        assert_eq!(figures.r_squared, None);
        assert!((figures.mean_absolute_error - 0.1).abs() < 1e-15);
        assert_eq!(RegressionFigures::new(&[1e300, -1e300], &[0.0, 0.0], &[]).unwrap().r_squared, None);
    }

    #[test]
    fn without_rows_there_are_no_figures() {
        assert_eq!(RegressionFigures::new(&[], &[], &[]), None);
    }
}
