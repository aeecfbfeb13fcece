//! The lists of an ensemble of trees, as versions 1 to 5 of ONNX-ML write them.

use super::file::Node;
use super::tensor::Kind;
use crate::error::{Result, quote};
use crate::interop::document::{whole, wrong};
use crate::limits;
use crate::numeric::order::sort_pairs;
use std::sync::Arc;

/// How the trees make a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregate {
    Sum,
    Mean,
    Minimum,
    Maximum,
}

/// What a split asks of a number.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    AtMost(f64),
    Less(f64),
    AtLeast(f64),
    Greater(f64),
    Equal(f64),
    NotEqual(f64),
    /// Whether it is one of these, which are sorted.
    Member(Arc<[f64]>),
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawNode {
    /// Targets with what is added to each.
    Leaf(Vec<(usize, f64)>),
    Split {
        feature: usize,
        test: Test,
        yes: usize,
        no: usize,
        missing_yes: bool,
    },
}

/// Trees, each with its root first.
#[derive(Debug)]
pub(super) struct Ensemble {
    pub(super) trees: Vec<Vec<RawNode>>,
    pub(super) aggregate: Aggregate,
    /// What is added to each score at the end; nothing where it is empty.
    pub(super) base: Vec<f64>,
    /// Whether the weights of its leaves have 32 bits.
    pub(super) are_floats: bool,
    /// Of the newest operator a number.
    pub(super) post_transform: i64,
    n_targets: usize,
}

impl Test {
    fn of(mode: &str, value: f64) -> Result<Self> {
        if value.is_nan() {
            return Err(wrong("a threshold is not known"));
        }
        Ok(match mode {
            "BRANCH_LEQ" => Self::AtMost(value),
            "BRANCH_LT" => Self::Less(value),
            "BRANCH_GTE" => Self::AtLeast(value),
            "BRANCH_GT" => Self::Greater(value),
            "BRANCH_EQ" => Self::Equal(value),
            "BRANCH_NEQ" => Self::NotEqual(value),
            other => return Err(wrong(format!("the mode {other} of a node is not known"))),
        })
    }

    /// The number up to which numbers go left, and whether left is where the answer is yes.
    pub(super) fn at_most(&self) -> (f64, bool) {
        let finite = |number: f64| number.clamp(f64::MIN, f64::MAX);
        match self {
            Self::AtMost(value) => (finite(*value), true),
            Self::Less(value) => (finite(value.next_down()), true),
            Self::AtLeast(value) => (finite(value.next_down()), false),
            Self::Greater(value) => (finite(*value), false),
            // These ask for a membership.
            Self::Equal(_) | Self::NotEqual(_) | Self::Member(_) => (0.5, true),
        }
    }

    /// The numbers whose membership is asked for, and whether a missing value counts as one of them.
    pub(super) fn members(&self, missing_yes: bool) -> Option<(Arc<[f64]>, bool)> {
        match self {
            Self::Equal(value) => Some((Arc::from([*value]), missing_yes)),
            // A missing value is unequal, as onnxruntime has it.
            Self::NotEqual(value) => Some((Arc::from([*value]), false)),
            Self::Member(members) => Some((members.clone(), missing_yes)),
            _ => None,
        }
    }

    /// Whether yes is for those that are no members.
    pub(super) fn is_no_member(&self) -> bool {
        matches!(self, Self::NotEqual(_))
    }

    /// The number that it compares with; none of a membership.
    pub(super) fn threshold(&self) -> Option<f64> {
        match self {
            Self::AtMost(value) | Self::Less(value) | Self::AtLeast(value) | Self::Greater(value) => Some(*value),
            Self::Equal(_) | Self::NotEqual(_) | Self::Member(_) => None,
        }
    }
}

/// Numbers of this name, or those of the tensor that stands for them from version 3 on.
fn floats<'n>(node: &'n Node, name: &str) -> Result<&'n [f64]> {
    let tensor = format!("{name}_as_tensor");
    if node.has(&tensor) { node.numbers(&tensor) } else { node.numbers(name) }
}

