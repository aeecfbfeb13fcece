//! Parts of a file that are one of several kinds. A kind has a name and a length, so that a reader that does not know it
//! says which one it is.

use crate::model::{HAS_GRAPHS, Link, Precision};
use crate::table::TargetSchema;

pub(super) const NUMBER_DOMAIN: &str = "domain/number";
pub(super) const WRITTEN_DOMAIN: &str = "domain/number-written";
pub(super) const DATE_DOMAIN: &str = "domain/date";
pub(super) const CATEGORY_DOMAIN: &str = "domain/category";
pub(super) const FLAG_DOMAIN: &str = "domain/flag";
pub(super) const SPLITS_DOMAIN: &str = "domain/from-splits";
pub(super) const NUMBER_TARGET: &str = "target/number";
pub(super) const UNKNOWN_TARGET: &str = "target/number-without-range";
pub(super) const CLASSES_TARGET: &str = "target/classes";
pub(super) const IMPUTE_STEP: &str = "step/impute";
pub(super) const COLUMNS_STEP: &str = "step/columns";
pub(super) const DATE_COLUMNS_STEP: &str = "step/columns-of-dates";
pub(super) const ZEROS_COLUMNS_STEP: &str = "step/columns-without-zeros";
pub(super) const CENTER_STEP: &str = "step/center";
pub(super) const SCALE_STEP: &str = "step/scale";
pub(super) const LINEAR_ESTIMATOR: &str = "estimator/linear";
pub(super) const TREES_ESTIMATOR: &str = "estimator/trees";
pub(super) const SINGLE_TREES_ESTIMATOR: &str = "estimator/trees-f32";
pub(super) const MEAN_OF_TREES_ESTIMATOR: &str = "estimator/mean-of-trees";
pub(super) const GRAPH_ESTIMATOR: &str = "estimator/graph";
pub(super) const SINGLE_GRAPH_ESTIMATOR: &str = "estimator/graph-f32";
pub(super) const IDENTITY_LINK: &str = "link/identity";
pub(super) const EXP_LINK: &str = "link/exp";
pub(super) const LOGIT_LINK: &str = "link/logit";
pub(super) const LOGISTIC_LINK: &str = "link/logistic";
pub(super) const SOFTMAX_LINK: &str = "link/softmax";
pub(super) const ONE_VS_REST_LINK: &str = "link/one-vs-rest";
pub(super) const SHARES_LINK: &str = "link/shares";
pub(super) const PLATT_CALIBRATION: &str = "calibration/platt";
pub(super) const ISOTONIC_CALIBRATION: &str = "calibration/isotonic";
pub(super) const VALUE_DECISION: &str = "decision/value";
pub(super) const MOST_PROBABLE_DECISION: &str = "decision/most-probable";
pub(super) const THRESHOLD_DECISION: &str = "decision/threshold";
pub(super) const BITS_PROOF: &str = "proof/bits";
pub(super) const INTERVALS: &str = "conformal/intervals";
pub(super) const SETS: &str = "conformal/sets";

/// The kinds that every build reads.
pub(super) const KNOWN: [&str; 33] = [
    NUMBER_DOMAIN,
    WRITTEN_DOMAIN,
    DATE_DOMAIN,
    CATEGORY_DOMAIN,
    FLAG_DOMAIN,
    SPLITS_DOMAIN,
    NUMBER_TARGET,
    UNKNOWN_TARGET,
    CLASSES_TARGET,
    IMPUTE_STEP,
    COLUMNS_STEP,
    DATE_COLUMNS_STEP,
    ZEROS_COLUMNS_STEP,
    CENTER_STEP,
    SCALE_STEP,
    LINEAR_ESTIMATOR,
    TREES_ESTIMATOR,
    SINGLE_TREES_ESTIMATOR,
    MEAN_OF_TREES_ESTIMATOR,
    IDENTITY_LINK,
    EXP_LINK,
    LOGIT_LINK,
    LOGISTIC_LINK,
    SOFTMAX_LINK,
    SHARES_LINK,
    PLATT_CALIBRATION,
    ISOTONIC_CALIBRATION,
    VALUE_DECISION,
    MOST_PROBABLE_DECISION,
    THRESHOLD_DECISION,
    BITS_PROOF,
    INTERVALS,
    SETS,
];

/// The conformal bounds of a target.
pub(super) fn conformal(target: &TargetSchema) -> &'static str {
    match target {
        TargetSchema::Number { .. } => INTERVALS,
        TargetSchema::Classes { .. } => SETS,
    }
}

/// A sum of trees.
pub(super) fn sum_of_trees(precision: Precision) -> &'static str {
    match precision {
        Precision::Double => TREES_ESTIMATOR,
        Precision::Single => SINGLE_TREES_ESTIMATOR,
    }
}

/// The name of a link.
pub(super) fn link(link: Link) -> &'static str {
    match link {
        Link::Identity => IDENTITY_LINK,
        Link::Exp => EXP_LINK,
        Link::Logit => LOGIT_LINK,
        Link::Logistic => LOGISTIC_LINK,
        Link::Softmax { .. } => SOFTMAX_LINK,
        Link::OneVsRest { .. } if HAS_GRAPHS => ONE_VS_REST_LINK,
        // No build without graphs has such a model.
        Link::OneVsRest { .. } => "",
        Link::Shares { .. } => SHARES_LINK,
    }
}
