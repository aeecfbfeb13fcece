//! A tree as text.

use crate::words::{counted_rows, plain, signed, significant, without_dust};
use tepal::describe::{Side, TreeDescription, TreeSplit};
use tepal::error::{Error, ErrorKind, Result};
use tepal::model::{Link, Model};
use tepal::table::Moment;

/// The most categories that are named; the file has all.
const NAMED: usize = 8;

/// The tree of a number.
///
/// # Errors
/// [`ErrorKind::InvalidOption`] where the model has no such tree.
pub(crate) fn chosen_tree(model: &Model, number: usize) -> Result<TreeDescription<'_>> {
    model.tree(number).ok_or_else(|| {
        let message = match model.n_trees() {
            0 if model.estimator().as_linear().is_some() => {
                "the model has no trees; leave --tree out for its coefficients".to_owned()
            }
            0 => "trees within a graph of operations are not drawn; leave --tree out".to_owned(),
            n => format!("expected the number of a tree, from 1 to {n}, found {number}"),
        };
        Error::new(ErrorKind::InvalidOption, message)
    })
}

/// The tree, a node on each line: by what rows come there, how many of the training rows did, and what it says of them.
pub(crate) fn drawn(model: &Model, tree: &TreeDescription<'_>) -> String {
    let what = match tree.classes.as_slice() {
        // Their leaves are those of Laplace.
        _ if tree.are_probabilities && model.family() == "decision tree" && model.imported().is_none() => {
            "probabilities, as if leaves had one row more of each class".to_owned()
        }
        _ if tree.are_probabilities => "probabilities".to_owned(),
        [class] => format!("what it adds to the score of {}", plain(&class.to_string())),
        _ if tree.trees > 1 && model.family() == "gradient boosted trees" => {
            let of = if model.link() == Link::Exp { "the natural logarithm of " } else { "" };
            format!("what it adds to {of}{}", model.schema().target.name())
        }
        _ => format!("mean of {}", model.schema().target.name()),
    };
    // Other tools weigh leaves by other sums than rows.
    let is_imported = model.imported().is_some_and(|import| import.source == "XGBoost");
    let weighed = |rows: f64| if is_imported { format!("weight {}", significant(rows)) } else { counted_rows(rows) };
    let of_what = if is_imported { "sums of second derivatives" } else { "training rows" };
    let mut text = format!("tree {} of {}: {of_what} and {what}\n\n", tree.number, tree.trees);
    // What is left to draw: the node, the lines to its left, and what rows come there.
    let mut open = vec![(0, String::new(), String::new(), String::from("all"))];
    while let Some((at, own, below, condition)) = open.pop() {
        let node = &tree.nodes[at];
        text.push_str(&format!("{own}{condition}: {}, {}\n", weighed(node.rows), said(tree, &node.values)));
        if let Some(split) = &node.split {
            let child = |at: usize, is_last: bool, side: Side| {
                let (branch, line) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
                (at, format!("{below}{branch}"), format!("{below}{line}"), question(model, split, side))
            };
            open.push(child(split.left + 1, true, Side::No));
            open.push(child(split.left, false, Side::Yes));
        }
    }
    text
}

/// Which rows come to a side of a split.
fn question(model: &Model, split: &TreeSplit<'_>, side: Side) -> String {
    let feature = plain(split.feature);
    let is_yes = side == Side::Yes;
    let is_date = model.schema().features.iter().any(|feature| feature.name == split.feature && feature.is_date());
    let threshold = |threshold: f64| if is_date { Moment::of_days(threshold).to_string() } else { short(threshold) };
    let text = match (split.at_most, &split.one_of, split.date_is_not) {
        (Some(f64::MAX), ..) if is_yes => format!("{feature} is known"),
        (Some(f64::MAX), ..) => format!("{feature} is not known"),
        (Some(at_most), ..) if is_yes => format!("{feature} at most {}", threshold(at_most)),
        (Some(at_most), ..) => format!("{feature} above {}", threshold(at_most)),
        (None, Some(categories), _) if is_yes => {
            let names: Vec<String> = categories.iter().take(NAMED).map(|name| plain(&name.to_string())).collect();
            let more = categories.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" or {more} more") } else { String::new() };
            format!("{feature} is {}{more}", names.join(", "))
        }
        (None, Some(_), _) => format!("{feature} is another"),
        (None, None, Some(part)) if is_yes => format!("{feature} is not in {part}"),
        (None, None, part) => format!("{feature} is in {}", part.unwrap_or_default()),
    };
    if split.missing == Some(side) && split.at_most != Some(f64::MAX) { format!("{text}, or missing") } else { text }
}

/// A threshold in a few digits; the JSON has all. It stands between two values of the table, which differ earlier.
fn short(threshold: f64) -> String {
    let threshold = without_dust(threshold);
    let few: f64 = format!("{threshold:.9e}").parse().unwrap_or(threshold);
    few.to_string()
}

/// What a node says: a number, a probability, or the most probable class with its own.
fn said(tree: &TreeDescription<'_>, values: &[f64]) -> String {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    match (tree.classes.as_slice(), values) {
        ([class], [share]) if tree.are_probabilities => format!("{} {}", plain(&class.to_string()), percent(*share)),
        (classes, values) if tree.are_probabilities => {
            let best = values.iter().enumerate().reduce(|best, other| if other.1 > best.1 { other } else { best });
            let class = |at: usize| classes.get(at).map(|class| plain(&class.to_string())).unwrap_or_default();
            best.map(|(at, share)| format!("{} {}", class(at), percent(*share))).unwrap_or_default()
        }
        ([_], [value]) => signed(*value),
        (_, values) => values.first().copied().map(significant).unwrap_or_default(),
    }
}
