//! Ensembles of trees of ONNX-ML as operations of a graph.

use super::builder::Builder;
use super::ensemble::{Aggregate, Ensemble, RawNode};
use super::file::Node;
use super::tensor::Kind;
use super::value::{Rows, Value};
use crate::error::Result;
use crate::interop::document::{within, wrong};
use crate::limits;
use crate::model::Node as TreeNode;
use crate::model::{Arithmetic, Lookup, Operation, Precision, Reduction, Rule, Tree, Trees};

/// The numbers of an operator that is a regression.
pub(super) fn regressor(node: &Node, rows: Rows, builder: &mut Builder) -> Result<Value> {
    let is_newest = node.operator == "TreeEnsemble";
    let ensemble = if is_newest { Ensemble::newest(node)? } else { Ensemble::of(node, "target")? };
    let post_transform = ensemble.post_transform;
    let scores = scores(ensemble, rows, builder)?;
    let vector = match (is_newest, post_transform) {
        (false, _) => super::ml::transformed(node, scores, builder)?,
        (true, 0) => scores,
        (true, 1) => builder.push(Operation::Softmax, &[scores], rows.kind)?,
        (true, 2) => builder.push(Operation::Function(crate::model::Function::Logistic), &[scores], rows.kind)?,
        (true, other) => return Err(wrong(format!("post_transform {other} is not read"))),
    };
    Ok(Value::Rows(builder.rows(vector, rows.kind, true)))
}

/// The ensemble of a classifier of so many classes.
pub(super) fn ensemble_of_classes(node: &Node, n_classes: usize) -> Result<Ensemble> {
    let mut ensemble = Ensemble::of(node, "class")?;
    // Of two classes all weights may be for one score, that of the second.
    let is_one = n_classes == 2 && ensemble.targets_are_one();
    if is_one {
        ensemble.put_all_into_one();
    } else {
        ensemble.set_targets(n_classes)?;
    }
    Ok(ensemble)
}

/// A column that says whether a feature is one of some numbers.
type Membership = (usize, Vec<f64>, bool);

/// The scores of an ensemble for rows, one for each target.
pub(super) fn scores(ensemble: Ensemble, rows: Rows, builder: &mut Builder) -> Result<usize> {
    let is_single = ensemble.are_floats && rows.kind == Kind::Float;
    let (precision, kind) = if is_single { (Precision::Single, Kind::Float) } else { (Precision::Double, rows.kind) };
    let mut memberships: Vec<Membership> = Vec::new();
    for node in ensemble.trees.iter().flatten() {
        if let RawNode::Split { feature, test, missing_yes, .. } = node {
            if *feature >= rows.width {
                return Err(wrong(format!("a tree looks at number {feature} of rows of {}", rows.width)));
            }
            if let Some((members, of_missing)) = test.members(*missing_yes) {
                let membership = (*feature, members, of_missing);
                if !memberships.contains(&membership) {
                    memberships.push(membership);
                }
            }
            test.hints().iter().for_each(|number| builder.hint(rows.vector, *feature, &[*number]));
        }
    }
    let columns = with_memberships(rows.vector, &memberships, builder)?;
    let n_columns = rows.width + memberships.len();
    let n_raw: usize = ensemble.trees.iter().map(Vec::len).sum();
    let mut of_targets = Vec::new();
    for target in 0..ensemble.n_targets() {
        let (mut trees, mut n_nodes) = (Vec::new(), 0);
        for (number, raw) in ensemble.trees.iter().enumerate() {
            if raw
                .iter()
                .any(|node| matches!(node, RawNode::Leaf(weights) if weights.iter().any(|(own, _)| *own == target)))
            {
                let tree = tree(raw, target, rows.width, &memberships, ensemble.aggregate);
                let tree = tree.map_err(|error| within(&format!("tree {number}"), &error))?;
                n_nodes += tree.nodes().len();
                check_repeated(n_nodes, n_raw)?;
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
fn with_memberships(vector: usize, memberships: &[Membership], builder: &mut Builder) -> Result<usize> {
    if memberships.is_empty() {
        return Ok(vector);
    }
    let features = memberships.iter().map(|(feature, ..)| *feature).collect();
    let picked = builder.exact(Operation::Pick(features), &[vector])?;
    let lookup = |(_, members, of_missing): &Membership| Lookup {
        keys: members.clone(),
        values: vec![1.0; members.len()],
        other: 0.0,
        missing: f64::from(u8::from(*of_missing)),
    };
    let lookups = builder.exact(Operation::Lookups(memberships.iter().map(lookup).collect()), &[picked])?;
    builder.exact(Operation::Join, &[vector, lookups])
}

/// Refuses trees whose nodes are led to by so many ways that they would be repeated too often.
fn check_repeated(n: usize, n_raw: usize) -> Result<()> {
    let most = 4 * n_raw + 10_000;
    match n <= most {
        true => Ok(()),
        false => {
            Err(wrong(format!("several ways lead to the same nodes, which would be repeated to more than {most}")))
        }
    }
}

/// A tree for one target. Nodes that several ways lead to are repeated.
fn tree(
    raw: &[RawNode],
    target: usize,
    width: usize,
    memberships: &[Membership],
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
                        let place = memberships.iter().position(|own| *own == (*feature, members.clone(), of_missing));
                        let place = place.ok_or_else(|| wrong("a membership is lost"))?;
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
