//! Ensembles of trees of ONNX-ML as operations of a graph.

use super::builder::Builder;
use super::ensemble::{Aggregate, Ensemble, RawNode, check_repeated};
use super::file::Node;
use super::ml::check_untransformed;
use super::tensor::Kind;
use super::value::{Rows, Value};
use crate::error::Result;
use crate::interop::document::{unsupported, within, wrong};
use crate::interop::tool::ONNX;
use crate::limits;
use crate::model::Node as TreeNode;
use crate::model::{Arithmetic, Lookup, Operation, Precision, Reduction, Rule, Tree, Trees};
use std::collections::HashMap;
use std::sync::Arc;

/// The numbers of an operator that is a regression.
pub(super) fn regressor(node: &Node, rows: Rows, builder: &mut Builder) -> Result<Value> {
    let is_newest = node.operator == "TreeEnsemble";
    let ensemble = if is_newest { Ensemble::newest(node)? } else { Ensemble::of(node, "target")? };
    if is_newest && ensemble.post_transform != 0 {
        let what = format!("post_transform {} of TreeEnsemble, which tools do differently", ensemble.post_transform);
        return Err(unsupported(ONNX, &what));
    }
    if !is_newest {
        check_untransformed(node)?;
    }
    let vector = scores(ensemble, rows, builder)?;
    Ok(Value::Rows(builder.rows(vector, rows.kind, true)))
}

/// The ensemble of a classifier of so many classes.
pub(super) fn ensemble_of_classes(node: &Node, n_classes: usize) -> Result<Ensemble> {
    let mut ensemble = Ensemble::of(node, "class")?;
    // Of two classes all weights may be of class 0: then they are for one score, that of the second.
    match n_classes == 2 && ensemble.n_targets() == 1 {
        true if ensemble.base.len() > 1 => {
            Err(unsupported(ONNX, "two base values of one score, which tools take differently"))
        }
        true => Ok(ensemble),
        false if n_classes == 2 && ensemble.is_of_second_target() => {
            Err(unsupported(ONNX, "weights of the second of two classes alone, which tools take differently"))
        }
        false => ensemble.set_targets(n_classes).map(|()| ensemble),
    }
}

/// Columns that say whether a feature is one of some numbers: the feature, the numbers, and whether a missing value is one.
#[derive(Default)]
struct Memberships {
    all: Vec<(usize, Arc<[f64]>, bool)>,
    /// The places of these, by the bits of the numbers, and of sets also by where they are, since a tree may be there many times.
    places: HashMap<(usize, Vec<u64>, bool), usize>,
    of_sets: HashMap<(usize, usize, bool), usize>,
}

impl Memberships {
    /// The place of the column, which is new or known.
    fn place(&mut self, feature: usize, members: Arc<[f64]>, of_missing: bool) -> usize {
        let is_set = members.len() > 1;
        let of_set = (feature, members.as_ptr().addr(), of_missing);
        if let Some(place) = self.of_sets.get(&of_set).filter(|_| is_set) {
            return *place;
        }
        let key = (feature, members.iter().map(|member| member.to_bits()).collect(), of_missing);
        let place = *self.places.entry(key).or_insert_with(|| {
            self.all.push((feature, members, of_missing));
            self.all.len() - 1
        });
        if is_set {
            self.of_sets.insert(of_set, place);
        }
        place
    }
}

/// The scores of an ensemble for rows, one for each target.
pub(super) fn scores(ensemble: Ensemble, rows: Rows, builder: &mut Builder) -> Result<usize> {
    let is_single = ensemble.are_floats && rows.kind == Kind::Float;
    let (precision, kind) = if is_single { (Precision::Single, Kind::Float) } else { (Precision::Double, rows.kind) };
    let mut memberships = Memberships::default();
    for node in ensemble.trees.iter().flatten() {
        if let RawNode::Split { feature, test, missing_yes, .. } = node {
            if *feature >= rows.width {
                return Err(wrong(format!("a tree looks at number {feature} of rows of {}", rows.width)));
            }
            if let Some((members, of_missing)) = test.members(*missing_yes) {
                memberships.place(*feature, members, of_missing);
            }
            if let Some(threshold) = test.threshold() {
                builder.hint(rows.vector, *feature, &[threshold]);
            }
        }
    }
    for (feature, members, _) in &memberships.all {
        builder.hint(rows.vector, *feature, members);
    }
    let columns = with_memberships(rows.vector, &memberships, builder)?;
    let n_columns = rows.width + memberships.all.len();
    let n_raw: usize = ensemble.trees.iter().map(Vec::len).sum();
    let (mut of_targets, mut n_nodes) = (Vec::new(), 0);
    for target in 0..ensemble.n_targets() {
        let mut trees = Vec::new();
        for (number, raw) in ensemble.trees.iter().enumerate() {
            if raw
                .iter()
                .any(|node| matches!(node, RawNode::Leaf(weights) if weights.iter().any(|(own, _)| *own == target)))
            {
                let tree = tree(raw, target, rows.width, &mut memberships, ensemble.aggregate);
                let tree = tree.map_err(|error| within(&format!("tree {number}"), &error))?;
                n_nodes += tree.nodes().len();
                // A tree for each target.
                check_repeated(n_nodes / ensemble.n_targets(), n_raw)?;
                limits::check("nodes of trees, of which each score has its own", n_nodes, limits::NODES / 4)?;
                trees.push(tree);
            }
        }
        of_targets.push(aggregated(trees, &ensemble, precision, (columns, n_columns), builder)?);
    }
    let scores = builder.join(&of_targets)?;
    match ensemble.base.is_empty() {
        true => builder.kept(scores, kind),
        false => {
            let base = builder.constant(&ensemble.base)?;
            builder.push(Operation::Arithmetic(Arithmetic::Add), &[scores, base], kind)
        }
    }
}

