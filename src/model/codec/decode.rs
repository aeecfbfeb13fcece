//! The first part of a file to the parts of a model. What can only be wrong in a file is refused here; the checks of every
//! model are elsewhere.

use super::bytes::{LANES_8, Reader, unknown};
use super::{graph, kind, trees};
use crate::error::Result;
use crate::limits;
use crate::model::invalid::invalid;
use crate::model::{
    Calibration, Conformal, ConformalBound, Decision, Estimator, HAS_GRAPHS, Isotonic, Linear, Link, ModelParts, Record,
};
use crate::preprocess::{FeatureTransform, Missing, PreparedColumn, Preprocessor, Scaling, Source};
use crate::table::{
    Domain, DroppedColumn, FeatureSchema, Labels, NumberDomain, Schema, Spread, TargetRange, TargetSchema,
};

/// More labels than classes or categories may have: the checks of every model say which there are too many of.
const MOST_LABELS: usize = 1 << 20;
/// More steps than there are.
const MOST_STEPS: usize = 100;
/// More levels than there are percentages.
const MOST_BOUNDS: usize = 100;

/// The parts of a model without its name and its record. `kinds` are those that the header names.
pub(super) fn first_part(bytes: &[u8], kinds: &[&str]) -> Result<ModelParts> {
    let reader = &mut Reader::new(bytes);
    let (mut features, mut transforms) = (Vec::new(), Vec::new());
    for _ in 0..reader.length(limits::COLUMNS) {
        let (schema, transform) = feature(reader)?;
        features.push(schema);
        transforms.push(transform);
    }
    let target = target(reader)?;
    let dropped = reader.list(limits::COLUMNS, |reader| DroppedColumn { name: reader.owned(), reason: None });
    let schema = Schema { features, target, dropped, missing: reader.texts(limits::CATEGORIES) };
    steps(reader, &mut transforms)?;
    for column in transforms.iter_mut().flat_map(|transform| &mut transform.columns) {
        (column.mean, column.std_dev) = (reader.number(), reader.number());
    }
    let n_columns = transforms.iter().map(|transform| transform.columns.len()).sum();
    let estimator = estimator(reader, n_columns)?;
    let link = link(reader, &schema.target)?;
    let calibration = reader.optional(calibration).transpose()?;
    let decision = decision(reader, &schema.target)?;
    let (name, mut body) = reader.kind()?;
    let proof = match name {
        kind::BITS_PROOF => body.numbers(),
        name => return Err(unknown(name)),
    };
    body.end()?;
    let conformal = if reader.is_over() { None } else { Some(conformal(reader, &schema.target)?) };
    reader.end()?;
    let is_sorted = kinds.is_sorted_by(|a, b| a < b);
    let (found, is_named) = (reader.kinds(), |kind: &&str| kinds.contains(kind));
    if !is_sorted || !found.iter().all(is_named) || !kinds.iter().all(|kind| found.contains(kind)) {
        return Err(invalid("the header names other kinds than the model has"));
    }
    let preprocessor = Preprocessor::new(transforms);
    let (name, record, proof) = (String::new(), Record::missing(), Some(proof));
    Ok(ModelParts { schema, preprocessor, estimator, link, calibration, decision, conformal, name, record, proof })
}

fn feature(reader: &mut Reader<'_>) -> Result<(FeatureSchema, FeatureTransform)> {
    let name = reader.owned();
    let (unit, description) = (reader.optional(Reader::owned), reader.optional(Reader::owned));
    let missing = reader.whole();
    let on_missing = match reader.choice(3) {
        0 => Missing::Refuse,
        // Its step says the value; without one it stays NaN, which the checks refuse.
        1 => Missing::Impute(f64::NAN),
        _ => Missing::Pass,
    };
    let (domain, written, accepts_unseen) = domain(reader).map_err(|error| error.in_column(name.as_str()))?;
    let transform = FeatureTransform { missing: on_missing, accepts_unseen, columns: Vec::new() };
    Ok((FeatureSchema { name, unit, description, written, missing, domain }, transform))
}

