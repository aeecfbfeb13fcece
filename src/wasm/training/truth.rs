//! How good a model is on the rows of a file that says what came true.

use crate::batch::{PredictedRow, Targets};
use crate::error::{Error, ErrorKind, Result};
use crate::evaluate::Report;
use crate::model::Model;
use serde::Serialize;

/// Numbers that are kept of rows, at most: 32 MB.
const MOST_KEPT: usize = 4_000_000;

/// What is kept of the rows that were scored, as far as the file has the column that the model predicts.
#[derive(Default)]
pub(super) struct Truth {
    outputs: Vec<f64>,
    targets: Vec<f64>,
    n_refused: usize,
    n_without_target: usize,
    /// Why nothing can be compared: the first target that cannot be read, or too many rows.
    problem: Option<Error>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TruthBody {
    report: Option<Report>,
    without_target: usize,
    problem: Option<String>,
}

impl Truth {
    /// Takes a row that was scored. A target that cannot be read ends the comparison, and not the scoring.
    pub(super) fn add(&mut self, targets: &Targets<'_>, row: &PredictedRow<'_>) {
        if self.problem.is_some() {
            return;
        }
        match (targets.read(row), &row.outputs) {
            (Err(error), _) => self.problem = Some(error),
            (Ok(None), _) => self.n_without_target += 1,
            (Ok(Some(_)), Err(_)) => self.n_refused += 1,
            (Ok(Some(_)), Ok(outputs)) if self.outputs.len() + outputs.len() > MOST_KEPT => {
                let message =
                    format!("more than {} rows cannot be compared in a page: use `tepal evaluate`", self.targets.len());
                self.problem = Some(Error::new(ErrorKind::InvalidRequest, message));
            }
            (Ok(Some(target)), Ok(outputs)) => {
                self.outputs.extend_from_slice(outputs);
                self.targets.push(target);
            }
        }
    }

    /// What came of it, or `None` of a file without targets.
    pub(super) fn body(&self, model: &Model) -> Option<TruthBody> {
        let Self { outputs, targets, n_refused, n_without_target: without_target, problem } = self;
        let without_target = *without_target;
        if let Some(problem) = problem {
            return Some(TruthBody { report: None, without_target, problem: Some(problem.to_string()) });
        }
        if targets.is_empty() && *n_refused == 0 {
            return None;
        }
        let report: Result<Report> = Report::new(model, targets, outputs, &[], *n_refused);
        Some(match report {
            Ok(report) => TruthBody { report: Some(report), without_target, problem: None },
            Err(error) => TruthBody { report: None, without_target, problem: Some(error.to_string()) },
        })
    }
}
