//! Which classes are taken for which, and the figures that follow from the counts.

use super::weighted::{serialize_count, serialize_counts, weight};
use crate::numeric::sum;

/// How many rows of each class were predicted as each class.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Confusion {
    /// Rows counted by their true class (outer index) and their predicted class (inner index): square.
    #[serde(serialize_with = "serialize_counts")]
    pub counts: Vec<Vec<f64>>,
}

/// How well one class is recognized. A figure is `None` when its denominator is 0.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassFigures {
    /// Of the rows predicted as this class, the share that are of it. `None` when none was predicted.
    pub precision: Option<f64>,
    /// Of the rows of this class, the share predicted as it. `None` when it has no row.
    pub recall: Option<f64>,
    /// 2 TP / (2 TP + FP + FN), the harmonic mean of precision and recall. `None` when the class has neither a row nor
    /// a prediction.
    pub f1: Option<f64>,
    /// Rows of this class.
    #[serde(serialize_with = "serialize_count")]
    pub support: f64,
    /// Rows predicted as this class.
    #[serde(serialize_with = "serialize_count")]
    pub predicted: f64,
}

/// Precision, recall and F1 over all classes, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Average {
    /// The average precision over classes, not the area under the precision-recall curve.
    pub precision: f64,
    /// The average recall.
    pub recall: f64,
    /// The average of the classes' F1, not the F1 of the averages.
    pub f1: f64,
}

/// Three ways to average the figures of the classes. A figure that is undefined for a class counts as 0, as with
/// scikit-learn's `zero_division=0`. All classes of the model take part, as with scikit-learn's `labels=` of all
/// classes: without `labels` it leaves out those that have neither a row nor a prediction.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Averages {
    /// Of the counts summed over classes. As each row has one class and one prediction, all three equal the accuracy.
    pub micro: Average,
    /// Each class counts the same.
    pub r#macro: Average,
    /// Each class counts by its rows (its support).
    pub weighted: Average,
}

impl Confusion {
    /// Counts the rows of `codes`, the true classes, and `predicted`, both from 0 to `n_classes` - 1 and of one length.
    /// Rows with a code beyond that are not counted.
    pub fn new(n_classes: usize, codes: &[usize], predicted: &[usize], weights: &[f64]) -> Self {
        let mut counts = vec![vec![0.0; n_classes]; n_classes];
        for (row, (code, predicted)) in codes.iter().zip(predicted).enumerate() {
            if let Some(count) = counts.get_mut(*code).and_then(|row| row.get_mut(*predicted)) {
                *count += weight(weights, row);
            }
        }
        Self { counts }
    }

    /// Rows in all.
    pub fn n_rows(&self) -> f64 {
        self.counts.iter().flatten().sum()
    }

    /// Rows predicted as the class that they are of.
    pub fn n_correct(&self) -> f64 {
        self.counts.iter().enumerate().filter_map(|(class, row)| row.get(class)).sum()
    }

    /// The share of rows predicted right. `None` without rows.
    pub fn accuracy(&self) -> Option<f64> {
        quotient(self.n_correct(), self.n_rows())
    }

    /// The mean of the recalls, over the classes that have rows: what always answering one of two classes gets is 0.5,
    /// of however many rows that class is. Scikit-learn's `balanced_accuracy_score`. `None` without rows.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let recalls: Vec<f64> = self.classes().iter().filter_map(|class| class.recall).collect();
        (!recalls.is_empty()).then(|| sum(&recalls) / recalls.len() as f64)
    }

    /// The figures of each class, in the order of the classes.
    pub fn classes(&self) -> Vec<ClassFigures> {
        let figures = |(class, row): (usize, &Vec<f64>)| {
            let hits = row.get(class).copied().unwrap_or(0.0);
            let support = row.iter().sum();
            let predicted = self.counts.iter().filter_map(|row| row.get(class)).sum();
            ClassFigures {
                precision: quotient(hits, predicted),
                recall: quotient(hits, support),
                f1: quotient(2.0 * hits, predicted + support),
                support,
                predicted,
            }
        };
        self.counts.iter().enumerate().map(figures).collect()
    }

    /// The averages over classes. `None` without rows.
    pub fn averages(&self) -> Option<Averages> {
        let accuracy = self.accuracy()?;
        let classes = self.classes();
        let average = |weight: &dyn Fn(&ClassFigures) -> f64| {
            let total = sum(&classes.iter().map(weight).collect::<Vec<_>>());
            let mean = |figure: &dyn Fn(&ClassFigures) -> Option<f64>| {
                let terms: Vec<f64> = classes.iter().map(|c| weight(c) * figure(c).unwrap_or(0.0)).collect();
                sum(&terms) / total
            };
            Average { precision: mean(&|c| c.precision), recall: mean(&|c| c.recall), f1: mean(&|c| c.f1) }
        };
        Some(Averages {
            micro: Average { precision: accuracy, recall: accuracy, f1: accuracy },
            r#macro: average(&|_| 1.0),
            weighted: average(&|class| class.support),
        })
    }
}

