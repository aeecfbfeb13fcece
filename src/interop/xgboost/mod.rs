//! XGBoost's JSON and UBJSON, as versions 1.7 to 3.2 write them: gbtree, dart and gblinear.
//!
//! The rules are those of its `src/predictor/predict_fn.h`: inputs are rounded to 32 bits, a number below a threshold goes left,
//! categories in a node's set go right, leaves are added in 32 bits in the order of the file.

mod categories;
mod linear;
mod objective;
mod raw;
mod tree;

use super::document::{Data, unsupported, whole, within, wrong};
use super::model::{Foreign, ForeignEstimator, ForeignFeature, ForeignTrees, ForeignValues};
use super::options::ImportOptions;
use super::steps;
use super::tool::XGBOOST;
use crate::error::{Result, quote};
use crate::limits;
use crate::model::{Precision, Tree};
use crate::note::{Note, codes};
use categories::Categories;
use objective::Objective;
use raw::RawTree;
use tree::tree;

/// The last version whose files were compared with its own predictions.
const NEWEST: [usize; 2] = [3, 2];

/// Whether a document is a model of XGBoost.
pub(super) fn is_one(document: &Data<'_>) -> bool {
    document.get("learner").is_some()
}

/// The model of a document.
pub(super) fn read(document: &Data<'_>, options: &ImportOptions) -> Result<Foreign> {
    let learner = document.field("learner")?;
    let parameters = learner.field("learner_model_param")?;
    let n_features = parameters.whole("num_feature")?;
    limits::check("features", n_features, limits::COLUMNS)?;
    if parameters.get("num_target").is_some() && parameters.whole("num_target")? > 1 {
        return Err(unsupported(XGBOOST, "several targets at once"));
    }
    let objective = Objective::of(learner.field("objective")?, parameters.whole("num_class")?)?;
    let n_scores = objective.n_scores();
    let mut notes = Vec::new();
    let version = version(document, &mut notes)?;
    let base = objective.base(parameters.text("base_score")?)?;
    let of_file = match learner.get("feature_names") {
        Some(_) => learner.texts("feature_names")?,
        None => Vec::new(),
    };
    if !of_file.is_empty() && of_file.len() != n_features {
        return Err(wrong(format!("feature_names: expected {n_features}, found {}", of_file.len())));
    }
    let names = options.names((0..n_features).map(|at| of_file.get(at).copied()));
    let booster = learner.field("gradient_booster")?;
    let (estimator, values) = if booster.text("name")? == "gblinear" {
        notes.push(Note::new(codes::UNKNOWN_RANGES, []));
        let graph = linear::graph(booster.field("model")?, &base, n_features)?;
        let graph = match objective.steps() {
            [] => graph.in_single_precision(),
            // A link in 64 bits is nearer to a softmax in 32 than the logistic function in 32 is.
            steps => steps::then(graph, steps, Precision::Single)?,
        };
        (ForeignEstimator::Graph(graph), linear::values(n_features))
    } else {
        let booster = Booster::of(booster)?;
        let n_used =
            if options.all_trees { booster.trees.len() } else { n_used(learner, &booster, n_scores, &mut notes)? };
        let (trees, categories) = booster.first(n_used, n_scores, &names, options)?;
        let trees = ForeignTrees { precision: Precision::Single, is_mean: false, base, trees };
        let estimator = steps::estimator(trees, Vec::new(), objective.steps(), n_features)?;
        (estimator, categories.into_values(&mut notes, &names))
    };
    let feature = |(at, values): (usize, ForeignValues)| ForeignFeature {
        name: of_file.get(at).map(|name| (*name).to_owned()),
        values,
    };
    Ok(Foreign {
        source: XGBOOST,
        version: Some(version),
        objective: Some(objective.name.to_owned()),
        features: values.into_iter().enumerate().map(feature).collect(),
        n_classes: objective.n_classes(),
        classes: None,
        link: objective.link(),
        slope: None,
        estimator,
        notes,
    })
}

/// Reads one of some trees; an error says which.
fn in_tree<T, R>(read: impl Fn((usize, T)) -> Result<R>) -> impl Fn((usize, T)) -> Result<R> {
    move |(at, tree)| read((at, tree)).map_err(|error| within(&format!("tree {at}"), &error))
}

fn version(document: &Data<'_>, notes: &mut Vec<Note>) -> Result<String> {
    let numbers: Vec<usize> = document.numbers("version")?.iter().map(|number| *number as usize).collect();
    let version = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(".");
    if numbers.as_slice() > &[NEWEST[0], NEWEST[1], usize::MAX] {
        notes.push(Note::new(codes::NEWER_SOURCE, [XGBOOST.into(), version.as_str().into(), "3.2".into()]));
    }
    Ok(version)
}

/// The trees, the score that each adds to, and what they are multiplied by.
struct Booster<'d> {
    model: &'d Data<'d>,
    trees: &'d [Data<'d>],
    groups: Vec<usize>,
    /// Of dart; else empty.
    weights: Vec<f32>,
}

