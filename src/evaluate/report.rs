//! Everything said of a model of classes on rows it was not fitted on.

use super::baseline::ClassBaseline;
use super::binary_report::BinaryReport;
use super::classified::Classified;
use super::confusion::{Averages, ClassFigures, Confusion};
use super::coverage::Coverage;
use super::interval::wilson_interval;
use super::notes;
use super::probability::{brier_score, log_loss};
use super::ranking::macro_auc;
use super::weighted::{self, serialize_count};
use crate::error::{Decimal, Error, ErrorKind, Result};
use crate::note::Note;

/// The figures of a classification, as data that any edge can draw. Figures are shares from 0 to 1 unless they say
/// otherwise; `None` is an undefined figure.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClassificationReport {
    /// Rows tested on, each counted as often as it weighs: above 0.
    #[serde(serialize_with = "serialize_count")]
    pub rows: f64,
    /// The classes, in the order of every list of classes here.
    pub class_names: Vec<String>,
    /// The probability of the positive class from which on a row was predicted as it. `None`: the most probable class
    /// was predicted, the first of them on a tie.
    pub threshold: Option<f64>,
    /// Rows by true and predicted class.
    pub confusion: Confusion,
    /// Rows predicted right, counted so.
    #[serde(serialize_with = "serialize_count")]
    pub correct: f64,
    /// Their share.
    pub accuracy: f64,
    /// The Wilson score interval of the accuracy at 95 %: (low, high).
    pub accuracy_interval: (f64, f64),
    /// The mean recall over the classes that have rows.
    pub balanced_accuracy: Option<f64>,
    /// Precision, recall and F1 of each class.
    pub classes: Vec<ClassFigures>,
    /// And their averages.
    pub averages: Option<Averages>,
    /// The mean of -ln of the probability of the row's class: at least 0, less is better.
    pub log_loss: f64,
    /// The Brier score: 0 to 1 for two classes, 0 to 2 for more, less is better.
    pub brier_score: f64,
    /// The mean over classes of the area under the curve of that class against the others. `None` when a class has no
    /// row.
    pub macro_auc: Option<f64>,
    /// What only one class against the others has.
    pub binary: Option<BinaryReport>,
    /// What a model without features gets on the same rows. `None` when the training rows are not known.
    pub baseline: Option<ClassBaseline>,
    /// How often the model's conformal answers hold; none where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coverage: Vec<Coverage>,
    /// What to know before believing the figures, in sentences.
    pub notes: Vec<Note>,
}

impl ClassificationReport {
    /// Compares the classes of rows with a model's probabilities of them. `positive` is the class that the binary figures
    /// are about; without it they are about the second of two classes, and left out for
    /// more. `threshold` (0 to 1, two classes only) is the probability of the positive class from which on it is
    /// predicted. `training_counts` are the training rows of each class, counted by their weights, or empty when they are
    /// not known.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] for slices that do not fit each other, [`ErrorKind::TooFewRows`] without rows that weigh
    /// something, [`ErrorKind::InvalidWeight`] for a weight below 0 or not finite,
    /// [`ErrorKind::InvalidOption`] for a positive class or threshold out of range, or a threshold for more than two
    /// classes, [`ErrorKind::NotFinite`] for a probability that is not from 0 to 1, and [`ErrorKind::Internal`] for a
    /// code that is no class.
    pub fn new(
        tested: Classified<'_>,
        positive: Option<usize>,
        threshold: Option<f64>,
        training_counts: &[f64],
        class_names: &[String],
    ) -> Result<Self> {
        let Classified { n_classes, codes, probabilities, weights } = tested;
        check_rows(tested, training_counts, class_names)?;
        check_options(n_classes, positive, threshold)?;
        let positive = positive.or((n_classes == 2).then_some(1));
        let rows = probabilities.chunks_exact(n_classes);
        let predicted: Vec<usize> = match (positive, threshold) {
            (Some(positive), Some(threshold)) => rows
                .map(|row| if row.get(positive).is_some_and(|p| *p >= threshold) { positive } else { 1 - positive })
                .collect(),
            _ => rows.map(most_probable).collect(),
        };
        let confusion = Confusion::new(n_classes, codes, &predicted, weights);
        let (Some(accuracy), Some(accuracy_interval), Some(log_loss), Some(brier_score)) = (
            confusion.accuracy(),
            wilson_interval(confusion.n_correct(), confusion.n_rows()),
            log_loss(n_classes, codes, probabilities, weights),
            brier_score(n_classes, codes, probabilities, weights),
        ) else {
            return Err(Error::new(ErrorKind::TooFewRows, "a report needs rows to test on, found none"));
        };
        let binary = positive.map(|positive| BinaryReport::new(positive, tested));
        let baseline = ClassBaseline::new(training_counts, codes, weights);
        let mut notes: Vec<Note> = notes::few_rows(&confusion).into_iter().collect();
        notes.extend(notes::few_rows_of_classes(&confusion, class_names));
        if let Some(baseline) = &baseline {
            notes.extend(notes::not_better(&confusion, log_loss, baseline, class_names));
        }
        Ok(Self {
            rows: confusion.n_rows(),
            class_names: class_names.to_vec(),
            threshold,
            correct: confusion.n_correct(),
            accuracy,
            accuracy_interval,
            balanced_accuracy: confusion.balanced_accuracy(),
            classes: confusion.classes(),
            averages: confusion.averages(),
            log_loss,
            brier_score,
            // Of two classes both areas are one number. The probabilities of the other class may have lost what tells rows
            // apart: 1 - 1e-20 is 1.
            macro_auc: match &binary {
                Some(binary) if n_classes == 2 => binary.auc,
                _ => macro_auc(n_classes, codes, probabilities, weights),
            },
            binary,
            baseline,
            coverage: Vec::new(),
            notes,
            confusion,
        })
    }