fn wholes(numbers: &[f64], what: &str) -> Result<Vec<usize>> {
    let all: Option<Vec<usize>> = numbers.iter().map(|number| whole(*number)).collect();
    all.ok_or_else(|| wrong(format!("{what}: expected whole numbers")))
}

impl Ensemble {
    /// The lists of `TreeEnsembleClassifier` and `TreeEnsembleRegressor`; `leaves` is what their weights are called after.
    pub(super) fn of(node: &Node, leaves: &str) -> Result<Self> {
        let list = |name: &str| wholes(node.numbers(name)?, name);
        let (tree_of, number_of, features) =
            (list("nodes_treeids")?, list("nodes_nodeids")?, list("nodes_featureids")?);
        let (yes, no) = (list("nodes_truenodeids")?, list("nodes_falsenodeids")?);
        let (modes, values) = (node.texts("nodes_modes")?, floats(node, "nodes_values")?);
        let missing = node.numbers("nodes_missing_value_tracks_true")?;
        let n = tree_of.len();
        limits::check("nodes of trees", n, limits::NODES)?;
        let lengths = [number_of.len(), features.len(), yes.len(), no.len(), modes.len(), values.len()];
        if lengths.iter().any(|length| *length != n) || !missing.is_empty() && missing.len() != n {
            return Err(wrong(format!("expected a number for each of {n} nodes in each list")));
        }
        let mut places = Places::of(&tree_of, &number_of)?;
        let mut trees: Vec<Vec<RawNode>> = places.sizes.iter().map(|size| Vec::with_capacity(*size)).collect();
        for at in 0..n {
            let tree = places.place(tree_of[at], number_of[at])?.0;
            let is_leaf = modes[at] == "LEAF";
            let raw = match is_leaf {
                true => RawNode::Leaf(Vec::new()),
                false => RawNode::Split {
                    feature: features[at],
                    test: Test::of(&modes[at], values[at])?,
                    yes: places.place(tree_of[at], yes[at])?.1,
                    no: places.place(tree_of[at], no[at])?.1,
                    missing_yes: missing.get(at).is_some_and(|missing| *missing != 0.0),
                },
            };
            trees[tree].push(raw);
        }
        let weights_name = format!("{leaves}_weights");
        let (of_tree, of_node, targets) =
            (list(&format!("{leaves}_treeids"))?, list(&format!("{leaves}_nodeids"))?, list(&format!("{leaves}_ids"))?);
        let weights = floats(node, &weights_name)?;
        if [of_tree.len(), of_node.len(), targets.len()].iter().any(|length| *length != weights.len()) {
            return Err(wrong(format!("expected a tree, a node and a target for each of {} weights", weights.len())));
        }
        for ((tree, node), (target, weight)) in of_tree.iter().zip(&of_node).zip(targets.iter().zip(weights)) {
            let (tree, place) = places.place(*tree, *node)?;
            match trees[tree].get_mut(place) {
                Some(RawNode::Leaf(own)) if weight.is_finite() => own.push((*target, *weight)),
                _ => return Err(wrong("a weight is for no leaf, or is no finite number")),
            }
        }
        let aggregate = match node.text("aggregate_function", "SUM")? {
            "SUM" => Aggregate::Sum,
            "AVERAGE" => Aggregate::Mean,
            "MIN" => Aggregate::Minimum,
            "MAX" => Aggregate::Maximum,
            other => return Err(wrong(format!("aggregate_function: {} is none", quote(other)))),
        };
        let n_targets = match node.has("n_targets") {
            true => usize::try_from(node.whole("n_targets", 1)?).unwrap_or(0),
            false => targets.iter().max().map_or(1, |target| target.saturating_add(1)),
        };
        let are_floats = !node.has(&format!("{weights_name}_as_tensor"));
        let ensemble = Self {
            trees,
            aggregate,
            base: floats(node, "base_values")?.to_vec(),
            are_floats,
            post_transform: 0,
            n_targets,
        };
        ensemble.checked()
    }

