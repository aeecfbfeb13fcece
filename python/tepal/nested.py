"""Estimators inside of others: their scores, probabilities, predictions and decisions as vectors of a graph."""

import numpy as np

from . import estimators, kernels, pipeline
from .compiled import Fitted
from .errors import NotCarried

# Their decision is a weighted sum, and they have no probabilities.
WITHOUT_PROBABILITIES = ("RidgeClassifier", "RidgeClassifierCV", "LinearSVC", "Perceptron",
                         "PassiveAggressiveClassifier", "SGDClassifier")


# From here on XGBoost's exponential would overflow.
MOST = float(np.float32(88.7))


def fitted(model, columns, features):
    """What a nested estimator is, with a vector of its scores."""
    last, columns = pipeline.final_estimator(model, columns, features)
    if type(last).__name__ == "IsolationForest":
        raise NotCarried(last, "inside of another estimator, which takes 1 and -1 of it")
    found = estimators.read(last, columns, features)
    return scored(found, columns, features, last)


def scored(found, columns, features, step):
    """The same estimator with a vector of its scores."""
    graph = features.graph
    columns = columns if found.columns is None else found.columns
    if found.kind == "graph":
        return found
    if found.kind == "trees":
        vector = graph.trees(found, [features.numeric(column, step) for column in columns], step)
        if found.link == "softmax" and len(found.classes) == 2:
            # With their softmax the log-odds are the difference.
            both = graph.pick(vector, [1]), graph.pick(vector, [0])
            vector = graph.arithmetic("subtract", *both, single=found.sums == "f32")
            return Fitted("graph", "logistic", found.classes, vector=vector)
        if found.sums == "f32":
            return in_single(found, vector, graph)
    else:
        vector = graph.dense(graph.vector(columns, step), found.coefficients, found.intercepts)
    return Fitted("graph", found.link, found.classes, found.slope, vector=vector)


def in_single(found, vector, graph):
    """The link of scores of 32 bits, as XGBoost computes it: of a softmax the sum alone has 64 bits."""
    if found.link == "identity":
        return Fitted("graph", "identity", vector=vector)
    if found.link == "exp":
        return Fitted("graph", "identity", vector=graph.function("exp", vector, single=True))
    if found.link == "logistic":
        exponent = graph.arithmetic("minimum", graph.multiply(vector, [-1.0]), [MOST])
        total = graph.arithmetic("add", graph.function("exp", exponent, single=True), [1.0], single=True)
        vector = graph.arithmetic("divide", [1.0], total, single=True)
    else:
        below = graph.arithmetic("subtract", vector, graph.reduce("maximum", vector), single=True)
        powers = graph.function("exp", below, single=True)
        vector = graph.arithmetic("divide", powers, graph.reduce("sum", powers, single=True), single=True)
    return Fitted("graph", "shares", found.classes, vector=vector, sums="f32")


def probabilities_of(found, graph):
    """A probability for each class."""
    vector = found.vector
    if found.slope is not None:
        vector = graph.multiply(vector, [found.slope])
    if found.link == "softmax":
        return graph.softmax(vector)
    if found.link == "logistic":
        vector = graph.function("logistic", vector)
    if graph.width(vector) > 1:
        return vector
    other = graph.arithmetic("subtract", [1.0], vector, single=found.sums == "f32")
    return graph.join([other, vector])


def probabilities(model, columns, features):
    found = fitted(model, columns, features)
    if found.classes is None:
        raise NotCarried(model, "a regressor where probabilities are expected")
    return probabilities_of(found, features.graph)


def number_of(found, graph):
    return graph.function("exp", found.vector) if found.link == "exp" else found.vector


def predictions(model, columns, features):
    """The number that a regressor predicts."""
    found = fitted(model, columns, features)
    if found.classes is not None:
        raise NotCarried(model, "predicted classes as numbers")
    return number_of(found, features.graph)


def decisions(model, columns, features):
    """What decision_function gives: one number for two classes, else one for each."""
    last, columns = pipeline.final_estimator(model, columns, features)
    name = type(last).__name__
    graph = features.graph
    if name in ("SVC", "NuSVC"):
        return kernels.decisions(last, columns, features)
    if name in WITHOUT_PROBABILITIES or name.startswith("LogisticRegression"):
        estimators.same_width(last, columns)
        weights, intercepts = estimators.weights_of(last, estimators.n_scores(estimators.classes_of(last)))
        return graph.dense(graph.vector(columns, last), weights, intercepts)
    rule = estimators.composites.DECISIONS.get(name)
    if rule is not None:
        estimators.same_width(last, columns)
        return rule(last, columns, features)
    found = scored(estimators.read(last, columns, features), columns, features, last)
    if found.link not in ("logistic", "softmax"):
        raise NotCarried(last, "a decision function that is not carried")
    return found.vector


def has_decision(model):
    return hasattr(model, "decision_function")