/// Trees for one target, put together.
fn aggregated(
    trees: Vec<Tree>,
    ensemble: &Ensemble,
    precision: Precision,
    (columns, n_columns): (usize, usize),
    builder: &mut Builder,
) -> Result<usize> {
    if trees.is_empty() {
        return builder.constant(&[0.0]);
    }
    let kind = if precision == Precision::Single { Kind::Float } else { Kind::Double };
    match ensemble.aggregate {
        Aggregate::Sum | Aggregate::Mean => {
            let sum = Trees::sum(precision, vec![0.0], trees, n_columns);
            let sum = builder.push(Operation::Trees(sum), &[columns], kind)?;
            if ensemble.aggregate == Aggregate::Sum {
                return Ok(sum);
            }
            let n = builder.constant(&[ensemble.trees.len() as f64])?;
            builder.push(Operation::Arithmetic(Arithmetic::Divide), &[sum, n], kind)
        }
        Aggregate::Minimum | Aggregate::Maximum => {
            let each = trees.into_iter().map(|tree| {
                let one = Trees::sum(precision, vec![0.0], vec![tree], n_columns);
                builder.push(Operation::Trees(one), &[columns], kind)
            });
            let each = each.collect::<Result<Vec<_>>>()?;
            let all = builder.join(&each)?;
            let is_least = ensemble.aggregate == Aggregate::Minimum;
            builder.reduce(if is_least { Reduction::Minimum } else { Reduction::Maximum }, all)
        }
    }
}

/// The columns, and behind them 1 or 0 for each membership.
fn with_memberships(vector: usize, memberships: &Memberships, builder: &mut Builder) -> Result<usize> {
    if memberships.all.is_empty() {
        return Ok(vector);
    }
    let features = memberships.all.iter().map(|(feature, ..)| *feature).collect();
    let picked = builder.exact(Operation::Pick(features), &[vector])?;
    let lookup = |(_, members, of_missing): &(usize, Arc<[f64]>, bool)| Lookup {
        keys: members.to_vec(),
        values: vec![1.0; members.len()],
        other: 0.0,
        missing: f64::from(u8::from(*of_missing)),
    };
    let lookups = builder.exact(Operation::Lookups(memberships.all.iter().map(lookup).collect()), &[picked])?;
    builder.exact(Operation::Join, &[vector, lookups])
}

/// A tree for one target. Nodes that several ways lead to are repeated.
fn tree(
    raw: &[RawNode],
    target: usize,
    width: usize,
    memberships: &mut Memberships,
    aggregate: Aggregate,
) -> Result<Tree> {
    // Nodes in the order of their levels, with their depths.
    let (mut queue, mut nodes, mut next) = (vec![(0_usize, 0_usize)], Vec::new(), 0);
    while let Some((at, depth)) = queue.get(next).copied() {
        next += 1;
        if depth > limits::DEPTH {
            return Err(wrong(format!("it goes round in a circle, or is deeper than {}", limits::DEPTH)));
        }
        let node = raw.get(at).ok_or_else(|| wrong(format!("there is no node {at}")))?;
        nodes.push(match node {
            RawNode::Leaf(weights) => {
                let mut own = weights.iter().filter(|(own, _)| *own == target).map(|(_, weight)| *weight);
                let value = match (own.next(), aggregate) {
                    (Some(first), _) => own.fold(first, |sum, weight| sum + weight),
                    (None, Aggregate::Sum | Aggregate::Mean) => 0.0,
                    (None, _) => return Err(wrong("a leaf has no weight, and the least or the largest is looked for")),
                };
                TreeNode::Leaf { values: vec![value], weight: 1.0 }
            }
            RawNode::Split { feature, test, yes, no, missing_yes } => {
                let (column, at_most, yes_is_left) = match test.members(*missing_yes) {
                    Some((members, of_missing)) => {
                        let place = memberships.place(*feature, members, of_missing);
                        // 0 goes left.
                        (width + place, 0.5, test.is_no_member())
                    }
                    None => {
                        let (at_most, yes_is_left) = test.at_most();
                        (*feature, at_most, yes_is_left)
                    }
                };
                let [left, right] = if yes_is_left { [*yes, *no] } else { [*no, *yes] };
                queue.extend([(left, depth + 1), (right, depth + 1)]);
                check_repeated(queue.len(), raw.len())?;
                TreeNode::Split { column, rule: Rule::AtMost(at_most), missing_left: *missing_yes == yes_is_left }
            }
        });
    }
    Tree::new(nodes)
}
