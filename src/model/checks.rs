//! What a model must be, wherever its parts come from: a checksum proves who wrote a file's bytes, no more than that.

use super::invalid::invalid;
use super::{Calibration, ModelParts};
use crate::error::Result;
use crate::limits;
use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Scaling, Source};
use crate::table::{
    DATE_PARTS, Domain, FeatureSchema, NameIndex, NumberDomain, Schema, Spread, TargetRange, TargetSchema,
};

/// Refuses parts that are not possible, or do not fit together.
pub(super) fn check(parts: &ModelParts) -> Result<()> {
    let ModelParts { schema, preprocessor, estimator, .. } = parts;
    for feature in &schema.features {
        check_feature(feature).map_err(|error| error.in_column(&feature.name))?;
    }
    if schema.features.len() != preprocessor.features().len() {
        return Err(invalid("expected a preparation for each feature"));
    }
    for (feature, transform) in schema.features.iter().zip(preprocessor.features()) {
        let accepts_missing = estimator.accepts_missing();
        check_transform(transform, feature, accepts_missing).map_err(|error| error.in_column(&feature.name))?;
    }
    check_target(&schema.target)?;
    if !parts.link.fits(&schema.target) {
        return Err(invalid("the link does not fit the target"));
    }
    estimator.check(preprocessor, parts.link)?;
    check_calibration(parts.calibration.as_ref())?;
    if let Some(conformal) = &parts.conformal {
        conformal.check(schema.target.task())?;
    }
    check_names(schema)?;
    check_decision(parts)?;
    parts.record.check(&schema.target, preprocessor, estimator)
}

fn check_names(schema: &Schema) -> Result<()> {
    if schema.features.is_empty() {
        return Err(invalid("expected at least one feature, found none"));
    }
    let names = schema.features.iter().map(|feature| feature.name.as_str()).chain([schema.target.name()]);
    let names = NameIndex::new(names.chain(schema.dropped.iter().map(|column| column.name.as_str())));
    if names.position("").is_some() {
        return Err(invalid("a column has no name"));
    }
    if names.longest() > limits::NAME_BYTES {
        return Err(invalid(format!("expected names of at most {} bytes", limits::NAME_BYTES)));
    }
    match names.duplicate() {
        Some(name) => Err(invalid("two columns have this name").in_column(name)),
        None => Ok(()),
    }
}

fn total(counts: &[u64]) -> Option<u64> {
    counts.iter().try_fold(0_u64, |total, count| total.checked_add(*count))
}

fn check_feature(feature: &FeatureSchema) -> Result<()> {
    if feature.missing > limits::WHOLE_NUMBER {
        return Err(invalid("expected a count of missing values of at most 2^53 - 1"));
    }
    match &feature.domain {
        Domain::Number(domain) => check_domain(domain),
        Domain::Category { categories, counts, .. } => {
            limits::check("categories", categories.len(), limits::CATEGORIES)?;
            let rows = total(counts);
            if counts.len() != categories.len() || rows.is_none_or(|rows| rows > limits::WHOLE_NUMBER) {
                return Err(invalid(format!("expected {} category counts", categories.len())));
            }
            Ok(())
        }
    }
}

/// The comparisons are false for NaN, and the outer ones exclude the infinities.
fn check_domain(domain: &NumberDomain) -> Result<()> {
    let NumberDomain { minimum, median, maximum, step, spread, .. } = *domain;
    if !(f64::MIN <= minimum && minimum <= median && median <= maximum && maximum <= f64::MAX) {
        return Err(invalid("expected minimum, median and maximum to be finite and in order"));
    }
    if let Some(Spread { percentile_5, percentile_95, mean }) = spread
        && !(minimum <= percentile_5
            && percentile_5 <= median
            && median <= percentile_95
            && percentile_95 <= maximum
            && mean.is_finite())
    {
        return Err(invalid("expected percentiles in order and a finite mean"));
    }
    if step.is_some_and(|step| !(step > 0.0 && step <= 1.0)) {
        return Err(invalid("expected a step above 0 and at most 1"));
    }
    Ok(())
}

