//! One tree of a model, as a person reads it.

use crate::model::{Combination, Estimator, Model, Node, Rule, Tree};
use crate::preprocess::Source;
use crate::table::{DATE_PARTS, Label, TargetSchema};
use serde::Serialize;

/// A tree of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeDescription<'m> {
    /// Its number, from 1.
    pub number: usize,
    /// How many trees the model has.
    pub trees: usize,
    /// The classes whose values stand at the nodes, one for each; empty for a number.
    pub classes: Vec<Label<'m>>,
    /// Whether values are probabilities, or else what the tree adds to a score or is the mean of a number.
    pub are_probabilities: bool,
    /// The nodes by levels, the root first.
    pub nodes: Vec<TreeNode<'m>>,
}

/// What stands at a node.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeNode<'m> {
    /// How many training rows came here, each counted as often as it weighs.
    pub rows: f64,
    /// The values over them: see [`TreeDescription::classes`].
    pub values: Vec<f64>,
    /// How it is split, unless it is a leaf.
    pub split: Option<TreeSplit<'m>>,
}

/// A question about a feature. Who says yes goes to the node `left`, who says no to the one after it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeSplit<'m> {
    /// The feature.
    pub feature: &'m str,
    /// Whether the number is at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Whether the category is one of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Label<'m>>>,
    /// Whether the date is not in this month or on this day of the week.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_is_not: Option<&'static str>,
    /// Where a missing value goes; none where the feature takes none.
    pub missing: Option<Side>,
    /// The child for yes.
    pub left: usize,
}

/// A side of a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// To where it is so.
    Yes,
    /// To where it is not.
    No,
}

impl Model {
    /// How many trees the model has; 0 for other families.
    pub fn n_trees(&self) -> usize {
        match self.estimator() {
            Estimator::Trees(trees) => trees.trees().len(),
            Estimator::Linear(_) | Estimator::Graph(_) => 0,
        }
    }

    /// A tree by its number, from 1; `None` where there is none.
    pub fn tree(&self, number: usize) -> Option<TreeDescription<'_>> {
        let Estimator::Trees(trees) = self.estimator() else { return None };
        let tree = trees.trees().get(number.checked_sub(1)?)?;
        let are_probabilities = trees.combination() == Combination::Mean && self.schema().target.classes().is_some();
        let score = (number - 1) % trees.base().len();
        let classes = match &self.schema().target {
            TargetSchema::Number { .. } => Vec::new(),
            TargetSchema::Classes { classes, positive: Some(positive), .. } => {
                classes.get(*positive).into_iter().collect()
            }
            TargetSchema::Classes { classes, .. } => match trees.combination() {
                Combination::Sum => classes.get(score).into_iter().collect(),
                Combination::Mean => classes.iter().collect(),
            },
        };
        // The one score of two classes is turned into that of the one that is looked for.
        let is_turned = self.positive() == Some(0);
        let turned = |value: f64| match trees.combination() {
            _ if !is_turned => value,
            Combination::Sum => -value + 0.0,
            Combination::Mean => 1.0 - value,
        };
        let node = |at: usize| {
            let values = tree.values(at).iter().copied().map(turned).collect();
            TreeNode { rows: tree.weight(at), values, split: self.split(tree, at) }
        };
        let nodes = (0..tree.nodes().len()).map(node).collect();
        Some(TreeDescription { number, trees: trees.trees().len(), classes, are_probabilities, nodes })
    }

    fn split<'m>(&'m self, tree: &'m Tree, at: usize) -> Option<TreeSplit<'m>> {
        match &tree.nodes()[at] {
            Node::Leaf { .. } => None,
            Node::Split { column, rule, missing_left } => self.preprocessor().columns().nth(*column).map(|of_column| {
                let (feature, prepared) = of_column;
                let schema = &self.schema().features[feature];
                let (mut at_most, mut one_of, mut date_is_not) = (None, None, None);
                match (prepared.source, rule) {
                    (Source::DatePart(part), _) => date_is_not = Some(DATE_PARTS[part]),
                    (Source::Category(_), Rule::AtMost(threshold)) => {
                        let value = |position: f64| prepared.scaling.apply(prepared.source.of(position, position));
                        let is_left = |position: &usize| value(*position as f64) <= *threshold;
                        let categories = (0..schema.n_categories()).filter(is_left);
                        one_of = Some(categories.filter_map(|position| schema.category(position)).collect());
                    }
                    (_, Rule::AtMost(threshold)) => at_most = Some(*threshold),
                    (_, Rule::OneOf { n_categories, set }) => {
                        let is_in = |position: &usize| set[position / 32] >> (position % 32) & 1 == 1;
                        let categories = (0..*n_categories).filter(is_in);
                        one_of = Some(categories.filter_map(|position| schema.category(position)).collect());
                    }
                }
                let transform = &self.preprocessor().features()[feature];
                // What stands for a missing value goes its own way.
                let filled = transform.imputed_value().unwrap_or(f64::NAN);
                let value = prepared.scaling.apply(prepared.source.of(f64::NAN, filled));
                let goes_left = rule.takes(value).unwrap_or(*missing_left);
                let missing = transform.accepts_missing().then_some(if goes_left { Side::Yes } else { Side::No });
                let left = tree.left(at);
                TreeSplit { feature: &schema.name, at_most, one_of, date_is_not, missing, left }
            }),
        }
    }
}
