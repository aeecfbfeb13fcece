//! Weights, means and deviations of features and target, in two passes over the blocks.

use super::{Block, Blocks, sum_blocks};
use crate::error::{Error, ErrorKind, Result};

/// What standardizing and the scale of a gradient need to know of the rows.
///
/// With sample weights w the mean is the sum of w x over the sum of w, and the deviation is that of the population: the
/// root of the sum of w (x - mean)^2 over the sum of w. That is what the same rows give when each stands w times.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    pub(crate) n_rows: usize,
    /// The sum of the weights, positive.
    pub(crate) weight: f64,
    pub(crate) means: Vec<f64>,
    /// Population variances, before any rounding is taken for none.
    pub(crate) variances: Vec<f64>,
    /// The sum of the weights in each class; empty for numbers.
    pub(crate) class_weights: Vec<f64>,
    /// The target's mean, and the weighted sum of its squared deviations; 0 for classes.
    pub(crate) target_mean: f64,
    pub(crate) target_spread: f64,
}

impl Moments {
    /// Reads every block twice: the second pass sums deviations from the means of the first, corrected for the rounding
    /// of those (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983, equation 1.7).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidWeight`] when every weight is 0, those of [`Blocks::block`]. Moments that overflow are left
    /// infinite or NaN.
    pub(crate) fn of(blocks: &impl Blocks, n_classes: usize) -> Result<Self> {
        let n_features = blocks.n_features();
        // Weight, target and rows, then features, then classes.
        let sums = sum_blocks(blocks.n_blocks(), |index| Ok(first_sums(&blocks.block(index)?, n_features, n_classes)))?;
        let (totals, sums) = sums.split_at(3);
        let (features, class_weights) = sums.split_at(n_features);
        let weight = totals[0];
        if weight <= 0.0 {
            return Err(Error::new(ErrorKind::InvalidWeight, "every weight is 0; there is nothing to train on"));
        }
        let means: Vec<f64> = features.iter().map(|sum| sum / weight).collect();
        let target_mean = if n_classes == 0 { totals[1] / weight } else { 0.0 };
        let squares = sum_blocks(blocks.n_blocks(), |index| {
            Ok(second_sums(&blocks.block(index)?, &means, if n_classes == 0 { Some(target_mean) } else { None }))
        })?;
        let (target, squares) = squares.split_at(2);
        let (deviations, squares) = squares.split_at(n_features);
        let variance = |(deviations, squares): (&f64, &f64)| (squares - deviations * deviations / weight) / weight;
        Ok(Self {
            n_rows: totals[2] as usize,
            weight,
            means,
            variances: deviations.iter().zip(squares).map(variance).collect(),
            class_weights: class_weights.to_vec(),
            target_mean,
            target_spread: target[1] - target[0] * target[0] / weight,
        })
    }
}

impl Block {
    /// The weight of a row: 1 when there are none.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        self.weights.get(row).copied().unwrap_or(1.0)
    }
}

fn first_sums(block: &Block, n_features: usize, n_classes: usize) -> Vec<f64> {
    let mut sums = vec![0.0; 3 + n_features + n_classes];
    for (row, (features, target)) in block.features.chunks_exact(n_features).zip(&block.targets).enumerate() {
        let weight = block.weight(row);
        sums[0] += weight;
        match n_classes {
            0 => sums[1] += weight * target,
            _ => sums[3 + n_features + *target as usize] += weight,
        }
        sums[2] += 1.0;
        for (sum, value) in sums[3..].iter_mut().zip(features) {
            *sum += weight * value;
        }
    }
    sums
}

fn second_sums(block: &Block, means: &[f64], target_mean: Option<f64>) -> Vec<f64> {
    let n_features = means.len();
    let mut sums = vec![0.0; 2 + 2 * n_features];
    let (of_target, of_features) = sums.split_at_mut(2);
    let (deviations, squares) = of_features.split_at_mut(n_features);
    for (row, (features, target)) in block.features.chunks_exact(n_features).zip(&block.targets).enumerate() {
        let weight = block.weight(row);
        if let Some(mean) = target_mean {
            of_target[0] += weight * (target - mean);
            of_target[1] += weight * (target - mean) * (target - mean);
        }
        let sums = deviations.iter_mut().zip(squares.iter_mut());
        for ((deviation, square), (value, mean)) in sums.zip(features.iter().zip(means)) {
            *deviation += weight * (value - mean);
            *square += weight * (value - mean) * (value - mean);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Roles};
    use crate::table::Table;

    fn moments(csv: &str, weights: Option<&str>, n_classes: usize) -> Result<Moments> {
        let roles = Roles { target: "y".into(), weights: weights.map(str::to_owned), ..Roles::default() };
        Moments::of(&Dataset::new(&Table::parse(csv.as_bytes()).unwrap(), &roles)?, n_classes)
    }

    #[test]
    fn means_and_population_deviations_of_features_and_target() {
        let found = moments("x,y\n1,5\n3,9\n5,13\n", None, 0).unwrap();
        assert_eq!((found.n_rows, found.weight, found.means[0], found.target_mean), (3, 3.0, 3.0, 9.0));
        assert_eq!((found.variances[0], found.target_spread), (8.0 / 3.0, 32.0));
    }

    #[test]
    fn a_weight_counts_as_that_many_rows() {
        let weighted = moments("x,w,y\n1,2,a\n4,1,b\n9,0,b\n2,3,a\n", Some("w"), 2).unwrap();
        let repeated = moments("x,y\n1,a\n1,a\n4,b\n2,a\n2,a\n2,a\n", None, 2).unwrap();
        assert_eq!(weighted.class_weights, [5.0, 1.0]);
        assert_eq!((weighted.means, weighted.class_weights), (repeated.means, repeated.class_weights));
        assert!((weighted.variances[0] - repeated.variances[0]).abs() < 1e-15);
    }

    #[test]
    fn weights_that_are_all_zero_are_refused() {
        assert_eq!(moments("x,w,y\n1,0,a\n2,0,b\n3,0,a\n", Some("w"), 2).unwrap_err().kind(), ErrorKind::InvalidWeight);
    }
}
