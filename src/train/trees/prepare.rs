//! How features become the columns of trees: numbers and dates as they are, categories as positions.

use crate::error::{Error, ErrorKind, Result};
use crate::preprocess::{DateParts, FeatureTransform, Missing, PreparedColumn, Preprocessor, Scaling, Source, Unseen};
use crate::table::date::N_MONTHS;
use crate::table::{DATE_PARTS, Domain};
use crate::train::prepare::TrainingRows;

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
pub(super) fn preprocessor(rows: &TrainingRows<'_>, options: Preparation) -> Result<Preprocessor> {
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