    /// The lists of `TreeEnsemble`, of version 5.
    pub(super) fn newest(node: &Node) -> Result<Self> {
        let list = |name: &str| wholes(node.numbers(name)?, name);
        let (roots, features) = (list("tree_roots")?, list("nodes_featureids")?);
        let (yes, no) = (list("nodes_truenodeids")?, list("nodes_falsenodeids")?);
        let (yes_is_leaf, no_is_leaf) = (list("nodes_trueleafs")?, list("nodes_falseleafs")?);
        let (modes, splits) = (list("nodes_modes")?, node.numbers("nodes_splits")?);
        let missing = node.numbers("nodes_missing_value_tracks_true")?;
        let (targets, weights) = (list("leaf_targetids")?, node.numbers("leaf_weights")?);
        let n = features.len();
        limits::check("nodes of trees", n.saturating_add(weights.len()), limits::NODES)?;
        let lengths = [yes.len(), no.len(), yes_is_leaf.len(), no_is_leaf.len(), modes.len(), splits.len()];
        if lengths.iter().any(|length| *length != n) || targets.len() != weights.len() {
            return Err(wrong(format!("expected a number for each of {n} nodes in each list")));
        }
        let mut sets = Sets { rest: node.numbers("membership_values")? };
        let mut all = Vec::with_capacity(n + weights.len());
        for at in 0..n {
            let test = match modes[at] {
                6 => sets.next()?,
                mode => {
                    let names = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];
                    let name =
                        names.get(mode).ok_or_else(|| wrong(format!("the mode {mode} of a node is not known")))?;
                    Test::of(name, splits[at])?
                }
            };
            let to = |place: usize, is_leaf: usize| if is_leaf == 0 { place } else { place.saturating_add(n) };
            let (yes, no) = (to(yes[at], yes_is_leaf[at]), to(no[at], no_is_leaf[at]));
            let missing_yes = missing.get(at).is_some_and(|missing| *missing != 0.0);
            all.push(RawNode::Split { feature: features[at], test, yes, no, missing_yes });
        }
        for (target, weight) in targets.iter().zip(weights) {
            if !weight.is_finite() {
                return Err(wrong("a weight is no finite number"));
            }
            all.push(RawNode::Leaf(vec![(*target, *weight)]));
        }
        let (mut trees, mut n_nodes) = (Vec::new(), 0);
        for root in &roots {
            let tree = tree_from(&all, *root)?;
            n_nodes += tree.len();
            check_repeated(n_nodes, all.len())?;
            trees.push(tree);
        }
        let aggregate = match node.whole("aggregate_function", 1)? {
            0 => Aggregate::Mean,
            1 => Aggregate::Sum,
            2 => Aggregate::Minimum,
            3 => Aggregate::Maximum,
            other => return Err(wrong(format!("aggregate_function: {other} is none"))),
        };
        let n_targets = usize::try_from(node.whole("n_targets", 1)?).unwrap_or(0);
        let are_floats = node.tensor("leaf_weights").is_some_and(|weights| weights.kind == Kind::Float);
        let post_transform = node.whole("post_transform", 0)?;
        Self { trees, aggregate, base: Vec::new(), are_floats, post_transform, n_targets }.checked()
    }

    fn checked(self) -> Result<Self> {
        limits::check("trees", self.trees.len(), limits::TREES)?;
        limits::check("targets of trees", self.n_targets, limits::CLASSES)?;
        let is_target = |(target, _): &(usize, f64)| *target < self.n_targets;
        let has_targets = |node: &RawNode| match node {
            RawNode::Leaf(weights) => weights.iter().all(is_target),
            RawNode::Split { .. } => true,
        };
        // Whether two base values fit one score is for the classifier to say.
        let base_fits = [0, 1, 2, self.n_targets].contains(&self.base.len());
        match !self.trees.is_empty() && self.n_targets > 0 && base_fits && self.trees.iter().flatten().all(has_targets)
        {
            true => Ok(self),
            false => Err(wrong("there is no tree, or its targets do not fit")),
        }
    }

    pub(super) fn n_targets(&self) -> usize {
        self.n_targets
    }

    fn weights(&self) -> impl Iterator<Item = &(usize, f64)> {
        self.trees.iter().flatten().flat_map(|node| match node {
            RawNode::Leaf(weights) => weights.as_slice(),
            RawNode::Split { .. } => &[],
        })
    }

    /// Whether all weights are for target 1.
    pub(super) fn is_of_second_target(&self) -> bool {
        self.weights().all(|(target, _)| *target == 1)
    }

    /// As many targets as there are classes.
    pub(super) fn set_targets(&mut self, n: usize) -> Result<()> {
        if self.n_targets > n || ![0, 1, n].contains(&self.base.len()) {
            return Err(wrong(format!("its scores do not fit {n} classes")));
        }
        self.n_targets = n;
        Ok(())
    }

    /// Whether no weight is below 0, so that scores are shares of votes.
    pub(super) fn are_votes(&self) -> bool {
        self.weights().all(|(_, weight)| *weight >= 0.0)
    }
}

