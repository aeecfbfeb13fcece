//! The loss that a model was fitted by, on rows that it was not fitted on.

use super::weighted::{self, mean, total_of};
use crate::model::record::Value;
use crate::model::{Model, RegressionLoss};
use crate::numeric::order::sort_pairs;
use crate::train::boosting::loss_of;

/// A loss of a number, with the level of a quantile.
pub(super) type FittedLoss = (RegressionLoss, Option<f64>);

/// The loss that a model of a number was fitted by, where that is another than the squared error. A record that cannot be read says
/// none.
pub(super) fn fitted_loss(model: &Model) -> Option<FittedLoss> {
    let boosting = model.record().get("training")?.get("boosting")?;
    let loss = RegressionLoss::named(boosting.get("loss")?.text()?)?;
    (loss != RegressionLoss::SquaredError).then(|| (loss, boosting.get("quantile").and_then(Value::number)))
}

/// The name of the figure that is the mean of a loss.
pub(super) fn figure_of(loss: RegressionLoss) -> &'static str {
    match loss {
        RegressionLoss::SquaredError => "halfMeanSquaredError",
        RegressionLoss::AbsoluteError => "meanAbsoluteError",
        RegressionLoss::Quantile => "pinballLoss",
        RegressionLoss::Poisson => "halfPoissonDeviance",
        RegressionLoss::Gamma => "halfGammaDeviance",
    }
}

/// The mean loss of predictions for targets, by their weights; `None` without rows, and where the loss of a row is not defined.
pub(super) fn mean_loss((loss, level): FittedLoss, rows: [&[f64]; 3]) -> Option<f64> {
    let [targets, predictions, weights] = rows;
    let losses = targets.iter().zip(predictions);
    let losses = losses.map(|(target, prediction)| loss_of(loss, level.unwrap_or(0.5), *target, *prediction));
    mean(&losses.collect::<Vec<_>>(), weights).filter(|mean| mean.is_finite())
}

/// What is said of the loss that a model was fitted by.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LossFigures {
    /// What it is called: [`RegressionLoss::name`].
    pub name: &'static str,
    /// The name of its mean among the figures.
    #[serde(skip)]
    pub figure: &'static str,
    /// The level of a quantile.
    pub quantile: Option<f64>,
    /// The mean loss of the rows; of a deviance half of it.
    pub mean: f64,
    /// The least mean loss of one number for all of these rows. That number is their mean, or their quantile.
    pub constant: f64,
    /// 1 - mean / constant, as scikit-learn's `d2_pinball_score` and `d2_tweedie_score`; `None` where the constant is as good as can be.
    pub d_squared: Option<f64>,
    /// Of medians and quantiles the share of the rows, by weight, whose target is at most what was predicted for them.
    pub at_or_below: Option<f64>,
}

impl LossFigures {
    /// `None` where the loss of a row is not defined, and without rows. `rows` are targets, predictions and weights.
    pub(super) fn new(fitted: FittedLoss, rows: [&[f64]; 3]) -> Option<Self> {
        let ([targets, predictions, weights], (loss, quantile)) = (rows, fitted);
        let is_quantile = matches!(loss, RegressionLoss::AbsoluteError | RegressionLoss::Quantile);
        let best = if is_quantile {
            least_reaching(targets, weights, quantile.unwrap_or(0.5))
        } else {
            mean(targets, weights)
        }?;
        let (mean, constant) =
            (mean_loss(fitted, rows)?, mean_loss(fitted, [targets, &vec![best; targets.len()], weights])?);
        let is_below = |(target, prediction): (&f64, &f64)| f64::from(u8::from(target <= prediction));
        let are_below: Vec<f64> = targets.iter().zip(predictions).map(is_below).collect();
        Some(Self {
            name: loss.name(),
            figure: figure_of(loss),
            quantile,
            mean,
            constant,
            d_squared: (constant > 0.0).then(|| 1.0 - mean / constant),
            at_or_below: if is_quantile { weighted::mean(&are_below, weights) } else { None },
        })
    }
}

/// The least target that at least this share of the rows does not exceed, which has the least pinball loss. A quantile between two
/// targets, by interpolation, may have a larger one.
fn least_reaching(targets: &[f64], weights: &[f64], share: f64) -> Option<f64> {
    let mut rows: Vec<(f64, f64)> =
        targets.iter().enumerate().map(|(row, target)| (*target, weighted::weight(weights, row))).collect();
    sort_pairs(&mut rows);
    let enough = share * total_of(&vec![1.0; rows.len()], weights);
    let mut reached = 0.0;
    let found = rows.iter().find(|(_, weight)| {
        reached += weight;
        reached >= enough
    });
    found.or(rows.last()).map(|(target, _)| *target)
}
