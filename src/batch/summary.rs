//! What came of the rows of a file.

use super::PredictedRow;
use crate::error::Error;
use crate::model::Model;

/// The most refusals that are kept.
const KEPT: usize = 20;

/// A row that could not be scored.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The row as a spreadsheet counts it.
    pub row: u64,
    /// Why, with the column.
    pub error: Error,
}

/// Counts over rows that were scored: of parts of a file, merged in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BatchSummary {
    /// All rows.
    pub n_rows: u64,
    /// Those that could not be scored.
    pub n_refused: u64,
    /// The first 20 of these.
    pub refusals: Vec<Refusal>,
    /// Rows with a value that was imputed.
    pub n_imputed: u64,
    /// Rows with a number outside the training range.
    pub n_outside: u64,
    /// How many of these rows each feature has such a number in; empty before the first.
    pub outside: Vec<u64>,
    /// How often each class was predicted, in class order; empty for a regression, and before the first row.
    pub classes: Vec<u64>,
    /// The smallest and the largest predicted value; `None` for a classification, and without rows.
    pub range: Option<(f64, f64)>,
    /// Not a sum, which may be too large.
    mean: f64,
}

impl BatchSummary {
    /// Takes in a row.
    pub fn add(&mut self, model: &Model, row: &PredictedRow<'_>) {
        self.n_rows += 1;
        let outputs = match &row.outputs {
            Ok(outputs) => outputs,
            Err(error) => {
                self.n_refused += 1;
                if self.refusals.len() < KEPT {
                    self.refusals.push(Refusal { row: row.number, error: error.clone() });
                }
                return;
            }
        };
        self.n_imputed += u64::from(model.imputed(row.values).next().is_some());
        self.add_outside(model, row.values);
        match model.schema().target.classes() {
            Some(classes) => {
                self.classes.resize(classes.len(), 0);
                self.classes[model.decide(outputs)] += 1;
            }
            None => {
                let value = outputs[0];
                let (low, high) = self.range.unwrap_or((value, value));
                self.range = Some((low.min(value), high.max(value)));
                let n = (self.n_rows - self.n_refused) as f64;
                self.mean += value / n - self.mean / n;
            }
        }
    }

    fn add_outside(&mut self, model: &Model, values: &[f64]) {
        let mut is_outside = false;
        for at in model.outside(values) {
            is_outside = true;
            self.outside.resize(values.len(), 0);
            self.outside[at] += 1;
        }
        self.n_outside += u64::from(is_outside);
    }

    /// The names of the features with a number outside the training range in most rows, and in how many, at most `most`.
    pub fn most_outside<'m>(&self, model: &'m Model, most: usize) -> Vec<(&'m str, u64)> {
        let (mut left, mut named) = (self.outside.clone(), Vec::new());
        while named.len() < most {
            // Of equal counts the first.
            let largest = left.iter().enumerate().rev().max_by_key(|(_, rows)| **rows);
            let Some((at, rows)) = largest.map(|(at, rows)| (at, *rows)).filter(|(_, rows)| *rows > 0) else { break };
            named.push((model.schema().features[at].name.as_str(), rows));
            left[at] = 0;
        }
        named
    }

    /// Takes in the rows of the part after it.
    pub fn merge(&mut self, later: Self) {
        let (n, n_later) = (self.n_rows - self.n_refused, later.n_rows - later.n_refused);
        if n_later > 0 {
            let share = n_later as f64 / (n + n_later) as f64;
            self.mean = self.mean * (1.0 - share) + later.mean * share;
        }
        self.n_rows += later.n_rows;
        self.n_refused += later.n_refused;
        self.n_imputed += later.n_imputed;
        self.n_outside += later.n_outside;
        self.outside.resize(self.outside.len().max(later.outside.len()), 0);
        self.outside.iter_mut().zip(later.outside).for_each(|(rows, more)| *rows += more);
        self.refusals.extend(later.refusals);
        self.refusals.truncate(KEPT);
        self.classes.resize(self.classes.len().max(later.classes.len()), 0);
        self.classes.iter_mut().zip(later.classes).for_each(|(rows, more)| *rows += more);
        self.range = match (self.range, later.range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (range, later) => range.or(later),
        };
    }

    /// The mean of the predicted values; `None` for a classification, and without rows.
    pub fn mean(&self) -> Option<f64> {
        self.range.map(|(low, high)| self.mean.clamp(low, high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::BatchPredictor;
    use crate::pipeline::Pipeline;
    use crate::table::{ReadOptions, Table};
    use crate::train::Learner;

    fn summaries(target: &str) -> (BatchSummary, BatchSummary) {
        let row = |i: usize| format!("{},{},{}\n", i * 7 % 13, i * 5 % 11, ["a", "b"][i * i % 5 % 2]);
        let csv = format!("x,n,y\n{}", (0..40).map(row).collect::<String>());
        let mut pipeline = Pipeline::new(target);
        let Learner::Linear(options) = &mut pipeline.learner else { unreachable!() };
        options.preprocess.impute_always = true;
        pipeline.roles.drop = vec![if target == "y" { "n" } else { "y" }.into()];
        let model = pipeline.train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
        let file = format!("x\n1\n2\n{}13\n\"\"\n", "six\n".repeat(30));
        let scorer = BatchPredictor::new(&model, file.as_bytes(), true, &ReadOptions::default(), None).unwrap();
        let (mut whole, mut merged, mut part) = Default::default();
        scorer
            .score(file.as_bytes(), true, 0, |row| {
                BatchSummary::add(&mut whole, &model, &row);
                BatchSummary::add(&mut part, &model, &row);
                if row.number % 5 == 0 {
                    BatchSummary::merge(&mut merged, std::mem::take(&mut part));
                }
                Ok(())
            })
            .unwrap();
        merged.merge(part);
        (whole, merged)
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        for target in ["y", "n"] {
            let (whole, merged) = summaries(target);
            assert!((whole.mean - merged.mean).abs() < 1e-12);
            assert_eq!(whole, BatchSummary { mean: whole.mean, ..merged });
            assert_eq!((whole.n_rows, whole.n_refused, whole.n_imputed, whole.refusals.len()), (34, 30, 1, 20));
            assert_eq!((whole.n_outside, &whole.outside), (1, &vec![1]));
            assert_eq!(whole.refusals[0].row, 4);
            assert!(whole.refusals[0].error.to_string().starts_with("column \"x\": expected a number"));
        }
    }

    #[test]
    fn the_mean_of_large_values_is_among_them() {
        let part =
            |value: f64| BatchSummary { n_rows: 3, range: Some((value, value)), mean: value, ..Default::default() };
        let mut all = part(f64::MAX);
        all.merge(BatchSummary::default());
        all.merge(part(f64::MAX));
        assert_eq!(all.mean(), Some(f64::MAX));
        all.merge(part(-f64::MAX));
        assert!(all.mean().unwrap() < f64::MAX / 2.9);
    }

    #[test]
    fn classes_are_counted_and_values_averaged() {
        let (classes, values) = (summaries("y").0, summaries("n").0);
        assert_eq!((classes.classes.iter().sum::<u64>(), classes.range, classes.mean()), (4, None, None));
        let (low, high) = values.range.unwrap();
        assert!(values.classes.is_empty() && low < high && (low..high).contains(&values.mean().unwrap()));
    }
}
