"""Scores the rows of a document with NumPy alone, as its readers have to.

A row has a value for each feature: a number, the index of a category, the number of categories for an unseen one, or
None where the cell is missing.
"""

import numpy as np

from . import operations
from .columns import round_to_f32
from .operations import logistic


class Scores:
    """Outputs of rows, and the sums of the absolute terms that make each score."""

    def __init__(self, outputs, scores, magnitudes):
        self.outputs, self.scores, self.magnitudes = outputs, scores, magnitudes


def score(document, rows, noise=None):
    """noise: see operations."""
    x = matrix(rows, len(document["features"]))
    z = prepared(document, x)
    estimator = document["estimator"]
    features = [document["features"][column["feature"]] for column in document["columns"]]
    n_categories = [len(feature.get("categories", ())) for feature in features]
    if estimator["kind"] == "graph":
        inner = lambda of, table: trees(of, table, [0] * table.shape[1])[0]
        scores, magnitudes = operations.run(estimator, z, inner, noise)
    else:
        scores, magnitudes = (linear if estimator["kind"] == "linear" else trees)(estimator, z, n_categories)
    return Scores(linked(document, scores), scores, magnitudes)


def matrix(rows, n_features):
    return np.array([[np.nan if cell is None else float(cell) for cell in row] for row in rows],
                    dtype=np.float64).reshape(len(rows), n_features)


def prepared(document, x):
    """The columns of the document: each (value - center) / scale."""
    columns = []
    for column in document["columns"]:
        feature, cells = document["features"][column["feature"]], x[:, column["feature"]]
        absent = np.isnan(cells)
        if column["of"] == "missing":
            cells = absent.astype(np.float64)
        else:
            if isinstance(feature["missing"], dict):
                cells = np.where(absent, float(feature["missing"]["impute"]), cells)
            elif feature["missing"] == "refuse" and absent.any():
                raise ValueError(f"{feature['name']!r} is missing")
            if column["of"] == "category":
                cells = (cells == column["category"]).astype(np.float64)
        columns.append((cells - column["center"]) / column["scale"])
    return np.stack(columns, axis=1)


def linear(estimator, z, n_categories):
    scores, magnitudes = [], []
    for coefficients, intercept in zip(estimator["coefficients"], estimator["intercepts"]):
        terms = z * np.array(coefficients)
        total = np.zeros(len(z))
        for column in range(z.shape[1]):
            total = total + terms[:, column]
        scores.append(total + intercept)
        magnitudes.append(np.abs(terms).sum(axis=1) + abs(intercept))
    return np.stack(scores, axis=1), np.stack(magnitudes, axis=1)


def trees(estimator, z, n_categories):
    if estimator["inputs"] == "f32":
        z = round_to_f32(z)
    scores = np.tile(np.array(estimator["base"], dtype=np.float64), (len(z), 1))
    magnitudes = np.abs(scores)
    kept = round_to_f32 if estimator.get("sums") == "f32" else np.asarray
    n_scores = scores.shape[1]
    for number, tree in enumerate(estimator["trees"]):
        values = np.array(tree["value"], dtype=np.float64)[leaves(tree, z, n_categories)]
        if estimator["combine"] == "mean":
            values = values.reshape(len(z), n_scores)
            scores, magnitudes = scores + values, magnitudes + np.abs(values)
        else:
            scores[:, number % n_scores] = kept(scores[:, number % n_scores] + values)
            magnitudes[:, number % n_scores] += np.abs(values)
    if estimator["combine"] == "mean":
        n_trees = len(estimator["trees"])
        return scores / n_trees, magnitudes / n_trees
    return scores, magnitudes


def leaves(tree, z, n_categories):
    """The leaf of each row."""
    left, right = np.array(tree["left"]), np.array(tree["right"])
    column, threshold = np.array(tree["column"]), np.array(tree["threshold"])
    missing_left = np.array(tree["missing_left"], dtype=bool)
    lists = tree["left_categories"] or [None] * len(left)
    by_list = np.array([categories is not None for categories in lists])
    at = np.zeros(len(z), dtype=np.int64)
    rows = np.arange(len(z))
    while True:
        rows = rows[left[at[rows]] >= 0]
        if not len(rows):
            return at
        node = at[rows]
        value = z[rows, column[node]]
        goes = value <= threshold[node]
        for place in np.flatnonzero(by_list[node]):
            unseen = value[place] >= n_categories[column[node[place]]]
            goes[place] = missing_left[node[place]] if unseen else value[place] in lists[node[place]]
        goes = np.where(np.isnan(value), missing_left[node], goes)
        at[rows] = np.where(goes, left[node], right[node])


def side(document, tree, node, cell):
    """Whether a cell goes left at a node."""
    column = document["columns"][tree["column"][node]]
    row = [None if at != column["feature"] else cell for at in range(len(document["features"]))]
    small = {"features": [{**feature, "missing": "pass"} if at != column["feature"] else feature
                          for at, feature in enumerate(document["features"])], "columns": [column]}
    z = prepared(small, matrix([row], len(row)))
    if document["estimator"]["inputs"] == "f32":
        z = round_to_f32(z)
    lists = tree["left_categories"]
    stump = {"left": [1, -1, -1], "right": [2, -1, -1], "column": [0, 0, 0],
             "threshold": [tree["threshold"][node], 0.0, 0.0], "missing_left": [tree["missing_left"][node], 0, 0],
             "left_categories": [lists[node] if lists else None, None, None]}
    n_categories = [len(document["features"][column["feature"]].get("categories", ()))]
    return bool(leaves(stump, z, n_categories)[0] == 1)


def linked_in_single(link, scores):
    """The same in 32 bits, but for the sum of a softmax."""
    exp = lambda x: round_to_f32(np.exp(x))
    if link == "identity":
        return scores
    if link == "exp":
        return exp(scores)
    if link == "logistic":
        # From 88.7 on the exponential would overflow.
        both = np.stack([-scores[:, 0], scores[:, 0]], axis=1)
        return round_to_f32(1 / round_to_f32(exp(np.minimum(-both, float(np.float32(88.7)))) + 1))
    powers = exp(round_to_f32(scores - scores.max(axis=1, keepdims=True)))
    return round_to_f32(powers / round_to_f32(powers.sum(axis=1, keepdims=True)))


def linked(document, scores):
    link = document["link"]
    if document["slope"] is not None:
        scores = scores * document["slope"]
    with np.errstate(over="ignore", under="ignore"):
        if document["estimator"].get("sums") == "f32":
            return linked_in_single(link, scores)
        if link == "identity":
            return scores
        if link == "exp":
            return np.exp(scores)
        if link == "logistic":
            second = logistic(scores[:, 0])
            return np.stack([1 - second, second], axis=1)
        if link == "softmax":
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            return powers / powers.sum(axis=1, keepdims=True)
    if scores.shape[1] == 1:
        return np.stack([1 - scores[:, 0], scores[:, 0]], axis=1)
    return scores
