//! What a model achieves on rows it was not fitted on, as far as its file says.

use crate::note::Note;

/// What a model achieves on rows that were held out of its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// How the rows were chosen.
    pub split: Option<Split>,
    /// The figures that everybody asks for.
    pub metrics: Metrics,
    /// More figures; none in a model of format version 1 or 2, and so are the rest.
    pub figures: Vec<Metric>,
    /// Rows by true and by predicted class, both in class order, each counted as often as it weighs; none for more than
    /// [`MOST_CONFUSED`] classes.
    pub confusion: Vec<Vec<f64>>,
    /// Of a model of two classes what each threshold would decide, in ascending order.
    pub thresholds: Vec<ThresholdCounts>,
    /// What to know before believing the figures.
    pub notes: Vec<Note>,
}

/// The most classes of which a file has the confusion matrix.
pub const MOST_CONFUSED: usize = 50;

/// A named figure.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Metric {
    /// Its name in camel case, as `macroF1`.
    pub name: String,
    /// The model's.
    pub value: f64,
    /// That of a model without features, if it has one.
    pub baseline: Option<f64>,
}

/// What a threshold decides, in rows, each counted as often as it weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdCounts {
    /// The probability of the positive class from which on a row is flagged.
    pub threshold: f64,
    /// Rows of the positive class that are flagged.
    pub true_positives: f64,
    /// Rows of the other class that are flagged.
    pub false_positives: f64,
    /// Rows of the other class that are not flagged.
    pub true_negatives: f64,
    /// Rows of the positive class that are not flagged.
    pub false_negatives: f64,
}

/// What fits to all rows but one fold achieve on that fold.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CrossValidation {
    /// How many folds there were.
    pub folds: u64,
    /// The seed of the shuffle.
    pub seed: u64,
    /// Figures over the folds.
    pub figures: Vec<FoldMetric>,
}

/// One figure over folds.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoldMetric {
    /// Its name in camel case.
    pub name: String,
    /// The mean over the folds in which it is defined.
    pub mean: f64,
    /// The sample standard deviation over them; `None` with fewer than two.
    pub standard_deviation: Option<f64>,
}

/// How rows were held out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// The fraction of rows held out, between 0 and 1.
    pub fraction: f64,
    /// The seed of the shuffle.
    pub seed: u64,
}

/// The figures that everybody asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metrics {
    /// Of a classification.
    Classification {
        /// How many rows were scored, each counted as often as it weighs.
        rows: f64,
        /// On how many of them the predicted class was the right one.
        correct: f64,
        /// correct / rows.
        accuracy: f64,
        /// The mean of -ln(probability of the right class); a probability below 2^-52 counts as that.
        log_loss: f64,
    },
    /// Of a regression.
    Regression {
        /// How many rows were scored, each counted as often as it weighs.
        rows: f64,
        /// The coefficient of determination, 1 - (sum of squared errors) / (sum of squares about the mean of these
        /// rows); `None` when the target does not vary in them.
        r_squared: Option<f64>,
        /// The root of the mean squared error, in the target's unit.
        root_mean_squared_error: f64,
    },
}

impl Evaluation {
    /// Whether every figure is finite.
    pub(super) fn is_finite(&self) -> bool {
        let metrics = match self.metrics {
            Metrics::Classification { accuracy, log_loss, .. } => [accuracy, log_loss],
            Metrics::Regression { r_squared, root_mean_squared_error, .. } => {
                [r_squared.unwrap_or(0.0), root_mean_squared_error]
            }
        };
        let figures = self.figures.iter().flat_map(|figure| [figure.value, figure.baseline.unwrap_or(0.0)]);
        let thresholds = self.thresholds.iter().map(|decided| decided.threshold);
        metrics.into_iter().chain(figures).chain(thresholds).all(f64::is_finite)
    }
}
