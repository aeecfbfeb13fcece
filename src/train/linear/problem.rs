//! The problem of a linear fit: how rows become a design, and what is minimized on it.

use super::design::DesignBlock;
use super::objective::Objective;
use super::{Options, Solver};
use crate::dataset::Block;
use crate::error::Result;
use crate::limits;
use crate::preprocess::Preprocessor;
use crate::table::Task;
use crate::train::prepare::TrainingRows;
use bincode::{Decode, Encode};

/// What is fixed before the first iteration: how rows become a design, and what is minimized on it.
#[derive(Debug, Clone, Encode, Decode)]
pub(crate) struct LinearProblem {
    pub(super) preprocessor: Preprocessor,
    pub(crate) objective: Objective,
    pub(super) l2: f64,
    /// Whether the design has an intercept.
    pub(super) intercept: bool,
    /// The columns of categories that take over the intercept in a model that has none; otherwise none.
    pub(super) takes_intercept: Vec<usize>,
}

impl LinearProblem {
    /// Checks the options and the rows.
    pub(crate) fn new(rows: &TrainingRows<'_>, options: &Options) -> Result<Self> {
        let TrainingRows { schema, moments, .. } = *rows;
        options.check()?;
        rows.check_target()?;
        let n_outputs = schema.target.classes().map_or(1, |classes| if classes.len() > 2 { classes.len() } else { 1 });
        let l2 = options.l2.unwrap_or(match schema.target.task() {
            Task::Classification => 1.0,
            Task::Regression => 0.0,
        });
        let fitted = |intercept| Preprocessor::fit(rows, &options.preprocess, intercept);
        let mut preprocessor = fitted(options.intercept)?;
        let mut takes_intercept = Vec::new();
        // One of some categories is 1 in every row, so together they are an intercept. A number far from 0 is nearly that
        // too, and only its deviations from the mean are told apart from it. A penalty would see the difference.
        if !options.intercept && l2 == 0.0 && preprocessor.columns().any(|(_, column)| column.is_far()) {
            let centred = fitted(true)?;
            if let Some(set) = centred.complete_set() {
                (preprocessor, takes_intercept) = (centred, set);
            }
        }
        let intercept = options.intercept || !takes_intercept.is_empty();
        let options = &Options { intercept, ..options.clone() };
        let n_columns = preprocessor.n_columns();
        limits::check_product("parameters (columns times classes)", n_columns, n_outputs, limits::PARAMETERS)?;
        let objective = Objective::new(moments, &preprocessor, l2, options);
        let width = objective.width();
        if l2 == 0.0 {
            let what = "products of columns in a fit without a penalty (give an l2 above 0)";
            limits::check_product(what, width, width, limits::SQUARE)?;
        }
        if options.solver == Solver::Newton {
            let (what, order) = ("second derivatives in Newton's method (choose lbfgs)", width * objective.n_outputs());
            limits::check_product(what, order, order, limits::SQUARE)?;
        }
        Ok(Self { preprocessor, objective, l2, intercept, takes_intercept })
    }

    pub(crate) fn design(&self, block: Block<'_>) -> DesignBlock {
        let (class_weights, target_shift) = (self.objective.class_weights(), self.objective.target_shift());
        DesignBlock::new(block, &self.preprocessor, self.intercept, class_weights, target_shift)
    }
}