    /// The figures that are worth a mean over folds, by the names they have in JSON.
    pub fn figures(&self) -> Vec<(&'static str, Option<f64>)> {
        let mut figures = vec![
            ("accuracy", Some(self.accuracy)),
            ("balancedAccuracy", self.balanced_accuracy),
            ("macroF1", self.averages.map(|averages| averages.r#macro.f1)),
            ("logLoss", Some(self.log_loss)),
            ("brierScore", Some(self.brier_score)),
        ];
        if self.class_names.len() > 2 {
            figures.push(("macroAuc", self.macro_auc));
        }
        if let Some(binary) = &self.binary {
            figures.extend([("auc", binary.auc), ("averagePrecision", binary.average_precision)]);
        }
        figures
    }
}

/// The position of the largest probability: the first of them on a tie.
fn most_probable(row: &[f64]) -> usize {
    row.iter().enumerate().rev().max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(class, _)| class)
}

fn check_rows(tested: Classified<'_>, training_counts: &[f64], class_names: &[String]) -> Result<()> {
    let Classified { n_classes, codes, probabilities, weights } = tested;
    let wrong = |what: &str, expected: usize, found: usize| {
        Err(Error::new(ErrorKind::WrongLength, format!("expected {expected} {what}, found {found}")))
    };
    if class_names.len() != n_classes {
        return wrong("names of classes", n_classes, class_names.len());
    }
    if !training_counts.is_empty() && training_counts.len() != n_classes {
        return wrong("counts of training rows", n_classes, training_counts.len());
    }
    if codes.is_empty() {
        return Err(Error::new(ErrorKind::TooFewRows, "a report needs rows to test on, found none"));
    }
    if codes.len().checked_mul(n_classes) != Some(probabilities.len()) {
        return wrong("probabilities", codes.len().saturating_mul(n_classes), probabilities.len());
    }
    if let Some(code) = codes.iter().find(|code| **code >= n_classes) {
        return Err(Error::new(
            ErrorKind::Internal,
            format!("expected one of {n_classes} classes, found class {code}"),
        ));
    }
    weighted::check(weights, codes.len())?;
    match probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(p) => {
            Err(Error::new(ErrorKind::NotFinite, format!("expected probabilities from 0 to 1, found {}", Decimal(*p))))
        }
        None => Ok(()),
    }
}

fn check_options(n_classes: usize, positive: Option<usize>, threshold: Option<f64>) -> Result<()> {
    let message = match (positive, threshold) {
        (Some(positive), _) if positive >= n_classes => {
            format!("expected the positive class to be one of {n_classes}, found class {positive}")
        }
        (_, Some(_)) if n_classes != 2 => format!("a threshold is for two classes, found {n_classes}"),
        (_, Some(threshold)) if !(0.0..=1.0).contains(&threshold) => {
            format!("expected a threshold from 0 to 1, found {}", Decimal(threshold))
        }
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::InvalidOption, message))
}

#[cfg(test)]
mod tests {
    use super::super::example::{CODES, IS_POSITIVE, PROBABILITIES, SCORES};
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn binary(positive: Option<usize>, threshold: Option<f64>) -> Result<ClassificationReport> {
        let probabilities: Vec<f64> = SCORES.iter().flat_map(|p| [1.0 - p, *p]).collect();
        let codes = IS_POSITIVE.map(usize::from);
        let tested = Classified::new(2, &codes, &probabilities);
        ClassificationReport::new(tested, positive, threshold, &[30.0, 20.0], &names(&["no", "yes"]))
    }

