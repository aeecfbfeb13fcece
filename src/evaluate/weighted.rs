//! Rows that count more or less than once: a row of weight 2 is two equal rows. Weights are one per row, or none where every
//! row counts once.

use super::quantile::quantile;
use crate::dataset::{EXACT, ROUNDING, weight_of_each};
use crate::error::{Error, ErrorKind, Result};
use crate::numeric::order::sort_pairs;
use crate::numeric::sum;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

/// How often a row counts.
pub(super) fn weight(weights: &[f64], row: usize) -> f64 {
    weights.get(row).copied().unwrap_or(1.0)
}

/// How many rows there are, each counted as often as it weighs.
#[inline(never)]
pub(super) fn n_counted(n_rows: usize, weights: &[f64]) -> f64 {
    if weights.is_empty() { n_rows as f64 } else { sum(weights) }
}

/// The mean of a value per row. `None` without rows, or where all weigh nothing.
#[inline(never)]
pub(super) fn mean(values: &[f64], weights: &[f64]) -> Option<f64> {
    let total = n_counted(values.len(), weights);
    (total > 0.0).then(|| total_of(values, weights) / total)
}

/// The sum of a value per row.
#[inline(never)]
pub(super) fn total_of(values: &[f64], weights: &[f64]) -> f64 {
    // A row of weight 0 counts for nothing, even where its value is infinite.
    let term = |(row, value): (usize, &f64)| match weight(weights, row) {
        0.0 => 0.0,
        weight => value * weight,
    };
    sum(&values.iter().enumerate().map(term).collect::<Vec<_>>())
}

/// Quantiles `qs` (0 to 1) of a value per row, by linear interpolation. Rows of whole weights are as many equal rows; other
/// weights are scaled to the number of rows that have some.
pub(super) fn quantiles(values: &[f64], weights: &[f64], qs: &[f64]) -> Vec<f64> {
    let rows = values.iter().enumerate().map(|(row, value)| (*value, weight(weights, row)));
    let mut rows: Vec<(f64, f64)> = rows.filter(|(_, weight)| *weight > 0.0).collect();
    sort_pairs(&mut rows);
    let n_rows = rows.len() as f64;
    let mut reached = 0.0;
    for (_, weight) in &mut rows {
        reached += *weight;
        *weight = reached;
    }
    let scale = if weights.iter().all(|weight| weight.fract() == 0.0) { 1.0 } else { n_rows / reached };
    // The first row at which more than `index` equal rows are reached, but for rounding.
    let at = |index: f64| {
        let first = rows.partition_point(|(_, reached)| reached * scale <= index + ROUNDING);
        rows.get(first).or(rows.last()).map(|(value, _)| *value)
    };
    qs.iter().filter_map(|q| quantile(reached * scale, *q, &at)).collect()
}

/// Checks weights of rows to test on.
///
/// # Errors
/// [`ErrorKind::WrongLength`], [`ErrorKind::InvalidWeight`] for one below 0 or not finite and for a sum of 2^53 or more,
/// [`ErrorKind::TooFewRows`] where no row weighs anything.
pub(super) fn check(weights: &[f64], n_rows: usize) -> Result<()> {
    weight_of_each(weights, n_rows)?;
    match n_counted(n_rows, weights) {
        // A model file has counts of rows up to here.
        total if total >= EXACT => {
            let message = "the weights of the rows to test on add up to more rows than can be counted, 2^53; divide them by the largest";
            Err(Error::new(ErrorKind::InvalidWeight, message))
        }
        total if total > 0.0 => Ok(()),
        _ => Err(Error::new(ErrorKind::TooFewRows, "a report needs rows to test on whose weight is not 0, found none")),
    }
}

/// Writes a count as the whole number that it is where rows have no weights, or whole ones.
pub(super) fn serialize_count<S: Serializer>(count: &f64, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    match count.fract() == 0.0 && (0.0..EXACT).contains(count) {
        true => serializer.serialize_u64(*count as u64),
        false => serializer.serialize_f64(*count),
    }
}

/// Writes rows of counts.
pub(super) fn serialize_counts<S: Serializer>(
    counts: &[Vec<f64>],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    struct Count(f64);
    impl Serialize for Count {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            serialize_count(&self.0, serializer)
        }
    }
    let mut rows = serializer.serialize_seq(Some(counts.len()))?;
    for row in counts {
        rows.serialize_element(&row.iter().map(|count| Count(*count)).collect::<Vec<_>>())?;
    }
    rows.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_weight_2_is_two_rows() {
        let (values, weights) = ([3.0, 1.0, 8.0, 2.0], [2.0, 1.0, 0.0, 3.0]);
        let repeated = [3.0, 3.0, 1.0, 2.0, 2.0, 2.0];
        assert_eq!(mean(&values, &weights), mean(&repeated, &[]));
        let qs: Vec<f64> = (0..=20).map(|twentieth| f64::from(twentieth) / 20.0).collect();
        assert_eq!(quantiles(&values, &weights, &qs), quantiles(&repeated, &[], &qs));
        // Only the ratios of other weights matter.
        let halves = weights.map(|weight| weight / 6.0);
        assert_eq!(quantiles(&values, &halves, &[0.0, 1.0]), [1.0, 3.0]);
        assert_eq!(mean(&[1.0, f64::INFINITY], &[1.0, 0.0]), Some(1.0));
        assert_eq!(mean(&[1.0], &[0.0]), None);
    }

    #[test]
    fn weights_are_checked() {
        let kind = |weights: &[f64]| check(weights, 2).unwrap_err().kind();
        assert!(check(&[], 2).is_ok() && check(&[0.0, 0.5], 2).is_ok());
        assert_eq!(kind(&[0.0, 0.0]), ErrorKind::TooFewRows);
        assert_eq!(kind(&[f64::MAX, f64::MAX]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[1e16, 0.0]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[-1.0, 1.0]), ErrorKind::InvalidWeight);
        assert_eq!(kind(&[1.0]), ErrorKind::WrongLength);
        assert_eq!(check(&[], 0).unwrap_err().kind(), ErrorKind::TooFewRows);
    }

    #[test]
    fn whole_counts_are_written_as_whole_numbers() {
        #[derive(Serialize)]
        struct Counts(#[serde(serialize_with = "serialize_counts")] Vec<Vec<f64>>);
        assert_eq!(serde_json::to_string(&Counts(vec![vec![3.0, 0.5], vec![0.0]])).unwrap(), "[[3,0.5],[0]]");
    }
}
