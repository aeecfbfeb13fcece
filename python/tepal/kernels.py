"""Reads support vector machines. Their support vectors are rows of the training table."""

import numpy as np

from . import estimators
from .compiled import Fitted
from .errors import NotCarried

# libsvm keeps probabilities this far from 0 and 1.
LEAST = 1e-7
# libsvm stops at this difference of the two classes' terms, after at most two rounds.
CLOSE, ROUNDS = 0.005 / 2, 2


def dense(table):
    return np.asarray(table.toarray() if hasattr(table, "toarray") else table, dtype=np.float64)


def likeness(model, columns, features):
    """How alike a row and each support vector are."""
    graph = features.graph
    vectors = dense(model.support_vectors_)
    if not graph.allow_rows:
        raise NotCarried(model, f"it contains {len(vectors)} training rows, as its support vectors; "
                                "export(..., allow_rows=True) writes them into the file")
    columns = [features.numeric(column, model) for column in columns]
    graph.hint(columns, vectors.mean(axis=0), vectors.std(axis=0))
    vector, gamma = graph.vector(columns, model), model._gamma
    if model.kernel == "rbf":
        return graph.kernel("gaussian", vector, [gamma], vectors)
    if model.kernel == "poly":
        return graph.kernel("polynomial", vector, [gamma, model.coef0, model.degree], vectors)
    if model.kernel == "sigmoid":
        return graph.kernel("sigmoid", vector, [gamma, model.coef0], vectors)
    if callable(model.kernel):
        raise NotCarried(model, "a kernel that is a function")
    raise NotCarried(model, f"kernel={model.kernel!r}")


def weighted(model, columns, features, weights, intercepts):
    """Weighted sums of the likeness to each support vector."""
    if not len(dense(model.support_vectors_)):
        return features.graph.constant(intercepts)
    return features.graph.dense(likeness(model, columns, features), weights, intercepts)


def regressor(model, columns, features):
    if model.kernel == "linear":
        return Fitted("linear", "identity", coefficients=dense(model.coef_).tolist(),
                      intercepts=[float(model.intercept_[0])])
    vector = weighted(model, columns, features, dense(model.dual_coef_), model.intercept_)
    return Fitted("graph", "identity", vector=vector)


def between_pairs(model, columns, features):
    """A decision for each pair of classes, above 0 for the first one."""
    graph = features.graph
    if model.kernel == "linear":
        return graph.dense(graph.vector(columns, model), *linear_sums(model))
    coefficients, ends = dense(model._dual_coef_), np.concatenate([[0], np.cumsum(model._n_support)])
    rows = []
    for first, second in pairs(len(model.classes_)):
        row = np.zeros(coefficients.shape[1])
        own, other = slice(ends[first], ends[first + 1]), slice(ends[second], ends[second + 1])
        row[own], row[other] = coefficients[second - 1, own], coefficients[first, other]
        rows.append(row)
    return weighted(model, columns, features, rows, model._intercept_)


def linear_sums(model):
    weights, intercepts = dense(model.coef_), np.ravel(model.intercept_)
    if len(model.classes_) == 2:
        # scikit-learn turns these two around.
        return -weights, -intercepts
    return weights, intercepts


def pairs(n):
    return [(first, second) for first in range(n) for second in range(first + 1, n)]


def decisions(model, columns, features):
    """What decision_function gives."""
    graph = features.graph
    classes = estimators.classes_of(model)
    estimators.same_width(model, columns)
    found = between_pairs(model, columns, features)
    if len(classes) == 2:
        return graph.multiply(found, [-1.0])
    if model.decision_function_shape != "ovr" or model.break_ties:
        raise NotCarried(model, f"decision_function_shape={model.decision_function_shape!r}")
    signs = np.zeros((len(classes), graph.width(found)))
    for place, (first, second) in enumerate(pairs(len(classes))):
        signs[first, place], signs[second, place] = 1.0, -1.0
    total = graph.dense(found, signs)
    # A vote for the first class of a pair, or for the second.
    is_second = graph.arithmetic("less", found, [0.0])
    votes = graph.dense(is_second, -signs, (signs > 0).sum(axis=1))
    size = graph.multiply(graph.add(graph.function("abs", total), [1.0]), [3.0])
    return graph.add(votes, graph.divide(total, size))


def classifier(model, columns, features):
    classes = estimators.classes_of(model)
    if not hasattr(model, "predict_proba"):
        raise NotCarried(model, "it has no probabilities; wrap it in CalibratedClassifierCV")
    if len(classes) > 2:
        raise NotCarried(model, "probabilities of more than two classes; wrap it in CalibratedClassifierCV")
    graph = features.graph
    found = between_pairs(model, columns, features)
    slope, offset = float(model.probA_[0]), float(model.probB_[0])
    first = graph.function("logistic", graph.add(graph.multiply(found, [-slope]), [-offset]))
    first = graph.arithmetic("minimum", graph.arithmetic("maximum", first, [LEAST]), [1 - LEAST])
    return Fitted("graph", "shares", classes, vector=coupled(graph, first))


def coupled(graph, share):
    """What libsvm's coupling of pairs makes of the first class's share: close to it, and not equal.

    It starts at 1/2, and moves one class after the other until they agree within CLOSE.
    """
    other = graph.subtract([1.0], share)
    own = [graph.multiply(other, other), graph.multiply(share, share)]
    cross = graph.multiply(graph.multiply(other, share), [-1.0])
    terms = [[own[0], cross], [cross, own[1]]]
    p = [graph.constant([0.5]), graph.constant([0.5])]
    for _ in range(ROUNDS):
        q = [graph.add(graph.multiply(row[0], p[0]), graph.multiply(row[1], p[1])) for row in terms]
        total = graph.add(graph.multiply(p[0], q[0]), graph.multiply(p[1], q[1]))
        errors = [graph.function("abs", graph.subtract(one, total)) for one in q]
        is_close = graph.arithmetic("less", graph.arithmetic("maximum", *errors), [CLOSE])
        moved = list(p)
        for at in range(2):
            step = graph.divide(graph.subtract(total, q[at]), terms[at][at])
            moved[at] = graph.add(moved[at], step)
            scale = graph.add(step, [1.0])
            change = graph.multiply(step, graph.add(graph.multiply(step, terms[at][at]), graph.multiply(q[at], [2.0])))
            total = graph.divide(graph.divide(graph.add(total, change), scale), scale)
            q = [graph.divide(graph.add(one, graph.multiply(step, term)), scale) for one, term in zip(q, terms[at])]
            moved = [graph.divide(one, scale) for one in moved]
        p = [graph.choose(is_close, before, after) for before, after in zip(p, moved)]
    return p[1]


RULES = {"SVR": regressor, "NuSVR": regressor, "SVC": classifier, "NuSVC": classifier}
