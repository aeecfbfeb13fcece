//! How good a model is on rows it was not fitted on.
//!
//! Figures are pure functions of slices: the class of each row as a code from 0, probabilities as rows x classes, row
//! by row. From the bottom up they are: counts and ranks, then figures of classes, of probabilities, of numbers, then
//! the baselines and the reports that hold them all. The definitions are scikit-learn's, so that its users find their
//! figures again; tests/golden/figures.py computes those in the tests. `None` is an undefined figure, never NaN.
//!
//! linfa 0.8.1's metrics are not used. Those of classes are in single precision, where figures here are right to 1e-10, and
//! its precision and recall of two classes are of the first one; its R² adds 1e-10 to the sum of squares that it divides by,
//! which is wrong for a target of small numbers. The page is built without linfa besides.

mod baseline;
mod binary_report;
mod classified;
mod confusion;
mod coverage;
mod cuts;
mod dependence;
#[cfg(test)]
mod example;
mod folds;
mod importance;
mod interval;
mod loss;
mod notes;
mod probability;
mod quantile;
mod ranking;
mod regression;
mod regression_report;
mod report;
mod scored;
mod summary;
mod threshold_rule;
mod thresholds;
mod weighted;

pub use baseline::{ClassBaseline, mean_baseline};
pub use binary_report::BinaryReport;
pub use classified::Classified;
pub use confusion::{Average, Averages, ClassFigures, Confusion};
pub use coverage::Coverage;
pub use dependence::{DependencePoint, dependence};
pub use folds::folds;
pub use importance::{Importance, importance_measure, permutation_importance};
pub use interval::wilson_interval;
pub use loss::LossFigures;
pub use probability::{Bins, CalibrationBin, brier_score, calibration_curve, log_loss};
pub use ranking::{
    PrecisionRecallPoint, RocPoint, auc, average_precision, macro_auc, one_versus_rest, precision_recall_curve,
    roc_curve,
};
pub use regression::{RegressionFigures, ResidualQuantile};
pub use regression_report::RegressionReport;
pub use report::ClassificationReport;
pub use scored::{Report, Scored, evaluate, is_left_out};
pub use summary::{FigureSummary, summarize};
pub use threshold_rule::{ChosenThreshold, ThresholdRule};
pub use thresholds::{ThresholdRow, default_thresholds, threshold_table};
