"""Reads models of XGBoost as they stand in pipelines of scikit-learn.

Inputs are rounded to 32 bits, a number below a threshold goes left, and leaves are added in 32 bits.
"""

import json

import numpy as np

from . import estimators
from .columns import Table, without_zero
from .compiled import Fitted
from .errors import NotCarried
from .nodes import Node, Tree, whole
from .original import has_classes
from .values import is_nan, number

LINKS = {"binary:logistic": "logistic", "multi:softprob": "softmax", "multi:softmax": "softmax",
         "count:poisson": "exp", "reg:gamma": "exp", "reg:tweedie": "exp"}
IDENTITY = ("reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:quantileerror",
            "reg:expectileerror", "rank:pairwise", "rank:ndcg", "rank:map")
CATEGORIES = ("categories that XGBoost itself splits; encode them by a step before it, or fit it alone and import what "
              "its save_model writes")
# How far probabilities are kept from 0 and 1 before their logarithm.
LEAST = np.float32(1e-6)


def read(model, columns, features):
    if not is_nan(model.missing):
        raise NotCarried(model, f"missing={model.missing!r}; fit it without this option, on a table that has NaN in the "
                                f"place of {model.missing!r}")
    learner = json.loads(bytes(model.get_booster().save_raw("json")))["learner"]
    if "c" in learner.get("feature_types", ()):
        raise NotCarried(model, CATEGORIES)
    classes = estimators.classes_of(model) if has_classes(model) else None
    link = link_of(model, learner, classes)
    n_scores = len(classes) if link == "softmax" else 1
    trees, groups = trees_of(model, learner, n_scores)
    by_score = [[tree for tree, group in zip(trees, groups) if group == score] for score in range(n_scores)]
    if len({len(own) for own in by_score}) != 1:
        raise NotCarried(model, "not equally many trees for each class")
    base = base_of(model, learner, link, n_scores)
    in_turns = [tree for turn in zip(*by_score) for tree in turn]
    return Fitted("trees", link, classes, combine="sum", inputs="f32", sums="f32", base=base, trees=in_turns,
                  takes_missing=True, columns=zeros_missing(model, columns, features))


def link_of(model, learner, classes):
    name = learner["objective"]["name"]
    link = "identity" if name in IDENTITY else LINKS.get(name)
    if link is None or (classes is None) != (link in ("identity", "exp")):
        raise NotCarried(model, f"objective={name!r}; alone, import what its save_model writes")
    if int(learner["learner_model_param"].get("num_target", "1")) > 1:
        raise NotCarried(model, "several targets")
    return link


def trees_of(model, learner, n_scores):
    """The trees that the model predicts with: those up to the best iteration, if there is one."""
    booster = learner["gradient_booster"]
    if booster["name"] not in ("gbtree", "dart"):
        raise NotCarried(model, f"booster={booster['name']!r}; import what its save_model writes")
    inner = booster.get("gbtree", booster)["model"]
    weights = booster.get("weight_drop", inner.get("weight_drop"))
    trees, groups = inner["trees"], inner["tree_info"]
    best = learner["attributes"].get("best_iteration")
    if best is not None:
        ends = inner.get("iteration_indptr")
        parallel = int(inner["gbtree_model_param"]["num_parallel_tree"])
        rounds = int(best) + 1
        end = ends[min(rounds, len(ends) - 1)] if ends else rounds * max(parallel, 1) * n_scores
        trees = trees[:end]
    if not trees:
        raise NotCarried(model, "no tree")
    factors = [1.0] * len(trees) if weights is None else weights
    return [tree_of(model, tree, np.float32(factor)) for tree, factor in zip(trees, factors)], groups[:len(trees)]


def tree_of(model, tree, factor):
    if any(tree.get("split_type", ())):
        raise NotCarried(model, CATEGORIES)
    if int(tree["tree_param"].get("size_leaf_vector", "1")) > 1:
        raise NotCarried(model, "leaves of several targets")
    left, right = tree["left_children"], tree["right_children"]
    conditions = np.array(tree["split_conditions"], dtype=np.float32)
    below = np.nextafter(conditions, np.float32(-np.inf))
    nodes = [None if child == -1 else Node(int(column), float(threshold), bool(missing_left))
             for child, column, threshold, missing_left in zip(left, tree["split_indices"], below,
                                                               tree["default_left"])]
    values = [float(value) for value in conditions * factor]
    weights = whole(np.array(tree["sum_hessian"], dtype=np.float32))
    return Tree(list(left), list(right), nodes, values, weights)


def base_of(model, learner, link, n_scores):
    """What the scores begin with. The file has it as a prediction; of several classes it is a score."""
    text = str(learner["learner_model_param"]["base_score"]).strip("[]")
    found = np.array([float(one) for one in text.split(",")], dtype=np.float32)
    found = np.repeat(found, n_scores) if len(found) == 1 else found
    if link == "logistic":
        kept = np.clip(found, LEAST, np.float32(1) - LEAST)
        found = -rounded_logarithm(np.float32(1) / kept - np.float32(1))
    elif link == "exp":
        found = rounded_logarithm(found)
    if len(found) != n_scores:
        raise NotCarried(model, f"base_score={text!r}")
    return [number(one, model) for one in found]


def rounded_logarithm(x):
    return np.log(x.astype(np.float64)).astype(np.float32)


def zeros_missing(model, columns, features):
    """A sparse table has no zeros, and XGBoost takes what is not there for missing."""
    if not features.is_sparse:
        return None
    columns = [features.numeric(column, model) for column in columns]
    if all(isinstance(column, Table) for column in columns):
        return [column.mapped(without_zero) for column in columns]
    graph = features.graph
    vector = graph.vector(columns, model)
    # A number over itself is 1, and 0 over 0 is missing.
    return graph.columns(graph.multiply(vector, graph.divide(vector, vector)))
