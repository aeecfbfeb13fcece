//! Platt scaling: a logistic curve from scores to probabilities.

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::elementary::{ln, ln_1p};
use crate::numeric::{dot, exp, logistic};

/// The maximum number of Newton steps. The objective is convex in two variables: ten steps suffice.
const MAX_STEPS: usize = 100;

/// The maximum number of halvings of one step.
const MAX_HALVINGS: usize = 60;

/// The (slope, intercept) of the probability 1 / (1 + exp(-(slope s + intercept))) of the positive class, for a score s
/// such as log-odds. `scores` and `is_positive` have one entry per row, and `weights` too, or none where every row counts
/// once. The rows should not be those that the scores' model was fitted on: its scores are overconfident there.
///
/// Slope and intercept minimize the weighted sum over rows of -(t ln p + (1 - t) ln(1 - p)). The target t is (n1 + 1) /
/// (n1 + 2) for the rows of the positive class, whose weights sum to n1, and 1 / (n0 + 2) for the others. So the answer
/// is finite for separated classes too (Platt, "Probabilistic outputs for support vector machines", 1999). Newton's
/// method with step halving converges to rounding level (Lin, Lin and Weng, "A note on Platt's probabilistic outputs
/// for support vector machines", 2007). The objective is that of scikit-learn's `_sigmoid_calibration`, whose p is 1 /
/// (1 + exp(a s + b)): slope = -a, intercept = -b. scikit-learn stops within about 1e-6 of the minimum.
///
/// When all scores are equal the slope is 0.
///
/// # Errors
/// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::NotFinite`] for such a score,
/// [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite, [`ErrorKind::ConstantTarget`] when either class has
/// no row of some weight, [`ErrorKind::NotConverged`] and [`ErrorKind::FitFailed`] for scores at the limits of f64.
pub fn fit_platt(scores: &[f64], is_positive: &[bool], weights: &[f64]) -> Result<(f64, f64)> {
    let weights = super::check::checked_weights(scores, is_positive, weights)?;
    // A row without weight has no say in the scale of the scores either.
    let counted: Vec<usize> = (0..scores.len()).filter(|row| weights[*row] > 0.0).collect();
    let scores: Vec<f64> = counted.iter().map(|row| scores[*row]).collect();
    let is_positive: Vec<bool> = counted.iter().map(|row| is_positive[*row]).collect();
    let weights: Vec<f64> = counted.iter().map(|row| weights[*row]).collect();
    let indicators: Vec<f64> = is_positive.iter().map(|is_positive| f64::from(u8::from(*is_positive))).collect();
    let (n, positives) = (weighted_sum(&vec![1.0; scores.len()], &weights), weighted_sum(&indicators, &weights));
    let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (n - positives + 2.0));
    let targets: Vec<f64> = is_positive.iter().map(|is_positive| if *is_positive { high } else { low }).collect();
    let mean_target = weighted_sum(&targets, &weights) / n;
    let at_start = ln(mean_target / (1.0 - mean_target));
    if scores.windows(2).all(|pair| pair[0] == pair[1]) {
        return Ok((0.0, at_start));
    }

    // Standardized scores make the Hessian well conditioned. They are first divided by the largest, so that no square
    // overflows.
    let largest = scores.iter().fold(0.0, |largest: f64, score| largest.max(score.abs()));
    let scaled: Vec<f64> = scores.iter().map(|score| score / largest).collect();
    let mean = weighted_sum(&scaled, &weights) / n;
    let squares: Vec<f64> = scaled.iter().map(|s| (s - mean) * (s - mean)).collect();
    let deviation = (weighted_sum(&squares, &weights) / n).sqrt();
    let standardized: Vec<f64> = scaled.iter().map(|s| (s - mean) / deviation).collect();

    let [slope, intercept] =
        minimize(&Rows { scores: &standardized, targets: &targets, weights: &weights }, [0.0, at_start])?;
    let answer = (slope / deviation / largest, intercept - slope * mean / deviation);
    if !(answer.0.is_finite() && answer.1.is_finite()) {
        return Err(Error::new(ErrorKind::FitFailed, "the scores are too near to each other to fit a curve through"));
    }
    Ok(answer)
}

