//! How much a model leans on each feature, on rows it was not fitted on.

use super::loss::{figure_of, fitted_loss, mean_loss};
use super::weighted;
use super::{RegressionFigures, log_loss, summarize};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::table::Task;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// How much worse a model gets when one feature's values are shuffled among the rows.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Importance {
    /// The feature.
    pub feature: String,
    /// The mean increase of the loss over the shuffles: [`importance_measure`] says of which. Near 0, or below it, for a feature that
    /// the model does without.
    pub increase: f64,
    /// The sample standard deviation of the increase over the shuffles.
    pub standard_deviation: Option<f64>,
}

/// Permutation importance (Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models are wrong, but many
/// are useful", 2019) of each feature, in the order of the schema: the increase of the loss when a feature is shuffled,
/// `n_shuffles` times. `rows` hold raw values one row after the other, as [`Model::predict_many`] takes them, and `targets`
/// the number or the position of the class of each, and `weights` how often each counts (empty: once); they should not be those that the model was fitted on. Of features that
/// say the same each seems to matter little, since the other one is left.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] for 0 shuffles, [`ErrorKind::TooFewRows`] without rows, [`ErrorKind::WrongLength`]; those of
/// [`Model::predict_many`].
pub fn permutation_importance(
    model: &Model,
    mut rows: Vec<f64>,
    targets: &[f64],
    weights: &[f64],
    n_shuffles: usize,
    seed: u64,
) -> Result<Vec<Importance>> {
    if n_shuffles == 0 {
        return Err(Error::new(ErrorKind::InvalidOption, "expected at least 1 shuffle, found 0"));
    }
    let width = model.n_features();
    if rows.len() != targets.len().saturating_mul(width) {
        let message = format!("expected {width} values for each of {} rows, found {}", targets.len(), rows.len());
        return Err(Error::new(ErrorKind::WrongLength, message));
    }
    weighted::check(weights, targets.len())?;
    let loss = loss(model, &rows, targets, weights)?;
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut importances = Vec::with_capacity(width);
    for (index, feature) in model.schema().features.iter().enumerate() {
        let own: Vec<f64> = rows.iter().skip(index).step_by(width).copied().collect();
        let mut increases = Vec::with_capacity(n_shuffles);
        for _ in 0..n_shuffles {
            let mut shuffled = own.clone();
            shuffled.shuffle(&mut generator);
            replace(&mut rows, index, width, &shuffled);
            increases.push(vec![("", Some(self::loss(model, &rows, targets, weights)? - loss))]);
        }
        replace(&mut rows, index, width, &own);
        let summary = summarize(&increases).into_iter().next();
        importances.push(Importance {
            feature: feature.name.clone(),
            increase: summary.as_ref().and_then(|summary| summary.mean).unwrap_or(0.0),
            standard_deviation: summary.and_then(|summary| summary.standard_deviation),
        });
    }
    Ok(importances)
}

/// What importance is measured by: the log loss for classes, and for numbers the loss that the model was fitted by, or the root mean
/// squared error.
pub fn importance_measure(model: &Model) -> &'static str {
    match (model.task(), fitted_loss(model)) {
        (Task::Classification, _) => "logLoss",
        (Task::Regression, None) => "rootMeanSquaredError",
        (Task::Regression, Some((loss, _))) => figure_of(loss),
    }
}

fn replace(rows: &mut [f64], column: usize, width: usize, values: &[f64]) {
    rows.iter_mut().skip(column).step_by(width).zip(values).for_each(|(cell, value)| *cell = *value);
}

fn loss(model: &Model, rows: &[f64], targets: &[f64], weights: &[f64]) -> Result<f64> {
    let outputs = model.predict_many(rows)?;
    let loss = match model.task() {
        Task::Classification => {
            let codes: Vec<usize> = targets.iter().map(|code| *code as usize).collect();
            log_loss(model.n_outputs(), &codes, &outputs, weights)
        }
        Task::Regression if let Some(fitted) = fitted_loss(model) => mean_loss(fitted, [targets, &outputs, weights]),
        Task::Regression => {
            RegressionFigures::new(targets, &outputs, weights).map(|figures| figures.root_mean_squared_error)
        }
    };
    loss.ok_or_else(|| Error::new(ErrorKind::TooFewRows, "importance needs rows to test on, found none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Target};
    use crate::pipeline::Pipeline;
    use crate::table::Table;

    #[test]
    fn the_feature_that_decides_is_the_important_one() {
        let row = |i: usize| format!("{},{},{}\n", i * 37 % 101, i * 61 % 89, 3 * (i * 37 % 101) + i * 61 % 89 % 2);
        let csv = format!("x,noise,y\n{}", (0..200).map(row).collect::<String>());
        let model = Pipeline::new("y").train(&Table::parse(csv.as_bytes()).unwrap()).unwrap();
        let dataset = Dataset::of_csv(&csv, "y").unwrap();
        let Target::Numbers(targets) = dataset.target() else { panic!("expected numbers") };
        let importance = |n_shuffles| {
            permutation_importance(&model, dataset.features().iter().copied().collect(), targets, &[], n_shuffles, 1)
        };
        let found = importance(5).unwrap();
        assert!(found[0].increase > 50.0 && found[1].increase.abs() < 0.1, "{found:?}");
        assert_eq!(importance(5).unwrap(), found);
        assert_eq!(importance(0).unwrap_err().kind(), ErrorKind::InvalidOption);
    }
}
