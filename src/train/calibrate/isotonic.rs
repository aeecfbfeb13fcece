//! Isotonic regression: the nearest non-decreasing function.

use crate::dataset::weight_of_each;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Isotonic;
use crate::numeric::order::sorted_positions;

/// Abscissas nearer than this to the first of a group are equal to it, as in scikit-learn (numpy's
/// `finfo(float64).resolution`).
const RESOLUTION: f64 = 1e-15;

/// Rows pooled to one value.
struct Block {
    /// The weighted sum of their ordinates.
    total: f64,
    /// Their weight.
    weight: f64,
    /// The number of distinct abscissas among them.
    n_x: usize,
}

impl Block {
    fn mean(&self) -> f64 {
        self.total / self.weight
    }
}

impl Isotonic {
    /// The non-decreasing function that minimizes the weighted sum over rows of (y - f(x))^2, by pooling adjacent
    /// violators (Ayer, Brunk, Ewing, Reid and Silverman, "An empirical distribution function for sampling with
    /// incomplete information", 1955; Best and Chakravarti, "Active set algorithms for isotonic regression", 1990).
    /// `weights` has one per row, or none where every row counts once; rows of equal x share the mean of their y. The
    /// answer is that of scikit-learn's `IsotonicRegression(out_of_bounds="clip")`: only the ends of each run of equal
    /// values are kept. Sorting dominates the time.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices of two lengths, [`ErrorKind::TooFewRows`] without rows of some weight,
    /// [`ErrorKind::NotFinite`] for such a value, [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite.
    pub fn fit(x: &[f64], y: &[f64], weights: &[f64]) -> Result<Self> {
        if x.len() != y.len() {
            let message = format!("expected {} values to fit to, found {}", x.len(), y.len());
            return Err(Error::new(ErrorKind::WrongLength, message));
        }
        let weights = weight_of_each(weights, x.len())?;
        if !weights.iter().any(|weight| *weight > 0.0) {
            return Err(Error::new(ErrorKind::TooFewRows, "isotonic regression needs rows, found none"));
        }
        if let Some(value) = x.iter().chain(y).find(|value| !value.is_finite()) {
            return Err(Error::not_finite(*value));
        }
        // Rows of equal x are sorted by y and weight, so that the order of the rows cannot change the last bit of a sum.
        let by = |numbers: &[f64], a: usize, b: usize| numbers[a].total_cmp(&numbers[b]);
        let order = sorted_positions(x.len(), &|a, b| by(x, a, b).then(by(y, a, b)).then(by(&weights, a, b)));
        let rows = order.into_iter().map(|row| (x[row], y[row], weights[row])).filter(|(_, _, weight)| *weight > 0.0);
        let (distinct, blocks) = pool(rows);
        let values = blocks.iter().flat_map(|block| std::iter::repeat_n(block.mean(), block.n_x));
        let points: Vec<(f64, f64)> = distinct.into_iter().zip(values).collect();
        // A point between two neighbours of equal value changes nothing.
        let is_needed = |index: usize| {
            let neighbour = |index: Option<usize>| index.and_then(|index| points.get(index)).map(|(_, y)| *y);
            let here = neighbour(Some(index));
            neighbour(index.checked_sub(1)) != here || neighbour(index.checked_add(1)) != here
        };
        let kept = points.iter().enumerate().filter(|(index, _)| is_needed(*index)).map(|(_, point)| *point);
        let (x, y) = kept.unzip();
        Ok(Self::sorted(x, y))
    }
}