/// What the curve is fitted to: one number of each per row.
struct Rows<'a> {
    scores: &'a [f64],
    targets: &'a [f64],
    weights: &'a [f64],
}

/// Newton's method from `start`, in (slope, intercept).
fn minimize(rows: &Rows<'_>, start: [f64; 2]) -> Result<[f64; 2]> {
    let mut at = start;
    let mut value = objective(rows, at);
    let mut is_last = false;
    for _ in 0..MAX_STEPS {
        let (gradient, hessian) = derivatives(rows, at);
        let Some(step) = solve(hessian, gradient) else {
            break;
        };
        if is_last {
            return Ok([at[0] - step[0], at[1] - step[1]]);
        }
        // The squared Newton decrement: twice the decrease that the quadratic model predicts.
        let decrement = gradient[0] * step[0] + gradient[1] * step[1];
        let mut fraction = 1.0;
        // A decrease below the objective's rounding cannot judge steps. Full steps are safe there: each squares the
        // error, so one more step reaches rounding level.
        is_last = decrement <= f64::EPSILON * value;
        for _ in 0..MAX_HALVINGS {
            let next = [at[0] - fraction * step[0], at[1] - fraction * step[1]];
            let next_value = objective(rows, next);
            if is_last || next_value <= value - 1e-4 * fraction * decrement {
                (at, value) = (next, next_value);
                break;
            }
            fraction /= 2.0;
        }
    }
    Err(Error::new(ErrorKind::NotConverged, "the calibration curve did not reach its optimum"))
}

/// The cross-entropy summed over rows: ln(1 + exp(f)) - t f with f = slope s + intercept.
fn objective(Rows { scores, targets, weights }: &Rows<'_>, [slope, intercept]: [f64; 2]) -> f64 {
    let losses = scores.iter().zip(*targets).map(|(score, target)| {
        let f = slope * score + intercept;
        f.max(0.0) + ln_1p(exp(-f.abs())) - target * f
    });
    weighted_sum(&losses.collect::<Vec<_>>(), weights)
}

/// The gradient of the objective in (slope, intercept), and the entries 00, 01 and 11 of its Hessian.
fn derivatives(Rows { scores, targets, weights }: &Rows<'_>, [slope, intercept]: [f64; 2]) -> ([f64; 2], [f64; 3]) {
    let rows = scores.iter().zip(*targets).map(|(score, target)| {
        let p = logistic(slope * score + intercept);
        (p - target, p * (1.0 - p))
    });
    let (residuals, second_derivatives): (Vec<f64>, Vec<f64>) = rows.unzip();
    let times = |values: &[f64]| values.iter().zip(*scores).map(|(value, score)| value * score).collect::<Vec<_>>();
    let second_times_score = times(&second_derivatives);
    let total = |values: &[f64]| weighted_sum(values, weights);
    (
        [total(&times(&residuals)), total(&residuals)],
        [total(&times(&second_times_score)), total(&second_times_score), total(&second_derivatives)],
    )
}

/// Not inlined: it is called in many places.
#[inline(never)]
fn weighted_sum(values: &[f64], weights: &[f64]) -> f64 {
    dot(values, weights)
}

