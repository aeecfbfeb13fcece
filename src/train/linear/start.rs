//! The parameters at which a fit starts, or was stopped.

use crate::error::{Error, ErrorKind, Result, count};
use crate::model::Model;
use crate::preprocess::Preprocessor;
use crate::table::{NameIndex, Schema};

/// The parameters of a model on the original scale, which does not depend on the rows of a fit. They resume a fit that
/// was stopped, or start a fit at the model of yesterday's table.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The columns with a coefficient: see [`Preprocessor::column_names`].
    pub columns: Vec<String>,
    /// Per output the coefficient of each column: per unit of a number, and of a category relative to no category.
    pub coefficients: Vec<Vec<f64>>,
    /// Per output the score where every column is 0.
    pub intercepts: Vec<f64>,
}

impl Start {
    /// The parameters of a linear model, for rows of the same columns.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidOption`] unless `schema` has the model's features, in any order, and its classes.
    pub fn of_model(model: &Model, schema: &Schema) -> Result<Self> {
        let refuse = |message: String| Err(Error::new(ErrorKind::InvalidOption, message));
        if schema.target.classes() != model.schema().target.classes() {
            return refuse("the model to start from predicts other classes than the table has".into());
        }
        let own = NameIndex::new(model.schema().features.iter().map(|feature| feature.name.as_str()));
        if let Some(feature) = schema.features.iter().find(|feature| own.position(&feature.name).is_none()) {
            return refuse(format!("the model to start from has no feature \"{}\"", feature.name));
        }
        if schema.features.len() != model.n_features() {
            let (theirs, own) = (schema.features.len(), model.n_features());
            return refuse(format!("the model to start from has {}, the table {theirs}", count(own as u64, "feature")));
        }
        let outputs = model.coefficients();
        Ok(Self {
            columns: model.preprocessor().column_names(model.schema()),
            intercepts: outputs.iter().map(|output| output.original_intercept).collect(),
            coefficients: outputs.into_iter().map(|output| output.original).collect(),
        })
    }

    /// Converts the parameters of a design. They lie output by output, with an intercept at the end of each if there is
    /// one.
    pub(super) fn of_parameters(
        parameters: &[f64],
        schema: &Schema,
        preprocessor: &Preprocessor,
        intercept: bool,
    ) -> Self {
        let width = preprocessor.n_columns() + usize::from(intercept);
        let (mut coefficients, mut intercepts) = (Vec::new(), Vec::new());
        for output in parameters.chunks_exact(width) {
            let mut at_zero = if intercept { output[width - 1] } else { 0.0 };
            let original = output.iter().zip(preprocessor.columns()).map(|(parameter, (_, column))| {
                let (shift, unit) = column.standardization(intercept);
                at_zero -= parameter / unit * shift;
                parameter / unit
            });
            coefficients.push(original.collect());
            intercepts.push(at_zero);
        }
        Self { columns: preprocessor.column_names(schema), coefficients, intercepts }
    }

    /// Converts to the parameters of a design. A column that the start does not have gets the coefficient 0.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] when the numbers of outputs differ or no column is of this table,
    /// [`ErrorKind::NotFinite`].
    pub(super) fn to_parameters(
        &self,
        schema: &Schema,
        preprocessor: &Preprocessor,
        intercept: bool,
        n_outputs: usize,
    ) -> Result<Vec<f64>> {
        let refuse = |message: String| Err(Error::new(ErrorKind::WrongLength, message));
        if self.coefficients.len() != n_outputs || self.intercepts.len() != n_outputs {
            return refuse(format!("expected a start with {n_outputs} outputs, found {}", self.coefficients.len()));
        }
        let names = preprocessor.column_names(schema);
        let places: Vec<Option<usize>> =
            names.iter().map(|name| self.columns.iter().position(|other| other == name)).collect();
        if places.iter().all(Option::is_none) {
            return refuse("the start has no column of this table".into());
        }
        let mut parameters = Vec::new();
        for (coefficients, at_zero) in self.coefficients.iter().zip(&self.intercepts) {
            let mut at_mean = *at_zero;
            for (place, (_, column)) in places.iter().zip(preprocessor.columns()) {
                let coefficient = place.and_then(|place| coefficients.get(place)).copied().unwrap_or(0.0);
                let (shift, unit) = column.standardization(intercept);
                at_mean += coefficient * shift;
                parameters.push(coefficient * unit);
            }
            parameters.extend(intercept.then_some(at_mean));
        }
        match parameters.iter().find(|parameter| !parameter.is_finite()) {
            None => Ok(parameters),
            Some(parameter) => Err(Error::not_finite(*parameter)),
        }
    }
}
