"""Reads histogram gradient boosting."""

import math

import numpy as np

from .columns import NOTHING, Computed, Number, Raw, Table
from .compiled import Fitted
from .errors import NotCarried
from .fold import LARGEST
from .transformers import ordinal_encoder
from .nodes import Node, Tree, whole
from .values import number

LINKS = {"IdentityLink": "identity", "LogLink": "exp", "LogitLink": "logistic", "HalfLogitLink": "logistic",
         "MultinomialLogit": "softmax"}


def read(model, columns, features, classes):
    columns = prepared(model, columns, features)
    link = LINKS.get(type(model._loss.link).__name__)
    if link is None or (classes is None) != (link in ("identity", "exp")):
        raise NotCarried(model, f"loss={model.loss!r}")
    bitsets, places = model._bin_mapper.make_known_categories_bitsets()
    n_scores = model.n_trees_per_iteration_
    trees = []
    for iteration in model._predictors:
        if len(iteration) != n_scores:
            raise NotCarried(model, "an iteration without a tree for each score")
        trees += [tree_of(predictor, bitsets, places) for predictor in iteration]
    base = np.broadcast_to(np.asarray(model._baseline_prediction, dtype=np.float64).ravel(), (n_scores,))
    return Fitted("trees", link, classes, combine="sum", inputs="f64", base=[number(value, model) for value in base],
                  trees=trees, takes_missing=True, columns=columns)


def prepared(model, columns, features):
    """The columns that the trees mean."""
    categorical = getattr(model, "is_categorical_", None)
    preprocessor = getattr(model, "_preprocessor", None)
    if categorical is None:
        return columns
    categorical = [bool(one) for one in categorical]
    if preprocessor is not None:
        # From 1.4 on: categories are encoded once more, and stand first.
        encoder = preprocessor.named_transformers_["encoder"]
        chosen = [column for column, one in zip(columns, categorical) if one]
        return ordinal_encoder(encoder, chosen, features) + [c for c, one in zip(columns, categorical) if not one]
    result = []
    for at, (column, one) in enumerate(zip(columns, categorical)):
        result.append(by_number(model, column, at, features) if one else column)
    return result


def by_number(model, column, at, features):
    """Before 1.4: the categories are the numbers in the table."""
    if isinstance(column, (Computed, Number)):
        raise NotCarried(model, "categories after arithmetic")
    if not isinstance(column, Raw):
        return column
    known = [int(value) for value in model._bin_mapper.bin_thresholds_[at]]
    feature = features[column.feature]
    feature.be_category(known, model)
    missing = math.nan if column.fill is NOTHING else number(column.fill, model)
    return Table(column.feature, tuple(float(value) for value in known), math.nan, missing,
                 ("value",) if known == list(range(len(known))) else None)


def tree_of(predictor, bitsets, places):
    nodes = predictor.nodes
    leaf = nodes["is_leaf"].astype(bool)
    made = []
    for at in range(len(nodes)):
        node = nodes[at]
        if leaf[at]:
            made.append(None)
        elif node["is_categorical"]:
            left = codes(predictor.raw_left_cat_bitsets[node["bitset_idx"]])
            known = codes(bitsets[places[node["feature_idx"]]])
            made.append(Node(int(node["feature_idx"]), 0.0, bool(node["missing_go_to_left"]), left, known))
        else:
            threshold = min(float(node["num_threshold"]), LARGEST)
            made.append(Node(int(node["feature_idx"]), threshold, bool(node["missing_go_to_left"])))
    left = [-1 if leaf[at] else int(nodes["left"][at]) for at in range(len(nodes))]
    right = [-1 if leaf[at] else int(nodes["right"][at]) for at in range(len(nodes))]
    return Tree(left, right, made, nodes["value"].astype(float).tolist(), whole(nodes["count"]))


def codes(bitset):
    return frozenset(32 * place + bit for place, word in enumerate(bitset) for bit in range(32) if int(word) >> bit & 1)