/// The solution of a symmetric 2 x 2 system by elimination, or `None` when the matrix is not positive definite.
fn solve([a, b, c]: [f64; 3], [x, y]: [f64; 2]) -> Option<[f64; 2]> {
    let ratio = b / a;
    let rest = c - ratio * b;
    let second = (y - ratio * x) / rest;
    let first = (x - b * second) / a;
    (a > 0.0 && rest > 0.0 && first.is_finite() && second.is_finite()).then_some([first, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 12] = [-2.1, -0.3, 0.4, -1.0, 0.2, 1.7, 0.0, 2.2, -1.6, 3.1, -0.9, 0.8];
    const IS_POSITIVE: [bool; 12] = [false, false, true, false, true, true, false, true, false, true, true, false];

    #[test]
    fn the_curve_is_that_of_scikit_learn() {
        let (slope, intercept) = fit_platt(&SCORES, &IS_POSITIVE, &[]).unwrap();
        // scikit-learn 1.9.1: _sigmoid_calibration(s, y) gives a and b, the negatives of these, to its tolerance.
        assert!((slope - 0.7484375930724789).abs() < 1e-6 && (intercept + 0.12414735311305104).abs() < 1e-6);
        // The same objective minimized in numpy's long doubles, see tests/golden/figures.py.
        assert!((slope - 0.7484376729429921).abs() < 4e-16, "{slope}");
        assert!((intercept + 0.12414734356138245).abs() < 4e-16, "{intercept}");
    }

    #[test]
    fn the_gradient_vanishes_at_the_answer() {
        let targets: Vec<f64> =
            IS_POSITIVE.iter().map(|is_positive| if *is_positive { 7.0 / 8.0 } else { 1.0 / 8.0 }).collect();
        let (slope, intercept) = fit_platt(&SCORES, &IS_POSITIVE, &[]).unwrap();
        let (gradient, _) =
            derivatives(&Rows { scores: &SCORES, targets: &targets, weights: &[1.0; 12] }, [slope, intercept]);
        assert!(gradient.iter().all(|g| g.abs() < 1e-14), "{gradient:?}");
    }

    #[test]
    fn separated_classes_have_a_finite_curve() {
        for scale in [1e-200, 1e-3, 1.0, 1e6, 1e200] {
            let scores = [-2.0, -1.0, 1.0, 2.0].map(|score| score * scale);
            let (slope, intercept) = fit_platt(&scores, &[false, false, true, true], &[]).unwrap();
            assert!(slope > 0.0 && intercept.abs() < 1e-14, "scale {scale}: {slope}, {intercept}");
            // In the limit of a perfect fit the probability of the far row would be its target, 3/4.
            assert!((0.7..0.8).contains(&logistic(slope * scores[3] + intercept)));
        }
    }

    #[test]
    fn many_separated_rows_converge_as_well() {
        let scores: Vec<f64> = (0..10_000).map(|i| f64::from(i) - 5000.5).collect();
        let is_positive: Vec<bool> = scores.iter().map(|score| *score > 3000.0).collect();
        let (slope, intercept) = fit_platt(&scores, &is_positive, &[]).unwrap();
        assert!(slope > 0.0 && (-intercept / slope - 3000.0).abs() < 20.0, "{slope}, {intercept}");
    }

    #[test]
    fn equal_scores_give_the_mean_target() {
        let (slope, intercept) = fit_platt(&[2.0; 3], &[true, false, false], &[]).unwrap();
        assert_eq!(slope, 0.0);
        assert!((logistic(intercept) - (2.0 / 3.0 + 0.25 + 0.25) / 3.0).abs() < 1e-15);
    }

    #[test]
    fn scores_that_rank_backwards_get_a_negative_slope() {
        let backwards = SCORES.map(|score| -score);
        let (slope, intercept) = fit_platt(&backwards, &IS_POSITIVE, &[]).unwrap();
        let (mirrored, same) = fit_platt(&SCORES, &IS_POSITIVE, &[]).unwrap();
        assert!((slope + mirrored).abs() < 1e-15 && (intercept - same).abs() < 1e-15);
    }

    #[test]
    fn a_missing_class_is_refused() {
        let kind = |scores: &[f64], is_positive: &[bool]| fit_platt(scores, is_positive, &[]).unwrap_err().kind();
        assert_eq!(kind(&[1.0, 2.0], &[true, true]), ErrorKind::ConstantTarget);
        assert_eq!(kind(&[], &[]), ErrorKind::ConstantTarget);
        assert_eq!(kind(&[1.0], &[true, false]), ErrorKind::WrongLength);
        assert_eq!(kind(&[1.0, f64::NAN], &[true, false]), ErrorKind::NotFinite);
    }
}