impl<'d> Booster<'d> {
    fn of(booster: &'d Data<'d>) -> Result<Self> {
        let name = booster.text("name")?;
        let (model, dropped) = match name {
            "gbtree" => (booster.field("model")?, None),
            "dart" => match booster.get("gbtree") {
                Some(gbtree) => (gbtree.field("model")?, Some(booster)),
                None => (booster.field("model")?, Some(booster)),
            },
            other => return Err(unsupported(XGBOOST, &format!("the booster {}", quote(other)))),
        };
        // Later versions write it beside the trees.
        let weights = [dropped, Some(model)].into_iter().flatten().find(|data| data.get("weight_drop").is_some());
        let weights = match weights {
            Some(data) => data.numbers("weight_drop")?.iter().map(|weight| *weight as f32).collect(),
            None if name == "dart" => return Err(wrong("the field weight_drop is missing")),
            None => Vec::new(),
        };
        let trees = model.list("trees")?;
        limits::check("trees", trees.len(), limits::TREES)?;
        if trees.is_empty() {
            return Err(unsupported(XGBOOST, "no tree"));
        }
        let groups: Option<Vec<usize>> = model.numbers("tree_info")?.iter().map(|group| whole(*group)).collect();
        let groups = groups.ok_or_else(|| wrong("tree_info: expected the numbers of groups"))?;
        if groups.len() != trees.len() || !(weights.is_empty() || weights.len() == trees.len()) {
            return Err(wrong("expected a group, and of dart a weight, for each tree"));
        }
        Ok(Self { model, trees, groups, weights })
    }

    /// So many of its trees, in turns, and the categories that they know.
    fn first(
        &self,
        n_used: usize,
        n_scores: usize,
        names: &[String],
        options: &ImportOptions,
    ) -> Result<(Vec<Tree>, Categories)> {
        let raw: Vec<RawTree> =
            self.trees[..n_used].iter().enumerate().map(in_tree(RawTree::of)).collect::<Result<_>>()?;
        let categories = Categories::of(self.model, &raw, names, options)?;
        let with_weight = |(at, raw): (usize, &RawTree<'_>)| tree(raw, &categories, self.weights.get(at).copied());
        let trees: Vec<Tree> = raw.iter().enumerate().map(in_tree(with_weight)).collect::<Result<_>>()?;
        Ok((in_turns(trees, &self.groups[..n_used], n_scores)?, categories))
    }
}

/// How many trees XGBoost's scikit-learn wrapper predicts with: those up to the best iteration, if the file says one.
fn n_used(learner: &Data<'_>, booster: &Booster<'_>, n_scores: usize, notes: &mut Vec<Note>) -> Result<usize> {
    let all = booster.trees.len();
    let Some(attributes) = learner.get("attributes").filter(|data| data.get("best_iteration").is_some()) else {
        return Ok(all);
    };
    let n_rounds = attributes.whole("best_iteration")?.saturating_add(1);
    let n_used = match booster.model.get("iteration_indptr") {
        Some(_) => {
            let ends = booster.model.numbers("iteration_indptr")?;
            let ends: Option<Vec<usize>> = ends.iter().map(|end| whole(*end)).collect();
            let ends = ends.filter(|ends| ends.is_sorted() && ends.first() == Some(&0) && ends.last() == Some(&all));
            let ends = ends.ok_or_else(|| wrong("iteration_indptr: expected where the trees of each round end"))?;
            ends.get(n_rounds).copied().unwrap_or(all)
        }
        None => {
            let parallel = booster.model.field("gbtree_model_param")?.whole("num_parallel_tree")?.max(1);
            n_rounds.saturating_mul(parallel).saturating_mul(n_scores)
        }
    };
    let n_used = n_used.min(all);
    if n_used < all {
        notes.push(Note::new(codes::BEST_ITERATION, [n_used.into(), all.into()]));
    }
    Ok(n_used)
}

/// Puts trees in turns: the first of each score, then the second of each. Those of one score stay in their order.
fn in_turns(trees: Vec<Tree>, groups: &[usize], n_scores: usize) -> Result<Vec<Tree>> {
    let mut of_scores: Vec<Vec<Tree>> = vec![Vec::new(); n_scores];
    for (tree, group) in trees.into_iter().zip(groups) {
        let of_score =
            of_scores.get_mut(*group).ok_or_else(|| wrong(format!("tree_info: there is no group {group}")))?;
        of_score.push(tree);
    }
    let n_rounds = of_scores.first().map_or(0, Vec::len);
    if of_scores.iter().any(|trees| trees.len() != n_rounds) {
        return Err(wrong("tree_info: expected equally many trees for each class"));
    }
    let mut of_scores: Vec<_> = of_scores.into_iter().map(Vec::into_iter).collect();
    Ok((0..n_rounds).flat_map(|_| of_scores.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>()).collect())
}