/// `part` / `whole`, or `None` when `whole` is 0.
pub(super) fn quotient(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(average: Average, [precision, recall, f1]: [f64; 3]) -> bool {
        let differences = [average.precision - precision, average.recall - recall, average.f1 - f1];
        differences.iter().all(|difference| difference.abs() < 1e-15)
    }

    #[test]
    fn the_figures_are_those_of_scikit_learn() {
        // scikit-learn 1.9.1: confusion_matrix, accuracy_score, balanced_accuracy_score and
        // precision_recall_fscore_support, see tests/golden/figures.py.
        let confusion = Confusion::new(3, &[0, 1, 2, 1, 0, 2, 1, 1], &[0, 1, 1, 2, 0, 2, 1, 0], &[]);
        assert_eq!(confusion.counts, [[2.0, 0.0, 0.0], [1.0, 2.0, 1.0], [0.0, 1.0, 1.0]]);
        assert_eq!((confusion.n_rows(), confusion.n_correct(), confusion.accuracy()), (8.0, 5.0, Some(0.625)));
        assert!((confusion.balanced_accuracy().unwrap() - 0.6666666666666666).abs() < 1e-15);
        let expected = [
            (0.6666666666666666, 1.0, 0.8, 2.0),
            (0.6666666666666666, 0.5, 0.5714285714285714, 4.0),
            (0.5, 0.5, 0.5, 2.0),
        ];
        for (class, (precision, recall, f1, support)) in confusion.classes().iter().zip(expected) {
            assert_eq!((class.precision, class.recall, class.support), (Some(precision), Some(recall), support));
            assert!((class.f1.unwrap() - f1).abs() < 1e-15);
        }
        let averages = confusion.averages().unwrap();
        assert!(is_near(averages.micro, [0.625, 0.625, 0.625]));
        assert!(is_near(averages.r#macro, [0.611111111111111, 0.6666666666666666, 0.6238095238095238]));
        assert!(is_near(averages.weighted, [0.625, 0.625, 0.6107142857142858]));
    }

    #[test]
    fn undefined_figures_are_none_and_count_as_0_in_averages() {
        // scikit-learn 1.9.1: precision_recall_fscore_support with labels=[0, 1, 2, 3], zero_division=nan for the
        // classes and 0 for the averages; balanced_accuracy_score. See tests/golden/figures.py.
        let confusion = Confusion::new(4, &[0, 0, 1, 2, 2], &[0, 2, 2, 2, 3], &[]);
        let classes = confusion.classes();
        let column = |figure: fn(&ClassFigures) -> Option<f64>| classes.iter().map(figure).collect::<Vec<_>>();
        assert_eq!(column(|c| c.precision), [Some(1.0), None, Some(1.0 / 3.0), Some(0.0)]);
        assert_eq!(column(|c| c.recall), [Some(0.5), Some(0.0), Some(0.5), None]);
        assert_eq!(column(|c| c.f1), [Some(2.0 / 3.0), Some(0.0), Some(0.4), Some(0.0)]);
        let averages = confusion.averages().unwrap();
        assert!(is_near(averages.micro, [0.4, 0.4, 0.4]));
        assert!(is_near(averages.r#macro, [0.3333333333333333, 0.25, 0.26666666666666666]));
        assert!(is_near(averages.weighted, [0.5333333333333333, 0.4, 0.42666666666666664]));
        assert!((confusion.balanced_accuracy().unwrap() - 0.3333333333333333).abs() < 1e-15);
        assert_eq!(Confusion::new(3, &[0, 1], &[0, 1], &[]).classes()[2].f1, None);
    }

    #[test]
    fn without_rows_nothing_is_defined() {
        let confusion = Confusion::new(2, &[], &[], &[]);
        assert_eq!((confusion.accuracy(), confusion.balanced_accuracy(), confusion.averages()), (None, None, None));
    }
}
