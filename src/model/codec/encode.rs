//! The live model to the first part of its file: all that predicting needs.

use super::bytes::{LANES_8, Writer};
use super::{graph, kind, trees};
use crate::error::Result;
use crate::model::{Calibration, Estimator, Linear, Model};
use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Preprocessor, Source};
use crate::table::{Domain, FeatureSchema, Labels, NumberDomain, TargetRange, TargetSchema};

/// The first part, and the kinds that it has.
pub(super) fn first_part(model: &Model) -> Result<(Vec<u8>, Vec<&'static str>)> {
    let Model { schema, preprocessor, estimator, calibration, decision, conformal, proof, .. } = model;
    let mut writer = Writer::default();
    let features: Vec<_> = schema.features.iter().zip(preprocessor.features()).collect();
    writer.list(&features, |writer, (schema, transform)| feature(writer, schema, transform))?;
    target(&mut writer, &schema.target)?;
    writer.list(&schema.dropped, |writer, column| writer.item(&column.name))?;
    writer.items(&schema.missing)?;
    steps(&mut writer, preprocessor)?;
    let columns: Vec<_> = preprocessor.columns().map(|(_, column)| (column.mean, column.std_dev)).collect();
    writer.items(&columns)?;
    match estimator {
        Estimator::Linear(Linear { coefficients, intercepts }) => writer.kind(kind::LINEAR_ESTIMATOR, |writer| {
            writer.item(LANES_8)?;
            writer.items(coefficients)?;
            writer.items(intercepts)
        })?,
        Estimator::Trees(trees) => trees::write(&mut writer, trees)?,
        Estimator::Graph(of) => graph::write(&mut writer, of)?,
    }
    writer.kind(kind::link(model.link()), |_| Ok(()))?;
    writer.item(calibration.is_some())?;
    match calibration {
        None => {}
        Some(Calibration::Platt { slope, intercept }) => {
            writer.kind(kind::PLATT_CALIBRATION, |writer| writer.item((slope, intercept)))?;
        }
        Some(Calibration::Isotonic(isotonic)) => writer.kind(kind::ISOTONIC_CALIBRATION, |writer| {
            writer.items(isotonic.x())?;
            writer.items(isotonic.y())
        })?,
    }
    match (decision, &schema.target) {
        (Some(decision), _) => writer.kind(kind::THRESHOLD_DECISION, |writer| writer.item(decision.threshold))?,
        (None, TargetSchema::Number { .. }) => writer.kind(kind::VALUE_DECISION, |_| Ok(()))?,
        (None, TargetSchema::Classes { .. }) => writer.kind(kind::MOST_PROBABLE_DECISION, |_| Ok(()))?,
    }
    writer.kind(kind::BITS_PROOF, |writer| writer.items(proof))?;
    if let Some(conformal) = conformal {
        writer.kind(kind::conformal(&schema.target), |writer| {
            writer.list(conformal.bounds(), |writer, bound| writer.item((u64::from(bound.percent), bound.bound)))
        })?;
    }
    Ok(writer.finish())
}

fn feature(writer: &mut Writer, schema: &FeatureSchema, transform: &FeatureTransform) -> Result<()> {
    let FeatureSchema { name, unit, description, written, missing, domain } = schema;
    writer.item((name, unit, description, missing))?;
    writer.item(match transform.missing {
        Missing::Refuse => 0_u8,
        Missing::Impute(_) => 1,
        Missing::Pass => 2,
    })?;
    match domain {
        Domain::Number(NumberDomain { minimum, median, maximum, are_from_splits: true, .. }) => {
            writer.kind(kind::SPLITS_DOMAIN, |writer| writer.item((minimum, median, maximum)))
        }
        Domain::Number(NumberDomain { minimum, median, maximum, step, spread, .. }) => {
            let kind = match written {
                Some(_) if schema.is_date() => kind::DATE_DOMAIN,
                Some(_) => kind::WRITTEN_DOMAIN,
                None => kind::NUMBER_DOMAIN,
            };
            writer.kind(kind, |writer| {
                written.iter().try_for_each(|written| writer.item(written))?;
                let spread = spread.map(|spread| (spread.percentile_5, spread.percentile_95, spread.mean));
                writer.item((minimum, median, maximum, step, spread))
            })
        }
        Domain::Category { categories, counts, is_yes_no } => {
            writer.kind(if *is_yes_no { kind::FLAG_DOMAIN } else { kind::CATEGORY_DOMAIN }, |writer| {
                labels(writer, categories)?;
                writer.items(counts)?;
                writer.item(transform.accepts_unseen)
            })
        }
    }
}