    /// 1 less the smaller probability is 1 for both rows of the first class: what tells them apart is lost there.
    #[test]
    fn of_two_classes_the_mean_area_is_that_of_the_positive_class() {
        let probabilities = [1.0, 1e-20, 1.0, 1e-19, 1.0, 1e-18, 0.5, 0.5];
        let names = ["a".to_owned(), "b".to_owned()];
        let report =
            ClassificationReport::new(Classified::new(2, &[0, 0, 1, 1], &probabilities), Some(1), None, &[], &names)
                .unwrap();
        assert_eq!(report.binary.unwrap().auc, Some(1.0));
        assert_eq!(report.macro_auc, Some(1.0));
    }

    #[test]
    fn a_report_of_three_classes_holds_the_figures_of_its_parts() {
        // Figures of scikit-learn 1.9.1, see tests/golden/figures.py.
        let tested = Classified::new(3, &CODES, &PROBABILITIES);
        let report = ClassificationReport::new(tested, None, None, &[5.0, 9.0, 6.0], &names(&["a", "b", "c"])).unwrap();
        assert_eq!(report.confusion.counts, [[2.0, 0.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 1.0]]);
        assert_eq!((report.rows, report.correct, report.accuracy, report.binary), (8.0, 5.0, 0.625, None));
        assert!((report.log_loss - 0.7190480820619274).abs() < 1e-15);
        assert!((report.macro_auc.unwrap() - 0.888888888888889).abs() < 1e-15);
        let expected = [
            "8 rows: an accuracy of 63 % may be 30 to 87 %",
            "class \"a\" has 2 rows to test on",
            "class \"b\" has 4 rows to test on",
            "class \"c\" has 2 rows to test on",
        ];
        assert_eq!(report.notes, expected);
    }

    #[test]
    fn the_threshold_decides_between_two_classes() {
        let codes = IS_POSITIVE.map(usize::from);
        let report = binary(None, Some(0.15)).unwrap();
        assert_eq!(report.confusion.counts, [[1.0, 5.0], [0.0, 6.0]]);
        // Seen from the other class: flagged from 0.9 on, so only the row that has 0.1 of the positive class.
        let report = binary(Some(0), Some(0.9)).unwrap();
        assert_eq!(report.confusion.counts, [[1.0, 5.0], [0.0, 6.0]]);
        assert_eq!(report.binary.map(|binary| binary.positive), Some(0));
        // Without a threshold, probabilities of one half go to the first class.
        let report = binary(None, None).unwrap();
        let expected: Vec<usize> = SCORES.iter().map(|p| usize::from(*p > 0.5)).collect();
        assert_eq!(report.confusion, Confusion::new(2, &codes, &expected, &[]));
    }

    #[test]
    fn a_model_no_better_than_its_baseline_is_told_so() {
        let probabilities = [0.9, 0.1].repeat(20);
        let codes: Vec<usize> = (0..20).map(|row| row % 2).collect();
        let tested = Classified::new(2, &codes, &probabilities);
        let report = ClassificationReport::new(tested, None, None, &[11.0, 9.0], &names(&["a", "b"])).unwrap();
        let expected = [
            "20 rows: an accuracy of 50 % may be 29 to 71 %",
            "not better than always answering \"a\": 10 of 20 rows right, against 10",
            "the probabilities are worse than always answering each class's share of the training rows (log loss)",
        ];
        assert_eq!(report.notes, expected);
        assert_eq!(report.binary.and_then(|binary| binary.auc), Some(0.5));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let ab = names(&["a", "b"]);
        let kind = |codes: &[usize], probabilities: &[f64], counts: &[f64], names: &[String]| {
            let tested = Classified::new(2, codes, probabilities);
            ClassificationReport::new(tested, None, None, counts, names).unwrap_err().kind()
        };
        assert_eq!(kind(&[], &[], &[], &ab), ErrorKind::TooFewRows);
        assert_eq!(kind(&[0], &[0.5], &[], &ab), ErrorKind::WrongLength);
        assert_eq!(kind(&[0], &[0.5, 0.5], &[1.0], &ab), ErrorKind::WrongLength);
        assert_eq!(kind(&[0], &[0.5, 0.5], &[], &ab[..1]), ErrorKind::WrongLength);
        assert_eq!(kind(&[2], &[0.5, 0.5], &[], &ab), ErrorKind::Internal);
        assert_eq!(kind(&[0], &[0.5, f64::NAN], &[], &ab), ErrorKind::NotFinite);
        for (positive, threshold) in [(Some(2), None), (None, Some(1.5)), (None, Some(f64::NAN))] {
            assert_eq!(binary(positive, threshold).unwrap_err().kind(), ErrorKind::InvalidOption);
        }
    }
}
