//! What a reader of a report should know before believing it, as notes.

use super::baseline::ClassBaseline;
use super::confusion::Confusion;
use super::interval::wilson_interval;
use crate::note::{Note, Parameter, codes};

/// Fewer rows than this make the figures uncertain enough to say so.
const FEW_ROWS: f64 = 100.0;

/// Fewer rows of a class than this say little of that class.
const FEW_ROWS_OF_CLASS: f64 = 10.0;

/// More classes than this are counted, not listed.
const MAX_LISTED: usize = 10;

/// That there are few rows, with what that means for the accuracy. `None` when there are enough.
pub(super) fn few_rows(confusion: &Confusion) -> Option<Note> {
    let rows = confusion.n_rows();
    let (low, high) = wilson_interval(confusion.n_correct(), rows).filter(|_| rows < FEW_ROWS)?;
    // Whole percent, the interval rounded outwards.
    let accuracy = (confusion.accuracy()? * 100.0).round() as u64;
    let (low, high) = ((low * 100.0).floor() as u64, (high * 100.0).ceil() as u64);
    Some(Note::new(codes::FEW_ROWS, [counted(rows), accuracy.into(), low.into(), high.into()]))
}

/// That there are few rows, for a regression. `None` when there are enough.
pub(super) fn few_rows_of_numbers(rows: f64) -> Option<Note> {
    (rows < FEW_ROWS).then(|| Note::new(codes::FEW_ROWS_OF_NUMBERS, [counted(rows)]))
}

/// The classes that have few rows, one sentence each, and at the end how many more there are.
pub(super) fn few_rows_of_classes(confusion: &Confusion, class_names: &[String]) -> Vec<Note> {
    let support = confusion.counts.iter().map(|row| row.iter().sum::<f64>());
    let few: Vec<(&String, f64)> =
        class_names.iter().zip(support).filter(|(_, rows)| *rows < FEW_ROWS_OF_CLASS).collect();
    let listed = few.iter().take(MAX_LISTED);
    let mut notes: Vec<Note> = listed
        .map(|(name, rows)| Note::new(codes::FEW_ROWS_OF_CLASS, [name.as_str().into(), counted(*rows)]))
        .collect();
    match few.len().saturating_sub(MAX_LISTED) {
        0 => {}
        1 => notes.push(Note::new(codes::FEW_ROWS_OF_ONE_MORE, [counted(FEW_ROWS_OF_CLASS)])),
        more => notes.push(Note::new(codes::FEW_ROWS_OF_MORE, [more.into(), counted(FEW_ROWS_OF_CLASS)])),
    }
    notes
}

/// Where the model is no better than answering without a look at the features.
pub(super) fn not_better(
    confusion: &Confusion,
    log_loss: f64,
    baseline: &ClassBaseline,
    class_names: &[String],
) -> Vec<Note> {
    let mut notes = Vec::new();
    if confusion.n_correct() <= baseline.correct {
        let class = class_names.get(baseline.majority_class).map(String::as_str).unwrap_or_default();
        let (correct, rows) = (confusion.n_correct(), confusion.n_rows());
        let parameters = [class.into(), counted(correct), counted(rows), counted(baseline.correct)];
        notes.push(Note::new(codes::NOT_BETTER, parameters));
    }
    if log_loss > baseline.log_loss {
        notes.push(Note::new(codes::WORSE_PROBABILITIES, []));
    }
    notes
}

/// A count of rows: a whole number where they have no weights, or whole ones.
fn counted(rows: f64) -> Parameter {
    if rows.fract() == 0.0 { Parameter::Whole(rows as u64) } else { Parameter::Number((rows * 1e3).round() / 1e3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_flagged_with_what_the_accuracy_may_be() {
        let confusion = |rows: usize| Confusion::new(1, &vec![0; rows], &vec![0; rows], &[]);
        assert_eq!(few_rows(&confusion(30)).unwrap().to_string(), "30 rows: an accuracy of 100 % may be 88 to 100 %");
        assert_eq!(few_rows(&confusion(1)).unwrap().to_string(), "1 row: an accuracy of 100 % may be 20 to 100 %");
        assert_eq!(few_rows(&confusion(100)), None);
        assert_eq!(few_rows_of_numbers(100.0), None);
        assert_eq!(
            few_rows_of_numbers(99.0).unwrap().to_string(),
            "99 rows: on other rows the errors may be quite different"
        );
    }

    #[test]
    fn classes_with_few_rows_are_listed_and_many_of_them_counted() {
        let names: Vec<String> = (0..13).map(|i| format!("c{i}")).collect();
        let mut codes = vec![0; 10];
        codes.extend([1, 2, 2, 2]);
        let notes = few_rows_of_classes(&Confusion::new(13, &codes, &codes, &[]), &names);
        let notes: Vec<String> = notes.iter().map(Note::to_string).collect();
        assert_eq!(notes[0], "class \"c1\" has 1 row to test on");
        assert_eq!(notes[1], "class \"c2\" has 3 rows to test on");
        assert_eq!(notes[2], "class \"c3\" has no row to test on");
        assert_eq!((notes.len(), notes[10].as_str()), (11, "2 more classes have fewer than 10 rows to test on"));
    }
}
