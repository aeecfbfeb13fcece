"""Reads models of LightGBM as they stand in pipelines of scikit-learn.

All numbers have 64 bits, and a number up to a threshold goes left.
"""

import math

import numpy as np

from . import estimators
from .compiled import Fitted
from .errors import NotCarried
from .fold import LARGEST
from .nodes import Node, Tree, whole
from .original import has_classes
from .values import number

# LightGBM takes numbers up to this size for 0: 1e-35 in 32 bits.
ZERO = float(np.float32(1e-35))
# What infinity is written as.
INFINITE = 1e300
CATEGORIES = ("categories that LightGBM itself splits; encode them by a step before it, or fit it alone and import what "
              "its save_model writes")
IDENTITY = ("regression", "regression_l2", "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank",
            "rank_xendcg")
EXPONENTIAL = ("poisson", "gamma", "tweedie")


def read(model, columns, features):
    dump = model.booster_.dump_model()
    if dump.get("pandas_categorical"):
        raise NotCarried(model, CATEGORIES)
    classes = estimators.classes_of(model) if has_classes(model) else None
    link, slope = link_of(model, dump.get("objective", ""), classes)
    n_scores = dump["num_tree_per_iteration"]
    if n_scores != (len(classes) if link == "softmax" else 1):
        raise NotCarried(model, f"{n_scores} scores")
    trees = [tree_of(model, one["tree_structure"]) for one in dump["tree_info"]]
    is_mean = bool(dump.get("average_output"))
    if is_mean and n_scores > 1:
        raise NotCarried(model, "a random forest of more than two classes; import what its save_model writes")
    return Fitted("trees", link, classes, slope, combine="mean" if is_mean else "sum", inputs="f64",
                  base=[0.0] * n_scores, trees=trees, takes_missing=True)


def link_of(model, objective, classes):
    name, *parameters = objective.split() or [""]
    values = dict(one.split(":", 1) for one in parameters if ":" in one)
    sigmoid = float(values.get("sigmoid", 1.0))
    slope = sigmoid if sigmoid != 1.0 else None
    if name == "binary":
        link = "logistic"
    elif name == "multiclass":
        link = "softmax"
    elif name in IDENTITY and "sqrt" not in parameters:
        link = "identity"
    else:
        link = "exp" if name in EXPONENTIAL else None
    if name in ("", "custom", "none"):
        raise NotCarried(model, "an objective of your own, of which the file does not say what scores mean")
    if link is None or (classes is None) != (link in ("identity", "exp")):
        raise NotCarried(model, f"objective={objective!r}; import what its save_model writes")
    return link, slope if link == "logistic" else None


def tree_of(model, root):
    """The nodes of a tree whose nodes hold one another; without recursion: trees may be deep."""
    found = Tree([], [], [], [], [])
    stack = [(root, None, None)]
    while stack:
        node, parent, side = stack.pop()
        at = len(found.left)
        if parent is not None:
            getattr(found, side)[parent] = at
        found.left.append(-1)
        found.right.append(-1)
        if "split_index" in node:
            found.nodes.append(split_of(model, node))
            found.value.append(0.0)
            found.weight.append(node["internal_count"])
            stack.append((node["right_child"], at, "right"))
            stack.append((node["left_child"], at, "left"))
            continue
        if "leaf_const" in node:
            raise NotCarried(model, "linear_tree=True; import what its save_model writes")
        found.nodes.append(None)
        found.value.append(number(node["leaf_value"], model))
        # A tree without splits may not say it.
        found.weight.append(node.get("leaf_count", 1))
    found.weight = whole(found.weight)
    return found


def split_of(model, node):
    if node["decision_type"] != "<=":
        raise NotCarried(model, CATEGORIES)
    if node["missing_type"] == "Zero":
        raise NotCarried(model, "zero_as_missing=True; import what its save_model writes")
    threshold = LARGEST if node["threshold"] == INFINITE else beside_zero(node["threshold"])
    missing_left = threshold >= 0 if node["missing_type"] == "None" else bool(node["default_left"])
    return Node(int(node["split_feature"]), threshold, missing_left)


def beside_zero(threshold):
    """Numbers that are taken for 0 are all on its side."""
    if 0 <= threshold < ZERO:
        return ZERO
    return math.nextafter(-ZERO, -math.inf) if -ZERO <= threshold < 0 else float(threshold)
