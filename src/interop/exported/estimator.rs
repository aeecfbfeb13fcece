//! The fitted function of a document.

use super::features::Features;
use super::graph::graph;
use super::trees::trees;
use crate::error::{Result, quote};
use crate::interop::document::{Data, wrong};
use crate::model::{Estimator, Linear};

/// The estimator, for so many scores.
pub(super) fn estimator(document: &Data<'_>, features: &Features, n_scores: usize) -> Result<Estimator> {
    match document.text("kind")? {
        "linear" => linear(document, features.columns().count(), n_scores).map(Estimator::Linear),
        "trees" => {
            let columns: Vec<_> = features.columns().collect();
            let trees = trees(document, &columns)?;
            match trees.base().len() == n_scores {
                true => Ok(Estimator::Trees(trees)),
                false => Err(wrong(format!("base: expected {n_scores} numbers"))),
            }
        }
        "graph" => graph(document, features).map(Estimator::Graph),
        other => Err(wrong(format!("kind: {} is none", quote(other)))),
    }
}

fn linear(document: &Data<'_>, n_columns: usize, n_scores: usize) -> Result<Linear> {
    let intercepts = document.numbers("intercepts")?.into_owned();
    let rows = document.list("coefficients")?;
    let mut coefficients = Vec::new();
    for row in rows {
        match row {
            Data::Numbers(numbers) if numbers.len() == n_columns => coefficients.extend(numbers),
            _ => return Err(wrong(format!("coefficients: expected {n_columns} numbers for each score"))),
        }
    }
    match rows.len() == n_scores && intercepts.len() == n_scores {
        true => Ok(Linear { coefficients, intercepts }),
        false => Err(wrong(format!("expected coefficients and an intercept for each of {n_scores} scores"))),
    }
}
