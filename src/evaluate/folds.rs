//! Rows shared out among folds for cross-validation.

use crate::error::{Error, ErrorKind, Result, count};
use crate::numeric::order::sorted_positions;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// The fold of each row, from 0 to `n_folds` - 1, at random. With `codes` (the class of each row) the folds are
/// stratified: the rows of each class are spread over the folds to within one row, and so are the rows in all. The same
/// seed gives the same folds on every target. A class of fewer rows than folds is missing from some of them; a class of
/// one row is missing from training when its fold is tested on.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for fewer than 2 folds, [`ErrorKind::TooFewRows`] for more folds than rows,
/// [`ErrorKind::WrongLength`] unless there is a code per row.
pub fn folds(codes: Option<&[usize]>, n_rows: usize, n_folds: usize, seed: u64) -> Result<Vec<usize>> {
    if n_folds < 2 {
        let message = format!("expected at least 2 folds, found {n_folds}");
        return Err(Error::new(ErrorKind::InvalidOption, message));
    }
    if n_folds > n_rows {
        let message =
            format!("expected at least a row per fold, found {} for {n_folds} folds", count(n_rows as u64, "row"));
        return Err(Error::new(ErrorKind::TooFewRows, message));
    }
    if let Some(codes) = codes
        && codes.len() != n_rows
    {
        let message = format!("expected a class for each of {n_rows} rows, found {}", codes.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    let mut order: Vec<usize> = (0..n_rows).collect();
    order.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    if let Some(codes) = codes {
        // By class, and in a class as they were shuffled.
        let by_class = sorted_positions(n_rows, &|a, b| codes[order[a]].cmp(&codes[order[b]]));
        order = by_class.into_iter().map(|position| order[position]).collect();
    }
    // Walking the rows class by class, each goes to the next fold; the round goes on from one class to the next, so
    // that the first folds do not get the odd row of every class.
    let mut folds = vec![0; n_rows];
    for (position, row) in order.into_iter().enumerate() {
        if let Some(fold) = folds.get_mut(row) {
            *fold = position % n_folds;
        }
    }
    Ok(folds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(folds: &[usize], n_folds: usize, is_counted: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut counts = vec![0; n_folds];
        folds.iter().enumerate().filter(|(row, _)| is_counted(*row)).for_each(|(_, fold)| counts[*fold] += 1);
        counts
    }

    fn spread(counts: &[usize]) -> usize {
        counts.iter().max().unwrap() - counts.iter().min().unwrap()
    }

    #[test]
    fn classes_and_rows_are_spread_to_within_one_row() {
        for n_rows in [10, 37, 100] {
            let codes: Vec<usize> = (0..n_rows).map(|row| [0, 0, 0, 1, 0, 2, 0][row * row % 7]).collect();
            for n_folds in [2, 3, 5, 10] {
                let folds = folds(Some(&codes), n_rows, n_folds, 7).unwrap();
                assert!(spread(&counts(&folds, n_folds, |_| true)) <= 1);
                for class in 0..3 {
                    assert!(spread(&counts(&folds, n_folds, |row| codes[row] == class)) <= 1);
                }
            }
        }
    }

    #[test]
    fn the_seed_decides() {
        let codes: Vec<usize> = (0..50).map(|row| row % 3).collect();
        for codes in [None, Some(codes.as_slice())] {
            assert_eq!(folds(codes, 50, 5, 7).unwrap(), folds(codes, 50, 5, 7).unwrap());
            assert_ne!(folds(codes, 50, 5, 7).unwrap(), folds(codes, 50, 5, 8).unwrap());
        }
    }

    #[test]
    fn impossible_folds_are_refused() {
        let kind = |codes: Option<&[usize]>, n_rows, n_folds| folds(codes, n_rows, n_folds, 1).unwrap_err().kind();
        assert_eq!(kind(None, 10, 1), ErrorKind::InvalidOption);
        assert_eq!(kind(None, 10, 11), ErrorKind::TooFewRows);
        assert_eq!(kind(None, 0, 2), ErrorKind::TooFewRows);
        assert_eq!(kind(Some(&[0, 1]), 3, 2), ErrorKind::WrongLength);
        assert_eq!(
            folds(None, 3, 3, 1)
                .map(|mut folds| {
                    folds.sort();
                    folds
                })
                .unwrap(),
            [0, 1, 2]
        );
    }
}
