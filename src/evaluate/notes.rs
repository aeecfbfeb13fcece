//! What a reader of a report should know before believing it, in sentences.

use super::baseline::ClassBaseline;
use super::confusion::Confusion;
use super::interval::wilson_interval;
use crate::error::quote;

/// Fewer rows than this make the figures uncertain enough to say so.
const FEW_ROWS: u64 = 100;

/// Fewer rows of a class than this say little of that class.
const FEW_ROWS_OF_CLASS: u64 = 10;

/// More classes than this are counted, not listed.
const MAX_LISTED: usize = 10;

/// That there are few rows, with what that means for the accuracy. `None` when there are enough.
pub(super) fn few_rows(confusion: &Confusion) -> Option<String> {
    let rows = confusion.n_rows();
    let (low, high) = wilson_interval(confusion.n_correct(), rows).filter(|_| rows < FEW_ROWS)?;
    // Whole percent, the interval rounded outwards.
    let accuracy = (confusion.accuracy()? * 100.0).round() as u64;
    let (low, high) = ((low * 100.0).floor() as u64, (high * 100.0).ceil() as u64);
    Some(format!("{}: an accuracy of {accuracy} % may be {low} to {high} %", count(rows)))
}

/// That there are few rows, for a regression. `None` when there are enough.
pub(super) fn few_rows_of_numbers(rows: u64) -> Option<String> {
    (rows < FEW_ROWS).then(|| format!("{}: on other rows the errors may be quite different", count(rows)))
}

/// The classes that have few rows, one sentence each, and at the end how many more there are.
pub(super) fn few_rows_of_classes(confusion: &Confusion, class_names: &[String]) -> Vec<String> {
    let support = confusion.counts.iter().map(|row| row.iter().sum::<u64>());
    let few: Vec<(&String, u64)> =
        class_names.iter().zip(support).filter(|(_, rows)| *rows < FEW_ROWS_OF_CLASS).collect();
    let listed = few.iter().take(MAX_LISTED);
    let mut notes: Vec<String> =
        listed.map(|(name, rows)| format!("class {} has {} to test on", quote(name), count(*rows))).collect();
    match few.len().saturating_sub(MAX_LISTED) {
        0 => {}
        1 => notes.push(format!("1 more class has fewer than {FEW_ROWS_OF_CLASS} rows to test on")),
        more => notes.push(format!("{more} more classes have fewer than {FEW_ROWS_OF_CLASS} rows to test on")),
    }
    notes
}

/// Where the model is no better than answering without a look at the features.
pub(super) fn not_better(
    confusion: &Confusion,
    log_loss: f64,
    baseline: &ClassBaseline,
    class_names: &[String],
) -> Vec<String> {
    let mut notes = Vec::new();
    if confusion.n_correct() <= baseline.correct {
        let class = class_names.get(baseline.majority_class).map(|name| quote(name)).unwrap_or_default();
        notes.push(format!(
            "not better than always answering {class}: {} of {} right, against {}",
            confusion.n_correct(),
            count(confusion.n_rows()),
            baseline.correct
        ));
    }
    if log_loss > baseline.log_loss {
        notes.push(
            "the probabilities are worse than always answering each class's share of the training rows (log loss)"
                .into(),
        );
    }
    notes
}

/// `1 row`, `no row`, `2 rows`.
fn count(rows: u64) -> String {
    match rows {
        0 => "no row".into(),
        1 => "1 row".into(),
        _ => format!("{rows} rows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_flagged_with_what_the_accuracy_may_be() {
        let confusion = |rows: usize| Confusion::new(1, &vec![0; rows], &vec![0; rows]);
        assert_eq!(few_rows(&confusion(30)).unwrap(), "30 rows: an accuracy of 100 % may be 88 to 100 %");
        assert_eq!(few_rows(&confusion(1)).unwrap(), "1 row: an accuracy of 100 % may be 20 to 100 %");
        assert_eq!(few_rows(&confusion(100)), None);
        assert_eq!(few_rows_of_numbers(100), None);
        assert_eq!(few_rows_of_numbers(99).unwrap(), "99 rows: on other rows the errors may be quite different");
    }

    #[test]
    fn classes_with_few_rows_are_listed_and_many_of_them_counted() {
        let names: Vec<String> = (0..13).map(|i| format!("c{i}")).collect();
        let mut codes = vec![0; 10];
        codes.extend([1, 2, 2, 2]);
        let notes = few_rows_of_classes(&Confusion::new(13, &codes, &codes), &names);
        assert_eq!(notes[0], "class \"c1\" has 1 row to test on");
        assert_eq!(notes[1], "class \"c2\" has 3 rows to test on");
        assert_eq!(notes[2], "class \"c3\" has no row to test on");
        assert_eq!((notes.len(), notes[10].as_str()), (11, "2 more classes have fewer than 10 rows to test on"));
    }
}
