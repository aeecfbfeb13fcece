//! The values that replace missing ones.

use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::{Impute, ImputeCategory};
use crate::table::{Labels, NumberDomain};

impl Impute {
    /// The number that replaces a missing one of a feature. `values` are those that are not missing, where they are in
    /// memory.
    pub(super) fn fit(self, domain: &NumberDomain, values: Option<Vec<f64>>) -> Result<Option<f64>> {
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
    pub(super) fn fit(&self, categories: &Labels, counts: &[u64]) -> Option<usize> {
        match self {
            Self::MostFrequent => Some(largest(counts)),
            Self::Constant(name) => Some(categories.position_of_text(name.trim()).unwrap_or(categories.len())),
            Self::Refuse => None,
        }
    }
}

/// The position of the largest count, the first on a tie.
fn largest(counts: &[u64]) -> usize {
    let most = counts.iter().max();
    counts.iter().position(|count| Some(count) == most).unwrap_or(0)
}

/// The most frequent number, the smallest on a tie; 0 without numbers.
fn most_frequent(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let runs: Vec<&[f64]> = values.chunk_by(|a, b| a == b).collect();
    let counts: Vec<u64> = runs.iter().map(|run| run.len() as u64).collect();
    runs.get(largest(&counts)).map_or(0.0, |run| run[0] + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_of_the_commonest_numbers_is_taken() {
        assert_eq!(most_frequent(vec![3.0, 1.0, 3.0, 2.0, 1.0, 9.0]), 1.0);
        assert_eq!(most_frequent(vec![5.0, 7.0, 7.0]), 7.0);
        assert_eq!(most_frequent(Vec::new()), 0.0);
    }

    #[test]
    fn a_constant_that_no_row_has_is_a_category_of_its_own() {
        let categories = Labels::from_text(vec!["a".into(), "b".into()]).unwrap();
        let fit = |impute: ImputeCategory| impute.fit(&categories, &[2, 3]);
        assert_eq!(fit(ImputeCategory::MostFrequent), Some(1));
        assert_eq!(fit(ImputeCategory::Constant("a".into())), Some(0));
        assert_eq!(fit(ImputeCategory::Constant("none".into())), Some(2));
        assert_eq!(fit(ImputeCategory::Refuse), None);
    }
}
