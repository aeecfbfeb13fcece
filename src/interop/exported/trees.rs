//! The trees of a document.

use crate::error::{Decimal, Result, quote};
use crate::interop::document::{Data, whole, within, wrong};
use crate::interop::labels::{Bits, NumberedLabels};
use crate::interop::single::last_below;
use crate::interop::tree::{Children, in_levels, positive_weights};
use crate::limits;
use crate::model::{Node, Precision, Rule, Tree, Trees};
use crate::preprocess::{PreparedColumn, Source};
use std::borrow::Cow;

/// Trees over columns. They have as many scores as `base` has numbers.
pub(super) fn trees(document: &Data<'_>, columns: &[Column<'_>]) -> Result<Trees> {
    let base = document.numbers("base")?.into_owned();
    let n_scores = base.len();
    let is_mean = match document.text("combine")? {
        "sum" => false,
        "mean" => true,
        other => return Err(wrong(format!("combine: {} is none", quote(other)))),
    };
    let is_single = match document.text("inputs")? {
        "f32" => true,
        "f64" => false,
        other => return Err(wrong(format!("inputs: {} is none", quote(other)))),
    };
    let precision = match document.get("sums") {
        None => Precision::Double,
        Some(_) if document.text("sums")? == "f32" && !is_mean => Precision::Single,
        Some(_) => return Err(wrong("sums: expected f32, of trees that are added up")),
    };
    let (list, width) = (document.list("trees")?, if is_mean { n_scores } else { 1 });
    limits::check("trees", list.len(), limits::TREES)?;
    let tree = |(at, of_document): (usize, &Data<'_>)| {
        tree(of_document, columns, is_single, width).map_err(|error| within(&format!("tree {at}"), &error))
    };
    let all: Vec<Tree> = list.iter().enumerate().map(tree).collect::<Result<_>>()?;
    Ok(match is_mean {
        true => Trees::mean(n_scores, all, columns.len()),
        false => Trees::sum(precision, base, all, columns.len()),
    })
}

/// A column, with the categories of its feature.
pub(super) type Column<'f> = (&'f PreparedColumn, Option<&'f NumberedLabels>);

fn tree(document: &Data<'_>, columns: &[Column<'_>], is_single: bool, width: usize) -> Result<Tree> {
    let (left, right) = (document.numbers("left")?, document.numbers("right")?);
    let n = left.len();
    let (places, thresholds) = (document.numbers("column")?, document.numbers("threshold")?);
    let (missing_left, weights) = (document.numbers("missing_left")?, document.numbers("weight")?);
    let values = values(document, n, width)?;
    if [&right, &places, &thresholds, &missing_left, &weights].iter().any(|list| list.len() != n) {
        return Err(wrong(format!("expected {n} numbers, one for each node, in each list")));
    }
    let sets = match document.field("left_categories")? {
        Data::Null => None,
        _ => Some(document.list("left_categories")?),
    };
    if sets.is_some_and(|sets| sets.len() != n) {
        return Err(wrong(format!("left_categories: expected {n}")));
    }
    let children: Option<Vec<Children>> =
        left.iter().zip(right.iter()).map(|(left, right)| both(*left, *right)).collect();
    let children = children.ok_or_else(|| wrong("left, right: expected the numbers of nodes, or -1"))?;
    let weights = positive_weights(&weights);
    in_levels(&children, |at| {
        if children[at].is_none() {
            return Ok(Node::Leaf { values: values[at * width..][..width].to_vec(), weight: weights[at] });
        }
        let place = whole(places[at]).filter(|place| *place < columns.len());
        let column = place.ok_or_else(|| wrong(format!("column: {} is none", Decimal(places[at]))))?;
        let rule = match sets.map_or(&Data::Null, |sets| &sets[at]) {
            Data::Null => threshold_rule(thresholds[at], &columns[column], is_single)?,
            set => set_rule(set, &columns[column])?,
        };
        Ok(Node::Split { column, rule, missing_left: missing_left[at] != 0.0 })
    })
}

/// The children of a node; none of a leaf.
fn both(left: f64, right: f64) -> Option<Children> {
    if left == -1.0 && right == -1.0 { Some(None) } else { Some(Some([whole(left)?, whole(right)?])) }
}

/// The values of each node.
fn values<'d>(document: &'d Data<'_>, n: usize, width: usize) -> Result<Cow<'d, [f64]>> {
    let message = || wrong(format!("value: expected {width} for each of {n} nodes"));
    let values = match document.field("value")? {
        Data::List(nodes) => {
            let mut all = Vec::with_capacity(nodes.len() * width);
            for node in nodes {
                match node {
                    Data::Numbers(numbers) => all.extend(numbers),
                    Data::Number(number) => all.push(*number),
                    _ => return Err(message()),
                }
            }
            Cow::Owned(all)
        }
        _ => document.numbers("value")?,
    };
    if values.len() == n * width { Ok(values) } else { Err(message()) }
}

/// Values up to a threshold go left, once they are rounded to 32 bits if they are.
fn threshold_rule(threshold: f64, (column, labels): &Column<'_>, is_single: bool) -> Result<Rule> {
    if threshold.is_nan() {
        return Err(wrong("a threshold is not known"));
    }
    let at_most = match is_single {
        false => threshold,
        true => {
            let nearest = threshold as f32;
            let largest = if f64::from(nearest) > threshold { nearest.next_down() } else { nearest };
            last_below(largest.next_up())
        }
    };
    let at_most = at_most.clamp(f64::MIN, f64::MAX);
    let Some(labels) = labels.filter(|_| column.source == Source::Value) else { return Ok(Rule::AtMost(at_most)) };
    // Categories have another order here. One that is not known stands behind the last.
    let n_categories = labels.labels.len() + 1;
    let mut bits = Bits::new(n_categories);
    for number in 0..n_categories {
        let position = labels.position(number).unwrap_or(number);
        bits.set(position, column.scaling.apply(number as f64) <= at_most);
    }
    Ok(Rule::OneOf { n_categories, set: bits.into_words() })
}

/// The categories of a set go left.
fn set_rule(set: &Data<'_>, (_, labels): &Column<'_>) -> Result<Rule> {
    let labels = labels.ok_or_else(|| wrong("left_categories: the feature is a number"))?;
    let Data::Numbers(numbers) = set else { return Err(wrong("left_categories: expected numbers of categories")) };
    let n_categories = labels.labels.len();
    let mut bits = Bits::new(n_categories);
    for number in numbers {
        let position = whole(*number).and_then(|number| labels.position(number));
        bits.set(
            position.ok_or_else(|| wrong(format!("left_categories: there is no category {}", Decimal(*number))))?,
            true,
        );
    }
    Ok(Rule::OneOf { n_categories, set: bits.into_words() })
}
