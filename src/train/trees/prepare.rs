//! How features become the columns of trees: numbers and dates as they are, categories as positions.

use super::fixed_point::sum;
use super::matrix::BinMatrix;
use crate::dataset::{Dataset, weight_of_each};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ClassWeight, Estimator, FitRecord, Link, Trees};
use crate::preprocess::{
    self, DateParts, FeatureTransform, Missing, PreparedColumn, Preprocessor, Scaling, Source, Unseen,
};
use crate::table::date::N_MONTHS;
use crate::table::{DATE_PARTS, Domain, Task};
use crate::train::fit::{Fit, TrainingSummary};
use crate::train::prepare::TrainingRows;

/// The rows of a fit of trees.
#[derive(Debug)]
pub(super) struct PreparedRows {
    pub(super) summary: TrainingSummary,
    pub(super) preprocessor: Preprocessor,
    pub(super) preparation: Preparation,
    pub(super) matrix: BinMatrix,
    /// Of each row the number or the class.
    pub(super) targets: Vec<f64>,
    pub(super) sample_weights: Vec<f64>,
    /// Sample weights times those of the classes.
    pub(super) weights: Vec<f64>,
    /// 0 for a number.
    pub(super) n_classes: usize,
}

impl PreparedRows {
    /// Checks the rows, and finds the bins.
    ///
    /// # Errors
    /// Those of [`crate::train::Trainer::new`].
    pub(super) fn new(dataset: &Dataset, class_weight: ClassWeight, preparation: Preparation) -> Result<Self> {
        /// Sums of weights times values are to fit too.
        const MOST: f64 = 1e300;
        if dataset.weights().iter().sum::<f64>() > MOST {
            let message = "the weights are so large that their sums overflow; divide all of them by the same number";
            let error = Error::new(ErrorKind::InvalidWeight, message);
            return Err(dataset.weights_name().into_iter().fold(error, |error, name| error.in_column(name)));
        }
        let training = TrainingRows::of_dataset(dataset)?;
        training.check_target()?;
        let is_balanced = class_weight == ClassWeight::Balanced;
        if is_balanced && dataset.schema().target.task() == Task::Regression {
            let message =
                "a number has no classes that could count the same; leave balanced out, or make it a classification";
            let target = dataset.schema().target.name();
            return Err(Error::new(ErrorKind::InvalidOption, message).in_column(target));
        }
        let summary = TrainingSummary::of_dataset(dataset).weighted(training.moments);
        let preprocessor = preprocessor(&training, preparation)?;
        let n_rows = dataset.n_rows();
        let sample_weights = weight_of_each(dataset.weights(), n_rows)?.into_owned();
        let matrix = BinMatrix::new(dataset, &preprocessor, &sample_weights)?;
        let targets: Vec<f64> = (0..n_rows).map(|row| dataset.target().value(row)).collect();
        let n_classes = training.moments.class_weights.len();
        let weights = if is_balanced { balanced(n_classes, &targets, &sample_weights) } else { sample_weights.clone() };
        Ok(Self { summary, preprocessor, preparation, matrix, targets, sample_weights, weights, n_classes })
    }

    /// How many shares or means a leaf has: one for each class, but one alone for a number and for two classes.
    pub(super) fn n_scores(&self) -> usize {
        if self.n_classes > 2 { self.n_classes } else { 1 }
    }
}

/// What a target is refused with whose errors overflow.
pub(super) fn too_large() -> Error {
    let message = "the target's values are so large that their errors overflow; rescale the column";
    Error::new(ErrorKind::NotFinite, message)
}

/// Sample weights times those that make all classes count the same.
fn balanced(n_classes: usize, targets: &[f64], weights: &[f64]) -> Vec<f64> {
    let of_class =
        |class: usize| sum(targets.len(), &|row| if targets[row] as usize == class { weights[row] } else { 0.0 });
    let sums: Vec<f64> = (0..n_classes).map(of_class).collect();
    let total: f64 = sums.iter().sum();
    let factor = |class: usize| total / (n_classes as f64 * sums[class]);
    targets.iter().zip(weights).map(|(class, weight)| weight * factor(*class as usize)).collect()
}

