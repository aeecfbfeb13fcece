"""Reads models of CatBoost as they stand in pipelines of scikit-learn.

Inputs are rounded to 32 bits, and a number above a border goes right.
"""

import json
import math
import os
import tempfile

import numpy as np

from . import estimators
from .compiled import Fitted
from .errors import NotCarried
from .nodes import Node, Tree, whole
from .original import has_classes
from .values import number

LINKS = {"Logloss": "logistic", "MultiClass": "softmax", "Poisson": "exp", "Tweedie": "exp"}
IDENTITY = ("RMSE", "MAE", "Quantile", "Expectile", "MAPE", "Lq", "Huber", "LogCosh")
# The most levels of a tree, whose leaves are two to the power of them.
DEEPEST = 16


def read(model, columns, features):
    document = saved(model)
    info = document["features_info"]
    if any(info.get(kind) for kind in ("categorical_features", "text_features", "embedding_features")):
        raise NotCarried(model, "categories or texts that CatBoost itself splits; encode them by a step before it")
    classes = estimators.classes_of(model) if has_classes(model) else None
    loss = document["model_info"]["params"]["loss_function"]["type"]
    link = "identity" if loss in IDENTITY else LINKS.get(loss)
    if link is None or (classes is None) != (link in ("identity", "exp")):
        raise NotCarried(model, f"loss_function={loss!r}; alone, import what its save_model writes")
    scale, biases = document["scale_and_bias"]
    biases = biases if isinstance(biases, list) else [biases]
    n_scores = len(biases)
    if n_scores != (len(classes) if link == "softmax" else 1):
        raise NotCarried(model, f"{n_scores} scores")
    if math.frexp(scale)[0] != 0.5:
        raise NotCarried(model, f"the scale {scale}, which is no power of two; import what its save_model writes")
    floats = info["float_features"]
    place = [one["flat_feature_index"] for one in floats]
    above = [one["nan_value_treatment"] == "AsTrue" for one in floats]
    trees = []
    if "oblivious_trees" in document:
        for tree in document["oblivious_trees"]:
            trees += oblivious(model, tree, place, above, n_scores, scale)
    else:
        for tree in document["trees"]:
            trees += nested(model, tree, place, above, n_scores, scale)
    if any(biases):
        # Trees of one leaf add it last.
        trees += [Tree([-1], [-1], [None], [number(bias, model)], [1]) for bias in biases]
    return Fitted("trees", link, classes, combine="sum", inputs="f32", base=[0.0] * n_scores, trees=trees,
                  takes_missing=True)


def saved(model):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.save_model(path, format="json")
        with open(path, encoding="utf-8") as file:
            return json.load(file)


def node_of(model, split, place, above):
    if split["split_type"] != "FloatFeature":
        raise NotCarried(model, f"splits of the type {split['split_type']}")
    at = split["float_feature_index"]
    return Node(place[at], float(np.float32(split["border"])), not above[at])


def oblivious(model, tree, place, above, n_scores, scale):
    """A tree for each score, of one whose levels have a split each: the last one is at the root."""
    splits = [node_of(model, split, place, above) for split in reversed(tree.get("splits") or [])]
    depth = len(splits)
    if depth > DEEPEST:
        raise NotCarried(model, f"trees of {depth} levels")
    n_inner, n_leaves = 2**depth - 1, 2**depth
    left = [2 * at + 1 for at in range(n_inner)] + [-1] * n_leaves
    right = [2 * at + 2 for at in range(n_inner)] + [-1] * n_leaves
    nodes = [splits[(at + 1).bit_length() - 1] for at in range(n_inner)] + [None] * n_leaves
    values = np.reshape(np.asarray(tree["leaf_values"], dtype=np.float64), (n_leaves, n_scores)) * scale
    weights = whole([1] * n_inner + list(tree.get("leaf_weights") or [1] * n_leaves))
    inner = np.zeros(n_inner)
    return [Tree(left, right, nodes, np.concatenate([inner, values[:, score]]).tolist(), weights)
            for score in range(n_scores)]


def nested(model, root, place, above, n_scores, scale):
    """The same of a tree whose nodes hold one another."""
    left, right, nodes, values, weights = [], [], [], [], []
    stack = [(root, None, None)]
    while stack:
        node, parent, side = stack.pop()
        at = len(left)
        if parent is not None:
            side[parent] = at
        left.append(-1)
        right.append(-1)
        if "split" in node:
            nodes.append(node_of(model, node["split"], place, above))
            values.append([0.0] * n_scores)
            weights.append(1)
            stack.append((node["right"], at, right))
            stack.append((node["left"], at, left))
        else:
            nodes.append(None)
            values.append(np.ravel(node["value"]) * scale)
            weights.append(node["weight"])
    values = np.array(values, dtype=np.float64)
    return [Tree(left, right, nodes, values[:, score].tolist(), whole(weights)) for score in range(n_scores)]
