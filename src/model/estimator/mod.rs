//! Fitted functions of prepared values, one family a file.
//!
//! An estimator gives a row one or more scores. A [`Link`] turns scores into what is predicted. Adding a family is a
//! file here and a variant below; the compiler lists the rest.

mod build;
mod graph;
mod linear;
mod link;
mod precision;
mod score_parts;
mod trees;

pub(crate) use build::HAS_GRAPHS;
pub use graph::*;
pub use linear::{Linear, OutputCoefficients};
pub use link::Link;
pub use precision::Precision;
pub(crate) use score_parts::ScoreParts;
pub use trees::{Combination, Node, Rule, Tree, Trees};

use crate::error::Result;
use crate::preprocess::Preprocessor;

/// A fitted function of a row of prepared values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Estimator {
    /// One weighted sum per score.
    Linear(Linear),
    /// Sums or means of decision trees.
    Trees(Trees),
    /// Operations on vectors: networks, kernel machines, and what else is made of several steps.
    Graph(Graph),
}

impl Estimator {
    /// The number of scores of a row.
    pub fn n_scores(&self) -> usize {
        match self {
            Self::Linear(linear) => linear.intercepts.len(),
            Self::Trees(trees) => trees.base().len(),
            Self::Graph(graph) => graph.n_scores(),
        }
    }

    /// Writes the scores of a prepared row; `out` is replaced.
    pub(crate) fn scores(&self, prepared: &[f64], out: &mut Vec<f64>) {
        match self {
            Self::Linear(linear) => linear.scores(prepared, out),
            Self::Trees(trees) => trees.scores(prepared, out),
            Self::Graph(graph) => graph.scores(prepared, out),
        }
    }

    /// The parts of each score of a prepared row; `None` for a family that has no exact ones.
    pub(crate) fn score_parts(&self, preprocessor: &Preprocessor, prepared: &[f64]) -> Option<Vec<ScoreParts>> {
        match self {
            Self::Linear(linear) => Some(linear.score_parts(preprocessor, prepared)),
            Self::Trees(trees) => Some(trees.score_parts(preprocessor, prepared)),
            Self::Graph(_) => None,
        }
    }

    /// Per feature how much it matters: at least 0, in the units of a score, comparable within one model. `None` for a family
    /// whose parts do not tell.
    pub(super) fn importance(&self, preprocessor: &Preprocessor) -> Option<Vec<f64>> {
        match self {
            Self::Linear(linear) => Some(linear.importance(preprocessor)),
            Self::Trees(trees) => Some(trees.importance(preprocessor)),
            Self::Graph(_) => None,
        }
    }

    /// About what scoring a prepared row costs, in multiplications or splits.
    pub fn cost(&self) -> usize {
        match self {
            Self::Linear(linear) => linear.coefficients.len(),
            Self::Trees(trees) => trees.cost(),
            Self::Graph(graph) => graph.cost(),
        }
    }

    /// In which arithmetic scores are added up and become predictions.
    pub fn precision(&self) -> Precision {
        match self {
            Self::Linear(_) => Precision::Double,
            Self::Trees(trees) => trees.precision(),
            Self::Graph(graph) => graph.precision(),
        }
    }

    /// Whether a prepared value may be missing (NaN).
    pub(super) fn accepts_missing(&self) -> bool {
        match self {
            Self::Linear(_) => false,
            Self::Trees(_) | Self::Graph(_) => true,
        }
    }

    /// Whether it has no scores for some rows.
    pub(super) fn is_partial(&self) -> bool {
        HAS_GRAPHS && matches!(self, Self::Graph(_))
    }

    /// The weighted sums; `None` for other families.
    pub fn as_linear(&self) -> Option<&Linear> {
        match self {
            Self::Linear(linear) => Some(linear),
            Self::Trees(_) | Self::Graph(_) => None,
        }
    }

    /// The family's name in the field's terms.
    pub fn family(&self, link: Link) -> &'static str {
        match (self, link) {
            (Self::Linear(_), Link::Identity) => "linear regression",
            (Self::Linear(_), Link::Exp | Link::Logit) => "generalized linear regression",
            (Self::Linear(_), Link::Logistic) => "logistic regression",
            (Self::Linear(_), Link::OneVsRest { .. }) if HAS_GRAPHS => "logistic regressions, one against the rest",
            (Self::Linear(_), Link::Softmax { .. } | Link::OneVsRest { .. } | Link::Shares { .. }) => {
                "multinomial logistic regression"
            }
            (Self::Trees(trees), _) => match (trees.combination(), trees.trees().len()) {
                (Combination::Sum, _) => "gradient boosted trees",
                (Combination::Mean, 1) => "decision tree",
                (Combination::Mean, _) => "random forest",
            },
            (Self::Graph(graph), _) => graph.family(),
        }
    }

    /// Refuses an estimator that does not fit the preprocessing or the link.
    pub(super) fn check(&self, preprocessor: &Preprocessor, link: Link) -> Result<()> {
        match self {
            Self::Linear(linear) => linear.check(preprocessor, link),
            Self::Trees(trees) => trees.check(preprocessor, link),
            Self::Graph(graph) => graph.check(preprocessor.n_columns(), link),
        }
    }
}