/// The result of a fit of trees.
pub(super) fn fitted(
    summary: TrainingSummary,
    preprocessor: Preprocessor,
    preparation: Preparation,
    (trees, link): (Trees, Link),
    record: FitRecord,
) -> Fit {
    let preprocess = preprocess::Options {
        impute: preprocess::Impute::Refuse,
        impute_category: preprocess::ImputeCategory::Refuse,
        encode: preprocess::Encoding::Ordinal,
        scale: preprocess::Scale::None,
        impute_always: preparation.missing_always,
        unseen: preparation.unseen,
        date_parts: preparation.date_parts,
        ..preprocess::Options::default()
    };
    Fit {
        schema: summary.schema,
        preprocessor,
        preprocess,
        estimator: Estimator::Trees(trees),
        link,
        record,
        weights: summary.weights,
        weighted_target: summary.weighted_target,
        warnings: summary.notes,
        n_rows: summary.n_rows as u64,
        table_digest: summary.table_digest,
    }
}

/// What becomes of values that trees cannot take as they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preparation {
    pub(super) unseen: Unseen,
    /// Whether a missing value is taken even in a feature that every row of the table has.
    pub(super) missing_always: bool,
    pub(super) date_parts: DateParts,
}

/// The transform of each feature.
///
/// # Errors
/// [`ErrorKind::NoFeatures`] when every feature is constant.
fn preprocessor(rows: &TrainingRows<'_>, options: Preparation) -> Result<Preprocessor> {
    let features: Vec<FeatureTransform> =
        (0..rows.schema.features.len()).map(|feature| transform(rows, options, feature)).collect();
    let fitted = Preprocessor::new(features);
    match fitted.n_columns() {
        0 => {
            let message = "every feature has one value only; there is nothing to predict from";
            Err(Error::new(ErrorKind::NoFeatures, message))
        }
        _ => Ok(fitted),
    }
}

fn transform(rows: &TrainingRows<'_>, options: Preparation, feature: usize) -> FeatureTransform {
    let (schema, moments) = (&rows.schema.features[feature], rows.moments);
    let has_missing = moments.missing_weights[feature] > 0.0;
    // What a tree sees of moments that overflow is nothing.
    let finite = |number: f64| if number.is_finite() { number } else { 0.0 };
    let column = |source: Source, mean: f64, variance: f64| PreparedColumn {
        source,
        scaling: Scaling::NONE,
        mean: finite(mean),
        std_dev: finite(variance).max(0.0).sqrt(),
    };
    let (columns, accepts_unseen) = match &schema.domain {
        Domain::Number(domain) => {
            let varies = domain.minimum < domain.maximum || has_missing;
            let with_value = !schema.is_date() || options.date_parts.days;
            let value = column(Source::Value, moments.means[feature], moments.variances[feature]);
            let parts = if schema.is_date() { date_parts(rows, options, feature) } else { Vec::new() };
            let parts =
                parts.into_iter().map(|(part, share)| column(Source::DatePart(part), share, share * (1.0 - share)));
            ((varies && with_value).then_some(value).into_iter().chain(parts).collect(), false)
        }
        Domain::Category { .. } => {
            let weights = &moments.category_weights[feature];
            let n_there = weights.iter().filter(|weight| **weight > 0.0).count() + usize::from(has_missing);
            let (mean, variance) = positions(weights);
            let columns = if n_there > 1 { vec![column(Source::Value, mean, variance)] } else { Vec::new() };
            (columns, options.unseen == Unseen::Zeros)
        }
    };
    let takes_missing = options.missing_always || rows.has_missing(feature);
    let missing = if takes_missing { Missing::Pass } else { Missing::Refuse };
    FeatureTransform { missing, accepts_unseen, columns }
}

/// The months and days of the week that are asked for and that some rows have and others lack, with their shares.
fn date_parts(rows: &TrainingRows<'_>, options: Preparation, feature: usize) -> Vec<(usize, f64)> {
    let share = |part: usize| rows.moments.date_weights[feature][part] / rows.moments.weight;
    let is_asked = |part: &usize| if *part < N_MONTHS { options.date_parts.month } else { options.date_parts.weekday };
    let parts = (0..DATE_PARTS.len()).filter(is_asked).map(|part| (part, share(part)));
    parts.filter(|(_, share)| *share > 0.0 && *share < 1.0).collect()
}

/// Mean and variance of positions with these weights.
fn positions(weights: &[f64]) -> (f64, f64) {
    let total: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(f64) -> f64| {
        weights.iter().enumerate().map(|(position, weight)| weight / total * of(position as f64)).sum::<f64>()
    };
    let center = mean(&|position| position);
    (center, mean(&|position| (position - center) * (position - center)))
}