/// Sets of numbers one behind the other, with NaN between them.
struct Sets<'n> {
    rest: &'n [f64],
}

impl Sets<'_> {
    fn next(&mut self) -> Result<Test> {
        if self.rest.is_empty() {
            return Err(wrong("membership_values: there are fewer sets than nodes"));
        }
        let end = self.rest.iter().position(|number| number.is_nan()).unwrap_or(self.rest.len());
        let mut pairs: Vec<(f64, f64)> = self.rest[..end].iter().map(|member| (member + 0.0, 0.0)).collect();
        sort_pairs(&mut pairs);
        pairs.dedup();
        let members = pairs.into_iter().map(|(member, _)| member).collect();
        self.rest = self.rest.get(end + 1..).unwrap_or_default();
        Ok(Test::Member(members))
    }
}

/// Refuses trees whose nodes are led to by so many ways that they would be repeated too often.
pub(super) fn check_repeated(n: usize, n_raw: usize) -> Result<()> {
    let most = 4 * n_raw + 10_000;
    match n <= most {
        true => Ok(()),
        false => {
            Err(wrong(format!("several ways lead to the same nodes, which would be repeated to more than {most}")))
        }
    }
}

/// The nodes that a root leads to, with the root first.
fn tree_from(all: &[RawNode], root: usize) -> Result<Vec<RawNode>> {
    let (mut place_of, mut order) = (std::collections::HashMap::from([(root, 0)]), vec![root]);
    let (mut nodes, mut next) = (Vec::new(), 0);
    while let Some(at) = order.get(next).copied() {
        next += 1;
        let node = all.get(at).ok_or_else(|| wrong(format!("there is no node {at}")))?;
        nodes.push(match node {
            RawNode::Split { feature, test, yes, no, missing_yes } => {
                let mut place = |to: usize| {
                    *place_of.entry(to).or_insert_with(|| {
                        order.push(to);
                        order.len() - 1
                    })
                };
                let (yes, no) = (place(*yes), place(*no));
                RawNode::Split { feature: *feature, test: test.clone(), yes, no, missing_yes: *missing_yes }
            }
            leaf => leaf.clone(),
        });
    }
    Ok(nodes)
}

/// Where the nodes of trees stand, by the numbers of both. The first node of a tree is its root.
struct Places {
    /// The numbers of a tree and of a node, with the places of both.
    all: std::collections::HashMap<(usize, usize), (usize, usize)>,
    sizes: Vec<usize>,
}

impl Places {
    fn of(tree_of: &[usize], number_of: &[usize]) -> Result<Self> {
        let mut trees = std::collections::HashMap::new();
        let mut places = Self { all: std::collections::HashMap::new(), sizes: Vec::new() };
        for (tree, number) in tree_of.iter().zip(number_of) {
            let n_trees = trees.len();
            let place = *trees.entry(*tree).or_insert(n_trees);
            if place == places.sizes.len() {
                places.sizes.push(0);
            }
            if places.all.insert((*tree, *number), (place, places.sizes[place])).is_some() {
                return Err(wrong(format!("tree {tree} has two nodes of number {number}")));
            }
            places.sizes[place] += 1;
        }
        Ok(places)
    }

    fn place(&mut self, tree: usize, number: usize) -> Result<(usize, usize)> {
        self.all.get(&(tree, number)).copied().ok_or_else(|| wrong(format!("tree {tree} has no node {number}")))
    }
}
