//! The values that replace missing ones.

use crate::error::{Error, ErrorKind, Result};
use crate::numeric::order::sort_pairs;
use crate::preprocess::{Impute, ImputeCategory};
use crate::table::{Labels, NumberDomain};

impl Impute {
    /// The number that replaces a missing one of a feature. `values` are those that are not missing, with their weights,
    /// where they are in memory.
    pub(super) fn fit(self, domain: &NumberDomain, values: Option<Vec<(f64, f64)>>) -> Result<Option<f64>> {
        Ok(match self {
            Self::Median => Some(domain.median),
            Self::Mean => Some(domain.spread.map_or(domain.median, |spread| spread.mean)),
            Self::Constant(number) => Some(number),
            Self::Refuse => None,
            Self::MostFrequent => match values {
                Some(values) => Some(most_frequent(values)),
                None => {
                    let message = "the most frequent of many numbers is not looked for in a table that is read as a \
                                   stream; impute the median";
                    return Err(Error::new(ErrorKind::InvalidOption, message));
                }
            },
        })
    }
}

impl ImputeCategory {
    /// The position of the category that replaces a missing one. The number of categories is the position of one of its
    /// own.
    pub(super) fn fit(&self, categories: &Labels, weights: &[f64]) -> Option<usize> {
        match self {
            Self::MostFrequent => Some(heaviest(weights)),
            Self::Constant(name) => Some(categories.position_of_text(name.trim()).unwrap_or(categories.len())),
            Self::Refuse => None,
        }
    }
}

/// The position of the largest weight, the first on a tie.
fn heaviest(weights: &[f64]) -> usize {
    let most = weights.iter().copied().fold(0.0, f64::max);
    weights.iter().position(|weight| *weight == most).unwrap_or(0)
}

/// The number with the most weight, the smallest on a tie; 0 without numbers.
fn most_frequent(mut values: Vec<(f64, f64)>) -> f64 {
    sort_pairs(&mut values);
    let runs: Vec<&[(f64, f64)]> = values.chunk_by(|a, b| a.0 == b.0).collect();
    let weights: Vec<f64> = runs.iter().map(|run| run.iter().map(|(_, weight)| weight).sum()).collect();
    runs.get(heaviest(&weights)).map_or(0.0, |run| run[0].0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_the_commonest_numbers_is_taken() {
        let each = |values: &[f64]| values.iter().map(|value| (*value, 1.0)).collect();
        assert_eq!(most_frequent(each(&[3.0, 1.0, 3.0, 2.0, 1.0, 9.0])), 1.0);
        assert_eq!(most_frequent(each(&[5.0, 7.0, 7.0])), 7.0);
        assert_eq!(most_frequent(vec![(1.0, 1.0), (5.0, 2.0), (1.0, 0.5)]), 5.0);
        assert_eq!(most_frequent(Vec::new()), 0.0);
    }

    #[test]
    fn a_constant_that_no_row_has_is_a_category_of_its_own() {
        let categories = Labels::from_text(vec!["a".into(), "b".into()]).unwrap();
        let fit = |impute: ImputeCategory| impute.fit(&categories, &[2.0, 3.0]);
        assert_eq!(fit(ImputeCategory::MostFrequent), Some(1));
        assert_eq!(fit(ImputeCategory::Constant("a".into())), Some(0));
        assert_eq!(fit(ImputeCategory::Constant("none".into())), Some(2));
        assert_eq!(fit(ImputeCategory::Refuse), None);
    }
}