/// The values of a feature, how its numbers were written, and whether it accepts a category that training did not have.
fn domain(reader: &mut Reader<'_>) -> Result<(Domain, Option<String>, bool)> {
    let (name, mut body) = reader.kind()?;
    let domain = match name {
        kind::SPLITS_DOMAIN => {
            let (minimum, median, maximum) = (body.number(), body.number(), body.number());
            let (step, spread, are_from_splits) = (None, None, true);
            (Domain::Number(NumberDomain { minimum, median, maximum, step, spread, are_from_splits }), None, false)
        }
        kind::NUMBER_DOMAIN | kind::WRITTEN_DOMAIN | kind::DATE_DOMAIN => {
            let written = (name != kind::NUMBER_DOMAIN).then(|| body.owned());
            let (minimum, median, maximum) = (body.number(), body.number(), body.number());
            let step = body.optional(Reader::number);
            let spread = body.optional(|body| {
                let (percentile_5, percentile_95, mean) = (body.number(), body.number(), body.number());
                Spread { percentile_5, percentile_95, mean }
            });
            let are_from_splits = false;
            (Domain::Number(NumberDomain { minimum, median, maximum, step, spread, are_from_splits }), written, false)
        }
        kind::CATEGORY_DOMAIN | kind::FLAG_DOMAIN => {
            let (categories, counts) = (labels(&mut body)?, body.wholes(MOST_LABELS));
            let domain = Domain::Category { categories, counts, is_yes_no: name == kind::FLAG_DOMAIN };
            (domain, None, body.flag())
        }
        name => return Err(unknown(name)),
    };
    body.end()?;
    Ok(domain)
}

fn labels(reader: &mut Reader<'_>) -> Result<Labels> {
    if reader.flag() {
        let numbers = reader.numbers();
        reader.so_far()?;
        Labels::from_numbers(numbers)
    } else {
        let names = reader.texts(MOST_LABELS);
        reader.so_far()?;
        Labels::from_text(names)
    }
}

fn target(reader: &mut Reader<'_>) -> Result<TargetSchema> {
    let (kind, mut body) = reader.kind()?;
    let target = match kind {
        kind::NUMBER_TARGET => {
            let name = body.owned();
            let (minimum, mean, maximum) = (body.number(), body.number(), body.number());
            TargetSchema::Number { name, range: Some(TargetRange { minimum, mean, maximum }) }
        }
        kind::UNKNOWN_TARGET => TargetSchema::Number { name: body.owned(), range: None },
        kind::CLASSES_TARGET => {
            let name = body.owned();
            let (classes, counts) = (labels(&mut body)?, body.wholes(MOST_LABELS));
            TargetSchema::Classes { name, classes, counts, positive: body.optional(Reader::position) }
        }
        name => return Err(unknown(name)),
    };
    body.end()?;
    Ok(target)
}

/// The steps in their order: at most one that imputes, one that makes columns, at most one that scales.
fn steps(reader: &mut Reader<'_>, transforms: &mut [FeatureTransform]) -> Result<()> {
    let mut steps = Vec::new();
    for _ in 0..reader.length(MOST_STEPS) {
        steps.push(reader.kind()?);
    }
    let mut steps = steps.into_iter().peekable();
    if let Some((_, body)) = steps.next_if(|(name, _)| *name == kind::IMPUTE_STEP) {
        impute_step(body, transforms)?;
    }
    // What a column may be made of: so many of the sources.
    let n_sources = |name: &str| match name {
        kind::COLUMNS_STEP => Some(3),
        kind::DATE_COLUMNS_STEP => Some(4),
        kind::ZEROS_COLUMNS_STEP => Some(5),
        _ => None,
    };
    let step = steps.next().and_then(|(name, body)| Some((n_sources(name)?, body)));
    let (n_sources, body) = step.ok_or_else(|| invalid("expected a step that makes columns"))?;
    let n_columns = columns_step(body, n_sources, transforms)?;
    if let Some((name, body)) = steps.next_if(|(name, _)| [kind::CENTER_STEP, kind::SCALE_STEP].contains(name)) {
        let columns = transforms.iter_mut().flat_map(|transform| &mut transform.columns);
        scale_step(body, name == kind::SCALE_STEP, n_columns, columns)?;
    }
    if steps.next().is_some() {
        return Err(invalid("the steps are not in an order that is known: impute, columns, scale"));
    }
    let n_moments = reader.whole();
    reader.so_far()?;
    match n_moments == n_columns {
        true => Ok(()),
        false => Err(invalid("expected a mean and a deviation for each column")),
    }
}

/// The values that are imputed.
fn impute_step(mut body: Reader<'_>, transforms: &mut [FeatureTransform]) -> Result<()> {
    let mut next = 0;
    for _ in 0..body.length(limits::COLUMNS) {
        let (feature, value) = (body.position(), body.number());
        body.so_far()?;
        if feature < next {
            return Err(invalid("expected imputed values in the order of the features"));
        }
        next = feature.saturating_add(1);
        match transforms.get_mut(feature).map(|transform| &mut transform.missing) {
            Some(Missing::Impute(imputed)) if imputed.is_nan() => *imputed = value,
            _ => return Err(invalid("a value is imputed for a feature that has no use for it")),
        }
    }
    body.end()
}

