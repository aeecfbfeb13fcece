//! Conformal bounds from rows that a model was not fitted on: see [`crate::model::Conformal`].
//!
//! The rows are those of folds, each scored by the fit to the other folds, as in cross-conformal prediction (Vovk,
//! "Cross-conformal predictors", 2015). The bounds then stand around the model of all rows, which is a little better than
//! those of folds: the intervals are rather too wide than too narrow.

use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::model::{Conformal, ConformalBound, Model};
use crate::note::{Note, codes};
use crate::numeric::order::sort_pairs;
use crate::predict::most_probable;

/// The levels in percent.
const PERCENTS: [u8; 3] = [80, 90, 95];

/// How far rows are from what a model says of them.
#[derive(Debug, Default)]
pub struct ConformalScores {
    /// Each score with the weight of its row. A smaller score is nearer; that of a class is the probability with a minus.
    scores: Vec<(f64, f64)>,
}

impl ConformalScores {
    /// Takes in a row: the model's outputs, the number or the position of the class that is true, and how often the row
    /// counts.
    pub fn add(&mut self, model: &Model, outputs: &[f64], target: f64, weight: f64) {
        let score = match model.schema().target.classes() {
            None => (target - outputs[0]).abs(),
            Some(_) if most_probable(outputs) == target as usize => -1.0,
            Some(_) => -outputs[target as usize],
        };
        self.scores.push((score, weight));
    }

    /// The bounds. A level of which there are too few rows has none, which is noted: 4 rows are enough for 80 %, 9 for 90 %
    /// and 19 for 95 %. A row of weight 2 counts as two rows.
    ///
    /// # Errors
    /// [`ErrorKind::TooFewRows`] where there are too few for any level, [`ErrorKind::NotFinite`] where a distance overflows.
    pub fn bounds(mut self) -> Result<(Conformal, Option<Note>)> {
        sort_pairs(&mut self.scores);
        let mut reached = 0.0;
        for (_, weight) in &mut self.scores {
            reached += *weight;
            *weight = reached;
        }
        // The smallest score that so many percent of these rows and one more keep.
        let bound = |percent: u8| {
            let wanted = (reached + 1.0) * f64::from(percent);
            let first = self.scores.partition_point(|(_, reached)| reached * 100.0 < wanted);
            self.scores.get(first).map(|(score, _)| ConformalBound { percent, bound: score.abs() })
        };
        let bounds: Vec<ConformalBound> = PERCENTS.into_iter().filter_map(bound).collect();
        if bounds.is_empty() {
            let message = format!(
                "conformal answers need 4 rows that are tested on in folds, and those here weigh {} rows; train without them, on \
                 more rows, or with weights that count rows",
                Decimal(reached)
            );
            return Err(Error::new(ErrorKind::TooFewRows, message));
        }
        if !bounds.iter().all(|bound| bound.bound.is_finite()) {
            return Err(Error::new(ErrorKind::NotFinite, "an error on a fold overflows; rescale the target"));
        }
        let note =
            PERCENTS.get(bounds.len()).map(|percent| Note::new(codes::FEWER_LEVELS, [u64::from(*percent).into()]));
        Ok((Conformal::new(bounds), note))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(scores: &[(f64, f64)]) -> Result<Vec<(u8, f64)>> {
        let (bounds, note) = ConformalScores { scores: scores.to_vec() }.bounds()?;
        assert_eq!(note.is_some(), bounds.bounds().len() < PERCENTS.len());
        Ok(bounds.bounds().iter().map(|bound| (bound.percent, bound.bound)).collect())
    }

    #[test]
    fn so_many_rows_and_one_more_keep_a_bound() {
        let rows = |n: u32| (1..=n).map(|score| (f64::from(score * 37 % (n + 1)), 1.0)).collect::<Vec<_>>();
        // 80 % of 20 rows are 16, 90 % are 18, and 95 % are 19.
        assert_eq!(bounds(&rows(19)).unwrap(), [(80, 16.0), (90, 18.0), (95, 19.0)]);
        assert_eq!(bounds(&rows(9)).unwrap(), [(80, 8.0), (90, 9.0)]);
        assert_eq!(bounds(&rows(4)).unwrap(), [(80, 4.0)]);
        assert_eq!(bounds(&rows(3)).unwrap_err().kind(), ErrorKind::TooFewRows);
        assert_eq!(bounds(&[(f64::INFINITY, 1.0); 30]).unwrap_err().kind(), ErrorKind::NotFinite);
    }

    #[test]
    fn a_row_of_weight_3_is_three_rows() {
        for n in 2..60_u32 {
            let scores: Vec<(f64, f64)> =
                (0..n).map(|row| (f64::from(row * 37 % 61), f64::from(row * 11 % 4))).collect();
            let repeated: Vec<(f64, f64)> =
                scores.iter().flat_map(|(score, weight)| vec![(*score, 1.0); *weight as usize]).collect();
            assert_eq!(bounds(&scores).ok(), bounds(&repeated).ok(), "{n}");
        }
    }
}
