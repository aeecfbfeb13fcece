//! A tree of CatBoost in tepal's terms: for each score one.

use super::features::Features;
use crate::error::Result;
use crate::interop::document::{Data, wrong};
use crate::interop::tree::{Children, in_levels, positive_weights};
use crate::limits;
use crate::model::{Node, Rule, Tree};

/// The most splits of a tree whose levels have one split each.
const LEVELS: usize = 20;

/// The trees of a file's tree. `scale` is a power of two.
pub(super) fn trees(of_file: &Data<'_>, features: &Features, n_scores: usize, scale: f64) -> Result<Vec<Tree>> {
    let raw = match of_file.get("leaf_values") {
        Some(_) => RawTree::of_levels(of_file, features, n_scores)?,
        None => RawTree::of_nodes(of_file, features, n_scores)?,
    };
    let n_splits = raw.splits.len();
    let weights = positive_weights(&raw.weights);
    let children: Vec<Children> =
        raw.children.iter().map(|both| Some(*both)).chain(weights.iter().map(|_| None)).collect();
    let tree = |score: usize| {
        in_levels(&children, |at| match raw.splits.get(at) {
            Some((column, rule, missing_left)) => {
                Ok(Node::Split { column: *column, rule: rule.clone(), missing_left: *missing_left })
            }
            None => {
                let leaf = at - n_splits;
                match raw.values[leaf * n_scores + score] * scale {
                    value if value.is_finite() => Ok(Node::Leaf { values: vec![value], weight: weights[leaf] }),
                    _ => Err(wrong(format!("the value of leaf {leaf} is no finite number"))),
                }
            }
        })
    };
    (0..n_scores).map(tree).collect()
}

/// Splits, and behind them leaves. The first one is the root.
#[derive(Default)]
struct RawTree {
    splits: Vec<(usize, Rule, bool)>,
    children: Vec<[usize; 2]>,
    /// A number for each score of each leaf.
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl RawTree {
    /// A tree whose levels have one split each. Bit k of a leaf's number says which way it is from split k.
    fn of_levels(tree: &Data<'_>, features: &Features, n_scores: usize) -> Result<Self> {
        let splits = match tree.get("splits") {
            None | Some(Data::Null) => &[],
            Some(_) => tree.list("splits")?,
        };
        limits::check("splits on the way to a leaf", splits.len(), LEVELS)?;
        let (values, weights) = (tree.numbers("leaf_values")?, tree.numbers("leaf_weights")?);
        let n_leaves = 1 << splits.len();
        if values.len() != n_leaves * n_scores || weights.len() != n_leaves {
            return Err(wrong(format!("expected {n_leaves} leaves for {} splits", splits.len())));
        }
        let rules: Vec<_> = splits.iter().map(|split| features.rule(split)).collect::<Result<_>>()?;
        // The last split comes first, so that leaves stand in the order of their numbers.
        let by_level =
            rules.iter().rev().enumerate().flat_map(|(level, rule)| (0..1 << level).map(move |_| rule.clone()));
        let children = (0..n_leaves - 1).map(|at| [2 * at + 1, 2 * at + 2]).collect();
        Ok(Self { splits: by_level.collect(), children, values: values.to_vec(), weights: weights.to_vec() })
    }

    /// A tree whose nodes hold one another. What a split says yes to goes right.
    fn of_nodes(tree: &Data<'_>, features: &Features, n_scores: usize) -> Result<Self> {
        let mut raw = Self::default();
        // Leaves stand behind the splits, whose number is known in the end: until then they are counted from the end.
        let mut open = vec![(tree, None)];
        while let Some((node, parent)) = open.pop() {
            let place = match node.get("split") {
                Some(split) => {
                    let own = raw.splits.len();
                    raw.splits.push(features.rule(split)?);
                    raw.children.push([own; 2]);
                    open.push((node.field("right")?, Some((own, 1))));
                    open.push((node.field("left")?, Some((own, 0))));
                    own
                }
                None => {
                    match node.field("value")? {
                        Data::Number(value) if n_scores == 1 => raw.values.push(*value),
                        Data::Numbers(values) if values.len() == n_scores => raw.values.extend(values),
                        _ => return Err(wrong(format!("value: expected {n_scores} numbers"))),
                    }
                    raw.weights.push(node.number("weight")?);
                    usize::MAX - (raw.weights.len() - 1)
                }
            };
            if let Some((split, side)) = parent {
                let children: &mut [usize; 2] = &mut raw.children[split];
                children[side] = place;
            }
        }
        let n_splits = raw.splits.len();
        let is_leaf = |place: usize| place > usize::MAX / 2;
        for child in raw.children.iter_mut().flatten().filter(|child| is_leaf(**child)) {
            *child = n_splits + (usize::MAX - *child);
        }
        Ok(raw)
    }
}