/// The distinct abscissas of rows (x, y and weight) in ascending order, and their blocks of equal values.
fn pool(rows: impl Iterator<Item = (f64, f64, f64)>) -> (Vec<f64>, Vec<Block>) {
    let mut distinct: Vec<f64> = Vec::new();
    // Rows of equal x are grouped first: pooling compares their mean with those of their neighbours.
    let mut groups: Vec<Block> = Vec::new();
    for (x, y, weight) in rows {
        match (distinct.last(), groups.last_mut()) {
            (Some(first), Some(group)) if x - first < RESOLUTION => {
                group.total += weight * y;
                group.weight += weight;
            }
            _ => {
                distinct.push(x);
                groups.push(Block { total: weight * y, weight, n_x: 1 });
            }
        }
    }
    let mut blocks: Vec<Block> = Vec::new();
    for mut block in groups {
        while let Some(previous) = blocks.pop_if(|previous| previous.mean() >= block.mean()) {
            block.total += previous.total;
            block.weight += previous.weight;
            block.n_x += previous.n_x;
        }
        blocks.push(block);
    }
    (distinct, blocks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thresholds_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: IsotonicRegression(out_of_bounds="clip").fit(p, y) and its predict, see
        // tests/golden/figures.py.
        let x = [0.1, 0.3, 0.3, 0.45, 0.5, 0.62, 0.5, 0.8, 0.2, 0.9, 0.15, 0.7];
        let y = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
        let isotonic = Isotonic::fit(&x, &y, &[]).unwrap();
        assert_eq!(isotonic.x(), [0.1, 0.15, 0.45, 0.5, 0.7, 0.8, 0.9]);
        assert_eq!(isotonic.y(), [0.0, 0.4, 0.4, 0.5, 0.5, 1.0, 1.0]);
        let cases = [
            (0.0, 0.0),
            (0.12, 0.15999999999999995),
            (0.3, 0.4),
            (0.4, 0.4),
            (0.55, 0.5),
            (0.75, 0.75),
            (0.85, 1.0),
            (1.0, 1.0),
        ];
        for (x, expected) in cases {
            assert!((isotonic.apply(x) - expected).abs() < 1e-15, "at {x}: {}", isotonic.apply(x));
        }
    }

    /// The fit at position i is the largest over j <= i of the least over k >= i of the mean of y from j to k
    /// (Robertson, Wright and Dykstra, "Order restricted statistical inference", 1988).
    fn by_min_max(y: &[f64]) -> Vec<f64> {
        let mean = |j: usize, k: usize| y[j..=k].iter().sum::<f64>() / (k - j + 1) as f64;
        let least = |j: usize, i: usize| (i..y.len()).map(|k| mean(j, k)).fold(f64::INFINITY, f64::min);
        (0..y.len()).map(|i| (0..=i).map(|j| least(j, i)).fold(f64::NEG_INFINITY, f64::max)).collect()
    }

    #[test]
    fn pooling_agrees_with_the_min_max_formula() {
        for n in 1..=8_usize {
            for bits in 0..1_u32 << n {
                let y: Vec<f64> = (0..n).map(|i| f64::from(bits >> i & 1)).collect();
                let x: Vec<f64> = (0..n).map(|i| i as f64 / 8.0).collect();
                let isotonic = Isotonic::fit(&x, &y, &[]).unwrap();
                for (x, expected) in x.iter().zip(by_min_max(&y)) {
                    assert!((isotonic.apply(*x) - expected).abs() < 1e-15, "{y:?} at {x}");
                }
                assert!(isotonic.y().windows(2).all(|pair| pair[0] <= pair[1]), "{y:?}");
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_does_not_matter() {
        let x = [0.3, 0.1, 0.3, 0.2, 0.9, 0.3];
        let y = [0.1, 0.7, 0.2, 0.4, 0.8, 0.3];
        let forwards = Isotonic::fit(&x, &y, &[]).unwrap();
        let reversed = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
        assert_eq!(Isotonic::fit(&reversed(&x), &reversed(&y), &[]).unwrap(), forwards);
    }

    #[test]
    fn one_abscissa_gives_a_constant() {
        let isotonic = Isotonic::fit(&[0.5, 0.5, 0.5], &[0.0, 1.0, 1.0], &[]).unwrap();
        assert_eq!((isotonic.x(), isotonic.apply(0.0), isotonic.apply(1.0)), (&[0.5][..], 2.0 / 3.0, 2.0 / 3.0));
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let kind = |x: &[f64], y: &[f64]| Isotonic::fit(x, y, &[]).unwrap_err().kind();
        assert_eq!(kind(&[], &[]), ErrorKind::TooFewRows);
        assert_eq!(kind(&[1.0], &[]), ErrorKind::WrongLength);
        assert_eq!(kind(&[f64::INFINITY], &[1.0]), ErrorKind::NotFinite);
    }
}
