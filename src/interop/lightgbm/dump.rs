//! The JSON of LightGBM's `dump_model`: trees whose nodes hold one another.

use super::file::{File, MissingKind, Question, RawSplit, RawTree};
use crate::error::{Result, quote};
use crate::interop::document::{Data, whole, within, wrong};
use crate::interop::format::unknown;
use crate::interop::labels::NumberedLabels;
use crate::limits;
use crate::model::LinearLeaf;
use std::collections::HashMap;

/// What a document says.
pub(super) fn read(document: &Data<'_>) -> Result<File> {
    if document.get("tree_info").is_none() {
        return Err(unknown());
    }
    let names: Vec<String> = document.texts("feature_names")?.into_iter().map(str::to_owned).collect();
    limits::check("features", names.len(), limits::COLUMNS)?;
    let infos: Option<HashMap<&str, &Data<'_>>> = match document.get("feature_infos") {
        Some(Data::Fields(infos)) => Some(infos.iter().map(|(name, info)| (name.as_ref(), info)).collect()),
        _ => None,
    };
    let seen = |name: &String| {
        let values = infos.as_ref()?.get(name.as_str())?.numbers("values").ok()?;
        if values.is_empty() { None } else { Some(values.iter().filter_map(|number| whole(*number)).collect()) }
    };
    let range = |name: &String| {
        let info = infos.as_ref()?.get(name.as_str())?;
        Some((info.number("min_value").ok()?, info.number("max_value").ok()?))
    };
    let trees = document.list("tree_info")?.iter().enumerate();
    let trees = trees.map(|(at, of_tree)| tree(of_tree).map_err(|error| within(&format!("tree {at}"), &error)));
    Ok(File {
        version: document.text("version")?.to_owned(),
        n_trees_a_round: document.whole("num_tree_per_iteration")?,
        objective: match document.get("objective") {
            Some(_) => document.text("objective")?.to_owned(),
            None => String::new(),
        },
        ranges: names.iter().map(range).collect(),
        seen: names.iter().map(seen).collect(),
        categorical: None,
        pandas: document.get("pandas_categorical").map_or_else(|| Ok(Vec::new()), NumberedLabels::of_columns)?,
        is_mean: document.flag("average_output")?,
        trees: trees.collect::<Result<_>>()?,
        names,
    })
}

fn tree(of_tree: &Data<'_>) -> Result<RawTree> {
    let mut tree = RawTree::default();
    // Leaves are known by their order. They stand behind the splits, whose number is known in the end.
    let mut children: Vec<[Child; 2]> = Vec::new();
    let mut open = vec![(of_tree.field("tree_structure")?, None)];
    while let Some((node, parent)) = open.pop() {
        let child = match node.get("left_child") {
            None => {
                tree.values.push(node.number("leaf_value")?);
                // A tree without splits may not say it.
                tree.counts.push(node.number("leaf_count").unwrap_or(0.0));
                if node.get("leaf_const").is_some() {
                    tree.sums.push(sum(node)?);
                }
                Child::Leaf(tree.values.len() - 1)
            }
            Some(left) => {
                let own = tree.splits.len();
                tree.splits.push(RawSplit { feature: node.whole("split_feature")?, question: question(node)? });
                children.push([Child::Split(own), Child::Split(own)]);
                open.push((node.field("right_child")?, Some((own, 1))));
                open.push((left, Some((own, 0))));
                Child::Split(own)
            }
        };
        if let Some((split, side)) = parent {
            children[split][side] = child;
        }
    }
    if ![0, tree.values.len()].contains(&tree.sums.len()) {
        return Err(wrong("some leaves are linear, and others are not"));
    }
    let n_splits = tree.splits.len();
    let place = |child: Child| match child {
        Child::Split(at) => at,
        Child::Leaf(at) => n_splits + at,
    };
    tree.children = children.into_iter().map(|both| both.map(place)).collect();
    Ok(tree)
}

/// The weighted sum of a leaf.
fn sum(leaf: &Data<'_>) -> Result<LinearLeaf> {
    let (features, coefficients) = (leaf.numbers("leaf_features")?, leaf.numbers("leaf_coeff")?);
    let features: Option<Vec<usize>> = features.iter().map(|feature| whole(*feature)).collect();
    let features = features.filter(|features| features.len() == coefficients.len());
    let features = features.ok_or_else(|| wrong("leaf_features: expected a feature for each of leaf_coeff"))?;
    let terms = features.into_iter().zip(coefficients.iter().copied()).collect();
    Ok(LinearLeaf { constant: leaf.number("leaf_const")?, terms })
}

#[derive(Clone, Copy)]
enum Child {
    Split(usize),
    Leaf(usize),
}

fn question(node: &Data<'_>) -> Result<Question> {
    match node.text("decision_type")? {
        "<=" => Ok(Question::AtMost {
            // Infinity is written as 1e300.
            threshold: match node.number("threshold")? {
                1e300 => f64::INFINITY,
                threshold => threshold,
            },
            default_left: node.flag("default_left")?,
            missing: match node.text("missing_type")? {
                "None" => MissingKind::None,
                "Zero" => MissingKind::Zero,
                "NaN" => MissingKind::NaN,
                other => return Err(wrong(format!("missing_type: {} is none that LightGBM has", quote(other)))),
            },
        }),
        "==" => {
            let set: Option<Vec<usize>> =
                node.text("threshold")?.split("||").map(|number| number.parse().ok()).collect();
            set.map(Question::OneOf).ok_or_else(|| wrong("threshold: expected categories by their numbers"))
        }
        other => Err(wrong(format!("decision_type: {} is none that LightGBM has", quote(other)))),
    }
}