fn labels(writer: &mut Writer, labels: &Labels) -> Result<()> {
    writer.item(labels.as_text().is_none())?;
    match labels.as_text() {
        Some(text) => writer.items(text),
        None => writer.items(labels.as_numbers().unwrap_or_default()),
    }
}

fn target(writer: &mut Writer, target: &TargetSchema) -> Result<()> {
    match target {
        TargetSchema::Number { name, range: Some(TargetRange { minimum, mean, maximum }) } => {
            writer.kind(kind::NUMBER_TARGET, |writer| writer.item((name, minimum, mean, maximum)))
        }
        TargetSchema::Number { name, range: None } => writer.kind(kind::UNKNOWN_TARGET, |writer| writer.item(name)),
        TargetSchema::Classes { name, classes, counts, positive } => writer.kind(kind::CLASSES_TARGET, |writer| {
            writer.item(name)?;
            labels(writer, classes)?;
            writer.items(counts)?;
            writer.item(positive.map(|positive| positive as u64))
        }),
    }
}

/// Impute, make columns, scale. A step that would change nothing is left out.
fn steps(writer: &mut Writer, preprocessor: &Preprocessor) -> Result<()> {
    let features = preprocessor.features().iter().zip(0_u64..);
    let imputed: Vec<_> = features.filter_map(|(transform, at)| Some((at, transform.imputed_value()?))).collect();
    let columns: Vec<(usize, &PreparedColumn)> = preprocessor.columns().collect();
    let is_scaled = columns.iter().any(|(_, column)| column.scaling.scale != 1.0);
    let is_centred = columns.iter().any(|(_, column)| column.scaling.center.to_bits() != 0);
    writer.item(u64::from(!imputed.is_empty()) + 1 + u64::from(is_scaled || is_centred))?;
    if !imputed.is_empty() {
        writer.kind(kind::IMPUTE_STEP, |writer| writer.items(&imputed))?;
    }
    let has = |is_it: fn(&Source) -> bool| columns.iter().any(|(_, column)| is_it(&column.source));
    // A build that does not know them says so.
    let step = match (has(|source| matches!(source, Source::DatePart(_))), has(|source| *source == Source::NonZero)) {
        (_, true) => kind::ZEROS_COLUMNS_STEP,
        (true, false) => kind::DATE_COLUMNS_STEP,
        (false, false) => kind::COLUMNS_STEP,
    };
    writer.kind(step, |writer| {
        writer.list(&columns, |writer, (feature, column)| {
            writer.item(*feature as u64)?;
            match column.source {
                Source::Value => writer.item(0_u8),
                Source::Category(position) => writer.item((1_u8, position as u64)),
                Source::Missing => writer.item(2_u8),
                Source::DatePart(part) => writer.item((3_u8, part as u64)),
                Source::NonZero => writer.item(4_u8),
            }
        })
    })?;
    if is_scaled {
        writer.kind(kind::SCALE_STEP, |writer| {
            writer.list(&columns, |writer, (_, column)| writer.item((column.scaling.center, column.scaling.scale)))
        })
    } else if is_centred {
        writer.kind(kind::CENTER_STEP, |writer| {
            writer.list(&columns, |writer, (_, column)| writer.item(column.scaling.center))
        })
    } else {
        Ok(())
    }
}
