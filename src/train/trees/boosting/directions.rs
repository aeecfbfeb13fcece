//! Columns with which the prediction only grows or falls.

use super::Options;
use crate::error::{Error, ErrorKind, Result, did_you_mean, list_names, quote};
use crate::model::RegressionLoss;
use crate::preprocess::{Preprocessor, Source};
use crate::table::{Domain, Schema, TargetSchema};
use crate::train::trees::matrix::BinMatrix;
use crate::train::trees::split::Direction;

/// The position of a feature.
///
/// # Errors
/// [`ErrorKind::UnknownColumn`].
pub(super) fn feature_named(schema: &Schema, name: &str) -> Result<usize> {
    let names = || schema.features.iter().map(|feature| feature.name.as_str());
    names().position(|other| other == name).ok_or_else(|| {
        let (found, hint) = (quote(name), did_you_mean(name, names()));
        let message = format!("expected one of {}, found {found}{hint}", list_names(names()));
        Error::new(ErrorKind::UnknownColumn, message)
    })
}

/// How the score may go with each column; empty where it may go anyhow.
///
/// # Errors
/// [`ErrorKind::UnknownColumn`], and [`ErrorKind::InvalidOption`] for a category, for both directions at once, and for more than
/// two classes.
pub(super) fn directions(
    options: &Options,
    schema: &Schema,
    preprocessor: &Preprocessor,
    matrix: &BinMatrix,
) -> Result<Vec<Direction>> {
    let refuse = |message: &str| Error::new(ErrorKind::InvalidOption, message);
    let mut of_feature = vec![Direction::Free; schema.features.len()];
    // The score of two classes is that of the second.
    let is_turned = matches!(&schema.target, TargetSchema::Classes { positive: Some(0), .. });
    let names = options.increasing.iter().map(|name| (name, !is_turned));
    for (name, goes_up) in names.chain(options.decreasing.iter().map(|name| (name, is_turned))) {
        let feature = feature_named(schema, name)?;
        if matches!(schema.features[feature].domain, Domain::Category { .. }) {
            return Err(refuse("a prediction can only grow or fall with numbers and dates").in_column(name));
        }
        let mut columns = preprocessor.columns().filter(|(at, _)| *at == feature);
        if columns.any(|(_, column)| column.source != Source::Value) {
            let message = "a prediction that only grows or falls with a date cannot depend on months or days of the week; take the \
                           days alone";
            return Err(refuse(message).in_column(name));
        }
        if of_feature[feature] != Direction::Free {
            return Err(refuse("the prediction can grow or fall with a column, not both; name it once").in_column(name));
        }
        of_feature[feature] = if goes_up { Direction::Up } else { Direction::Down };
    }
    match of_feature.iter().all(|direction| *direction == Direction::Free) {
        true => Ok(Vec::new()),
        false if matches!(options.loss, Some(RegressionLoss::AbsoluteError | RegressionLoss::Quantile)) => Err(refuse(
            "a median or another quantile cannot be made to grow or fall with a column; leave increasing and decreasing out, or take \
             another loss",
        )),
        false if schema.target.classes().is_some_and(|classes| classes.len() > 2) => Err(refuse(
            "of more than two classes no score can be made to grow or fall; leave increasing and decreasing out",
        )),
        false => {
            let of_prepared: Vec<Direction> = preprocessor.columns().map(|(feature, _)| of_feature[feature]).collect();
            Ok(matrix.prepared().iter().map(|at| of_prepared[*at]).collect())
        }
    }
}
