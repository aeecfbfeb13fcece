//! The document that the Python package `tepal` writes of a model of scikit-learn: features, columns, estimator and link in tepal's own
//! terms, with rows and what the model itself predicts for them. `python/tepal` writes its fields.

mod estimator;
mod features;
mod graph;
mod proof;
mod trees;

pub(super) use proof::Proof;

use super::document::{Data, within, wrong};
use super::labels::NumberedLabels;
use super::options::ImportOptions;
use crate::error::{Error, ErrorKind, Result, quote};
use crate::model::{Calibration, Estimator, Import, Link, ModelParts, Origin};
use crate::note::{Note, codes};
use crate::preprocess::Preprocessor;
use crate::table::{DroppedColumn, Schema, TargetSchema};
use features::Features;

/// The version of the document.
const VERSION: usize = 1;

/// Whether a document is one.
pub(super) fn is_one(document: &Data<'_>) -> bool {
    document.get("tepal").is_some()
}

/// The parts of a model, and what its predictions are to be compared with. `import` says where they come from.
pub(super) fn read(document: &Data<'_>, import: Import, options: &ImportOptions) -> Result<(ModelParts, Proof)> {
    let version = document.whole("tepal")?;
    if version != VERSION {
        let message = format!("the document has version {version}, and this one of tepal reads version {VERSION}");
        return Err(Error::new(ErrorKind::UnsupportedVersion, message));
    }
    let features = Features::of(document)?;
    let (target, n_scores_of_classes) = target(document.field("target")?)?;
    let link = link(document.text("link")?, &target)?;
    let n_scores = link.n_scores();
    let estimator = estimator::estimator(document.field("estimator")?, &features, n_scores)
        .map_err(|error| within("estimator", &error))?;
    let proof = Proof::of(document, &features, n_scores_of_classes)?;
    let dropped = document.texts("dropped")?.into_iter();
    let dropped = dropped.map(|name| DroppedColumn { name: name.to_owned(), reason: None }).collect();
    let n_rows = match &estimator {
        Estimator::Graph(graph) => graph.n_vectors(),
        _ => 0,
    };
    let checked = document.field("checked")?;
    let (n_checked, difference) = (checked.whole("rows")?, checked.number("largestDifference")?);
    if difference < 0.0 || !difference.is_finite() || proof.n_kept() > n_checked {
        return Err(wrong("checked: expected the number of rows that were given, and the largest difference"));
    }
    let note = Note::new(
        codes::AGREES_WITH_SOURCE,
        [document.text("source")?.into(), proof.n_rows().into(), n_checked.into(), difference.into()],
    );
    let different = match checked.get("differentLabels") {
        Some(_) => checked.whole("differentLabels")?,
        None => 0,
    };
    let different = (different > 0).then(|| Note::new(codes::DIFFERENT_LABELS, [different.into()]));
    let kept = match proof.n_kept() {
        0 => None,
        n => Some(Note::new(codes::KEPT_ROWS, [n.into()])),
    };
    let unknown = features.have_unknown_ranges().then(|| Note::new(codes::UNKNOWN_RANGES, []));
    let origin = Origin::Imported(Import {
        source: document.text("source")?.to_owned(),
        source_version: Some(document.text("version")?.to_owned()),
        objective: Some(document.text("model")?.to_owned()),
        notes: [Some(note), different, kept, unknown, options.check_rows(n_rows)?].into_iter().flatten().collect(),
        ..import
    });
    let (schemas, transforms) = features.into_parts();
    let schema = Schema { features: schemas, target, dropped, missing: Vec::new() };
    let name = document.text("name")?.to_owned();
    let mut parts = ModelParts::new(name, schema, Preprocessor::new(transforms), estimator, link, &origin);
    if let Data::Number(slope) = document.field("slope")? {
        parts.calibration = Some(Calibration::Platt { slope: *slope, intercept: 0.0 });
    }
    Ok((parts, proof))
}

/// The target, and how many numbers a prediction has.
fn target(target: &Data<'_>) -> Result<(TargetSchema, usize)> {
    let name = target.text("name")?.to_owned();
    let classes = match target.field("classes")? {
        Data::Null => return Ok((TargetSchema::Number { name, range: None }, 1)),
        classes => NumberedLabels::of(classes).map_err(|error| within("classes", &error))?,
    };
    let n_classes = classes.labels.len();
    // scikit-learn sorts them.
    if !(0..n_classes).all(|class| classes.position(class) == Some(class)) || n_classes < 2 {
        return Err(wrong("classes: expected at least two, sorted once blanks around them are left out"));
    }
    let positive = (n_classes == 2).then_some(1);
    Ok((TargetSchema::Classes { name, classes: classes.labels, counts: vec![0; n_classes], positive }, n_classes))
}

fn link(name: &str, target: &TargetSchema) -> Result<Link> {
    let link = match name {
        "identity" => Link::Identity,
        "exp" => Link::Exp,
        "logistic" | "softmax" => Link::of(target),
        "shares" => Link::of_shares(target),
        _ => return Err(wrong(format!("link: {} is none", quote(name)))),
    };
    let is_it = match link {
        Link::Logistic => name == "logistic",
        Link::Softmax { .. } => name == "softmax",
        Link::Identity => ["identity", "shares"].contains(&name),
        _ => true,
    };
    if is_it { Ok(link) } else { Err(wrong(format!("link: {} does not fit the target", quote(name)))) }
}