fn check_column(column: &PreparedColumn) -> Result<()> {
    let PreparedColumn { scaling: Scaling { center, scale }, mean, std_dev, .. } = *column;
    if ![center, scale, mean, std_dev].iter().all(|number| number.is_finite()) || scale <= 0.0 || std_dev < 0.0 {
        return Err(invalid("expected a finite mean and a positive, finite deviation"));
    }
    Ok(())
}

fn check_transform(transform: &FeatureTransform, feature: &FeatureSchema, accepts_missing: bool) -> Result<()> {
    let n_categories = feature.n_categories();
    let n_values = |source: Source| match source {
        Source::DatePart(_) if feature.is_date() => DATE_PARTS.len(),
        Source::DatePart(_) => 0,
        _ => n_categories,
    };
    for column in &transform.columns {
        match column.source {
            Source::Category(position) | Source::DatePart(position) if position >= n_values(column.source) => {
                return Err(invalid("a column of a category that the feature does not have"));
            }
            _ => check_column(column)?,
        }
    }
    let is_number = matches!(feature.domain, Domain::Number(_));
    let is_position = |value: f64| value.fract() == 0.0 && (0.0..=n_categories as f64).contains(&value);
    match transform.missing {
        Missing::Impute(value) if !value.is_finite() || !(is_number || is_position(value)) => {
            return Err(invalid("expected a number or a category in the place of a missing value"));
        }
        _ if !(is_number && accepts_missing)
            && transform.columns.iter().any(|column| column.source == Source::NonZero) =>
        {
            return Err(invalid("zeros are taken for missing values, and the estimator takes none"));
        }
        Missing::Pass if !accepts_missing => {
            return Err(invalid("a missing value is passed on, and the estimator takes none"));
        }
        _ => {}
    }
    let place = |column: &PreparedColumn| match column.source {
        Source::Value | Source::NonZero => 0,
        Source::Missing => 1,
        Source::Category(position) | Source::DatePart(position) => 2 + position,
    };
    let mut is_taken = vec![false; 2 + n_categories.max(DATE_PARTS.len())];
    let mut places = transform.columns.iter().map(place);
    match places.any(|place| std::mem::replace(&mut is_taken[place], true)) {
        true => Err(invalid("two columns are made of the same")),
        false => Ok(()),
    }
}

fn check_target(target: &TargetSchema) -> Result<()> {
    match target {
        TargetSchema::Number { range: None, .. } => {}
        TargetSchema::Number { name, range: Some(TargetRange { minimum, mean, maximum }) } => {
            if !(f64::MIN <= *minimum && minimum <= maximum && *maximum <= f64::MAX && mean.is_finite()) {
                return Err(invalid("expected a finite range and mean").in_column(name));
            }
        }
        TargetSchema::Classes { classes, counts, positive, .. } => {
            limits::check("classes", classes.len(), limits::CLASSES)?;
            if counts.len() != classes.len()
                || classes.len() < 2
                || total(counts).is_none_or(|rows| rows > limits::WHOLE_NUMBER)
            {
                return Err(invalid(format!("expected {} class counts, found {}", classes.len(), counts.len())));
            }
            if positive.is_some() != (classes.len() == 2) || positive.is_some_and(|positive| positive > 1) {
                return Err(invalid("expected a positive class of two classes, and none of more"));
            }
        }
    }
    Ok(())
}

fn check_calibration(calibration: Option<&Calibration>) -> Result<()> {
    match calibration {
        Some(Calibration::Platt { slope, intercept }) if !(slope.is_finite() && intercept.is_finite()) => {
            Err(invalid("expected a finite calibration"))
        }
        // An isotonic function is checked where it is made.
        _ => Ok(()),
    }
}

fn check_decision(parts: &ModelParts) -> Result<()> {
    let has_two_classes = parts.schema.target.classes().is_some_and(|classes| classes.len() == 2);
    if !has_two_classes && (parts.calibration.is_some() || parts.decision.is_some()) {
        return Err(invalid("a calibration or a threshold is for two classes"));
    }
    match parts.decision.as_ref().is_some_and(|decision| !(0.0..=1.0).contains(&decision.threshold)) {
        true => Err(invalid("expected a threshold from 0 to 1")),
        false => Ok(()),
    }
}