/// Which columns the features become, and how many these are. They are made of one of so many sources.
fn columns_step(mut body: Reader<'_>, n_sources: u8, transforms: &mut [FeatureTransform]) -> Result<u64> {
    let (mut last, n_columns) = (0, body.length(limits::PARAMETERS));
    for _ in 0..n_columns {
        let feature = body.position();
        let source = match body.choice(n_sources) {
            0 => Source::Value,
            1 => Source::Category(body.position()),
            3 => Source::DatePart(body.position()),
            4 => Source::NonZero,
            _ => Source::Missing,
        };
        body.so_far()?;
        let Some(transform) = transforms.get_mut(feature).filter(|_| feature >= last) else {
            return Err(invalid("expected columns in the order of the features"));
        };
        last = feature;
        transform.columns.push(PreparedColumn { source, scaling: Scaling::NONE, mean: 0.0, std_dev: 0.0 });
    }
    body.end()?;
    Ok(n_columns)
}

/// How the columns are centered, and scaled if they are.
fn scale_step<'c>(
    mut body: Reader<'_>,
    is_scaled: bool,
    n_columns: u64,
    columns: impl Iterator<Item = &'c mut PreparedColumn>,
) -> Result<()> {
    if body.whole() != n_columns {
        body.so_far()?;
        return Err(invalid("expected one scaling for each column"));
    }
    let mut changes = false;
    for column in columns {
        column.scaling.center = body.number();
        if is_scaled {
            column.scaling.scale = body.number();
        }
        changes |= if is_scaled { column.scaling.scale != 1.0 } else { column.scaling.center.to_bits() != 0 };
    }
    body.end()?;
    match changes {
        true => Ok(()),
        false => Err(invalid("a step that changes nothing")),
    }
}

fn estimator(reader: &mut Reader<'_>, n_columns: usize) -> Result<Estimator> {
    let (name, mut body) = reader.kind()?;
    let estimator = match name {
        kind::LINEAR_ESTIMATOR => {
            let sums = body.text();
            body.so_far()?;
            if sums != LANES_8 {
                return Err(unknown(sums));
            }
            Estimator::Linear(Linear { coefficients: body.numbers(), intercepts: body.numbers() })
        }
        kind::GRAPH_ESTIMATOR | kind::SINGLE_GRAPH_ESTIMATOR if HAS_GRAPHS => {
            let graph = graph::read(name, &mut body, n_columns)?;
            return reader.close(body).map(|()| Estimator::Graph(graph));
        }
        name => Estimator::Trees(trees::read_kind(name, &mut body, n_columns)?),
    };
    body.end()?;
    Ok(estimator)
}

/// The link of that name. Whether it fits is checked of every model.
fn link(reader: &mut Reader<'_>, target: &TargetSchema) -> Result<Link> {
    let (name, body) = reader.kind()?;
    match Link::all_with(target).into_iter().find(|link| name == kind::link(*link)) {
        Some(link) => body.end().map(|()| link),
        None => Err(invalid("the link does not fit the target")),
    }
}

fn calibration(reader: &mut Reader<'_>) -> Result<Calibration> {
    let (name, mut body) = reader.kind()?;
    let calibration = match name {
        kind::PLATT_CALIBRATION => Calibration::Platt { slope: body.number(), intercept: body.number() },
        kind::ISOTONIC_CALIBRATION => {
            let (x, y) = (body.numbers(), body.numbers());
            body.so_far()?;
            Calibration::Isotonic(Isotonic::from_thresholds(x, y)?)
        }
        name => return Err(unknown(name)),
    };
    body.end()?;
    Ok(calibration)
}

fn decision(reader: &mut Reader<'_>, target: &TargetSchema) -> Result<Option<Decision>> {
    let (name, mut body) = reader.kind()?;
    let decision = match (name, target) {
        (kind::VALUE_DECISION, TargetSchema::Number { .. })
        | (kind::MOST_PROBABLE_DECISION, TargetSchema::Classes { .. }) => None,
        (kind::THRESHOLD_DECISION, TargetSchema::Classes { .. }) => {
            Some(Decision { threshold: body.number(), rule: None })
        }
        _ => return Err(invalid("the decision does not fit the target")),
    };
    body.end()?;
    Ok(decision)
}

fn conformal(reader: &mut Reader<'_>, target: &TargetSchema) -> Result<Conformal> {
    let (name, mut body) = reader.kind()?;
    if name != kind::conformal(target) {
        return Err(invalid("the conformal bounds do not fit the target"));
    }
    let bounds = body.list(MOST_BOUNDS, |body| {
        // What is no percentage is refused by the checks of every model.
        let percent = u8::try_from(body.whole()).unwrap_or(0);
        ConformalBound { percent, bound: body.number() }
    });
    body.end()?;
    Ok(Conformal::new(bounds))
}
