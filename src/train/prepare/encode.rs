//! Categories to columns.

use super::scale::ColumnStatistics;
use crate::preprocess::{Encoding, PreparedColumn, Scaling, Source};

/// The columns of a feature with categories. `weights` has the total weight of the rows of each category, and `missing`
/// that of the rows without one. The category at `fill` replaces a missing one. The position behind the last category
/// is a category of its own. A constant column is left out.
pub(super) fn columns(
    encoding: Encoding,
    weights: &[f64],
    missing: f64,
    fill: Option<usize>,
    scale: impl Fn(&ColumnStatistics) -> Scaling,
) -> Vec<PreparedColumn> {
    let mut filled = weights.to_vec();
    filled.push(0.0);
    if let Some(weight) = fill.and_then(|fill| filled.get_mut(fill)) {
        *weight += missing;
    }
    let total: f64 = filled.iter().sum();
    let of_its_own = weights.len();
    match encoding {
        Encoding::OneHot | Encoding::DropFirst => {
            let from = usize::from(encoding == Encoding::DropFirst);
            let column = |(position, weight): (usize, &f64)| {
                let source = if position == of_its_own { Source::Missing } else { Source::Category(position) };
                indicator(source, weight / total, |_| Scaling::NONE)
            };
            // `skip` leaves out the first category that has training rows.
            filled.iter().enumerate().filter(|(_, weight)| **weight > 0.0).skip(from).filter_map(column).collect()
        }
        Encoding::Ordinal => {
            let positions = || filled.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
            let mean = positions().map(|(position, weight)| weight * position as f64).sum::<f64>() / total;
            let square =
                |(position, weight): (usize, &f64)| weight * (position as f64 - mean) * (position as f64 - mean);
            let std_dev = (positions().map(square).sum::<f64>() / total).sqrt();
            let range = positions().fold((f64::INFINITY, 0.0_f64), |(low, high), (position, _)| {
                (low.min(position as f64), high.max(position as f64))
            });
            if range.0 >= range.1 {
                return Vec::new();
            }
            let scaling = scale(&ColumnStatistics { mean, std_dev, range, quartiles: None });
            vec![PreparedColumn { source: Source::Value, scaling, mean, std_dev }]
        }
    }
}

/// The column that is 1 in the fraction `share` of the rows and 0 in the others; `None` where it is constant.
pub(super) fn indicator(
    source: Source,
    share: f64,
    scale: impl Fn(&ColumnStatistics) -> Scaling,
) -> Option<PreparedColumn> {
    let variance = share * (1.0 - share);
    let statistics = ColumnStatistics { mean: share, std_dev: variance.sqrt(), range: (0.0, 1.0), quartiles: None };
    (variance > 0.0).then(|| PreparedColumn {
        source,
        scaling: scale(&statistics),
        mean: share,
        std_dev: variance.sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preprocess::Scale;

    fn sources(encoding: Encoding, weights: &[f64], missing: f64, fill: Option<usize>) -> Vec<Source> {
        let columns =
            columns(encoding, weights, missing, fill, |statistics| Scaling::fit(Scale::Standard, statistics, true));
        columns.iter().map(|column| column.source).collect()
    }

    #[test]
    fn each_category_has_a_column_unless_it_is_the_first_or_has_no_row() {
        use Source::{Category, Missing, Value};
        let cases = [
            (Encoding::OneHot, vec![1.0, 2.0, 3.0], 0.0, vec![Category(0), Category(1), Category(2)]),
            (Encoding::OneHot, vec![1.0, 0.0, 3.0], 0.0, vec![Category(0), Category(2)]),
            (Encoding::OneHot, vec![1.0, 3.0], 2.0, vec![Category(0), Category(1), Missing]),
            (Encoding::DropFirst, vec![0.0, 2.0, 3.0], 0.0, vec![Category(2)]),
            (Encoding::OneHot, vec![4.0], 0.0, vec![]),
            (Encoding::Ordinal, vec![1.0, 2.0, 3.0], 0.0, vec![Value]),
            (Encoding::Ordinal, vec![1.0, 0.0], 0.0, vec![]),
        ];
        for (encoding, weights, missing, expected) in cases {
            assert_eq!(sources(encoding, &weights, missing, Some(weights.len())), expected, "{encoding:?} {weights:?}");
        }
    }

    #[test]
    fn the_rows_without_a_category_count_for_the_one_that_stands_for_it() {
        let columns = columns(Encoding::OneHot, &[1.0, 2.0], 1.0, Some(0), |_| Scaling::NONE);
        assert_eq!((columns[0].mean, columns[1].mean), (0.5, 0.5));
        assert_eq!(columns[0].scaling, Scaling::NONE);
    }
}
