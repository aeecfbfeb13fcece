//! Critical values of confidence intervals.

use libm::{cos, sin, tan};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

/// The normal distribution's 97.5th percentile: 95 % of it lies within this many standard deviations.
pub(super) const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The number of degrees of freedom from which the expansion is as accurate as the sum.
const MANY: u64 = 400;

/// The 97.5th percentile of Student's t with so many degrees of freedom, at least 1, to ten digits: 95 % of the
/// distribution lies within it.
pub(super) fn student_95(degrees: u64) -> f64 {
    if degrees >= MANY { expansion(degrees as f64) } else { root(degrees) }
}

/// The percentile as the normal one and terms in 1 / degrees: Abramowitz and Stegun, formula 26.7.5.
fn expansion(degrees: f64) -> f64 {
    let (x, n) = (NORMAL_95, degrees);
    let power = |exponent| x.powi(exponent);
    let first = (power(3) + x) / 4.0;
    let second = (5.0 * power(5) + 16.0 * power(3) + 3.0 * x) / 96.0;
    let third = (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * x) / 384.0;
    let fourth = (79.0 * power(9) + 776.0 * power(7) + 1482.0 * power(5) - 1920.0 * power(3) - 945.0 * x) / 92160.0;
    x + (first + (second + (third + fourth / n) / n) / n) / n
}

/// The percentile by bisection on the angle whose tangent is t / sqrt(degrees), between 0 and a right angle.
fn root(degrees: u64) -> f64 {
    let (mut low, mut high) = (0.0, FRAC_PI_2);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    tan(low) * (degrees as f64).sqrt()
}

/// The part of the distribution within an angle: Abramowitz and Stegun, formulas 26.7.3 and 26.7.4.
fn within(angle: f64, degrees: u64) -> f64 {
    let (sine, cosine) = (sin(angle), cos(angle));
    let is_odd = degrees % 2 == 1;
    let (mut term, mut sum) = (if is_odd { cosine } else { 1.0 }, 0.0);
    // The powers of the cosine up to degrees - 2.
    let mut power = degrees % 2;
    while power + 2 <= degrees {
        sum += term;
        term *= cosine * cosine * (power + 1) as f64 / (power + 2) as f64;
        power += 2;
    }
    if is_odd { FRAC_2_PI * (angle + sine * sum) } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_percentiles_are_those_of_scipy() {
        // scipy 1.17.1: t.ppf(0.975, degrees), see tests/golden/figures.py.
        let cases = [
            (1, 12.706204736174694),
            (2, 4.302652729749462),
            (3, 3.1824463052837078),
            (4, 2.7764451051977934),
            (7, 2.364624251592784),
            (10, 2.228138851986274),
            (29, 2.045229642132703),
            (100, 1.9839715185235518),
            (399, 1.965927295920882),
            (400, 1.9659123432294627),
            (1001, 1.9623367052808798),
            (1000000, 1.959966356814107),
        ];
        for (degrees, expected) in cases {
            let found = student_95(degrees);
            assert!((found / expected - 1.0).abs() < 1e-10, "{degrees}: {found}, expected {expected}");
        }
    }
}
